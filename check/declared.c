/* The declarations of allocators/: one file per release, one statement per
 * line, comments with '#'.
 *
 *   name jemalloc
 *   version 5.3.0
 *   deviates API-20 shown-by jemalloc-5.3.0-errno.c One sentence.
 *   deviates API-08 refused shown-by errno-after-refusal.c One sentence.
 *   promises API-06 One sentence.
 *
 * The second one holds only where the system refuses it memory. What is
 * promised leaves latitude, or is of quality, and decides from then on.
 *
 * A declaration excuses a broken clause, so none is taken that is not exact:
 * the clause must exist, the program must lie beside the file, and the file's
 * name must agree with what it says. */
#include "check/declared.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".declared"
#define SPACE " \t"

enum { PATH_BYTES = 4096 };

struct reader {
  struct pp_declared *out;
  const char *path;
  unsigned long line;
  char name[64];
  char version[64];
};

__attribute__((format(printf, 2, 3))) static bool
fail(const struct reader *reader, const char *format, ...) {
  char *error = reader->out->error;
  size_t size = sizeof reader->out->error;
  int used =
      snprintf(error, size, "%s:%lu: expected ", reader->path, reader->line);
  va_list arguments;
  va_start(arguments, format);
  if (used > 0 && (size_t)used < size)
    vsnprintf(error + used, size - (size_t)used, format, arguments);
  va_end(arguments);
  return false;
}

/* Takes the next word off the line; empty when there is none. */
static char *next_word(char **rest) {
  char *word = *rest + strspn(*rest, SPACE);
  char *end = word + strcspn(word, SPACE);
  *rest = *end != '\0' ? end + 1 : end;
  *end = '\0';
  return word;
}

static bool read_word(struct reader *reader, char *rest, const char *what,
                      char *into, size_t size) {
  const char *word = next_word(&rest);
  if (*into != '\0') return fail(reader, "one %s only", what);
  if (*word == '\0' || strlen(word) >= size) return fail(reader, "a %s", what);
  if (*next_word(&rest) != '\0')
    return fail(reader, "nothing after the %s", what);
  strcpy(into, word);
  return true;
}

/* True when the program lies in the directory of the declaration. */
static bool has_program(const struct reader *reader, const char *program) {
  char path[PATH_BYTES];
  const char *slash = strrchr(reader->path, '/');
  int directory = slash != NULL ? (int)(slash - reader->path) + 1 : 0;
  int length =
      snprintf(path, sizeof path, "%.*s%s", directory, reader->path, program);
  return (size_t)length < sizeof path && access(path, R_OK) == 0;
}

static bool is_named(const struct pp_declared *out, enum pp_clause clause) {
  return out->deviates[clause] || out->when_refused[clause] ||
         out->promises[clause];
}

static bool read_deviation(struct reader *reader, char *rest) {
  const char *id = next_word(&rest);
  enum pp_clause clause = pp_clause_find(id);
  if (clause == PP_HOLDS)
    return fail(reader, "the id of a clause, not \"%.40s\"", id);
  struct pp_declared *out = reader->out;
  if (is_named(out, clause)) return fail(reader, "%.40s once only", id);
  const char *word = next_word(&rest);
  bool refused = strcmp(word, "refused") == 0;
  if (refused) word = next_word(&rest);
  if (strcmp(word, "shown-by") != 0)
    return fail(reader, "\"shown-by\" and a program");
  const char *program = next_word(&rest);
  if (*program == '\0' || strchr(program, '/') != NULL)
    return fail(reader, "the name of a program beside this file");
  if (!has_program(reader, program))
    return fail(reader, "a program that is there, not \"%.60s\"", program);
  if (*next_word(&rest) == '\0')
    return fail(reader, "a sentence on what it does");
  bool *declared = refused ? out->when_refused : out->deviates;
  declared[clause] = true;
  return true;
}

static bool read_promise(struct reader *reader, char *rest) {
  const char *id = next_word(&rest);
  enum pp_clause clause = pp_clause_find(id);
  if (clause == PP_HOLDS ||
      pp_strength_decides(pp_clause_texts[clause].strength))
    return fail(reader,
                "the id of a clause of latitude or quality, not "
                "\"%.40s\"",
                id);
  if (is_named(reader->out, clause)) return fail(reader, "%.40s once only", id);
  if (*next_word(&rest) == '\0')
    return fail(reader, "a sentence on what it does");
  reader->out->promises[clause] = true;
  return true;
}

static bool read_line(struct reader *reader, char *line) {
  char *rest = line;
  line[strcspn(line, "\r\n")] = '\0';
  const char *keyword = next_word(&rest);
  if (*keyword == '\0' || *keyword == '#') return true;
  if (strcmp(keyword, "name") == 0)
    return read_word(reader, rest, "name", reader->name, sizeof reader->name);
  if (strcmp(keyword, "version") == 0)
    return read_word(reader, rest, "version", reader->version,
                     sizeof reader->version);
  if (strcmp(keyword, "deviates") == 0) return read_deviation(reader, rest);
  if (strcmp(keyword, "promises") == 0) return read_promise(reader, rest);
  return fail(reader, "name, version, deviates or promises, not \"%.40s\"",
              keyword);
}

static bool read_lines(struct reader *reader, FILE *file) {
  char *line = NULL;
  size_t capacity = 0;
  bool good = true;
  while (good && getline(&line, &capacity, file) >= 0) {
    reader->line++;
    good = read_line(reader, line);
  }
  free(line);
  return good;
}

/* The whole file is read; what it lacks is missed at its end. */
static bool is_complete(struct reader *reader) {
  char named[sizeof reader->name + sizeof reader->version + sizeof SUFFIX];
  const char *slash = strrchr(reader->path, '/');
  const char *file = slash != NULL ? slash + 1 : reader->path;
  reader->line++;
  if (*reader->name == '\0') return fail(reader, "a name");
  if (*reader->version == '\0') return fail(reader, "a version");
  snprintf(named, sizeof named, "%s-%s" SUFFIX, reader->name, reader->version);
  if (strcmp(file, named) != 0)
    return fail(reader, "this file to be called %s", named);
  return true;
}

bool pp_declared_read(const char *path, struct pp_declared *out) {
  memset(out, 0, sizeof *out);
  struct reader reader = {.out = out, .path = path};
  FILE *file = fopen(path, "re");
  if (file == NULL) return fail(&reader, "a file that can be read");
  bool good = read_lines(&reader, file) && is_complete(&reader);
  fclose(file);
  snprintf(out->file, sizeof out->file, "%s", path);
  if (good) return true;
  memset(out->deviates, 0, sizeof out->deviates);
  memset(out->when_refused, 0, sizeof out->when_refused);
  memset(out->promises, 0, sizeof out->promises);
  return false;
}

/* Where this program's own data was installed: ../share from where it is. */
static void installed_data(char *data, size_t size) {
  char self[2048];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  self[length < 0 ? 0 : length] = '\0';
  const char *slash = strrchr(self, '/');
  int folder = slash == NULL ? 0 : (int)(slash - self);
  snprintf(data, size, "%.*s/../share/poolproof", folder, self);
}

/* The declaration in one folder, which is `length` bytes of text and a part
 * below it; false when there is none there. */
static bool is_in(const char *folder, int length, const char *below,
                  const char *title, const char *version,
                  char path[PATH_BYTES]) {
  int name = (int)strcspn(title, SPACE);
  if (length == 0 || name == 0 || *version == '\0') return false;
  if (memchr(title, '/', (size_t)name) != NULL || strchr(version, '/') != NULL)
    return false;
  int size = snprintf(path, PATH_BYTES, "%.*s%s/%.*s-%s" SUFFIX, length, folder,
                      below, name, title, version);
  return (size_t)size < PATH_BYTES && access(path, F_OK) == 0;
}

bool pp_declared_find(const char *title, const char *version,
                      struct pp_declared *out) {
  char installed[PATH_BYTES];
  memset(out, 0, sizeof *out);
  installed_data(installed, sizeof installed);
  const char *const places[] = {
      getenv("POOLPROOF_DATA"),
      installed,
#ifdef PP_SOURCE_DATA
      PP_SOURCE_DATA,
#endif
  };
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    char path[sizeof out->file];
    if (places[i] == NULL) continue;
    int length = (int)strlen(places[i]);
    if (is_in(places[i], length, "/allocators", title, version, path))
      return pp_declared_read(path, out);
  }
  return false;
}

bool pp_declared_beside(const char *plugin, const char *title,
                        const char *version, struct pp_declared *out) {
  char path[sizeof out->file];
  const char *slash = strrchr(plugin, '/');
  const char *folder = slash == NULL ? "." : plugin;
  int length = slash == NULL ? 1 : (int)(slash - plugin);
  memset(out, 0, sizeof *out);
  if (!is_in(folder, length, "", title, version, path)) return false;
  return pp_declared_read(path, out);
}

bool pp_declared_of(const struct pp_subject_spec *spec, const char *title,
                    const char *version, struct pp_declared *out) {
  return spec->kind == PP_SUBJECT_PLUGIN
             ? pp_declared_beside(spec->path, title, version, out)
             : pp_declared_find(title, version, out);
}

bool pp_declared_may_excuse(enum pp_clause clause) {
  if (!pp_strength_decides(pp_clause_texts[clause].strength)) return true;
  switch (clause) {
  case PP_API_04: /* the smallest alignment */
  case PP_API_61:
  case PP_API_62:
  case PP_API_08: /* errno */
  case PP_API_18:
  case PP_API_19:
  case PP_API_20:
  case PP_API_21:
  case PP_API_22:
  case PP_API_43:
  case PP_API_67:
  case PP_API_79:
  case PP_API_23: /* alignments that are asked for */
  case PP_API_24:
  case PP_API_25:
  case PP_API_26:
  case PP_API_27:
  case PP_API_28:
  case PP_API_44:
  case PP_API_45:
  case PP_API_48:
  case PP_API_49:
  case PP_API_50:
  case PP_API_51:
  case PP_API_52:
  case PP_API_53:
  case PP_API_54:
  case PP_API_55:
  case PP_API_57:
  case PP_API_30: /* usable sizes */
  case PP_API_31:
  case PP_API_33: /* the largest size */
  case PP_API_34: /* what it keeps */
  case PP_API_35:
  case PP_API_39: return true; /* what it writes */
  default: return false;
  }
}
