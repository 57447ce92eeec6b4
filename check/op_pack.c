/* One operation as bytes: a byte for the kind, then the operands as variable
 * length numbers, seven bits a byte, lowest first, the top bit set on all but
 * the last. An ID is the signed distance to the ID before it, folded so that
 * small distances both ways are short: most statements take three or four
 * bytes. A clause is its id in letters, since clauses are renumbered whenever
 * one is added and files are not (SPEC.md, OPS).
 *
 *   +------+-------------+-------- - -+-------- - -+
 *   | kind | fold(id-id')| a          | b          |
 *   +------+-------------+-------- - -+-------- - -+
 *   | kind | length      | P O O L - 0 5           |     expect
 *   +------+-------------+-------------------------+
 */
#include <string.h>

#include "check/trace_form.h"
#include "poolproof/clause.h"

#define NUMBER_BYTES_MAX 10 /* 64 bits, seven at a time */
#define CLAUSE_ID_MAX 31    /* longer than any area and number */

_Static_assert(1 + PP_OP_OPERANDS_MAX * NUMBER_BYTES_MAX <= PP_OP_BYTES_MAX,
               "operands fit");
_Static_assert(2 + CLAUSE_ID_MAX <= PP_OP_BYTES_MAX, "a clause id fits");
_Static_assert(PP_OP_KIND_COUNT <= UINT8_MAX, "a kind is a byte");

static uint64_t fold(uint64_t distance) {
  return distance >> 63 ? ~(distance << 1) : distance << 1;
}

static uint64_t unfold(uint64_t folded) {
  return folded & 1 ? ~(folded >> 1) : folded >> 1;
}

static size_t put_number(uint8_t *bytes, uint64_t number) {
  size_t size = 0;
  for (; number > 0x7f; number >>= 7)
    bytes[size++] = (uint8_t)(number | 0x80);
  bytes[size++] = (uint8_t)number;
  return size;
}

static int get_number(const uint8_t *bytes, size_t size, uint64_t *number) {
  *number = 0;
  for (int i = 0; i < NUMBER_BYTES_MAX; i++) {
    if ((size_t)i == size) return 0;
    *number |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
    if (i == NUMBER_BYTES_MAX - 1 && bytes[i] > 1)
      return -1; /* more than 64 bits */
    if (bytes[i] < 0x80) return i + 1;
  }
  return -1;
}

static size_t put_clause(uint8_t *bytes, uint64_t clause) {
  const char *id = pp_clause_texts[clause].id;
  size_t length = strlen(id);
  bytes[0] = (uint8_t)length;
  memcpy(bytes + 1, id, length);
  return 1 + length;
}

static int get_clause(const uint8_t *bytes, size_t size, uint64_t *clause) {
  if (size == 0) return 0;
  char id[CLAUSE_ID_MAX + 1];
  size_t length = bytes[0];
  if (length > CLAUSE_ID_MAX) return -1;
  if (size < 1 + length) return 0;
  memcpy(id, bytes + 1, length);
  id[length] = '\0';
  *clause = (uint64_t)pp_clause_find(id);
  return *clause == PP_HOLDS ? -1 : 1 + (int)length;
}

size_t pp_op_pack(const struct pp_op *op, uint64_t *previous, uint8_t *bytes) {
  size_t size = 0;
  bytes[size++] = (uint8_t)op->kind;
  if (op->kind == PP_OP_EXPECT) return size + put_clause(bytes + size, op->a);
  for (const char *operand = pp_op_operands[op->kind]; *operand; operand++) {
    if (*operand == 'i') {
      size += put_number(bytes + size, fold(op->id - *previous));
      *previous = op->id;
    } else {
      size += put_number(bytes + size, pp_op_number(op, *operand));
    }
  }
  return size;
}

int pp_op_unpack(const uint8_t *bytes, size_t size, uint64_t *previous,
                 struct pp_op *op) {
  if (size == 0) return 0;
  if (bytes[0] >= PP_OP_KIND_COUNT) return -1;
  *op = (struct pp_op){(enum pp_op_kind)bytes[0], 0, 0, 0};
  if (op->kind == PP_OP_EXPECT) {
    int used = get_clause(bytes + 1, size - 1, &op->a);
    return used > 0 ? 1 + used : used;
  }
  int total = 1;
  for (const char *operand = pp_op_operands[op->kind]; *operand; operand++) {
    uint64_t number;
    int used = get_number(bytes + total, size - (size_t)total, &number);
    if (used <= 0) return used;
    total += used;
    if (*operand == 'i') number = *previous + unfold(number);
    *pp_op_field(op, *operand) = number;
  }
  /* Only now: a statement that is cut short is read again from its start. */
  if (pp_op_operands[op->kind][0] == 'i') *previous = op->id;
  return total;
}
