/* Damaged traces. The damaged line stands among sound ones, the header at the
 * top of its trace; blanks and ends of lines vary from one to the next. */
#include "proptests/damage.h"

#include <stdio.h>
#include <string.h>

#include "check/trace.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FIELDS_MAX 6
#define NOWHERE 9 /* a field that no statement has */

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
  { "singleton", "7", "9" },
  { "int", "7", "9", "10" },
  { "float", "7", "9" },
  { "complex", "7", "9", "10" },
  { "bytes", "7", "9", "10" },
  { "str", "7", "9", "10" },
  { "tuple", "7", "9", "10" },
  { "list", "7", "9", "10" },
  { "dict", "7" },
  { "set", "7" },
  { "array", "7", "9" },
  { "bytearray", "7", "9", "10" },
  { "instance", "7", "9" },
  { "weakref", "7", "9", "10" },
  { "name", "7", "9" },
  { "take", "7", "9", "10" },
  { "incref", "7" },
  { "decref", "7" },
  { "intern", "7" },
  { "append", "7", "9" },
  { "insert", "7", "9", "10" },
  { "pop", "7", "9" },
  { "set-item", "7", "9", "10" },
  { "assign-slice", "7", "9", "10" },
  { "extend", "7", "9" },
  { "set-key", "7", "9", "10" },
  { "delete-key", "7", "9" },
  { "find-key", "7", "9" },
  { "add", "7", "9" },
  { "discard", "7", "9" },
  { "set-attribute", "7", "9", "10" },
  { "delete-attribute", "7", "9" },
  { "clear", "7" },
  { "collect", "1" },
  { "gc-enable", "1" },
  { "threshold", "1", "2" },
  { "freeze", "1" },
  { "memory-fail", "1", "2" },
  { "poolproof-trace", "1" },
};
/* clang-format on */

struct visitor {
  void *ctx;
  void (*visit)(void *ctx, const struct pp_damage *damage);
  unsigned count; /* of damages so far */
};

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

static void show(struct visitor *visitor, int sample, const struct line *line,
                 unsigned long column, const char *named) {
  static const char before[] = "# \xff\n" PP_TRACE_HEADER "\r\nmalloc 1 16\n\n";
  static char text[sizeof line->bytes + 256];
  size_t size = 0;
  if (sample != HEADER) size += (size_t)sprintf(text, "%s", before);
  memcpy(text + size, line->bytes, line->size);
  size += line->size;
  size += (size_t)sprintf(text + size, "%s",
                          visitor->count % 2 ? "\r\n" : "\nfree 1\n");
  struct pp_damage damage = {.text = text,
                             .size = size,
                             .line = sample == HEADER ? 1 : 5,
                             .column = column,
                             .named = named};
  visitor->count++;
  visitor->visit(visitor->ctx, &damage);
}

static void damage_operands(struct visitor *visitor, int sample) {
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
      show(visitor, sample, &line, line.columns[which], NULL);
    }
    /* Missing, with and without something after the last one. */
    struct line line = make_line(sample, which, NOWHERE, "", "");
    show(visitor, sample, &line, line.columns[which], NULL);
    line = make_line(sample, which, NOWHERE, "", " \t# 1 2 3");
    show(visitor, sample, &line, line.columns[which], NULL);
  }
}

static void damage_keyword(struct visitor *visitor, int sample) {
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
    /* Near misses are recognized, but for the one with a mark before it. */
    char named[32];
    snprintf(named, sizeof named, sample == HEADER ? "\"%s 1" : "\"%s\"",
             keyword);
    show(visitor, sample, &line, line.columns[0],
         i == COUNT(words) - 1 ? NULL : named);
  }
}

static void damage_line(struct visitor *visitor, int sample) {
  static const char *const extras[] = {"1", "x", "free 1", ";", "\r 1", "//"};
  size_t count = field_count(sample);
  for (size_t i = 0; i < COUNT(extras); i++) {
    char extra[16];
    snprintf(extra, sizeof extra, " %s", extras[i]);
    struct line line = make_line(sample, count, NOWHERE, "", extra);
    show(visitor, sample, &line, line.columns[count] + 1, NULL);
  }
  /* Not UTF-8: a stray byte, an overlong form, a surrogate, past the end. */
  static const char *const not_utf8[] = {
      "\x80",     "\xff",         "\xc0\x80",         "\xc3",
      "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88"};
  for (size_t i = 0; i < COUNT(not_utf8); i++) {
    struct line line = make_line(sample, count, NOWHERE, "", not_utf8[i]);
    show(visitor, sample, &line, line.columns[count], "UTF-8");
  }
  struct line line = make_line(sample, count, NOWHERE, "", "\xc3\xa9?");
  line.bytes[line.size - 1] = '\0';
  show(visitor, sample, &line, (unsigned long)line.size, NULL);
  line = make_line(sample, count, NOWHERE, "", " # ?");
  line.bytes[line.size - 1] = '\0';
  show(visitor, sample, &line, (unsigned long)line.size, NULL);
  line = make_line(sample, count, NOWHERE, "", " #");
  memset(line.bytes + line.size, ' ', 4097 - line.size);
  line.size = 4097;
  show(visitor, sample, &line, 4097, NULL);
}

/* The statement without a header before it, or a header after the header. */
static void damage_order(struct visitor *visitor, int sample) {
  struct line line = make_line(sample, field_count(sample), NOWHERE, "", "");
  if (sample == HEADER)
    show(visitor, 0, &line, line.columns[0], NULL);
  else
    show(visitor, HEADER, &line, line.columns[0], NULL);
}

static void show_sound(struct visitor *visitor, int sample) {
  char text[256];
  struct line line = make_line(sample, field_count(sample), NOWHERE, "", "");
  int size = snprintf(text, sizeof text, "%s%.*s",
                      sample == HEADER ? "" : PP_TRACE_HEADER "\n",
                      (int)line.size, line.bytes);
  struct pp_damage none = {.text = text, .size = (size_t)size};
  visitor->visit(visitor->ctx, &none);
}

void pp_damage_each(void *ctx,
                    void (*visit)(void *ctx, const struct pp_damage *damage)) {
  struct visitor visitor = {.ctx = ctx, .visit = visit};
  for (int sample = 0; sample <= HEADER; sample++) {
    show_sound(&visitor, sample);
    damage_operands(&visitor, sample);
    damage_keyword(&visitor, sample);
    damage_line(&visitor, sample);
    damage_order(&visitor, sample);
  }
}
