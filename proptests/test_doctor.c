/* poolproof doctor: each trouble that keeps a subject from being judged is
 * named, with its cure where there is one, and ends in its exit code. The
 * subjects are made here, by the compiler that made poolproof or by hand. */
#include <criterion/criterion.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proptests/elf_files.h"
#include "proptests/programs.h"

/* A family that serves one call and frees nothing. */
#define FAMILY                                                       \
  "#include <stddef.h>\n#include <string.h>\n"                       \
  "static _Alignas(16) char room[1 << 16]; static size_t used;\n"    \
  "void *malloc(size_t n) { char *at = room + used;\n"               \
  "  used += (n + 15) / 16 * 16; return at; }\n"                     \
  "void *calloc(size_t n, size_t m) { return malloc(n * m); }\n"     \
  "void *realloc(void *p, size_t n) { return p ? p : malloc(n); }\n" \
  "void free(void *p) { (void)p; }\n"

static char folder[64];

static void enter_folder(void) {
  pp_folder_make(folder);
  cr_assert_eq(chdir(folder), 0);
}

static void leave_folder(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(doctor, .init = enter_folder, .fini = leave_folder);

/* Compiled with these flags, of which some are NULL at the end. */
static void compile(const char *name, const char *text, const char *first,
                    const char *second) {
  char path[128];
  pp_file_write(path, folder, "subject.c", text, strlen(text));
  struct pp_ran ran = pp_run(
      (const char *[]){"cc", "-o", name, "subject.c", first, second, NULL},
      NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  pp_ran_free(&ran);
}

static void library(const char *name, const char *text) {
  compile(name, text, "-shared", "-fPIC");
}

static void tells(const char *subject, const char *option, const char *value,
                  int status, const char *words) {
  struct pp_ran ran =
      pp_run_poolproof(NULL, "doctor", subject, option, value, NULL);
  cr_assert_eq(ran.status, status, "%s: %d\n%s%s", subject, ran.status, ran.out,
               ran.err);
  cr_assert_not_null(strstr(ran.out, words), "%s: %s", subject, ran.out);
  cr_assert_eq(strstr(ran.out, "can be judged") != NULL, status == 0, "%s",
               ran.out);
  pp_ran_free(&ran);
}

static void cannot(const char *subject, const char *words) {
  tells(subject, NULL, NULL, 3, words);
}

/* ---- what is sound ---- */

Test(doctor, sound_subjects_can_be_judged) {
  library("sound.so", FAMILY);
  tells("libc", NULL, NULL, 0, "the malloc family of this process");
  tells("reference:3.9", NULL, NULL, 0, "profile     3.9");
  tells("./sound.so", NULL, NULL, 0,
        "has         malloc calloc realloc free\n");
  tells("./sound.so", NULL, NULL, 0, "lacks       reallocarray aligned_alloc");
}

/* ---- files ---- */

Test(doctor, files_that_are_not_there) {
  char path[128];
  cannot("./absent.so", "there is no file ./absent.so");
  cannot("absent.so", "nor a shared object in the loader's directories");
  pp_file_write(path, folder, "here.so", "", 0);
  cannot("here.so", "for the one here, type ./here.so");
  cannot("runner:./absent", "./absent cannot be run: No such file");
  cannot("runner:./here.so", "./here.so cannot be run: Permission denied");
  cannot("reference:9.9", "no profile \"9.9\"; there are 3.6");
}

Test(doctor, files_of_another_kind) {
  static const char *const symbols[] = {"malloc", NULL};
  char path[128];
  struct pp_object object = pp_object_of(symbols);
  pp_file_write(path, folder, "text.so", "no object", 9);
  cannot("./text.so", "not a shared object of this machine, or cut short: it "
                      "is no ELF file");
  object.header.e_machine = EM_S390;
  pp_file_write(path, folder, "other.so", &object, sizeof object);
  cannot("./other.so", "it is built for s390");
  object.header.e_machine = EM_386;
  object.header.e_ident[EI_CLASS] ^= 3;
  pp_file_write(path, folder, "other.so", &object, sizeof object);
  cannot("./other.so", "it is built for i386");
  compile("program", "int main(void) { return 0; }", "-pie", "-fPIE");
  cannot("./program", "a program is judged as runner:PROGRAM");
  cannot("runner:./program", "the runner could not be started");
  library("whole.so", FAMILY);
  cr_assert_eq(truncate("whole.so", 1000), 0);
  cannot("./whole.so", "or cut short");
}

/* ---- what the loader refuses ---- */

Test(doctor, what_it_needs_is_missing) {
  library("libneeded.so", "int needed(void); int needed(void) { return 1; }");
  compile("needs.so",
          FAMILY "int needed(void);\n"
                 "int uses(void); int uses(void) { return needed(); }",
          "-shared", "-L.");
  cannot("./needs.so", "undefined symbol: needed");
  compile("needs.so",
          FAMILY "int needed(void);\n"
                 "int uses(void); int uses(void) { return needed(); }",
          "-shared", "./libneeded.so");
  cr_assert_eq(unlink("libneeded.so"), 0);
  cannot("./needs.so", "name its folder in LD_LIBRARY_PATH");
}

/* The sanitizers' own storage is laid out in other ways. */
Test(doctor, static_storage_without_room) {
  if (strcmp(pp_setting("POOLPROOF_SANITIZE"), "none") != 0)
    cr_skip("storage of sanitizers");
  library("storage.so",
          FAMILY "static __thread char many[8192]\n"
                 "  __attribute__((tls_model(\"initial-exec\")));\n"
                 "void *aligned_alloc(size_t a, size_t n) {\n"
                 "  (void)a; return &many[n % 8192]; }\n");
  tells("./storage.so", NULL, NULL, 0, "8192 bytes for each thread, static");
  tells("./storage.so", NULL, NULL, 0, "poolproof started itself anew with");
  setenv("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=512", 1);
  cannot("./storage.so", "static TLS");
  cannot("./storage.so",
         "run with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384, or "
         "judge it with --preload");
  tells("./storage.so", "--preload", NULL, 0, "or judge it with --preload");
}

/* ---- what it lacks ---- */

Test(doctor, functions_that_are_missing) {
  library("prefixed.so",
          "#define malloc my_malloc\n#define calloc my_calloc\n"
          "#define realloc my_realloc\n#define free my_free\n" FAMILY);
  cannot("./prefixed.so", "has no malloc of its own; do its names have a "
                          "prefix (--prefix)?");
  cannot("./prefixed.so", "lacks       malloc calloc");
  tells("./prefixed.so", "--prefix", "my_", 0,
        "has         my_malloc my_calloc my_realloc my_free\n");
  tells("./prefixed.so", "--prefix", "your_", 3, "has no your_malloc of its");
  library("three.so", "#define free unlike\n" FAMILY);
  cannot("./three.so", "has no free of its own");
  library("library.so", FAMILY "void __libc_start_main(void);\n"
                               "void __libc_start_main(void) {}\n");
  cannot("./library.so", "see tools/build-runner");
}

static void plugin(const char *odd, int status, const char *words) {
  char path[512];
  snprintf(path, sizeof path, "%s/plugin.so", pp_setting("POOLPROOF_MODULES"));
  setenv("POOLPROOF_PLUGIN", odd, 1);
  tells(path, NULL, NULL, status, words);
}

Test(doctor, plug_ins_that_are_not_whole) {
  plugin("plain", 0, "is          odd 1.2");
  plugin("older", 3, "it was built for version");
  plugin("without free", 3, "its struct pp_subject has no free");
  plugin("null", 3, "answered NULL");
  plugin("of none", 3, "there is no profile \"9.9\"");
}

/* ---- what it does ---- */

Test(doctor, constructors_that_end_it) {
  static const struct {
    const char *body, *words;
  } rows[] = {
      {"exit(0);",
       "A valid call does not exit.: exited with status 0 while it"},
      {"_exit(7);", "exited with status 7 while it was loaded"},
      {"abort();", "ended by signal 6 (Aborted) while it was loaded"},
      {"write(1, \"no room\\n\", 8); abort();", "it wrote    no room"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[2048];
    snprintf(text, sizeof text,
             "#include <stdlib.h>\n#include <unistd.h>\n%s"
             "__attribute__((constructor)) static void start(void) { %s }\n",
             FAMILY, rows[i].body);
    library("ends.so", text);
    cannot("./ends.so", "does not start: ");
    cannot("./ends.so", rows[i].words);
  }
}

Test(doctor, calls_that_end_it) {
  library("ends.so",
          "#define free unlike\n" FAMILY "#undef free\nvoid free(void *p);\n"
          "void free(void *p) { (void)p; __builtin_trap(); }\n");
  cannot("./ends.so", "does not start: Freeing null does nothing.: ended by "
                      "signal 4 (Illegal instruction)");
}

/* What is declared for it is named, and so is a mistake in that. */
Test(doctor, declarations_are_shown) {
  static const char sound[] = "name odd\nversion 1.2\n"
                              "deviates API-20 shown-by shows.c Fails.\n"
                              "promises API-06 A block.\n";
  char module[512], path[128];
  snprintf(module, sizeof module, "%s/plugin.so",
           pp_setting("POOLPROOF_MODULES"));
  cr_assert_eq(symlink(module, "odd.so"), 0);
  setenv("POOLPROOF_PLUGIN", "plain", 1);
  pp_file_write(path, folder, "shows.c", "", 0);
  pp_file_write(path, folder, "odd-1.2.declared", sound, strlen(sound));
  tells("./odd.so", NULL, NULL, 0, "declared    API-20, in ./odd-1.2.declared");
  tells("./odd.so", NULL, NULL, 0, "promised    API-06, in ./odd-1.2.declared");
  pp_file_write(path, folder, "odd-1.2.declared", "nonsense\n", 9);
  tells("./odd.so", NULL, NULL, 0, "./odd-1.2.declared:1: expected name");
}

/* ---- exit codes ---- */

Test(doctor, the_gravest_is_the_exit_code) {
  struct pp_ran ran = pp_run_poolproof(NULL, "doctor", "libc", "./absent.so",
                                       "reference", NULL);
  cr_assert_eq(ran.status, 3);
  cr_assert_eq(pp_occurrences(ran.out, "can be judged"), 2);
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "doctor", NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_not_null(strstr(ran.err, "a SUBJECT is wanted"));
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "doctor", "libc", "--nosuch", NULL);
  cr_assert_eq(ran.status, 2);
  pp_ran_free(&ran);
}
