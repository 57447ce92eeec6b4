/* Programs as a test runs them. Their streams are files in memory, so that
 * neither of the two sides can wait for the other. */
#include "proptests/programs.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 32, FOLDERS_DEEP = 16 };

static int memory_file(const char *name, const char *text) {
  int file = memfd_create(name, MFD_CLOEXEC);
  size_t size = text == NULL ? 0 : strlen(text);
  cr_assert_geq(file, 0);
  cr_assert_eq(write(file, text, size), (ssize_t)size);
  cr_assert_eq(lseek(file, 0, SEEK_SET), 0);
  return file;
}

static char *whole(int file, size_t *size) {
  off_t end = lseek(file, 0, SEEK_END);
  cr_assert_geq(end, 0);
  *size = (size_t)end;
  char *text = malloc(*size + 1);
  cr_assert_not_null(text);
  cr_assert_eq(pread(file, text, *size, 0), (ssize_t)*size);
  text[*size] = '\0';
  close(file);
  return text;
}

struct pp_started pp_start(const char *const *argv, const char *input) {
  int in = memory_file("in", input);
  struct pp_started started = {.out = memory_file("out", NULL),
                               .err = memory_file("err", NULL)};
  started.pid = fork();
  cr_assert_geq(started.pid, 0);
  if (started.pid == 0) {
    setpgid(0, 0);
    dup2(in, STDIN_FILENO);
    dup2(started.out, STDOUT_FILENO);
    dup2(started.err, STDERR_FILENO);
    execvp(argv[0], (char *const *)(const void *)argv);
    perror(argv[0]);
    _exit(127);
  }
  setpgid(started.pid, started.pid);
  close(in);
  return started;
}

struct pp_ran pp_finish(struct pp_started *started) {
  struct pp_ran ran;
  int status;
  cr_assert_eq(waitpid(started->pid, &status, 0), started->pid);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  ran.out = whole(started->out, &ran.out_size);
  ran.err = whole(started->err, &ran.err_size);
  cr_assert_neq(ran.status, 127, "%s", ran.err);
  return ran;
}

struct pp_ran pp_run(const char *const *argv, const char *input) {
  struct pp_started started = pp_start(argv, input);
  return pp_finish(&started);
}

void pp_ran_free(struct pp_ran *ran) {
  free(ran->out);
  free(ran->err);
}

struct pp_ran pp_run_poolproof(const char *input, ...) {
  const char *argv[ARGUMENTS_MAX] = {pp_setting("POOLPROOF")};
  size_t count = 1;
  va_list arguments;
  va_start(arguments, input);
  while ((argv[count] = va_arg(arguments, const char *)) != NULL)
    cr_assert_lt(++count, ARGUMENTS_MAX);
  va_end(arguments);
  return pp_run(argv, input);
}

const char *pp_setting(const char *name) {
  const char *value = getenv(name);
  cr_assert(value != NULL && value[0] != '\0', "%s is not set", name);
  return value;
}

void pp_folder_make(char path[64]) {
  strcpy(path, "/tmp/poolproof-test-XXXXXX");
  cr_assert_not_null(mkdtemp(path));
}

void pp_await_handler(pid_t pid, int number) {
  char path[64], line[128];
  unsigned long long caught = 0;
  snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
  for (int i = 0; i < 3000 && (caught >> (number - 1) & 1) == 0; i++) {
    FILE *status = fopen(path, "re");
    if (status == NULL) return; /* it has ended */
    while (fgets(line, sizeof line, status) != NULL)
      sscanf(line, "SigCgt: %llx", &caught);
    fclose(status);
    usleep(10000);
  }
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *place) {
  (void)status, (void)type, (void)place;
  return remove(path);
}

void pp_folder_remove(const char *path) {
  nftw(path, remove_one, FOLDERS_DEEP, FTW_DEPTH | FTW_PHYS);
}

void pp_file_write(char path[128], const char *folder, const char *name,
                   const void *bytes, size_t size) {
  snprintf(path, 128, "%s/%s", folder, name);
  unlink(path); /* some file systems are slow to truncate */
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out, "%s: %s", path, strerror(errno));
  cr_assert_eq(fwrite(bytes, 1, size, out), size);
  cr_assert_eq(fclose(out), 0);
}

size_t pp_occurrences(const char *text, const char *part) {
  size_t count = 0;
  for (const char *at = text; (at = strstr(at, part)) != NULL;
       at += strlen(part))
    count++;
  return count;
}
