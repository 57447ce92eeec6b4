/* What stands in for Criterion while mutants are judged: a main that runs the
 * cases it is given by name, each in a process of its own, up to the first
 * that fails, and says so by its exit status alone. Criterion starts a program
 * anew for each case and reports on those that it leaves out; over thousands of
 * mutants that is most of the time.
 *
 * Exit status: 0 all passed, 1 one failed, 2 there is no such case. */
#include <criterion/criterion.h>
#include <criterion/event.h>
#include <criterion/options.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit statuses of the process of a case. */
enum { CASE_FAILED = 1, CASE_SKIPPED = 77 };

struct section {
  void **first;
  size_t count;
};

struct criterion_options criterion_options; /* the macros look into it */

static struct criterion_test *running;
static struct criterion_suite *suite_of_running;
static bool failed;
static char *done; /* shared with the case: it has run to its end */

/* ---- the cases, which lie in two sections of the program ---- */

static int find_base(struct dl_phdr_info *info, size_t size, void *base) {
  (void)size;
  *(uintptr_t *)base = info->dlpi_addr;
  return 1; /* the first is the program itself */
}

static struct section find_section(const char *wanted) {
  struct section found = {NULL, 0};
  uintptr_t base = 0;
  dl_iterate_phdr(find_base, &base);
  FILE *file = fopen("/proc/self/exe", "rb");
  ElfW(Ehdr) header;
  if (file == NULL || fread(&header, sizeof header, 1, file) != 1) abort();
  ElfW(Shdr) sections[header.e_shnum];
  fseek(file, (long)header.e_shoff, SEEK_SET);
  if (fread(sections, sizeof *sections, header.e_shnum, file) == 0) abort();
  const ElfW(Shdr) *names = &sections[header.e_shstrndx];
  char text[names->sh_size];
  fseek(file, (long)names->sh_offset, SEEK_SET);
  if (fread(text, 1, sizeof text, file) != sizeof text) abort();
  for (size_t i = 0; i < header.e_shnum; i++) {
    if (strcmp(text + sections[i].sh_name, wanted) != 0) continue;
    found.first = (void **)(base + sections[i].sh_addr);
    found.count = sections[i].sh_size / sizeof(void *);
  }
  fclose(file);
  return found;
}

static struct criterion_test *find_test(const char *name) {
  struct section tests = find_section("cr_tst");
  for (size_t i = 0; i < tests.count; i++) {
    struct criterion_test *test = tests.first[i];
    if (test == NULL) continue;
    size_t length = strlen(test->category);
    if (strncmp(name, test->category, length) == 0 && name[length] == '/' &&
        strcmp(name + length + 1, test->name) == 0) {
      return test;
    }
  }
  return NULL;
}

static struct criterion_suite *find_suite(const char *name) {
  struct section suites = find_section("cr_sts");
  for (size_t i = 0; i < suites.count; i++) {
    struct criterion_suite *suite = suites.first[i];
    if (suite != NULL && strcmp(suite->name, name) == 0) return suite;
  }
  return NULL;
}

/* ---- what the macros of Criterion call ---- */

void criterion_internal_test_setup(void) {
  if (suite_of_running != NULL && suite_of_running->data->init != NULL)
    suite_of_running->data->init();
  if (running->data->init != NULL) running->data->init();
}

void criterion_internal_test_main(void (*test)(void)) {
  test();
}

void criterion_internal_test_teardown(void) {
  if (running->data->fini != NULL) running->data->fini();
  if (suite_of_running != NULL && suite_of_running->data->fini != NULL)
    suite_of_running->data->fini();
}

void criterion_send_assert(struct criterion_assert_stats *stats) {
  if (!stats->passed) failed = true;
}

void cri_asserts_passed_incr(void) {}

void criterion_abort_test(void) {
  static bool ending;
  if (!ending) {
    ending = true;
    criterion_internal_test_teardown();
  }
  _exit(CASE_FAILED);
}

void criterion_continue_test(void) {}

void criterion_skip_test(const char *format, ...) {
  (void)format;
  criterion_internal_test_teardown();
  _exit(CASE_SKIPPED);
}

void cr_log(enum criterion_severity severity, const char *format, ...) {
  (void)severity;
  (void)format;
}

char *cr_translate_assert_msg(int index, ...) {
  (void)index;
  return strdup("");
}

int cr_asprintf(char **text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vasprintf(text, format, arguments);
  va_end(arguments);
  return length;
}

void cr_asprintf_free(char *text) {
  free(text);
}

/* ---- running them ---- */

static int run(struct criterion_test *test) {
  running = test;
  suite_of_running = find_suite(test->category);
  *done = 0;
  pid_t child = fork();
  if (child < 0) abort();
  if (child == 0) {
    test->test();
    *done = 1;
    exit(failed ? CASE_FAILED : 0);
  }
  int status;
  while (waitpid(child, &status, 0) != child)
    continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == CASE_SKIPPED) return 0;
  return status == 0 && *done == 1 ? 0 : 1;
}

int main(int argc, char **argv) {
  done =
      mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (done == MAP_FAILED) abort();
  if (argc < 2) return 2;
  for (int i = 1; i < argc; i++) {
    struct criterion_test *test = find_test(argv[i]);
    if (test == NULL) return 2;
    if (run(test) != 0) return 1;
  }
  return 0;
}
