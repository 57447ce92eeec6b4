/* The text form: one statement a line, as a person writes it. A line is read
 * into a buffer of fixed size, cut into fields, and checked from left to
 * right; the first thing that is wrong is reported with its column and with
 * what would have been right there. The printer writes what the reader reads:
 * numbers from 2^32 on in hexadecimal, because those are edges of the address
 * space and not sizes that anybody counts (SPEC.md, OPS). */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "check/trace_form.h"
#include "poolproof/clause.h"

#define HEADER_KEYWORD "poolproof-trace"
#define HEADER_VERSION "1"
#define KEYWORD_MAX 31 /* longer than any keyword */
#define FIELDS_MAX (1 + PP_OP_OPERANDS_MAX)

_Static_assert(PP_TRACE_VERSION == 1, "HEADER_VERSION spells the version");

/* What a person calls the operands, for the messages. */
/* clang-format off */
static const char *const operand_names[PP_OP_KIND_COUNT][PP_OP_OPERANDS_MAX] = {
  [PP_OP_MALLOC] = { "ID", "SIZE" },
  [PP_OP_FREE] = { "ID" },
  [PP_OP_CALLOC] = { "ID", "COUNT", "SIZE" },
  [PP_OP_REALLOC] = { "ID", "SIZE" },
  [PP_OP_REALLOCARRAY] = { "ID", "COUNT", "SIZE" },
  [PP_OP_ALIGNED_ALLOC] = { "ID", "ALIGN", "SIZE" },
  [PP_OP_POSIX_MEMALIGN] = { "ID", "ALIGN", "SIZE" },
  [PP_OP_FREE_SIZED] = { "ID", "SIZE" },
  [PP_OP_FREE_ALIGNED_SIZED] = { "ID", "ALIGN", "SIZE" },
  [PP_OP_USABLE] = { "ID" },
  [PP_OP_BURST] = { "ID", "N", "SIZE" },
  [PP_OP_DRAIN] = { "ID", "N", "STEP" },
  [PP_OP_DOMAIN] = { "obj, mem or raw" },
  [PP_OP_THREAD] = { "N" },
  [PP_OP_ARENA_SKEW] = { "BYTES" },
  [PP_OP_ARENA_FAIL] = { "N" },
  [PP_OP_SYSTEM_FAIL] = { "N" },
  [PP_OP_EXPECT] = { "CLAUSE" },
  [PP_OP_SINGLETON] = { "ID", "N" }, [PP_OP_INT] = { "ID", "N", "SHIFT" },
  [PP_OP_FLOAT] = { "ID", "BITS" },
  [PP_OP_COMPLEX] = { "ID", "REAL", "IMAGINARY" },
  [PP_OP_BYTES] = { "ID", "LENGTH", "BYTE" },
  [PP_OP_STR] = { "ID", "LENGTH", "POINT" },
  [PP_OP_TUPLE] = { "ID", "FIRST", "COUNT" },
  [PP_OP_LIST] = { "ID", "FIRST", "COUNT" }, [PP_OP_DICT] = { "ID" },
  [PP_OP_SET] = { "ID" }, [PP_OP_ARRAY] = { "ID", "CODE" },
  [PP_OP_BYTEARRAY] = { "ID", "LENGTH", "BYTE" },
  [PP_OP_INSTANCE] = { "ID", "FINALIZER" },
  [PP_OP_WEAKREF] = { "ID", "REFERENT", "CALLBACK" },
  [PP_OP_NAME] = { "ID", "OTHER" },
  [PP_OP_TAKE] = { "ID", "SEQUENCE", "INDEX" }, [PP_OP_INCREF] = { "ID" },
  [PP_OP_DECREF] = { "ID" }, [PP_OP_INTERN] = { "ID" },
  [PP_OP_APPEND] = { "ID", "ITEM" },
  [PP_OP_INSERT] = { "ID", "INDEX", "ITEM" }, [PP_OP_POP] = { "ID", "INDEX" },
  [PP_OP_SET_ITEM] = { "ID", "INDEX", "ITEM" },
  [PP_OP_ASSIGN_SLICE] = { "ID", "SPAN", "OTHER" },
  [PP_OP_EXTEND] = { "ID", "OTHER" },
  [PP_OP_SET_KEY] = { "ID", "KEY", "VALUE" },
  [PP_OP_DELETE_KEY] = { "ID", "KEY" }, [PP_OP_FIND_KEY] = { "ID", "KEY" },
  [PP_OP_ADD] = { "ID", "KEY" }, [PP_OP_DISCARD] = { "ID", "KEY" },
  [PP_OP_SET_ATTRIBUTE] = { "ID", "N", "VALUE" },
  [PP_OP_DELETE_ATTRIBUTE] = { "ID", "N" }, [PP_OP_CLEAR] = { "ID" },
  [PP_OP_COLLECT] = { "GENERATION" }, [PP_OP_GC_ENABLE] = { "ON" },
  [PP_OP_THRESHOLD] = { "GENERATION", "N" }, [PP_OP_FREEZE] = { "ON" },
  [PP_OP_MEMORY_FAIL] = { "AFTER", "N" },
};
/* clang-format on */

/* Fields of a line, each ended by a NUL in the line buffer; of the fields
 * past those that a statement can have, only the first is kept. */
struct fields {
  size_t count;
  char *at[FIELDS_MAX + 1];
  size_t past; /* column just past the last field kept */
};

static unsigned long column_of(const struct pp_text *text, const char *at) {
  return (unsigned long)(at - text->text) + 1;
}

/* 1 with a line in text->text, 0 at the end of the file, -1 refused. */
static int read_line(struct pp_text *text, struct pp_trace_error *error) {
  struct pp_input *input = text->input;
  int ended = 0;
  text->length = 0;
  for (size_t there; !ended && (there = pp_input_more(input)) > 0;) {
    const uint8_t *from = input->bytes + input->next;
    const uint8_t *newline = memchr(from, '\n', there);
    size_t size = newline == NULL ? there : (size_t)(newline - from);
    if (size > PP_LINE_MAX - text->length)
      return pp_trace_refuse(error, text->line + 1, PP_LINE_MAX + 1,
                             "a line of at most %d bytes", PP_LINE_MAX);
    memcpy(text->text + text->length, from, size);
    text->length += size;
    ended = newline != NULL;
    input->next += size + (size_t)ended;
  }
  if (input->trouble != 0)
    return pp_trace_refuse(error, 0, 0, "a file that can be read (%s)",
                           strerror(input->trouble));
  if (!ended && text->length == 0) return 0;
  text->line++;
  if (text->length > 0 && text->text[text->length - 1] == '\r') text->length--;
  text->text[text->length] = '\0';
  return 1;
}

/* Bytes of the UTF-8 character at `at`, 0 when there is none. The buffer ends
 * with a NUL, which no character continues with. */
static size_t utf8_size(const char *at) {
  const unsigned char *byte = (const unsigned char *)at;
  if (byte[0] < 0x80) return 1;
  size_t size = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
  uint32_t point = byte[0] & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; i++) {
    if ((byte[i] & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte[i] & 0x3fu);
  }
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (byte[0] < 0xc0 || byte[0] > 0xf7) return 0;
  if (point < least[size] || point > 0x10ffff) return 0;
  if (point >= 0xd800 && point <= 0xdfff) return 0; /* surrogates */
  return size;
}

/* Comments may hold anything but NUL; the rest of the line is UTF-8. */
static int check_bytes(const struct pp_text *text,
                       struct pp_trace_error *error) {
  const char *nul = memchr(text->text, '\0', text->length);
  if (nul != NULL)
    return pp_trace_refuse(error, text->line, column_of(text, nul),
                           "text without NUL bytes");
  const char *at = text->text;
  while (*at != '\0' && *at != '#') {
    size_t size = utf8_size(at);
    if (size == 0)
      return pp_trace_refuse(error, text->line, column_of(text, at), "UTF-8");
    at += size;
  }
  return 0;
}

static struct fields split(struct pp_text *text) {
  struct fields fields = {0};
  text->text[strcspn(text->text, "#")] = '\0';
  char *at = text->text + strspn(text->text, " \t");
  while (*at != '\0' && fields.count <= FIELDS_MAX) {
    fields.at[fields.count++] = at;
    at += strcspn(at, " \t");
    fields.past = column_of(text, at);
    if (*at != '\0') *at++ = '\0';
    at += strspn(at, " \t");
  }
  return fields;
}

/* Number of letters to change, add or drop to get from one to the other. */
static size_t edits(const char *word, const char *keyword) {
  size_t row[KEYWORD_MAX + 1];
  size_t length = strlen(keyword);
  for (size_t i = 0; i <= length; i++)
    row[i] = i;
  for (size_t from = 0; word[from] != '\0'; from++) {
    size_t diagonal = row[0]++;
    for (size_t i = 1; i <= length; i++) {
      char pair[2][2] = {{word[from]}, {keyword[i - 1]}};
      size_t change = diagonal + (strcasecmp(pair[0], pair[1]) != 0);
      diagonal = row[i];
      size_t other = (row[i] < row[i - 1] ? row[i] : row[i - 1]) + 1;
      row[i] = change < other ? change : other;
    }
  }
  return row[length];
}

static const char *nearest_keyword(const char *word) {
  const char *nearest = pp_op_keywords[0];
  for (int kind = 1; kind < PP_OP_KIND_COUNT; kind++) {
    if (edits(word, pp_op_keywords[kind]) < edits(word, nearest))
      nearest = pp_op_keywords[kind];
  }
  return nearest;
}

static int parse_number(const char *word, uint64_t *number) {
  uint64_t base = strncmp(word, "0x", 2) == 0 ? 16 : 10;
  const char *digits = "0123456789abcdef0123456789ABCDEF";
  *number = 0;
  if (base == 16) word += 2;
  if (*word == '\0') return EINVAL;
  for (; *word != '\0'; word++) {
    const char *digit = strchr(digits, *word);
    if (digit == NULL || (uint64_t)(digit - digits) % 16 >= base) return EINVAL;
    uint64_t value = (uint64_t)(digit - digits) % 16;
    if (*number > (UINT64_MAX - value) / base) return ERANGE;
    *number = *number * base + value;
  }
  return 0;
}

static uint64_t parse_domain(const char *word) {
  uint64_t domain = 0;
  while (domain < PP_DOMAIN_COUNT && strcmp(word, pp_domain_names[domain]) != 0)
    domain++;
  return domain;
}

static int parse_operand(const struct pp_text *text, const char *word,
                         struct pp_op *op, size_t which,
                         struct pp_trace_error *error) {
  uint64_t number;
  if (op->kind == PP_OP_DOMAIN) {
    number = parse_domain(word);
  } else if (op->kind == PP_OP_EXPECT) {
    number = (uint64_t)pp_clause_find(word);
  } else {
    const char *name = operand_names[op->kind][which];
    int wrong = parse_number(word, &number);
    if (wrong == ERANGE)
      return pp_trace_refuse(error, text->line, column_of(text, word),
                             "%s, a number up to 2^64-1", name);
    if (wrong != 0)
      return pp_trace_refuse(error, text->line, column_of(text, word),
                             "%s, a number, decimal or 0x hexadecimal", name);
  }
  *pp_op_field(op, pp_op_operands[op->kind][which]) = number;
  return 0;
}

static int parse_statement(const struct pp_text *text,
                           const struct fields *fields, struct pp_op *op,
                           struct pp_trace_error *error) {
  int kind = 0;
  while (kind < PP_OP_KIND_COUNT &&
         strcmp(fields->at[0], pp_op_keywords[kind]) != 0)
    kind++;
  if (strcmp(fields->at[0], HEADER_KEYWORD) == 0)
    return pp_trace_refuse(error, text->line, column_of(text, fields->at[0]),
                           "a statement; \"" PP_TRACE_HEADER
                           "\" stands once, at the start");
  if (kind == PP_OP_KIND_COUNT)
    return pp_trace_refuse(error, text->line, column_of(text, fields->at[0]),
                           "a statement (did you mean \"%s\"?)",
                           nearest_keyword(fields->at[0]));
  *op = (struct pp_op){(enum pp_op_kind)kind, 0, 0, 0};
  size_t count = strlen(pp_op_operands[kind]);
  for (size_t i = 0; i < count; i++) {
    if (i + 1 == fields->count)
      return pp_trace_refuse(error, text->line, fields->past, "%s of \"%s\"",
                             operand_names[kind][i], pp_op_keywords[kind]);
    if (parse_operand(text, fields->at[i + 1], op, i, error) != 0) return -1;
  }
  const char *expected;
  unsigned fault = pp_op_fault(op, &expected);
  if (fault != 0)
    return pp_trace_refuse(error, text->line,
                           column_of(text, fields->at[fault]), "%s", expected);
  if (fields->count > 1 + count)
    return pp_trace_refuse(error, text->line,
                           column_of(text, fields->at[1 + count]),
                           "the end of \"%s\"", pp_op_keywords[kind]);
  return 1;
}

static int parse_header(const struct pp_text *text, const struct fields *fields,
                        struct pp_trace_error *error) {
  static const char first[] = "\"" PP_TRACE_HEADER "\" as first statement";
  if (strcmp(fields->at[0], HEADER_KEYWORD) != 0)
    return pp_trace_refuse(error, text->line, column_of(text, fields->at[0]),
                           "%s", first);
  if (fields->count < 2)
    return pp_trace_refuse(error, text->line, fields->past, "%s", first);
  if (strcmp(fields->at[1], HEADER_VERSION) != 0)
    return pp_trace_refuse(error, text->line, column_of(text, fields->at[1]),
                           "version " HEADER_VERSION);
  if (fields->count > 2)
    return pp_trace_refuse(error, text->line, column_of(text, fields->at[2]),
                           "the end of \"" PP_TRACE_HEADER "\"");
  return 0;
}

int pp_text_next(struct pp_text *text, struct pp_op *op,
                 struct pp_trace_error *error) {
  for (;;) {
    int got = read_line(text, error);
    if (got < 0) return -1;
    if (got == 0 && text->headed) return 0;
    if (got == 0)
      return pp_trace_refuse(error, text->line + 1, 1,
                             "\"" PP_TRACE_HEADER "\" as first statement");
    if (check_bytes(text, error) != 0) return -1;
    struct fields fields = split(text);
    if (fields.count == 0) continue;
    if (text->headed) return parse_statement(text, &fields, op, error);
    if (parse_header(text, &fields, error) != 0) return -1;
    text->headed = 1;
  }
}

/* -- printing ------------------------------------------------------------ */

static int print_operand(char *text, size_t size, const struct pp_op *op,
                         char operand) {
  uint64_t number = pp_op_number(op, operand);
  if (op->kind == PP_OP_DOMAIN && number < PP_DOMAIN_COUNT)
    return snprintf(text, size, " %s", pp_domain_names[number]);
  if (op->kind == PP_OP_EXPECT && number < PP_CLAUSE_COUNT)
    return snprintf(text, size, " %s", pp_clause_texts[number].id);
  if (number > UINT32_MAX) return snprintf(text, size, " 0x%" PRIx64, number);
  return snprintf(text, size, " %" PRIu64, number);
}

int pp_op_print(const struct pp_op *op, char *text, size_t size) {
  char line[128]; /* a keyword and three numbers are shorter */
  int length = snprintf(line, sizeof line, "%s", pp_op_keywords[op->kind]);
  for (const char *operand = pp_op_operands[op->kind]; *operand; operand++)
    length += print_operand(line + length, sizeof line - (size_t)length, op,
                            *operand);
  return snprintf(text, size, "%s", line);
}

int pp_trace_print(FILE *out, const struct pp_op *ops, size_t count) {
  fputs(PP_TRACE_HEADER "\n", out);
  for (size_t i = 0; i < count; i++) {
    char line[128];
    pp_op_print(&ops[i], line, sizeof line);
    fputs(line, out);
    putc('\n', out);
  }
  return fflush(out) == 0 && !ferror(out);
}
