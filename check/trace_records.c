/* The fuzz form: records of eight bytes, so that a fuzzer which flips, drops
 * or copies bytes changes, drops or copies statements. Any eight bytes are a
 * record, no record looks at another, and all encodings lean towards the
 * values at which allocators of small blocks break (SPEC.md, OPS).
 *
 *     0      1   2      3   4      5   6   7
 *   +------+---+------+---+------+---+---+------+
 *   | kind | slot     | narrow   | wide         |   lowest byte first
 *   +------+---+------+---+------+---+---+------+
 *
 * kind: each kind owns a range of byte values, as long as its share below.
 *
 * slot: an ID. Top byte below 0x80: the low byte, so that half of all random
 * records meet in 256 slots; from 0x80 on, the 15 low bits plus 256.
 *
 * narrow and wide: one operand each, by the top byte:
 *
 *   SIZE    wide    00-bf  10 low bits (both sides of the small threshold)
 *                   c0-df  16 low bits
 *                   e0-ef  20 low bits
 *                   f0-ff  an edge: 2^(middle byte mod 65) plus the low byte
 *                          as a signed number; 2^64 counts as 0, so that
 *                          SIZE_MAX is 2^64 - 1 and PTRDIFF_MAX 2^63 - 1
 *   STEP    wide    00-df  4 low bits;  e0-ff  16 low bits
 *   SPAN    wide    the 12 low bits, and the 12 others from 2^32 on
 *   OTHER   wide    an ID as in a slot; the top byte says nothing
 *   SLOT    narrow  an ID as in a slot
 *   COUNT   narrow  00-7f  the low byte;  80-bf  14 low bits
 *                   c0-ff  an edge: 2^(1 + 6 low bits of the top byte) plus
 *                          the low byte as a signed number
 *   ALIGN   narrow  00-7f  2^(low byte mod 17);  80-bf and c0-ff as COUNT
 *   REPEAT  narrow  12 low bits
 *   DOMAIN  narrow  low byte mod 3
 *   THREAD  narrow  2 low bits
 *   SKEW    narrow  low byte times 4096
 *
 * There is no record for expect: it is a note about a whole trace, and bytes
 * that a fuzzer made up should not claim anything. */
#include <string.h>

#include "check/trace.h"

#define SLOTS_NEAR 256u   /* IDs below this have a form of their own */
#define SLOTS_FAR 0x8000u /* IDs above those */
#define KIND_VALUES 256
#define SPAN_BITS 12  /* of a first, and of a count */
#define EDGE_LAST 64u /* the exponent that stands for the end of memory */

/* Those up to OTHER are wide. */
enum form {
  NONE,
  SIZE,
  STEP,
  SPAN,
  OTHER,
  COUNT,
  ALIGN,
  REPEAT,
  DOMAIN,
  THREAD,
  SKEW,
  SLOT
};

/* clang-format off */
/* kind, share of the 256 kind bytes, forms of the operands a and b */
#define SHARES(SHARE)                          \
  SHARE(MALLOC, 40, SIZE, NONE) \
  SHARE(FREE, 40, NONE, NONE) \
  SHARE(REALLOC, 24, SIZE, NONE) \
  SHARE(CALLOC, 12, COUNT, SIZE) \
  SHARE(BURST, 12, REPEAT, SIZE) \
  SHARE(DRAIN, 12, REPEAT, STEP) \
  SHARE(USABLE, 4, NONE, NONE) \
  SHARE(REALLOCARRAY, 4, COUNT, SIZE) \
  SHARE(ALIGNED_ALLOC, 4, ALIGN, SIZE) \
  SHARE(POSIX_MEMALIGN, 4, ALIGN, SIZE) \
  SHARE(FREE_SIZED, 4, SIZE, NONE) \
  SHARE(FREE_ALIGNED_SIZED, 4, ALIGN, SIZE) \
  SHARE(DOMAIN, 2, DOMAIN, NONE) \
  SHARE(THREAD, 2, THREAD, NONE) \
  SHARE(ARENA_SKEW, 1, SKEW, NONE) \
  SHARE(ARENA_FAIL, 1, COUNT, NONE) \
  SHARE(SYSTEM_FAIL, 1, COUNT, NONE) \
  SHARE(FORK, 1, NONE, NONE) \
  SHARE(SINGLETON, 2, COUNT, NONE) \
  SHARE(INT, 2, SIZE, COUNT) \
  SHARE(FLOAT, 2, SIZE, NONE) \
  SHARE(COMPLEX, 2, SIZE, COUNT) \
  SHARE(BYTES, 2, SIZE, COUNT) \
  SHARE(STR, 2, COUNT, SIZE) \
  SHARE(TUPLE, 2, SLOT, SIZE) \
  SHARE(LIST, 2, SLOT, SIZE) \
  SHARE(DICT, 2, NONE, NONE) \
  SHARE(SET, 2, NONE, NONE) \
  SHARE(ARRAY, 2, COUNT, NONE) \
  SHARE(BYTEARRAY, 2, SIZE, COUNT) \
  SHARE(INSTANCE, 2, COUNT, NONE) \
  SHARE(WEAKREF, 2, SLOT, STEP) \
  SHARE(NAME, 2, SLOT, NONE) \
  SHARE(TAKE, 2, SLOT, SIZE) \
  SHARE(INCREF, 2, NONE, NONE) \
  SHARE(DECREF, 6, NONE, NONE) \
  SHARE(INTERN, 2, NONE, NONE) \
  SHARE(APPEND, 4, SLOT, NONE) \
  SHARE(INSERT, 2, SIZE, SLOT) \
  SHARE(POP, 2, SIZE, NONE) \
  SHARE(SET_ITEM, 2, SIZE, SLOT) \
  SHARE(ASSIGN_SLICE, 2, SPAN, SLOT) \
  SHARE(EXTEND, 2, SLOT, NONE) \
  SHARE(SET_KEY, 4, SLOT, OTHER) \
  SHARE(DELETE_KEY, 2, SLOT, NONE) \
  SHARE(FIND_KEY, 2, SLOT, NONE) \
  SHARE(ADD, 2, SLOT, NONE) \
  SHARE(DISCARD, 2, SLOT, NONE) \
  SHARE(SET_ATTRIBUTE, 2, SIZE, SLOT) \
  SHARE(DELETE_ATTRIBUTE, 2, COUNT, NONE) \
  SHARE(CLEAR, 2, NONE, NONE) \
  SHARE(COLLECT, 2, COUNT, NONE) \
  SHARE(GC_ENABLE, 2, COUNT, NONE) \
  SHARE(THRESHOLD, 2, COUNT, SIZE) \
  SHARE(FREEZE, 2, COUNT, NONE) \
  SHARE(MEMORY_FAIL, 2, COUNT, STEP)
/* clang-format on */

static const struct share {
  enum pp_op_kind kind;
  uint8_t values;
  enum form a;
  enum form b;
} shares[] = {
#define SHARE(kind, values, a, b) {PP_OP_##kind, values, a, b},
    SHARES(SHARE)
#undef SHARE
};

#define SHARE_COUNT (sizeof shares / sizeof shares[0])

#define SHARE(kind, values, a, b) +(values)
_Static_assert(0 SHARES(SHARE) == KIND_VALUES, "every byte is a kind");
#undef SHARE
_Static_assert(SHARE_COUNT == PP_OP_KIND_COUNT - 1, "all kinds but expect");

/* Where the fields of a record lie. */
enum { AT_KIND = 0, AT_SLOT = 1, AT_NARROW = 3, AT_WIDE = 5, AT_END = 8 };
_Static_assert(AT_END == PP_RECORD_SIZE, "the fields fill the record");

/* -- decoding ------------------------------------------------------------ */

static uint64_t edge(unsigned exponent, uint8_t distance) {
  uint64_t base = exponent < EDGE_LAST ? (uint64_t)1 << exponent : 0;
  return distance < 128 ? base + distance : base + distance - 256;
}

static uint64_t decode_slot(const uint8_t *at) {
  if (at[1] < 0x80) return at[0];
  return SLOTS_NEAR + (at[1] & 0x7fu) * 256 + at[0];
}

static uint64_t decode_wide(enum form form, const uint8_t *at) {
  uint64_t low = at[0] | (unsigned)at[1] << 8;
  uint8_t top = at[2];
  if (form == STEP) return top < 0xe0 ? low & 0xf : low;
  if (form == OTHER) return decode_slot(at);
  if (form == SPAN) {
    uint64_t both = low | (uint64_t)top << 16;
    uint64_t first = both & ((1u << SPAN_BITS) - 1);
    return first | both >> SPAN_BITS << 32;
  }
  if (top < 0xc0) return low & 0x3ff;
  if (top < 0xe0) return low;
  if (top < 0xf0) return low | (uint64_t)(top & 0xf) << 16;
  return edge(at[1] % (EDGE_LAST + 1), at[0]);
}

static uint64_t decode_narrow(enum form form, const uint8_t *at) {
  unsigned low = at[0] | (unsigned)at[1] << 8;
  uint8_t top = at[1];
  switch (form) {
  case REPEAT: return low & 0xfff;
  case DOMAIN: return at[0] % PP_DOMAIN_COUNT;
  case THREAD: return at[0] & 3;
  case SKEW: return at[0] * PP_SKEW_STEP;
  case SLOT: return decode_slot(at);
  default: break;
  }
  if (top >= 0xc0) return edge(1u + (top & 0x3f), at[0]);
  if (top >= 0x80) return low & 0x3fff;
  return form == ALIGN ? (uint64_t)1 << at[0] % 17 : at[0];
}

static uint64_t decode_operand(enum form form, const uint8_t *record) {
  if (form == NONE) return 0;
  return form <= OTHER ? decode_wide(form, record + AT_WIDE)
                       : decode_narrow(form, record + AT_NARROW);
}

static struct pp_op decode(const uint8_t *record) {
  const struct share *share = shares;
  for (unsigned value = record[AT_KIND]; value >= share->values; share++)
    value -= share->values;
  uint64_t slot = decode_slot(record + AT_SLOT);
  /* A kind without an ID leaves the field 0, as the other readers do. */
  if (pp_op_operands[share->kind][0] != 'i') slot = 0;
  return (struct pp_op){share->kind, slot, decode_operand(share->a, record),
                        decode_operand(share->b, record)};
}

size_t pp_records_decode(const uint8_t *bytes, size_t size, struct pp_op *ops,
                         size_t max) {
  size_t count = size / PP_RECORD_SIZE;
  for (size_t i = 0; i < count && i < max; i++)
    ops[i] = decode(bytes + i * PP_RECORD_SIZE);
  return count;
}

/* -- encoding ------------------------------------------------------------ */

static void put(uint8_t *at, unsigned low, unsigned top) {
  at[0] = (uint8_t)low;
  at[1] = (uint8_t)top;
}

/* The exponent of the power of two, from 2^first on, of which `value` is an
 * edge; EDGE_LAST + 1 when there is none. */
static unsigned nearest_edge(uint64_t value, unsigned first) {
  unsigned exponent = first;
  while (exponent <= EDGE_LAST &&
         edge(exponent, (uint8_t)(value - edge(exponent, 0))) != value)
    exponent++;
  return exponent;
}

/* The encoders answer whether the value has a form; the first that it has is
 * taken. */
static int encode_slot(uint64_t slot, uint8_t *at) {
  if (slot >= SLOTS_NEAR + SLOTS_FAR) return 0;
  unsigned far = slot < SLOTS_NEAR ? 0 : (unsigned)slot - SLOTS_NEAR;
  put(at, (unsigned)(slot & 0xff), 0);
  if (slot >= SLOTS_NEAR) put(at, far & 0xff, 0x80 | far >> 8);
  return 1;
}

static int encode_span(uint64_t value, uint8_t *at) {
  uint64_t first = value & UINT32_MAX;
  uint64_t count = value >> 32;
  uint64_t both = first | count << SPAN_BITS;
  put(at, (unsigned)(both & 0xff), (unsigned)(both >> 8 & 0xff));
  at[2] = (uint8_t)(both >> 16);
  return (first | count) >> SPAN_BITS == 0;
}

static int encode_wide(enum form form, uint64_t value, uint8_t *at) {
  unsigned low = (unsigned)(value & 0xffff);
  if (form == OTHER) return encode_slot(value, at);
  if (form == SPAN) return encode_span(value, at);
  put(at, low, low >> 8);
  if (form == STEP) {
    at[2] = value < 0x10 ? 0 : 0xe0;
    return value <= 0xffff;
  }
  if (value <= 0xfffff) {
    at[2] = value <= 0xffff ? 0xc0 : (uint8_t)(0xe0 | value >> 16);
    if (value < 0x400) at[2] = 0;
    return 1;
  }
  unsigned exponent = nearest_edge(value, 0);
  put(at, (unsigned)((value - edge(exponent, 0)) & 0xff), exponent);
  at[2] = 0xf0;
  return exponent <= EDGE_LAST;
}

static int encode_align(uint64_t value, uint8_t *at) {
  for (unsigned exponent = 0; exponent < 17; exponent++) {
    if (value == (uint64_t)1 << exponent) {
      put(at, exponent, 0);
      return 1;
    }
  }
  return 0;
}

static int encode_count(enum form form, uint64_t value, uint8_t *at) {
  if (value <= 0x3fff) {
    unsigned low = (unsigned)value;
    put(at, low, form == COUNT && low <= 0xff ? 0 : 0x80 | low >> 8);
    return 1;
  }
  unsigned exponent = nearest_edge(value, 1);
  put(at, (unsigned)((value - edge(exponent, 0)) & 0xff),
      0xc0 | (exponent - 1));
  return exponent <= EDGE_LAST;
}

static int encode_narrow(enum form form, uint64_t value, uint8_t *at) {
  put(at, (unsigned)(value & 0xff), (unsigned)(value & 0xffff) >> 8);
  switch (form) {
  case REPEAT: return value <= 0xfff;
  case DOMAIN: return value < PP_DOMAIN_COUNT;
  case THREAD: return value <= 3;
  case SLOT: return encode_slot(value, at);
  case SKEW:
    put(at, (unsigned)(value / PP_SKEW_STEP & 0xff), 0);
    return value < PP_SKEW_BASE && value % PP_SKEW_STEP == 0;
  case ALIGN:
    if (encode_align(value, at)) return 1;
    break;
  default: break;
  }
  return encode_count(form, value, at);
}

static int encode_operand(enum form form, uint64_t value, uint8_t *record) {
  if (form == NONE) return 1;
  return form <= OTHER ? encode_wide(form, value, record + AT_WIDE)
                       : encode_narrow(form, value, record + AT_NARROW);
}

/* Answers whether the operation fits a record. */
static int encode(const struct pp_op *op, uint8_t *record) {
  unsigned value = 0;
  memset(record, 0, PP_RECORD_SIZE);
  for (size_t i = 0; i < SHARE_COUNT; i++) {
    const struct share *share = &shares[i];
    if (share->kind == op->kind) {
      record[AT_KIND] = (uint8_t)value;
      if (pp_op_operands[op->kind][0] == 'i' &&
          !encode_slot(op->id, record + AT_SLOT))
        return 0;
      return encode_operand(share->a, op->a, record) &&
             encode_operand(share->b, op->b, record);
    }
    value += share->values;
  }
  return 0;
}

size_t pp_records_encode(const struct pp_op *ops, size_t count, uint8_t *bytes,
                         size_t size) {
  if (bytes != NULL && count > size / PP_RECORD_SIZE) return (size_t)-1;
  for (size_t i = 0; i < count; i++) {
    uint8_t record[PP_RECORD_SIZE];
    if (!encode(&ops[i], record)) return (size_t)-1;
    if (bytes != NULL)
      memcpy(bytes + i * PP_RECORD_SIZE, record, PP_RECORD_SIZE);
  }
  return count * PP_RECORD_SIZE;
}
