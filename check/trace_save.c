/* Writing a trace to a file, in the form that its name asks for. The bytes go
 * to a new file beside the target, which takes the target's name when it is
 * complete: a reader sees the old trace or the new one, never half of one
 * (SPEC.md, OPS). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/trace_form.h"

#define PATH_SIZE 4096
#define ATTEMPTS_MAX 1000 /* names left behind by processes that died */

/* A new file beside `path`, its name in `beside`; -1 with errno set. Not
 * mkstemp, which would make a trace that only its owner can read. */
static int open_beside(const char *path, char *beside) {
  for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    int length = snprintf(beside, PATH_SIZE, "%s.%ld-%d.new", path,
                          (long)getpid(), attempt);
    if ((size_t)length >= PATH_SIZE) {
      errno = ENAMETOOLONG;
      return -1;
    }
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

/* Renaming over a device or a pipe would destroy it. */
static int is_replaceable(const char *path) {
  struct stat status;
  return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

static int ends_in_zst(const char *path) {
  size_t length = strlen(path);
  return length >= 4 && strcmp(path + length - 4, ".zst") == 0;
}

static int are_sound(const struct pp_op *ops, size_t count) {
  const char *expected;
  for (size_t i = 0; i < count; i++) {
    if (pp_op_fault(&ops[i], &expected) != 0) return 0;
  }
  return 1;
}

/* 0, or errno. */
static int write_to(int fd, int packed, const struct pp_op *ops, size_t count) {
  FILE *out = fdopen(fd, "w");
  if (out == NULL) {
    int reason = errno;
    close(fd);
    return reason;
  }
  errno = 0;
  int written = packed ? pp_packed_write(out, ops, count)
                       : pp_trace_print(out, ops, count);
  int reason = written ? 0 : errno != 0 ? errno : EIO;
  if (fclose(out) != 0 && reason == 0) reason = errno;
  return reason;
}

int pp_trace_save(const char *path, const struct pp_op *ops, size_t count) {
  char beside[PATH_SIZE];
  int replace = is_replaceable(path);
  if (!are_sound(ops, count)) {
    errno = EINVAL; /* it could not be read again */
    return 0;
  }
  int fd = replace ? open_beside(path, beside)
                   : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return 0;
  int reason = write_to(fd, ends_in_zst(path), ops, count);
  if (replace && reason == 0 && rename(beside, path) != 0) reason = errno;
  if (replace && reason != 0) unlink(beside);
  errno = reason;
  return reason == 0;
}
