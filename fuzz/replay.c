/* The engine of an ordinary build: performs inputs from files, from folders of
 * files, and from traces; writes seeds, and shows what an input means. It tells
 * nothing of inputs that are sound but their number, and none at all is an
 * error: a replay of nothing would always pass. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/static_tls.h"
#include "check/trace.h"
#include "fuzz/fuzz.h"
#include "fuzz/history.h"

enum { EXIT_USAGE = 2, PATH_ROOM = 4096 };

static const char usage[] =
    "usage: %s [--seeds] FILE|FOLDER...   perform inputs, and traces as such;\n"
    "                                    with --seeds the harness's own, too\n"
    "       %s --write FOLDER [TRACE...]  write seeds into the folder\n"
    "       %s --show INPUT               print the trace that an input means\n"
    "       %s --history FILE             print a history as a trace\n"
    "Ends with 0 when all inputs were sound, 2 on a wrong call, 77 when the\n"
    "harness cannot run here, and by SIGABRT with a find.\n";

static size_t performed;

static _Noreturn void fail(const char *path, const char *why) {
  fprintf(stderr, "poolproof: %s: %s\n", path, why);
  exit(EXIT_USAGE);
}

static uint8_t *read_file(const char *path, size_t *size) {
  size_t room = 1 << 16, used = 0, got;
  uint8_t *bytes = malloc(room);
  FILE *file = fopen(path, "rb");
  if (file == NULL || bytes == NULL) fail(path, strerror(errno));
  while ((got = fread(bytes + used, 1, room - used, file)) > 0) {
    used += got;
    if (used < room) continue;
    room *= 2;
    bytes = realloc(bytes, room);
    if (bytes == NULL) fail(path, strerror(errno));
  }
  if (ferror(file)) fail(path, "cannot be read");
  fclose(file);
  *size = used;
  return bytes;
}

/* A copy that is as long as the input, so that a read past it is seen. */
static void perform(const uint8_t *data, size_t size) {
  uint8_t *exact = malloc(size);
  if (exact == NULL && size > 0) abort();
  if (size > 0) memcpy(exact, data, size);
  LLVMFuzzerTestOneInput(exact, size);
  free(exact);
  performed++;
}

static void give_to_perform(void *ctx, const char *name, const uint8_t *data,
                            size_t size) {
  (void)ctx;
  (void)name;
  perform(data, size);
}

static void give_to_folder(void *ctx, const char *name, const uint8_t *data,
                           size_t size) {
  char path[PATH_ROOM];
  snprintf(path, sizeof path, "%s/%s", (const char *)ctx, name);
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
    fail(path, strerror(errno));
  performed++;
}

static const char *base_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static bool is_trace(const char *path) {
  size_t length = strlen(path), ending = strlen(".trace");
  return length > ending && strcmp(path + length - ending, ".trace") == 0;
}

/* To a harness of statements a trace is what it says, and to others bytes. */
static void give_file(const char *path, void *ctx, pp_fuzz_give *give) {
  if (pp_fuzz_encode == NULL || !is_trace(path)) {
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    give(ctx, base_of(path), bytes, size);
    free(bytes);
    return;
  }
  struct pp_trace_error error;
  struct pp_trace *trace = pp_trace_open(path, &error);
  if (trace == NULL) {
    pp_trace_error_print(&error, stderr);
    exit(EXIT_USAGE);
  }
  struct pp_ops ops = pp_trace_all(trace);
  pp_fuzz_encode(base_of(path), ops.at, ops.count, ctx, give);
  pp_ops_free(&ops);
  pp_trace_close(trace);
}

static void give_path(const char *path, void *ctx, pp_fuzz_give *give) {
  struct stat status;
  if (stat(path, &status) != 0) fail(path, strerror(errno));
  if (!S_ISDIR(status.st_mode)) {
    give_file(path, ctx, give);
    return;
  }
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  if (count < 0) fail(path, strerror(errno));
  for (int i = 0; i < count; i++) {
    char inside[PATH_ROOM];
    snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
    /* One level: folders hold inputs, and not more folders. */
    if (stat(inside, &status) == 0 && S_ISREG(status.st_mode) &&
        entries[i]->d_name[0] != '.' &&
        strcmp(entries[i]->d_name, "README.md") != 0)
      give_file(inside, ctx, give);
    free(entries[i]);
  }
  free(entries);
}

static int show(const char *path) {
  if (pp_fuzz_show == NULL) fail(path, "is no trace for this harness");
  size_t size;
  uint8_t *bytes = read_file(path, &size);
  pp_fuzz_show(bytes, size, stdout);
  free(bytes);
  return 0;
}

static int write_seeds(char **paths) {
  char *folder = *paths++;
  if (mkdir(folder, 0777) != 0 && errno != EEXIST)
    fail(folder, strerror(errno));
  if (pp_fuzz_seeds != NULL) pp_fuzz_seeds(folder, give_to_folder);
  for (; *paths != NULL; paths++)
    give_path(*paths, folder, give_to_folder);
  printf("%zu seeds written\n", performed);
  return performed > 0 ? 0 : EXIT_USAGE;
}

int main(int count, char **words) {
  pp_static_tls_reserve(words);
  if (count == 3 && strcmp(words[1], "--show") == 0) return show(words[2]);
  if (count == 3 && strcmp(words[1], "--history") == 0) {
    if (!pp_fuzz_history_print(words[2], stdout)) fail(words[2], "no history");
    return 0;
  }
  if (count >= 3 && strcmp(words[1], "--write") == 0)
    return write_seeds(words + 2);
  char **paths = words + 1;
  if (*paths != NULL && strcmp(*paths, "--seeds") == 0) {
    paths++;
    if (pp_fuzz_seeds != NULL) pp_fuzz_seeds(NULL, give_to_perform);
  }
  for (; *paths != NULL; paths++) {
    if ((*paths)[0] == '-') break;
    give_path(*paths, NULL, give_to_perform);
  }
  if (*paths != NULL || performed == 0) {
    fprintf(stderr, usage, words[0], words[0], words[0], words[0]);
    return EXIT_USAGE;
  }
  printf("%zu inputs performed, all sound\n", performed);
  return 0;
}
