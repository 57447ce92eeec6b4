/* What a stranger gets: poolproof is installed, and the example of a plug-in is
 * compiled and judged the way its README says, out of the tree. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proptests/programs.h"

enum { TEXT_MAX = 1 << 14 };

static char folder[64];

/* In a folder of its own, with the installed poolproof first in PATH. */
static void install(void) {
  char value[4096];
  const char *prefix = pp_setting("POOLPROOF_PREFIX");
  const char *const meson[] = {"meson",
                               "install",
                               "-C",
                               pp_setting("POOLPROOF_BUILD"),
                               "--no-rebuild",
                               "--quiet",
                               "--destdir",
                               folder,
                               NULL};
  pp_folder_make(folder);
  struct pp_ran ran = pp_run(meson, NULL);
  cr_assert_eq(ran.status, 0, "%s%s", ran.out, ran.err);
  pp_ran_free(&ran);
  snprintf(value, sizeof value, "%s%s/bin:%s", folder, prefix,
           pp_setting("PATH"));
  setenv("PATH", value, 1);
  snprintf(value, sizeof value, "%s%s/%s/pkgconfig", folder, prefix,
           pp_setting("POOLPROOF_LIBDIR"));
  setenv("PKG_CONFIG_PATH", value, 1);
  setenv("PKG_CONFIG_SYSROOT_DIR", folder, 1);
  cr_assert_eq(chdir(folder), 0);
}

static void forget(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(plugin, .init = install, .fini = forget);

static void read_example(const char *name, char text[TEXT_MAX]) {
  char path[512];
  snprintf(path, sizeof path, "%s/examples/plugin/%s",
           pp_setting("POOLPROOF_DATA"), name);
  FILE *in = fopen(path, "r");
  cr_assert_not_null(in, "%s", path);
  text[fread(text, 1, TEXT_MAX - 1, in)] = '\0';
  fclose(in);
}

static struct pp_ran shell(const char *line) {
  const char *const argv[] = {"sh", "-c", line, NULL};
  return pp_run(argv, NULL);
}

/* Compiles a source as the README says, and judges it as it says. */
static struct pp_ran follow_readme(const char *source) {
  static char text[TEXT_MAX];
  char path[128];
  pp_file_write(path, folder, "allocator.c", source, strlen(source));
  read_example("README.md", text);
  char *compile = strstr(text, "\n    ");
  char *check = compile == NULL ? NULL : strstr(compile + 1, "\n    ");
  cr_assert(compile != NULL && check != NULL, "%s", text);
  *check++ = '\0';
  check[strcspn(check, "\n")] = '\0';
  struct pp_ran compiled = shell(compile + 1);
  cr_assert_eq(compiled.status, 0, "%s%s", compiled.out, compiled.err);
  cr_assert_str_empty(compiled.err);
  pp_ran_free(&compiled);
  strcat(check, " --ops 300k");
  return shell(check);
}

Test(plugin, the_example_conforms) {
  static char source[TEXT_MAX];
  read_example("allocator.c", source);
  struct pp_ran ran = follow_readme(source);
  cr_assert_eq(ran.status, 0, "%s%s", ran.out, ran.err);
  cr_assert_not_null(strstr(ran.out, "example"));
  cr_assert_not_null(strstr(ran.out, "conforms"));
  cr_assert_str_empty(ran.err);
  pp_ran_free(&ran);
}

Test(plugin, a_fault_in_it_is_found) {
  static const char line[] = "memset(block, 0, count * size);";
  static char source[TEXT_MAX];
  read_example("allocator.c", source);
  char *zeroing = strstr(source, line);
  cr_assert_not_null(zeroing);
  memset(zeroing, ' ', strlen(line) - 1); /* the semicolon stays */
  struct pp_ran ran = follow_readme(source);
  cr_assert_eq(ran.status, 1, "%s%s", ran.out, ran.err);
  cr_assert_not_null(strstr(ran.out, "API-09"), "%s", ran.out);
  pp_ran_free(&ran);
}

/* The library is called from both languages. */
Test(plugin, the_reference_links) {
  static const char source[] =
      "#include <poolproof/reference.h>\n"
      "#include <poolproof/subject.h>\n"
      "int main(void) {\n"
      "  if (pp_clause_find(\"pool-05\") != PP_POOL_05) return 1;\n"
      "  if (pp_profile_find(\"3.9\") == NULL) return 2;\n"
      "  const struct pp_profile *profile = &pp_profiles[PP_PROFILE_3_13];\n"
      "  return pp_reference_object.heap_size(profile) == 0;\n"
      "}\n";
  static const char *const languages[] = {"cc -std=c11 -x c",
                                          "c++ -std=c++11 -x c++"};
  char path[128], line[512];
  pp_file_write(path, folder, "program.src", source, strlen(source));
  struct pp_ran cpp = shell("command -v c++");
  size_t count = cpp.status == 0 ? 2 : 1;
  pp_ran_free(&cpp);
  for (size_t i = 0; i < count; i++) {
    const char *sanitizers = pp_setting("POOLPROOF_SANITIZE");
    const char *flag = strcmp(sanitizers, "none") == 0 ? "" : "-fsanitize=";
    snprintf(line, sizeof line,
             "%s -Wall -Wextra -Wpedantic -Werror %s%s program.src -x none "
             "$(pkg-config --cflags --libs poolproof) -o program && ./program",
             languages[i], flag, *flag == '\0' ? "" : sanitizers);
    struct pp_ran ran = shell(line);
    cr_assert_eq(ran.status, 0, "%s: %d: %s", line, ran.status, ran.err);
    pp_ran_free(&ran);
  }
}
