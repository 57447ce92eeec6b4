/* `poolproof layout` as a user meets it: tables of values whose memory is known
 * by heart, mistakes, and the same values in real CPythons. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "check/discover.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- tables ---- */

/* The words of a value by one profile as "OFFSET FIELDS", one a line, without
 * those of the collector; `size` gets its sys.getsizeof. */
static const char *words_of(const char *value, const char *profile,
                            json_int_t *size) {
  static char lines[4096];
  size_t used = 0, piece_index, word_index;
  json_t *piece, *word;
  struct pp_ran ran = pp_run_poolproof(NULL, "layout", "--json", "-",
                                       "--profile", profile, "--", value, NULL);
  cr_assert_eq(ran.status, 0, "%s: %s", value, ran.err);
  json_t *document = json_loads(ran.out, 0, NULL);
  cr_assert_not_null(document, "%s", ran.out);
  *size = json_integer_value(json_object_get(document, "getsizeof"));
  json_array_foreach(json_object_get(document, "pieces"), piece_index, piece)
      json_array_foreach(json_object_get(piece, "words"), word_index, word) {
    json_int_t offset = json_integer_value(json_object_get(word, "offset"));
    const char *fields = json_string_value(json_object_get(word, "fields"));
    if (offset < 0) continue;
    used += (size_t)snprintf(lines + used, sizeof lines - used, "%d %s\n",
                             (int)offset, fields);
  }
  json_decref(document);
  pp_ran_free(&ran);
  return lines;
}

Test(layout, tables_of_3_10) {
  static const struct {
    const char *value;
    json_int_t size;
    const char *words;
  } tables[] = {
      {"1000", 28,
       "0 ob_refcnt 1\n8 ob_type int\n16 ob_size 1\n"
       "24 ob_digit 0x000003e8\n"},
      {"2**120-1", 40,
       "0 ob_refcnt 1\n8 ob_type int\n16 ob_size 4\n"
       "24 ob_digit[0] 0x3fffffff, 0x3fffffff\n"
       "32 ob_digit[2] 0x3fffffff, 0x3fffffff\n"},
      {"'aaaaaaa'", 56,
       "0 ob_refcnt 1\n8 ob_type str\n16 length 7\n24 hash 0x286024a64f5010d7\n"
       "32 state interned 1, kind 1, compact, ascii, ready; "
       "(unused)\n40 wstr NULL\n48 data \"aaaaaaa\\x00\"\n"},
      {"[1, 2, 'aaaaaaa']", 88,
       "0 ob_refcnt 1\n8 ob_type list\n16 ob_size 3\n24 ob_item to what is "
       "below\n"
       "32 allocated 4\n0 items[0] int 0x1\n8 items[1] int 0x2\n"
       "16 items[2] str 'aaaaaaa'\n24 (unused)\n"},
      {"array('Q', [2**64-1, 2**64-1])", 96,
       "0 ob_refcnt 1\n8 ob_type array\n16 ob_size 2\n24 ob_item to what is "
       "below\n"
       "32 allocated 2\n40 ob_descr a pointer\n48 weakreflist NULL\n"
       "56 ob_exports 0\n"
       "0 items[0] 18446744073709551615\n8 items[1] 18446744073709551615\n"},
      {"None", 16, "0 ob_refcnt 2\n8 ob_type NoneType\n"},
      {"5", 28,
       "0 ob_refcnt 2\n8 ob_type int\n16 ob_size 1\n"
       "24 ob_digit 0x00000005\n"},
  };
  for (size_t i = 0; i < COUNT(tables); i++) {
    json_int_t size;
    const char *words = words_of(tables[i].value, "3.10", &size);
    cr_expect_str_eq(words, tables[i].words, "%s: %s", tables[i].value, words);
    cr_expect_eq(size, tables[i].size, "%s: %d", tables[i].value, (int)size);
  }
}

/* As sys.getsizeof answered in 3.7.16, 3.8.18, 3.9.18 ... 3.13.0. */
Test(layout, size_alone) {
  static const char *const profiles[] = {"3.7",  "3.8",  "3.9", "3.10",
                                         "3.11", "3.12", "3.13"};
  static const struct {
    const char *value;
    const char *sizes[7];
  } rows[] = {
      {"0", {"24", "24", "24", "24", "28", "28", "28"}},
      {"''", {"49", "49", "49", "49", "49", "41", "41"}},
      {"()", {"56", "40", "40", "40", "40", "40", "40"}},
      {"[1,2,3]", {"96", "80", "120", "88", "88", "88", "88"}},
      {"[[],[],[]]", {"96", "80", "80", "80", "80", "80", "80"}},
      {"{1,2,3,4,5}", {"744", "728", "472", "472", "472", "472", "472"}},
      {"{1: 2}", {"248", "232", "232", "232", "224", "224", "224"}},
      {"array('d', [1])", {"72", "72", "72", "88", "88", "88", "88"}},
      {"bytearray(b'ab')", {"59", "59", "59", "59", "59", "59", "59"}},
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    for (size_t k = 0; k < COUNT(profiles); k++) {
      char expected[16];
      struct pp_ran ran =
          pp_run_poolproof(NULL, "layout", "--size", "--profile", profiles[k],
                           rows[i].value, NULL);
      snprintf(expected, sizeof expected, "%s\n", rows[i].sizes[k]);
      cr_expect_eq(ran.status, 0, "%s", ran.err);
      cr_expect_str_eq(ran.out, expected, "%s in %s: %s", rows[i].value,
                       profiles[k], ran.out);
      pp_ran_free(&ran);
    }
}

/* ---- mistakes ---- */

Test(layout, mistake_has_its_status) {
  static const struct {
    const char *arguments[3];
    int status;
    const char *why;
  } cases[] = {
      {{"[1, 2"}, 2, "column 6: a ] is missing"},
      {{"1", "2"}, 2, "one VALUE is wanted"},
      {{NULL}, 2, "one VALUE is wanted"},
      {{"1", "--profile", "3.6"}, 2, "has no objects"},
      {{"{1:1, 2:2, 3:3, 4:4, 5:5, True:6}"}, 2, "with equal keys"},
      {{"1", "--profile", "2.7"}, 2, "not a value"},
      {{"1", "--json", "/nowhere/at/all"}, 5, "/nowhere/at/all"},
      {{"1", "--against", "/nowhere/python"}, 3, "cannot be started"},
      {{"1", "--against", "/bin/true"}, 3, "/bin/true: it "},
      {{"1", "--against", "libc.so.6"}, 3, "cannot be started"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const char *const *given = cases[i].arguments;
    struct pp_ran ran =
        pp_run_poolproof(NULL, "layout", given[0], given[1], given[2], NULL);
    cr_expect_eq(ran.status, cases[i].status, "case %zu: %d", i, ran.status);
    cr_expect_not_null(strstr(ran.err, cases[i].why), "%s", ran.err);
    pp_ran_free(&ran);
  }
}

/* What no argument can be: the value is read from standard input. */
Test(layout, input_of_any_kind_ends_in_a_message) {
  static const struct {
    const char *script;
    int status;
    const char *why;
  } cases[] = {
      {"printf '[1, 2]' | $POOLPROOF layout -", 0, ""},
      {"printf '[1,\\0 2]' | $POOLPROOF layout -", 2, "byte 4: a value has no"},
      {"printf \"'\\377'\" | $POOLPROOF layout -", 2, "column 2: this is not"},
      {"printf '%0100000d' 0 | tr 0 '[' | $POOLPROOF layout -", 2,
       "column 101: this is nested too deeply"},
      {"head -c 20000000 /dev/zero | $POOLPROOF layout -", 2,
       "takes more than 16 MiB"},
      {"echo '2**10**10' | $POOLPROOF layout -", 2,
       "column 2: the int here takes more than 1 MiB"},
      {"$POOLPROOF layout - </dev/null", 2, "column 1: a value is missing"},
      {"{ printf '{'; for i in $(seq 9000); do printf \"$i: '$i', \"; done; "
       "printf '}'; } | $POOLPROOF layout -",
       0, ""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const char *const argv[] = {"sh", "-c", cases[i].script, NULL};
    struct pp_ran ran = pp_run(argv, NULL);
    cr_expect_eq(ran.status, cases[i].status, "%s: %d %s", cases[i].script,
                 ran.status, ran.err);
    cr_expect_not_null(strstr(ran.err, cases[i].why), "%s", ran.err);
    pp_ran_free(&ran);
  }
}

/* An interpreter that is none, in the ways in which one can be. */
Test(layout, interpreter_that_lies_is_not_believed) {
  static const struct {
    const char *script;
    const char *why;
  } cases[] = {
      {"exit 0", "/python: it "},
      {"kill -9 $$", "ended by signal 9"},
      {"exec yes 'name 1 x'", "does not answer as a CPython does"},
      {"exec cat /dev/zero", "does not answer as a CPython does"},
      {"echo version 9.9.9; echo address 16; echo ready; cat",
       "no profile for CPython 9.9.9"},
      {"printf 'error \\033[31m\\377\\n'; cat", "it raises ?[31m?"},
      {"echo free-threaded 1; cat", "it is free-threaded"},
  };
  char folder[64], path[128];
  pp_folder_make(folder);
  for (size_t i = 0; i < COUNT(cases); i++) {
    char text[256];
    int size = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", cases[i].script);
    pp_file_write(path, folder, "python", text, (size_t)size);
    cr_assert_eq(chmod(path, 0755), 0);
    struct pp_ran ran =
        pp_run_poolproof(NULL, "layout", "5", "--against", path, NULL);
    cr_expect_eq(ran.status, 3, "%s: %d", cases[i].script, ran.status);
    cr_expect_not_null(strstr(ran.err, cases[i].why), "%s: %s", cases[i].script,
                       ran.err);
    pp_ran_free(&ran);
  }
  pp_folder_remove(folder);
}

/* Items are shown as what they are. */
Test(layout, items_of_an_array_are_numbers) {
  static const struct {
    const char *value, *line;
  } rows[] = {
      {"array('b', [-1, 2])", "0 items -1, 2\n"},
      {"array('B', [255])", "0 items 255\n"},
      {"array('H', [1, 2, 3, 4, 65535])", "8 items[4] 65535\n"},
      {"array('i', [-5, 6])", "0 items -5, 6\n"},
      {"array('l', [-1])", "0 items -1\n"},
      {"array('f', [0.5, -2.0])", "0 items 0.5, -2\n"},
      {"array('d', [1.5])", "0 items 1.5\n"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    json_int_t size;
    const char *words = words_of(rows[i].value, "3.12", &size);
    cr_expect_not_null(strstr(words, rows[i].line), "%s", words);
  }
}

/* Whose the count is. */
Test(layout, head_says_what_is_static_and_what_is_shared) {
  static const struct {
    const char *value, *head;
  } rows[] = {{"None", "NoneType, sys.getsizeof 16, static\n"},
              {"5", "int, sys.getsizeof 28, shared\n"},
              {"1000", "int, sys.getsizeof 28\n"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, "layout", "--profile", "3.10",
                                         rows[i].value, NULL);
    cr_expect_eq(strncmp(ran.out, rows[i].head, strlen(rows[i].head)), 0, "%s",
                 ran.out);
    pp_ran_free(&ran);
  }
}

/* ---- real ones ---- */

static const char *const values[] = {
    "None",
    "5",
    "-2**70",
    "1.5",
    "1+2j",
    "'aaaaaaa'",
    "'\303\251'",
    "'\342\202\254 1'",
    "b'abc'",
    "(1, (2, 'a'))",
    "[1, 2, 'aaaaaaa']",
    "[[], {}, set()]",
    "{'a': 1, 'b': [], 3: (4,)}",
    "{1, 2, 3, 4, 5}",
    "{'a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9'}",
    "array('Q', [2**64-1, 2**64-1])",
    "bytearray(b'abc')",
};

static unsigned each_python(void (*body)(const char *name, const char *title)) {
  struct pp_found_list found = pp_discover();
  unsigned met = 0;
  for (size_t i = 0; i < found.count; i++) {
    int minor;
    if (found.at[i].install != NULL ||
        sscanf(found.at[i].title, "CPython 3.%d", &minor) != 1 || minor < 7)
      continue;
    body(found.at[i].name, found.at[i].title);
    met++;
  }
  pp_found_list_free(&found);
  return met;
}

static void compare_values(const char *name, const char *title) {
  for (size_t i = 0; i < COUNT(values); i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, "layout", "--against", name,
                                         "--", values[i], NULL);
    cr_expect_eq(ran.status, 0, "%s, %s: %d\n%s%s", title, values[i],
                 ran.status, ran.out, ran.err);
    cr_expect_not_null(strstr(ran.out, "the reference, and CPython 3."));
    pp_ran_free(&ran);
  }
}

Test(layout, real_interpreters_agree) {
  if (each_python(compare_values) == 0) cr_skip_test("no CPython was found");
}

/* By the rules of 3.8 a list of constants has no room; since 3.9 it has. By
 * those of 3.9 it has more, and an int of 3.12 has a tag. */
static void compare_wrongly(const char *name, const char *title) {
  bool old = strstr(title, "3.7") != NULL || strstr(title, "3.8") != NULL;
  struct pp_ran ran =
      pp_run_poolproof(NULL, "layout", "--against", name, "--profile",
                       old ? "3.9" : "3.8", "[1, 2, 'aaaaaaa']", NULL);
  cr_expect_eq(ran.status, 1, "%s: %d %s", title, ran.status, ran.err);
  cr_expect_not_null(strstr(ran.out, "\n* sys.getsizeof"), "%s", ran.out);
  cr_expect_not_null(strstr(ran.out, "difference"), "%s", ran.out);
  pp_ran_free(&ran);
}

Test(layout, wrong_rules_show) {
  if (each_python(compare_wrongly) == 0) cr_skip_test("no CPython was found");
}
