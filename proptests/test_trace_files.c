/* The files of traces, from both sides (SPEC.md, OPS-04, OPS-07 and OPS-16):
 * what is written takes its name when it is whole, and what is read may come in
 * pieces, from a pipe, or from a file that is lost while it is read. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/trace.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char folder[64];
static const struct pp_op story[] = {{PP_OP_MALLOC, 1, 24, 0},
                                     {PP_OP_FREE, 1, 0, 0}};
static const char text[] = PP_TRACE_HEADER "\nmalloc 1 24\nfree 1\n";

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(OPS_07, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_16, .init = make_folder, .fini = remove_folder);

static const char *in_folder(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static size_t read_file(const char *path, char *bytes, size_t room) {
  FILE *in = fopen(path, "r");
  cr_assert_not_null(in, "%s", path);
  size_t size = fread(bytes, 1, room - 1, in);
  fclose(in);
  bytes[size] = '\0';
  return size;
}

static size_t files_in_folder(void) {
  size_t count = 0;
  DIR *entries = opendir(folder);
  cr_assert_not_null(entries);
  while (readdir(entries) != NULL)
    count++;
  closedir(entries);
  return count - 2; /* itself and its parent */
}

static void holds_story(const char *path) {
  struct pp_trace_error error;
  struct pp_trace *trace = pp_trace_open(path, &error);
  cr_assert_not_null(trace, "expected %s", error.expected);
  struct pp_ops ops = pp_trace_all(trace);
  cr_assert_eq(ops.count, COUNT(story));
  for (size_t i = 0; i < COUNT(story); i++)
    cr_assert(pp_op_equal(&ops.at[i], &story[i]));
  pp_ops_free(&ops);
  pp_trace_close(trace);
}

/* ---- written ---- */

Test(OPS_07, the_end_of_the_name_tells_the_form) {
  static const struct {
    const char *name;
    bool packed;
  } names[] = {{"a", false},         {"a.trace", false}, {"a.zst", true},
               {".zst", true},       {"azst", false},    {"a.zs", false},
               {"a.zst.txt", false}, {"a.zstd", false},  {"zst", false}};
  char bytes[256];
  cr_assert_eq(chdir(folder), 0);
  for (size_t i = 0; i < COUNT(names); i++) {
    cr_assert(pp_trace_save(names[i].name, story, COUNT(story)));
    cr_assert_eq(errno, 0);
    size_t size = read_file(names[i].name, bytes, sizeof bytes);
    if (names[i].packed)
      cr_assert_eq(memcmp(bytes, "\x28\xb5\x2f\xfd", 4), 0, "%s",
                   names[i].name);
    else
      cr_assert_str_eq(bytes, text, "%s", names[i].name);
    cr_assert_gt(size, 4);
    holds_story(names[i].name);
  }
  cr_assert_eq(files_in_folder(), COUNT(names));
  cr_assert_eq(chdir("/"), 0);
}

Test(OPS_07, the_mask_of_the_user_decides_who_reads) {
  static const mode_t masks[] = {0, 022, 077};
  for (size_t i = 0; i < COUNT(masks); i++) {
    struct stat status;
    mode_t former = umask(masks[i]);
    cr_assert(pp_trace_save(in_folder("a"), story, COUNT(story)));
    umask(former);
    cr_assert_eq(stat(in_folder("a"), &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0666 & ~masks[i]);
  }
}

/* Of processes that died, names are left; they are passed over. */
Test(OPS_07, names_that_are_taken_are_left_alone) {
  char name[64], path[128], bytes[16];
  for (int i = 0; i < 3; i++) {
    snprintf(name, sizeof name, "a.%ld-%d.new", (long)getpid(), i);
    pp_file_write(path, folder, name, "left", 4);
  }
  cr_assert(pp_trace_save(in_folder("a"), story, COUNT(story)));
  holds_story(in_folder("a"));
  for (int i = 0; i < 3; i++) {
    snprintf(name, sizeof name, "a.%ld-%d.new", (long)getpid(), i);
    read_file(in_folder(name), bytes, sizeof bytes);
    cr_assert_str_eq(bytes, "left");
  }
  cr_assert_eq(files_in_folder(), 4);
}

Test(OPS_07, when_all_names_are_taken_there_is_an_error) {
  char name[64];
  for (int i = 0; i < 1000; i++) {
    snprintf(name, sizeof name, "a.%ld-%d.new", (long)getpid(), i);
    cr_assert_eq(symlink("nowhere", in_folder(name)), 0);
  }
  cr_assert_not(pp_trace_save(in_folder("a"), story, COUNT(story)));
  cr_assert_eq(errno, EEXIST);
  cr_assert_eq(files_in_folder(), 1000);
  unlink(in_folder(name));
  cr_assert(pp_trace_save(in_folder("a"), story, COUNT(story)));
}

Test(OPS_07, the_reason_is_in_errno) {
  struct pp_op unsound = {PP_OP_ARENA_SKEW, 0, 1, 0};
  struct pp_op late[] = {story[0], unsound};
  char *long_path = calloc(1, 5000);
  cr_assert_not(pp_trace_save(in_folder("a"), late, 2));
  cr_assert_eq(errno, EINVAL);
  cr_assert_not(pp_trace_save(in_folder("absent/a"), story, 2));
  cr_assert_eq(errno, ENOENT);
  cr_assert_not(pp_trace_save(folder, story, 2));
  cr_assert_eq(errno, EISDIR);
  /* There is room for the name, but not for the one that is new. */
  memset(long_path, '/', 4095);
  memcpy(long_path, folder, strlen(folder));
  long_path[4094] = 'a';
  cr_assert_not(pp_trace_save(long_path, story, 2));
  cr_assert_eq(errno, ENAMETOOLONG);
  memset(long_path, '/', 4999);
  cr_assert_not(pp_trace_save(long_path, story, 2));
  cr_assert_eq(errno, ENAMETOOLONG);
  cr_assert_eq(files_in_folder(), 0);
  cr_assert_eq(symlink("/dev/full", in_folder("full")), 0);
  cr_assert_not(pp_trace_save(in_folder("full"), story, 2));
  cr_assert_eq(errno, ENOSPC);
  cr_assert_eq(symlink("/dev/full", in_folder("full.zst")), 0);
  cr_assert_not(pp_trace_save(in_folder("full.zst"), story, 2));
  cr_assert_eq(errno, ENOSPC);
  free(long_path);
}

/* The longest path that can be written is written. */
Test(OPS_07, the_longest_name_has_room) {
  char *path = calloc(1, 4096);
  char extra[64];
  size_t more =
      (size_t)snprintf(extra, sizeof extra, ".%ld-0.new", (long)getpid());
  for (size_t length = 4095 - more; length <= 4096 - more; length++) {
    memset(path, '/', length);
    path[length] = '\0';
    memcpy(path, folder, strlen(folder));
    path[length - 1] = 'a';
    cr_assert_eq(pp_trace_save(path, story, 2), length == 4095 - more);
    cr_assert_eq(files_in_folder(), 1);
  }
  holds_story(in_folder("a"));
  free(path);
}

Test(OPS_07, what_is_no_file_is_written_to) {
  int ends[2];
  char name[32], bytes[256];
  cr_assert_eq(pipe(ends), 0);
  snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
  cr_assert(pp_trace_save(name, story, COUNT(story)));
  ssize_t got = read(ends[0], bytes, sizeof bytes);
  cr_assert_eq(got, (ssize_t)strlen(text));
  cr_assert_eq(memcmp(bytes, text, strlen(text)), 0);
  close(ends[0]);
  signal(SIGPIPE, SIG_IGN);
  cr_assert_not(pp_trace_save(name, story, COUNT(story)));
  cr_assert_eq(errno, EPIPE);
  close(ends[1]);
}

Test(OPS_07, no_descriptor_is_left_open) {
  int before = dup(0);
  close(before);
  cr_assert(pp_trace_save(in_folder("a.zst"), story, COUNT(story)));
  cr_assert_not(pp_trace_save("/dev/full", story, COUNT(story)));
  cr_assert_not(pp_trace_save(in_folder("absent/a"), story, COUNT(story)));
  holds_story(in_folder("a.zst"));
  struct pp_trace_error error;
  cr_assert_null(pp_trace_open("/", &error));
  cr_assert_null(pp_trace_open("/dev/null", &error));
  setenv("TMPDIR", "/nowhere", 1);
  cr_assert_null(pp_trace_open(in_folder("a.zst"), &error));
  int after = dup(0);
  close(after);
  cr_assert_eq(after, before);
}

/* ---- read ---- */

/* Writes in pieces of so many bytes, from a process of its own. */
static int in_pieces(const void *bytes, size_t size, size_t piece) {
  int ends[2];
  cr_assert_eq(pipe(ends), 0);
  pid_t child = fork();
  cr_assert_geq(child, 0);
  if (child == 0) {
    for (size_t at = 0; at < size; at += piece) {
      size_t part = piece < size - at ? piece : size - at;
      if (write(ends[1], (const char *)bytes + at, part) < 0) _exit(1);
      usleep(100);
    }
    _exit(0);
  }
  close(ends[1]);
  return ends[0];
}

Test(OPS_16, a_pipe_is_read_as_it_comes) {
  char bytes[256];
  cr_assert(pp_trace_save(in_folder("a.zst"), story, COUNT(story)));
  size_t size = read_file(in_folder("a.zst"), bytes, sizeof bytes);
  for (size_t piece = 1; piece < 9; piece += 3) {
    int in = in_pieces(text, strlen(text), piece);
    dup2(in, STDIN_FILENO);
    holds_story("-");
    close(in);
    in = in_pieces(bytes, size, piece + 3); /* the first tells the form */
    dup2(in, STDIN_FILENO);
    holds_story("-");
    close(in);
  }
}

/* A line that comes in two pieces, each shorter than a line may be. */
Test(OPS_16, a_line_is_as_long_as_all_its_pieces) {
  static char bytes[6200] = PP_TRACE_HEADER "\nfork";
  struct pp_trace_error error;
  size_t header = strlen(bytes);
  memset(bytes + header, ' ', sizeof bytes - header);
  int in = in_pieces(bytes, sizeof bytes, 3100);
  dup2(in, STDIN_FILENO);
  cr_assert_null(pp_trace_open("-", &error));
  cr_assert_str_eq(error.expected, "a line of at most 4096 bytes");
  cr_assert_eq(error.line, 2);
  close(in);
}

Test(OPS_16, what_cannot_be_read_is_told) {
  struct pp_trace_error error;
  char *long_folder = malloc(5000);
  cr_assert_null(pp_trace_open("/proc/self/mem", &error));
  cr_assert_eq(error.line, 0);
  cr_assert_str_eq(error.expected, "a file that can be read (Input/output "
                                   "error)");
  close(STDIN_FILENO);
  cr_assert_null(pp_trace_open("-", &error));
  cr_assert_str_eq(error.file, "<stdin>");
  cr_assert_str_eq(error.expected, "a file that can be read (Bad file "
                                   "descriptor)");
  cr_assert_eq(error.line + error.column, 0);
  cr_assert_null(pp_trace_open("/", &error));
  cr_assert_eq(error.line + error.column, 0);
  cr_assert(pp_trace_save(in_folder("a"), story, COUNT(story)));
  memset(long_folder, '/', 4999);
  long_folder[4999] = '\0';
  setenv("TMPDIR", long_folder, 1);
  cr_assert_null(pp_trace_open(in_folder("a"), &error));
  cr_assert_not_null(strstr(error.expected, "room for a temporary file in ///"),
                     "%s", error.expected);
  setenv("TMPDIR", "", 1); /* says nothing */
  holds_story(in_folder("a"));
  setenv("TMPDIR", folder, 1);
  holds_story(in_folder("a"));
  cr_assert_eq(files_in_folder(), 1);
  free(long_folder);
}

Test(OPS_16, a_full_disk_is_told) {
  struct pp_ops ops = {0};
  struct pp_trace_error error;
  struct rlimit limit, small = {4096, 4096};
  for (uint64_t i = 0; i < 50000; i++)
    pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, i * 99999, 1 << 20, 0});
  cr_assert(pp_trace_save(in_folder("a"), ops.at, ops.count));
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  small.rlim_max = limit.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  for (size_t count = 2000; count <= ops.count; count += 24000) {
    cr_assert(pp_trace_save(in_folder("a"), ops.at, count));
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    cr_assert_null(pp_trace_open(in_folder("a"), &error));
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_str_eq(error.expected,
                     "room for a temporary file (File too large)");
    cr_assert_eq(error.line, 0);
  }
  pp_ops_free(&ops);
}

/* The descriptor of the file in which a trace is held. */
static int holder(void) {
  for (int fd = 3; fd < 64; fd++) {
    char link[64], target[256];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, target, sizeof target - 1);
    if (size <= 0) continue;
    target[size] = '\0';
    if (strncmp(target, folder, strlen(folder)) == 0 &&
        strstr(target, "(deleted)") != NULL)
      return fd;
  }
  cr_assert_fail("no temporary file");
  return -1;
}

/* Half a trace would be another: a process whose trace is lost ends. */
Test(OPS_16, a_trace_that_is_lost_ends_the_process) {
  enum { LONG = 60000 };
  struct pp_trace_error error;
  struct pp_ops ops = {0};
  char bytes[256];
  setenv("TMPDIR", folder, 1);
  for (uint64_t i = 0; i < LONG; i++)
    pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, i, 16, 0});
  cr_assert(pp_trace_save(in_folder("a"), ops.at, ops.count));
  pp_ops_free(&ops);
  struct pp_trace *trace = pp_trace_open(in_folder("a"), &error);
  int fd = holder();
  static const char *const ends[] = {"was damaged", "was cut short",
                                     "cannot read"};
  for (int i = 0; i < 3; i++) {
    pid_t child = fork();
    if (child == 0) {
      freopen(in_folder("err"), "w", stderr);
      uint8_t damage[9] = {0xff, 0xff, 0xff, 0xff, 0xff,
                           0xff, 0xff, 0xff, 0xff};
      if (i == 0) pwrite(fd, damage, sizeof damage, 30001);
      if (i == 1) ftruncate(fd, 30001);
      if (i == 2) dup2(open("/dev/null", O_WRONLY), fd);
      struct pp_op_source *source = pp_trace_read(trace);
      struct pp_op op;
      while (source->fill(source, &op, 1) == 1)
        continue;
      _exit(0);
    }
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%s: %x",
              ends[i], (unsigned)status);
    read_file(in_folder("err"), bytes, sizeof bytes);
    cr_assert_not_null(strstr(bytes, ends[i]), "%s", bytes);
    /* The first process, whose file was damaged too, mends it. */
    if (i == 0) {
      uint8_t whole[9] = {PP_OP_MALLOC, 2, 16, PP_OP_MALLOC, 2, 16,
                          PP_OP_MALLOC, 2, 16};
      cr_assert_eq(pwrite(fd, whole, sizeof whole, 30000), 9);
      uint8_t last = PP_OP_MALLOC;
      cr_assert_eq(pwrite(fd, &last, 1, 30009), 1);
    }
  }
  pp_trace_close(trace);
}
