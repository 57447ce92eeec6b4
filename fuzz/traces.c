/* What the text form says (SPEC.md, OPS-01 and OPS-02), by words and strtoull:
 * the reader of the engine does neither. And seeds, in all forms. */
#include "fuzz/traces.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check/trace_form.h"
#include "fuzz/fuzz.h"
#include "poolproof/clause.h"

enum { WORDS_MOST = 2 + PP_OP_OPERANDS_MAX, WORD_MOST = 64 };

struct words {
  char at[WORDS_MOST][WORD_MOST];
  size_t count;
};

/* The words of a line up to a comment; the rest of one that is too long is
 * another word, which then is not the right one. */
static struct words words_of(const char *line, size_t length) {
  struct words words = {.count = 0};
  size_t used = 0;
  for (size_t i = 0; i <= length; i++) {
    bool ends = i == length || line[i] == '#' || line[i] == ' ' ||
                line[i] == '\t' || line[i] == '\r' || line[i] == '\v' ||
                line[i] == '\f';
    if (!ends && words.count < WORDS_MOST && used + 1 < WORD_MOST)
      words.at[words.count][used++] = line[i];
    if (ends && used > 0) {
      words.at[words.count++][used] = '\0';
      used = 0;
    }
    if (i < length && line[i] == '#') break;
  }
  return words;
}

static uint64_t number_of(const char *word) {
  bool hexadecimal = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
  char *end;
  uint64_t number = strtoull(word, &end, hexadecimal ? 16 : 10);
  if (*end != '\0' || !isdigit((unsigned char)word[0]))
    pp_fuzz_found("OPS-02", "%s was read as a number", word);
  return number;
}

static bool is_of_names(enum pp_op_kind kind) {
  return kind == PP_OP_DOMAIN || kind == PP_OP_EXPECT;
}

static void is_statement(const struct words *words, const struct pp_op *op) {
  const char *operands = pp_op_operands[op->kind];
  if (strcmp(words->at[0], pp_op_keywords[op->kind]) != 0 ||
      words->count != 1 + strlen(operands))
    pp_fuzz_found("OPS-04", "%s of %zu words was read as %s", words->at[0],
                  words->count, pp_op_keywords[op->kind]);
  for (size_t i = 0; operands[i] != '\0' && !is_of_names(op->kind); i++) {
    uint64_t number = number_of(words->at[1 + i]);
    if (number != pp_op_number(op, operands[i]))
      pp_fuzz_found("OPS-02", "%s was read as %llu", words->at[1 + i],
                    (unsigned long long)pp_op_number(op, operands[i]));
  }
}

void pp_fuzz_is_text_of(const uint8_t *data, size_t size,
                        const struct pp_ops *ops) {
  const char *text = (const char *)data;
  size_t statements = 0;
  for (size_t at = 0; at < size;) {
    const char *end = memchr(text + at, '\n', size - at);
    size_t length = end == NULL ? size - at : (size_t)(end - (text + at));
    struct words words = words_of(text + at, length);
    at += length + 1;
    if (words.count == 0) continue;
    if (statements++ == 0) {
      if (words.count != 2 || strcmp(words.at[0], "poolproof-trace") != 0 ||
          number_of(words.at[1]) != PP_TRACE_VERSION)
        pp_fuzz_found("OPS-01", "a trace begins with %s", words.at[0]);
    } else if (statements - 2 >= ops->count) {
      pp_fuzz_found("OPS-04", "%s was not read", words.at[0]);
    } else {
      is_statement(&words, &ops->at[statements - 2]);
    }
  }
  if (statements == 0) pp_fuzz_found("OPS-01", "a trace of nothing");
}

/* ---- seeds ---- */

static struct pp_ops one_of_each(void) {
  struct pp_ops ops = {NULL, 0, 0};
  for (int kind = 0; kind < PP_OP_KIND_COUNT; kind++) {
    struct pp_op op = {.kind = (enum pp_op_kind)kind};
    for (const char *letter = pp_op_operands[kind]; *letter != '\0'; letter++)
      *pp_op_field(&op, *letter) = 1 + (uint64_t)kind % 2;
    if (kind == PP_OP_ARENA_SKEW) op.a = PP_SKEW_STEP;
    if (kind == PP_OP_FREE) op.id = UINT64_MAX;
    pp_ops_push(&ops, op);
  }
  return ops;
}

static void give_written(const char *name, const struct pp_ops *ops, void *ctx,
                         pp_fuzz_give *give,
                         int (*write_ops)(FILE *, const struct pp_op *,
                                          size_t)) {
  char *bytes;
  size_t size;
  FILE *out = open_memstream(&bytes, &size);
  if (out == NULL || !write_ops(out, ops->at, ops->count)) abort();
  fclose(out);
  give(ctx, name, (const uint8_t *)bytes, size);
  free(bytes);
}

static const char *const texts[][2] = {
    {"OPS-01-another-version", "poolproof-trace 2\n"},
    {"OPS-01-no-header", "malloc 0 1\n"},
    {"OPS-02-octal", PP_TRACE_HEADER "\nmalloc 010 0x10\n"},
    {"OPS-02-the-last-number",
     PP_TRACE_HEADER "\nmalloc 18446744073709551615 0xffffffffffffffff\n"},
    {"OPS-02-one-more", PP_TRACE_HEADER "\nmalloc 0 18446744073709551616\n"},
    {"OPS-04-no-line-end", PP_TRACE_HEADER "\nfree 1"},
    {"OPS-04-carriage-return", PP_TRACE_HEADER "\r\nfree 1\r\n"},
    {"OPS-04-comments", "# a\n\n \t# b\n" PP_TRACE_HEADER " # c\nfork # d\n"},
    {"OPS-04-word-too-many", PP_TRACE_HEADER "\nfree 1 2\n"},
    {"OPS-04-unknown", PP_TRACE_HEADER "\nexpect API-99\ndomain arena\n"},
    {"OPS-06-zeros", "\0\0\0\0\0\0\0\0\0\0\0"},
};

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  struct pp_ops ops = one_of_each();
  give_written("OPS-07-one-of-each", &ops, ctx, give, pp_trace_print);
  give_written("OPS-15-one-of-each", &ops, ctx, give, pp_packed_write);
  pp_ops_free(&ops);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    size_t length = strlen(texts[i][1]);
    give(ctx, texts[i][0], (const uint8_t *)texts[i][1],
         length == 0 ? PP_RECORD_SIZE + 3 : length);
  }
}
