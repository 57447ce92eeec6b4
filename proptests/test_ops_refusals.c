/* Traces that are refused, and where (OPS-04). Every statement is damaged in
 * every way that applies to it, and the refusal has to name the line and the
 * column of the damage. Packed files are cut, flipped and forged. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/trace.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FIELDS_MAX 6
#define KINDS_EXPECTED 1200 /* at least so many kinds of damage are tried */

/* A sound statement of every kind, and the header, which is the last. */
#define HEADER PP_OP_KIND_COUNT
/* clang-format off */
static const char *const samples[PP_OP_KIND_COUNT + 1][FIELDS_MAX] = {
  { "malloc", "7", "24" },
  { "free", "7" },
  { "calloc", "7", "3", "0x10" },
  { "realloc", "0x7", "513" },
  { "reallocarray", "7", "2", "18446744073709551615" },
  { "aligned_alloc", "7", "64", "128" },
  { "posix_memalign", "7", "64", "100" },
  { "free_sized", "7", "24" },
  { "free_aligned_sized", "7", "64", "128" },
  { "usable", "7" },
  { "burst", "7", "1000", "16" },
  { "drain", "7", "500", "2" },
  { "domain", "mem" },
  { "thread", "3" },
  { "fork" },
  { "arena-skew", "0x1000" },
  { "arena-fail", "2" },
  { "system-fail", "2" },
  { "expect", "OPS-04" },
  { "poolproof-trace", "1" },
};
/* clang-format on */

static char path[] = "/tmp/poolproof-refusal-XXXXXX";

static void make_file(void) {
  int fd = mkstemp(path);
  cr_assert_geq(fd, 0);
  close(fd);
}

static void remove_file(void) {
  unlink(path);
}

TestSuite(OPS_04, .init = make_file, .fini = remove_file);

static struct pp_trace *open_bytes(const void *bytes, size_t size,
                                   struct pp_trace_error *error) {
  unlink(path); /* some file systems are slow to truncate */
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out);
  cr_assert_eq(fwrite(bytes, 1, size, out), size);
  cr_assert_eq(fclose(out), 0);
  return pp_trace_open(path, error);
}

/* What was expected in the refused trace, at this place. */
static const char *refused(const char *text, size_t size, unsigned long line,
                           unsigned long column) {
  static struct pp_trace_error error;
  cr_assert_null(open_bytes(text, size, &error), "not refused: %s", text);
  cr_assert_str_eq(error.file, path);
  cr_assert_eq(error.line, line, "line %lu, not %lu, in: %s", error.line, line,
               text);
  cr_assert_eq(error.column, column, "column %lu, not %lu, in: %s",
               error.column, column, text);
  cr_assert_neq(error.expected[0], '\0', "expected nothing in: %s", text);
  return error.expected;
}

/* -- damaged lines ------------------------------------------------------- */

struct line {
  char bytes[8192];
  size_t size;
  unsigned long columns[FIELDS_MAX + 1]; /* of the fields, and past the last */
};

/* A sample as a line, with `count` of its fields, `word` in the place of
 * field `which` if that is one of them, and `extra` after them. */
static struct line make_line(int sample, size_t count, size_t which,
                             const char *word, const char *extra) {
  static const char *const blanks[] = {" ", "\t", "   ", " \t "};
  static struct line line;
  static unsigned turn; /* the blanks vary from line to line */
  line.size = turn % 3;
  memset(line.bytes, ' ', line.size);
  for (size_t i = 0; i < count; i++) {
    const char *field = i == which ? word : samples[sample][i];
    if (i > 0)
      line.size +=
          (size_t)sprintf(line.bytes + line.size, "%s", blanks[(turn + i) % 4]);
    line.columns[i] = line.size + 1;
    line.size += (size_t)sprintf(line.bytes + line.size, "%s", field);
    line.columns[i + 1] = line.size + 1;
  }
  line.size += (size_t)sprintf(line.bytes + line.size, "%s", extra);
  turn++;
  return line;
}

static size_t field_count(int sample) {
  size_t count = 0;
  while (samples[sample][count] != NULL)
    count++;
  return count;
}

static unsigned kinds; /* of damage that were tried */

/* The line stands among sound ones, the header at the top of its trace. */
static const char *refused_line(int sample, const struct line *line,
                                unsigned long column) {
  static const char before[] = "# \xff\n" PP_TRACE_HEADER "\r\nmalloc 1 16\n\n";
  static char text[sizeof line->bytes + 256];
  size_t size = 0;
  if (sample != HEADER)
    size += (size_t)sprintf(text, "%s", before);
  memcpy(text + size, line->bytes, line->size);
  size += line->size;
  size += (size_t)sprintf(text + size, "%s", kinds % 2 ? "\r\n" : "\nfree 1\n");
  kinds++;
  return refused(text, size, sample == HEADER ? 1 : 5, column);
}

static void damage_operands(int sample) {
  static const char *const not_numbers[] = {
      "18446744073709551616",
      "0x10000000000000000",
      "99999999999999999999999",
      "-1",
      "+1",
      "0x",
      "0X1",
      "0xg",
      "12a",
      "1e3",
      "1.",
      "'1'",
      "1,",
      "\xef\xbc\x91",
      "NULL",
      "1\v",
      "1\r2",
  };
  static const char *const not_words[] = {
      "0",    "-1",    "none",     "objmem",  "Mem ory",  "OPS",
      "OPS-", "OPS-4", "OPS-9999", "OPS-04,", "\xd0\xbe",
  };
  int words = sample == PP_OP_DOMAIN || sample == PP_OP_EXPECT;
  const char *const *damages = words ? not_words : not_numbers;
  size_t damage_count = words ? COUNT(not_words) : COUNT(not_numbers);
  size_t count = field_count(sample);
  for (size_t which = 1; which < count; which++) {
    for (size_t i = 0; i < damage_count; i++) {
      struct line line = make_line(sample, count, which, damages[i], "");
      refused_line(sample, &line, line.columns[which]);
    }
    /* Missing, with and without something after the last one. */
    struct line line = make_line(sample, which, 9, "", "");
    refused_line(sample, &line, line.columns[which]);
    line = make_line(sample, which, 9, "", " \t# 1 2 3");
    refused_line(sample, &line, line.columns[which]);
  }
}

static void damage_keyword(int sample) {
  const char *keyword = samples[sample][0];
  size_t count = field_count(sample);
  char words[9][32];
  for (size_t i = 0; i < COUNT(words); i++)
    strcpy(words[i], keyword);
  size_t length = strlen(keyword);
  for (size_t i = 0; i < length; i++)
    words[0][i] = (char)(keyword[i] >= 'a' ? keyword[i] - 'a' + 'A' : '+');
  strcpy(words[1] + length, keyword + length - 1);
  strcpy(words[2] + length, ",");
  strcpy(words[3] + length, "\v7");
  memmove(words[4] + 1, keyword, length + 1);
  words[5][1] = '.';
  strcpy(words[6] + length, "\xc3\xa9");
  strcpy(words[7] + length, "(7)");
  memcpy(words[8], "\xef\xbb\xbf", 3);
  for (size_t i = 0; i < COUNT(words); i++) {
    struct line line = make_line(sample, count, 0, words[i], "");
    const char *expected = refused_line(sample, &line, line.columns[0]);
    /* Near misses are recognized. */
    char named[32];
    snprintf(named, sizeof named, sample == HEADER ? "\"%s 1" : "\"%s\"",
             keyword);
    cr_assert(i == 8 || strstr(expected, named) != NULL, "%s: expected %s",
              words[i], expected);
  }
}

static void damage_line(int sample) {
  static const char *const extras[] = {"1", "x", "free 1", ";", "\r 1", "//"};
  size_t count = field_count(sample);
  for (size_t i = 0; i < COUNT(extras); i++) {
    char extra[16];
    snprintf(extra, sizeof extra, " %s", extras[i]);
    struct line line = make_line(sample, count, 9, "", extra);
    refused_line(sample, &line, line.columns[count] + 1);
  }
  /* Not UTF-8: a stray byte, an overlong form, a surrogate, past the end. */
  static const char *const not_utf8[] = {
      "\x80",     "\xff",         "\xc0\x80",         "\xc3",
      "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88"};
  for (size_t i = 0; i < COUNT(not_utf8); i++) {
    struct line line = make_line(sample, count, 9, "", not_utf8[i]);
    cr_assert_str_eq(refused_line(sample, &line, line.columns[count]), "UTF-8");
  }
  struct line line = make_line(sample, count, 9, "", "\xc3\xa9?");
  line.bytes[line.size - 1] = '\0';
  refused_line(sample, &line, (unsigned long)line.size);
  line = make_line(sample, count, 9, "", " # ?");
  line.bytes[line.size - 1] = '\0';
  refused_line(sample, &line, (unsigned long)line.size);
  line = make_line(sample, count, 9, "", " #");
  memset(line.bytes + line.size, ' ', 4097 - line.size);
  line.size = 4097;
  refused_line(sample, &line, 4097);
}

/* The statement without a header before it, or a header after the header. */
static void damage_order(int sample) {
  struct line line = make_line(sample, field_count(sample), 9, "", "");
  if (sample == HEADER)
    refused_line(0, &line, line.columns[0]);
  else
    refused_line(HEADER, &line, line.columns[0]);
}

Test(OPS_04, every_damage_is_refused_where_it_is) {
  for (int sample = 0; sample <= HEADER; sample++) {
    /* Undamaged, it is not refused. */
    struct pp_trace_error error;
    char text[256];
    struct line line = make_line(sample, field_count(sample), 9, "", "");
    int size = snprintf(text, sizeof text, "%s%.*s",
                        sample == HEADER ? "" : PP_TRACE_HEADER "\n",
                        (int)line.size, line.bytes);
    struct pp_trace *trace = open_bytes(text, (size_t)size, &error);
    cr_assert_not_null(trace, "%s: expected %s", text, error.expected);
    pp_trace_close(trace);

    damage_operands(sample);
    damage_keyword(sample);
    damage_line(sample);
    damage_order(sample);
  }
  cr_assert_geq(kinds, KINDS_EXPECTED, "only %u kinds", kinds);
}

Test(OPS_04, values_out_of_range_are_refused_where_they_are) {
  static const struct {
    const char *statement;
    unsigned long column;
  } wrong[] = {
      {"burst 0 4294967296 1", 9},
      {"burst 0 0xffffffffffffffff 1", 9},
      {"burst 0xffffffffffffffff 2 1", 26},
      {"burst 18446744073709551000 617 1", 28},
      {"drain 0 4294967296 1", 9},
      {"drain 0xffffffffffffffff 2 1", 28},
      {"drain 1 3 0x8000000000000000", 11},
      {"arena-skew 4095", 12},
      {"arena-skew 1048576", 12},
      {"arena-skew 0xffffffffffffffff", 12},
      {"domain\tOBJ", 8},
      {"expect POOL-00", 8},
  };
  static const char sound[] = PP_TRACE_HEADER
      "\nburst 0 4294967295 1\nburst 0xffffffffffffffff 1 1\n"
      "burst 0xffffffffffffffff 0 1\nburst 18446744073709551000 616 1\n"
      "drain 0xffffffffffffffff 9 0\ndrain 0 3 0x7fffffffffffffff\n"
      "arena-skew 1044480\nexpect ops-04\n";
  char text[128];
  for (size_t i = 0; i < COUNT(wrong); i++) {
    int size = snprintf(text, sizeof text, PP_TRACE_HEADER "\n%s\n",
                        wrong[i].statement);
    refused(text, (size_t)size, 2, wrong[i].column);
  }
  struct pp_trace_error error;
  struct pp_trace *trace = open_bytes(sound, strlen(sound), &error);
  cr_assert_not_null(trace, "%lu: expected %s", error.line, error.expected);
  cr_assert_eq(pp_trace_length(trace), 8);
  pp_trace_close(trace);
  refused("", 0, 1, 1);
  refused("\n# nothing\n", 11, 3, 1);
  refused(PP_TRACE_HEADER "0", strlen(PP_TRACE_HEADER) + 1, 1, 17);
}

Test(OPS_04, what_is_not_a_file_is_refused) {
  struct pp_trace_error error;
  char missing[64];
  char *text;
  size_t size;
  snprintf(missing, sizeof missing, "%s.absent", path);
  cr_assert_null(pp_trace_open(missing, &error));
  cr_assert_eq(error.line, 0);
  FILE *out = open_memstream(&text, &size);
  pp_trace_error_print(&error, out);
  fclose(out);
  cr_assert_not_null(strstr(text, ".absent: expected "));
  cr_assert_not_null(strstr(text, "No such file"));
  free(text);

  cr_assert_null(pp_trace_open("/", &error));
  cr_assert_eq(error.line, 0);
  cr_assert_not_null(strstr(error.expected, "folder"));

  refused("?\n", 2, 1, 1);
  pp_trace_open(path, &error);
  out = open_memstream(&text, &size);
  pp_trace_error_print(&error, out);
  fclose(out);
  cr_assert_eq(strncmp(text, path, strlen(path)), 0);
  cr_assert_str_eq(text + strlen(path), ":1:1: expected \"" PP_TRACE_HEADER
                                        "\" as first statement\n");
  free(text);

  if (geteuid() != 0) { /* root reads everything */
    chmod(path, 0);
    cr_assert_null(pp_trace_open(path, &error));
    cr_assert_eq(error.line, 0);
    cr_assert_not_null(strstr(error.expected, "Permission denied"));
    chmod(path, 0600);
  }

  /* No room for what is read. */
  setenv("TMPDIR", missing, 1);
  cr_assert_null(pp_trace_open(path, &error));
  cr_assert_eq(error.line, 0);
  cr_assert_not_null(strstr(error.expected, "temporary"));
}
