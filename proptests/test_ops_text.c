/* The text form word by word (SPEC.md, OPS-02 and OPS-04): what is expected
 * where a line is wrong, character by character, and how each statement is
 * printed. Damage of whole traces is in test_ops_refusals.c. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/trace_form.h"
#include "poolproof/clause.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char folder[64];
static char path[128];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(OPS_01, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_02, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_04, .init = make_folder, .fini = remove_folder);

static struct pp_trace *open_text(const void *text, size_t size,
                                  struct pp_trace_error *error) {
  pp_file_write(path, folder, "a.trace", text, size);
  return pp_trace_open(path, error);
}

static void is_refused(const void *text, size_t size, unsigned long line,
                       unsigned long column, const char *expected) {
  struct pp_trace_error error;
  cr_assert_null(open_text(text, size, &error), "%s", (const char *)text);
  cr_assert_str_eq(error.expected, expected, "%s", (const char *)text);
  cr_assert_eq(error.line, line, "line %lu of %s", error.line,
               (const char *)text);
  cr_assert_eq(error.column, column, "column %lu of %s", error.column,
               (const char *)text);
}

/* A statement on the second line. */
static void is_wrong(const char *line, unsigned long column,
                     const char *expected) {
  char text[512];
  int size = snprintf(text, sizeof text, PP_TRACE_HEADER "\n%s\n", line);
  is_refused(text, (size_t)size, 2, column, expected);
}

/* The one statement on the second line. */
static struct pp_op is_sound(const char *line) {
  char text[512];
  struct pp_trace_error error;
  int size = snprintf(text, sizeof text, PP_TRACE_HEADER "\n%s\n", line);
  struct pp_trace *trace = open_text(text, (size_t)size, &error);
  cr_assert_not_null(trace, "%s: %lu: expected %s", line, error.column,
                     error.expected);
  cr_assert_eq(pp_trace_length(trace), 1);
  struct pp_op op;
  struct pp_op_source *source = pp_trace_read(trace);
  cr_assert_eq(source->fill(source, &op, 1), 1);
  pp_trace_close(trace);
  return op;
}

/* ---- what is expected ---- */

#define FIRST "\"poolproof-trace 1\" as first statement"

Test(OPS_01, without_a_header_there_is_no_trace) {
  static const struct {
    const char *text;
    unsigned long line, column;
    const char *expected;
  } wrong[] = {
      {"", 1, 1, FIRST},
      {"\n", 2, 1, FIRST},
      {"# x", 2, 1, FIRST},
      {"free 0\n", 1, 1, FIRST},
      {" poolproof-trac 1\n", 1, 2, FIRST},
      {"poolproof-trace\n", 1, 16, FIRST},
      {"\n\tpoolproof-trace  # 1\n", 2, 17, FIRST},
      {"poolproof-trace 2\n", 1, 17, "version 1"},
      {"poolproof-trace 01\n", 1, 17, "version 1"},
      {"poolproof-trace 1 2\n", 1, 19, "the end of \"poolproof-trace 1\""},
      {"poolproof-trace 1 2 3 4 5 6 7\n", 1, 19,
       "the end of \"poolproof-trace 1\""},
  };
  for (size_t i = 0; i < COUNT(wrong); i++)
    is_refused(wrong[i].text, strlen(wrong[i].text), wrong[i].line,
               wrong[i].column, wrong[i].expected);
  is_wrong("poolproof-trace 1", 1,
           "a statement; \"poolproof-trace 1\" stands once, at the start");
}

Test(OPS_04, the_first_mistake_of_a_line_is_named) {
  static const struct {
    const char *line;
    unsigned long column;
    const char *expected;
  } wrong[] = {
      {"malloc", 7, "ID of \"malloc\""},
      {"malloc ", 7, "ID of \"malloc\""},
      {"  malloc 1 # 2", 11, "SIZE of \"malloc\""},
      {"malloc 1 2 3", 12, "the end of \"malloc\""},
      {"malloc 1 2 3 4 5 6", 12, "the end of \"malloc\""},
      {"fork 1", 6, "the end of \"fork\""},
      {"calloc 1", 9, "COUNT of \"calloc\""},
      {"calloc 1 2\t", 11, "SIZE of \"calloc\""},
      {"burst 1", 8, "N of \"burst\""},
      {"drain 1 2", 10, "STEP of \"drain\""},
      {"aligned_alloc 1", 16, "ALIGN of \"aligned_alloc\""},
      {"arena-skew", 11, "BYTES of \"arena-skew\""},
      {"domain", 7, "obj, mem or raw of \"domain\""},
      {"expect", 7, "CLAUSE of \"expect\""},
      {"thread", 7, "N of \"thread\""},
      {"domain me", 8, "obj, mem or raw"},
      {"burst 0 4294967296 1", 9, "N up to 4294967295"},
      {"burst 18446744073709551615 2 1", 28,
       "N such that the last ID is at most 2^64-1"},
      {"drain 0 4294967296 1", 9, "N up to 4294967295"},
      {"drain 1 3 0x8000000000000000", 11,
       "STEP such that the last ID is at most 2^64-1"},
      {"arena-skew 1", 12, "BYTES, a multiple of 4096 below 1048576"},
      {"expect X", 8, "CLAUSE, the id of a clause of SPEC.md, as in OPS-04"},
      {"malloc x 2", 8, "ID, a number, decimal or 0x hexadecimal"},
      {"malloc 1 0x", 10, "SIZE, a number, decimal or 0x hexadecimal"},
      {"malloc 1 0xg", 10, "SIZE, a number, decimal or 0x hexadecimal"},
      {"malloc 1 1f", 10, "SIZE, a number, decimal or 0x hexadecimal"},
      {"malloc 1 1A", 10, "SIZE, a number, decimal or 0x hexadecimal"},
      {"malloc 1 0X10", 10, "SIZE, a number, decimal or 0x hexadecimal"},
      {"malloc 1 -1", 10, "SIZE, a number, decimal or 0x hexadecimal"},
      {"malloc 1 18446744073709551616", 10, "SIZE, a number up to 2^64-1"},
      {"malloc 1 0x10000000000000000", 10, "SIZE, a number up to 2^64-1"},
      {"calloc 18446744073709551620 2 3", 8, "ID, a number up to 2^64-1"},
      {"free 99999999999999999999999", 6, "ID, a number up to 2^64-1"},
  };
  for (size_t i = 0; i < COUNT(wrong); i++)
    is_wrong(wrong[i].line, wrong[i].column, wrong[i].expected);
}

Test(OPS_04, the_nearest_statement_is_suggested) {
  static const char *const words[][2] = {
      {"malloc1", "malloc"},
      {"mallc", "malloc"},
      {"MALLOC", "malloc"},
      {"callok", "calloc"},
      {"fre", "free"},
      {"realloc_", "realloc"},
      {"reallocarry", "reallocarray"},
      {"drian", "drain"},
      {"arena_fail", "arena-fail"},
      {"thred", "thread"},
      {"Free_Sized", "free_sized"},
      {"x", "int"},
      {"expects", "expect"},
      {"usabel", "usable"},
  };
  char expected[64];
  for (size_t i = 0; i < COUNT(words); i++) {
    snprintf(expected, sizeof expected, "a statement (did you mean \"%s\"?)",
             words[i][1]);
    is_wrong(words[i][0], 1, expected);
  }
}

/* ---- characters ---- */

Test(OPS_04, lines_are_utf_8) {
  /* In front of a comment, where any character is no keyword but one. */
  static const char *const sound[] = {
      "\xc2\x80",     "\xdf\xbf",     "\xe0\xa0\x80",     "\xed\x9f\xbf",
      "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
      "\x7f",         "\x01",
  };
  static const char *const wrong[] = {
      "\x80",
      "\xbf",
      "\x82\x80",
      "\xc0\x80",
      "\xc1\xbf",
      "\xc2",
      "\xc2\x41",
      "\xc2\xc2",
      "\xe0\x9f\xbf",
      "\xe0\xa0",
      "\xe1\x80\x41",
      "\xed\xa0\x80",
      "\xed\xbf\xbf",
      "\xf0\x8f\xbf\xbf",
      "\xf0\x90\x80",
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "\xf8\x88\x80\x80\x80",
      "\xf8\x90\x80\x80",
      "\xff",
      "\xfe",
  };
  char line[32];
  for (size_t i = 0; i < COUNT(sound); i++) {
    struct pp_trace_error error;
    char text[64];
    int size =
        snprintf(text, sizeof text, PP_TRACE_HEADER "\nfork %s\n", sound[i]);
    cr_assert_null(open_text(text, (size_t)size, &error));
    cr_assert_str_eq(error.expected, "the end of \"fork\"", "%zu", i);
    snprintf(line, sizeof line, "fork # %s", sound[i]);
    is_sound(line);
  }
  for (size_t i = 0; i < COUNT(wrong); i++) {
    snprintf(line, sizeof line, "fork %s", wrong[i]);
    is_wrong(line, 6, "UTF-8");
    snprintf(line, sizeof line, "fork \xc3\xa9%s", wrong[i]);
    is_wrong(line, 8, "UTF-8");
    snprintf(line, sizeof line, "fork # %s", wrong[i]);
    is_sound(line);
  }
  is_refused(PP_TRACE_HEADER "\nfork # a\0b", strlen(PP_TRACE_HEADER) + 11, 2,
             9, "text without NUL bytes");
  is_refused(PP_TRACE_HEADER "\nfork\0", strlen(PP_TRACE_HEADER) + 6, 2, 5,
             "text without NUL bytes");
}

Test(OPS_04, lines_are_bounded) {
  static char text[3 * PP_LINE_MAX];
  const size_t header = strlen(PP_TRACE_HEADER) + 1;
  for (size_t length = PP_LINE_MAX - 1; length <= PP_LINE_MAX + 1; length++) {
    struct pp_trace_error error;
    memset(text, ' ', sizeof text);
    memcpy(text, PP_TRACE_HEADER "\nfork", header + 4);
    text[header + length] = '\n';
    struct pp_trace *trace = open_text(text, header + length + 1, &error);
    cr_assert_eq(trace != NULL, length <= PP_LINE_MAX, "%zu", length);
    if (trace != NULL) {
      cr_assert_eq(pp_trace_length(trace), 1);
      pp_trace_close(trace);
    } else {
      cr_assert_eq(error.line, 2);
      cr_assert_eq(error.column, PP_LINE_MAX + 1);
      cr_assert_str_eq(error.expected, "a line of at most 4096 bytes");
    }
  }
}

/* ---- numbers and statements ---- */

Test(OPS_02, numbers_have_two_spellings) {
  static const struct {
    const char *word;
    uint64_t number;
  } words[] = {
      {"0", 0},
      {"9", 9},
      {"10", 10},
      {"0x9", 9},
      {"0xa", 10},
      {"0xF", 15},
      {"0x10", 16},
      {"0xfF", 255},
      {"00012", 12},
      {"0x0012", 18},
      {"123456789", 123456789},
      {"0xabcdef", 0xabcdef},
      {"0xABCDEF", 0xabcdef},
      {"18446744073709551615", UINT64_MAX},
      {"18446744073709551609", UINT64_MAX - 6},
      {"0xffffffffffffffff", UINT64_MAX},
  };
  for (size_t i = 0; i < COUNT(words); i++) {
    char line[128];
    snprintf(line, sizeof line, "calloc 7 %s 5", words[i].word);
    struct pp_op op = is_sound(line);
    cr_assert_eq(op.kind, PP_OP_CALLOC);
    cr_assert_eq(op.id, 7);
    cr_assert_eq(op.a, words[i].number, "%s", words[i].word);
    cr_assert_eq(op.b, 5);
  }
}

Test(OPS_02, statements_are_printed_as_they_are_read) {
  static const struct {
    struct pp_op op;
    const char *line;
  } lines[] = {
      {{PP_OP_MALLOC, 1, 2, 0}, "malloc 1 2"},
      {{PP_OP_FREE, 4294967295, 0, 0}, "free 4294967295"},
      {{PP_OP_FREE, 4294967296, 0, 0}, "free 0x100000000"},
      {{PP_OP_CALLOC, 1, 2, 3}, "calloc 1 2 3"},
      {{PP_OP_REALLOC, 1, UINT64_MAX, 0}, "realloc 1 0xffffffffffffffff"},
      {{PP_OP_REALLOCARRAY, 1, 2, 3}, "reallocarray 1 2 3"},
      {{PP_OP_ALIGNED_ALLOC, 1, 2, 3}, "aligned_alloc 1 2 3"},
      {{PP_OP_POSIX_MEMALIGN, 1, 2, 3}, "posix_memalign 1 2 3"},
      {{PP_OP_FREE_SIZED, 1, 2, 0}, "free_sized 1 2"},
      {{PP_OP_FREE_ALIGNED_SIZED, 1, 2, 3}, "free_aligned_sized 1 2 3"},
      {{PP_OP_USABLE, 1, 0, 0}, "usable 1"},
      {{PP_OP_BURST, 1, 2, 3}, "burst 1 2 3"},
      {{PP_OP_DRAIN, 1, 2, 3}, "drain 1 2 3"},
      {{PP_OP_DOMAIN, 0, PP_DOMAIN_OBJ, 0}, "domain obj"},
      {{PP_OP_DOMAIN, 0, PP_DOMAIN_MEM, 0}, "domain mem"},
      {{PP_OP_DOMAIN, 0, PP_DOMAIN_RAW, 0}, "domain raw"},
      {{PP_OP_THREAD, 0, 3, 0}, "thread 3"},
      {{PP_OP_FORK, 0, 0, 0}, "fork"},
      {{PP_OP_ARENA_SKEW, 0, 8192, 0}, "arena-skew 8192"},
      {{PP_OP_ARENA_FAIL, 0, 1, 0}, "arena-fail 1"},
      {{PP_OP_SYSTEM_FAIL, 0, 1, 0}, "system-fail 1"},
      {{PP_OP_EXPECT, 0, PP_POOL_05, 0}, "expect POOL-05"},
  };
  for (size_t i = 0; i < COUNT(lines); i++) {
    char line[128];
    struct pp_op op = is_sound(lines[i].line);
    cr_assert(pp_op_equal(&op, &lines[i].op), "%s", lines[i].line);
    cr_assert_eq(pp_op_print(&lines[i].op, line, sizeof line),
                 (int)strlen(lines[i].line));
    cr_assert_str_eq(line, lines[i].line);
  }
  /* What no trace may hold is printed all the same. */
  const struct pp_op unsound[] = {{PP_OP_DOMAIN, 0, 3, 0},
                                  {PP_OP_EXPECT, 0, PP_CLAUSE_COUNT, 0}};
  char line[128], number[32];
  pp_op_print(&unsound[0], line, sizeof line);
  cr_assert_str_eq(line, "domain 3");
  pp_op_print(&unsound[1], line, sizeof line);
  snprintf(number, sizeof number, "expect %d", PP_CLAUSE_COUNT);
  cr_assert_str_eq(line, number);
}

Test(OPS_02, printing_tells_whether_it_was_written) {
  char *text;
  size_t size;
  const struct pp_op ops[] = {{PP_OP_FREE, 1, 0, 0}, {PP_OP_FORK, 0, 0, 0}};
  FILE *out = open_memstream(&text, &size);
  cr_assert(pp_trace_print(out, ops, 2));
  cr_assert_str_eq(text, PP_TRACE_HEADER "\nfree 1\nfork\n");
  fclose(out);
  free(text);
  out = fopen("/dev/full", "w");
  cr_assert_not(pp_trace_print(out, ops, 2));
  fclose(out);
  out = fopen("/dev/full", "w");
  setvbuf(out, NULL, _IONBF, 0); /* nothing is left to be flushed */
  cr_assert_not(pp_trace_print(out, ops, 2));
  fclose(out);
}

/* An interruption is none when nothing failed. */
Test(OPS_01, former_error_is_none_of_this) {
  struct pp_trace_error error;
  static struct pp_input nothing;
  nothing.fd = open("/dev/null", O_RDONLY);
  errno = EINTR;
  cr_assert_eq(pp_input_more(&nothing), 0);
  close(nothing.fd);
  struct pp_trace *trace = open_text(PP_TRACE_HEADER "\nfork\n",
                                     strlen(PP_TRACE_HEADER) + 6, &error);
  struct pp_op ops[2];
  cr_assert_not_null(trace);
  struct pp_op_source *source = pp_trace_read(trace);
  errno = EINTR;
  cr_assert_eq(source->fill(source, ops, 2), 1);
  pp_trace_close(trace);
}
