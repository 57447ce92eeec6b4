/* Openings that follow a rule, for any malloc: sizes on both sides of where a
 * header, a page or a threshold may end them, one block that grows as a vector
 * does and shrinks again, more blocks than 16 bits count, and sizes that 32
 * bits do not hold (SPEC.md, OPS-14). Each is the matter of some rounds. */
#include "check/edges.h"

enum { A = 0, B = 1 }; /* IDs that they use */

static struct pp_op statement(enum pp_op_kind kind, uint64_t id, uint64_t a,
                              uint64_t b) {
  return (struct pp_op){.kind = kind, .id = id, .a = a, .b = b};
}

/* Two of each size: the first may end where the second begins. */
bool pp_opening_walls(uint64_t index, struct pp_op *op) {
  enum { LOWEST = 12, HIGHEST = 20, STEPS = 4 };
  static const int beside[] = {-32, -24, -16, -8, -1, 0, 1};
  enum { COUNT = sizeof beside / sizeof beside[0] };
  uint64_t bits = LOWEST + index / STEPS / COUNT;
  if (bits > HIGHEST) return false;
  int64_t size = INT64_C(1) << bits;
  size += beside[index / STEPS % COUNT];
  switch (index % STEPS) {
  case 0: *op = statement(PP_OP_MALLOC, A, (uint64_t)size, 0); break;
  case 1: *op = statement(PP_OP_MALLOC, B, (uint64_t)size, 0); break;
  case 2: *op = statement(PP_OP_FREE, A, 0, 0); break;
  default: *op = statement(PP_OP_FREE, B, 0, 0); break;
  }
  return true;
}

/* By 16 bytes to 1 KiB, by an eighth and a word to 1 MiB, and back by thirds;
 * first the newest block, and then one that has another behind it. */
static uint64_t vector_size(uint64_t step) {
  enum { BY_WORDS = 64, BY_EIGHTHS = 60 };
  uint64_t size = 16 * (step < BY_WORDS ? step + 1 : BY_WORDS);
  for (uint64_t i = BY_WORDS; i <= step && i < BY_WORDS + BY_EIGHTHS; i++)
    size += size / 8 + 8;
  for (uint64_t i = BY_WORDS + BY_EIGHTHS; i <= step; i++)
    size -= size / 3;
  return size;
}

bool pp_opening_vector(uint64_t index, struct pp_op *op) {
  enum { STEPS = 64 + 60 + 20, LAST = 2 * STEPS + 1 };
  if (index < STEPS) {
    *op = statement(PP_OP_REALLOC, A, vector_size(index), 0);
  } else if (index == STEPS) {
    *op = statement(PP_OP_MALLOC, B, 100, 0);
  } else if (index < LAST) {
    *op = statement(PP_OP_REALLOC, A, vector_size(index - STEPS - 1), 0);
  } else if (index == LAST) {
    *op = statement(PP_OP_DRAIN, A, 2, 1);
  } else {
    return false;
  }
  return true;
}

bool pp_opening_crowd(uint64_t index, struct pp_op *op) {
  if (index > 1) return false;
  *op = index == 0 ? statement(PP_OP_BURST, A, PP_GENERATE_CROWD, 24)
                   : statement(PP_OP_DRAIN, A, PP_GENERATE_CROWD, 1);
  return true;
}

/* What is granted need not be there before it is touched; a realloc may copy
 * all of it, and so only goes to such a size, not from it. */
bool pp_opening_vast(uint64_t index, struct pp_op *op) {
  enum { LOWEST = 25, HIGHEST = 62, STEPS = 5 };
  uint64_t bits = LOWEST + index / STEPS;
  uint64_t size = (UINT64_C(1) << bits) + 16;
  if (bits > HIGHEST) return false;
  switch (index % STEPS) {
  case 0: *op = statement(PP_OP_MALLOC, A, size, 0); break;
  case 1: *op = statement(PP_OP_USABLE, A, 0, 0); break;
  case 2: *op = statement(PP_OP_MALLOC, B, 100, 0); break;
  case 3: *op = statement(PP_OP_REALLOC, B, size, 0); break;
  default: *op = statement(PP_OP_DRAIN, A, 2, 1); break;
  }
  return true;
}
