/* Lists of allocators (check --list): each line is a subject of its own name,
 * judged as if it were typed; what is no list is told before anything is. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/list.h"
#include "proptests/programs.h"

static char folder[64];
static char path[128];

static void make(void) {
  pp_folder_make(folder);
}

static void forget(void) {
  pp_folder_remove(folder);
}

TestSuite(list, .init = make, .fini = forget);

static void write_list(const char *text) {
  pp_file_write(path, folder, "list", text, strlen(text));
}

static struct pp_ran judged(const char *argument) {
  return pp_run_poolproof(NULL, "check", "--ops", "6k", "--list", path, "-O",
                          "json", argument, NULL);
}

static const char *text_of(const json_t *document, size_t index,
                           const char *key) {
  const json_t *subjects = json_object_get(document, "subjects");
  const json_t *subject = json_array_get(subjects, index);
  const char *text = json_string_value(json_object_get(subject, key));
  cr_assert_not_null(text, "%s of subject %zu", key, index);
  return text;
}

static json_t *document_of(struct pp_ran *ran, int status) {
  cr_assert_eq(ran->status, status, "%d: %s", ran->status, ran->err);
  json_t *document = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(document, "%s", ran->out);
  pp_ran_free(ran);
  return document;
}

/* ---- what a list says ---- */

Test(list, each_line_is_a_subject_of_that_name) {
  struct list list;
  write_list("# allocators\r\n\r\n \t\nmi /a/b.so\n  je\t\t/a/c d.so  \r\n"
             "sn /x#y.so # behind a space\n#no /z.so\n\t# no /z.so\nlast libc");
  static const char *const expected[][2] = {{"mi", "/a/b.so"},
                                            {"je", "/a/c d.so"},
                                            {"sn", "/x#y.so"},
                                            {"last", "libc"}};
  cr_assert(list_read(path, &list));
  cr_assert_eq(list.count, 4);
  for (size_t i = 0; i < 4; i++) {
    cr_assert_str_eq(list.at[i].name, expected[i][0]);
    cr_assert_str_eq(list.at[i].typed, expected[i][1]);
  }
  list_free(&list);
  cr_assert_eq(list.count, 0);
}

/* Refused there with these words, by the program, which judges nothing. */
static void refused(const char *text, const char *line, const char *why) {
  char expected[256];
  write_list(text);
  struct pp_ran ran = judged(NULL);
  snprintf(expected, sizeof expected, "poolproof: %s:%s: %s\n", path, line,
           why);
  cr_assert_eq(ran.status, 2, "%s: %d", text, ran.status);
  cr_assert_str_eq(ran.err, expected);
  cr_assert_str_empty(ran.out);
  pp_ran_free(&ran);
}

Test(list, mistakes_are_named_with_their_line) {
  char text[2048];
  refused("a libc\nb\n", "2", "expected NAME PATH; there is no path");
  refused("a # libc\n", "1", "expected NAME PATH; there is no path");
  refused("\n# x\na libc\na libc\n", "4",
          "there is a subject of this name already");
  refused("", "0", "it names no subject");
  refused("# a libc\n", "1", "it names no subject");
  snprintf(text, sizeof text, "a libc\n%0128d libc\n", 0);
  refused(text, "2", "the name is too long");
  snprintf(text, sizeof text, "a %01024d\n", 0);
  refused(text, "1", "the path is too long");
}

Test(list, a_file_that_is_no_text_or_is_not_there_is_told) {
  pp_file_write(path, folder, "list", "a libc\nb \0x\n", 12);
  struct pp_ran ran = judged(NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_not_null(strstr(ran.err, ":2: a byte of zero is no text"));
  pp_ran_free(&ran);
  cr_assert_eq(remove(path), 0);
  ran = judged(NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_not_null(strstr(ran.err, "No such file or directory"));
  pp_ran_free(&ran);
  strcpy(path, folder);
  ran = judged(NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_not_null(strstr(ran.err, "Is a directory"), "%s", ran.err);
  pp_ran_free(&ran);
}

/* ---- and what becomes of it ---- */

Test(list, what_is_not_there_keeps_no_other_from_being_judged) {
  write_list(
      "gone /nowhere/libgone.so\ntiny reference:tiny\nc reference:3.9\n");
  struct pp_ran ran = judged("reference:small");
  json_t *document = document_of(&ran, 3);
  static const char *const names[] = {"reference:small", "gone", "tiny", "c"};
  for (size_t i = 0; i < 4; i++)
    cr_assert_str_eq(text_of(document, i, "subject"), names[i]);
  cr_assert_str_eq(text_of(document, 1, "verdict"), "not loaded");
  cr_assert_not_null(strstr(text_of(document, 1, "why"), "libgone.so"));
  cr_assert_neq(strcmp(text_of(document, 2, "verdict"), "not loaded"), 0);
  cr_assert_neq(strcmp(text_of(document, 3, "verdict"), "not loaded"), 0);
  json_decref(document);
}

/* By its name it is called, and by its path it is found again. */
Test(list, a_finding_is_reproduced_by_the_path) {
  char text[512], command[600];
  snprintf(text, sizeof text, "mine %s\n", pp_setting("POOLPROOF_FAULTY"));
  snprintf(command, sizeof command, "replay --subject %s -",
           pp_setting("POOLPROOF_FAULTY"));
  setenv("POOLPROOF_FAULT", "twice", 1);
  write_list(text);
  struct pp_ran ran = judged(NULL);
  json_t *document = document_of(&ran, 1);
  cr_assert_str_eq(text_of(document, 0, "subject"), "mine");
  const json_t *violation = json_object_get(
      json_array_get(json_object_get(document, "subjects"), 0), "violation");
  const char *reproduce =
      json_string_value(json_object_get(violation, "reproduce"));
  cr_assert_not_null(strstr(reproduce, command), "%s", reproduce);
  json_decref(document);
}
