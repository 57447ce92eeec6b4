/* Which values programs are made of, and the opening of each: the edges once,
 * in an order that never changes, so that the shortest run has met them
 * (SPEC.md, INT, STR, BYTES and OPS-14). */
#include "check/objects/generate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define DOUBLE_TOP_BITS 46
#define DOUBLE_ONE UINT64_C(0x3ff0000000000000)
#define DOUBLE_MINUS_ZERO (UINT64_C(1) << 63)
#define DOUBLE_INFINITE UINT64_C(0x7ff0000000000000)
#define DIGIT_EDGE (UINT64_C(1) << 30)

/* ---- values ---- */

static const uint64_t numbers[] = {0,
                                   1,
                                   2,
                                   4,
                                   5,
                                   6,
                                   7,
                                   100,
                                   127,
                                   128,
                                   255,
                                   256,
                                   257,
                                   258,
                                   300,
                                   999,
                                   1024,
                                   32767,
                                   32768,
                                   65535,
                                   65536,
                                   DIGIT_EDGE - 1,
                                   DIGIT_EDGE,
                                   DIGIT_EDGE + 1,
                                   UINT32_MAX,
                                   DIGIT_EDGE *DIGIT_EDGE - 1,
                                   DIGIT_EDGE *DIGIT_EDGE,
                                   UINT64_MAX >> 1,
                                   UINT64_MAX};

static struct pp_op an_int(struct pp_object_generator *g, uint32_t id) {
  struct pp_random *random = &g->random;
  uint64_t n = numbers[pp_random_below(random, COUNT(numbers))];
  uint64_t shift = pp_random_below(random, 2);
  if (pp_random_one_in(random, 3)) n = pp_random_below(random, 400);
  if (pp_random_one_in(random, 8)) shift += 2 * pp_random_below(random, 5);
  if (pp_random_one_in(random, 200)) shift = pp_random_below(random, 600);
  return (struct pp_op){PP_OP_INT, id, n, shift};
}

static uint64_t a_double(struct pp_object_generator *g) {
  struct pp_random *random = &g->random;
  switch (pp_random_below(random, 6)) {
  case 0: return 0;
  case 1: return DOUBLE_MINUS_ZERO;
  case 2: return DOUBLE_INFINITE | pp_random_below(random, 2) << 63;
  case 3: return DOUBLE_ONE + (pp_random_below(random, 64) << DOUBLE_TOP_BITS);
  default: return pp_random_next(random) % DOUBLE_INFINITE;
  }
}

static struct pp_op a_str(struct pp_object_generator *g, uint32_t id) {
  static const uint64_t points[] = {0,      '0',    'a',     '_',     0x7f,
                                    0x80,   0xe9,   0xff,    0x100,   0x101,
                                    0xd800, 0xffff, 0x10000, 0x1f600, 0x10ffff};
  struct pp_random *random = &g->random;
  uint64_t length = pp_random_below(random, 12);
  uint64_t point = points[pp_random_below(random, COUNT(points))];
  if (pp_random_one_in(random, 3)) point = 'a' + pp_random_below(random, 26);
  if (pp_random_one_in(random, 4)) length = 1;
  if (pp_random_one_in(random, 30)) length = pp_random_below(random, 600);
  return (struct pp_op){PP_OP_STR, id, length, point};
}

static struct pp_op some_bytes(struct pp_object_generator *g,
                               enum pp_op_kind kind, uint32_t id) {
  struct pp_random *random = &g->random;
  uint64_t length = pp_random_below(random, 20);
  if (pp_random_one_in(random, 4)) length = pp_random_below(random, 2);
  if (pp_random_one_in(random, 30)) length = pp_random_below(random, 600);
  return (struct pp_op){kind, id, length, pp_random_below(random, 256)};
}

static struct pp_op a_number(struct pp_object_generator *g, uint32_t id) {
  switch (pp_random_below(&g->random, 5)) {
  case 0: return (struct pp_op){PP_OP_FLOAT, id, a_double(g), 0};
  case 1: return (struct pp_op){PP_OP_COMPLEX, id, a_double(g), a_double(g)};
  default: return an_int(g, id);
  }
}

struct pp_op pp_generate_key(struct pp_object_generator *g, uint32_t id) {
  switch (pp_random_below(&g->random, 8)) {
  case 0: return some_bytes(g, PP_OP_BYTES, id);
  case 1:
  case 2:
  case 3: return a_str(g, id);
  case 4:
    return (struct pp_op){PP_OP_SINGLETON, id,
                          3 + pp_random_below(&g->random, 2), 0};
  default: return a_number(g, id);
  }
}

struct pp_op pp_generate_value(struct pp_object_generator *g, uint32_t id) {
  switch (pp_random_below(&g->random, 10)) {
  case 0: return some_bytes(g, PP_OP_BYTES, id);
  case 1: return some_bytes(g, PP_OP_BYTEARRAY, id);
  case 2:
  case 3:
  case 4: return a_str(g, id);
  case 5:
    return (struct pp_op){PP_OP_SINGLETON, id, pp_random_below(&g->random, 5),
                          0};
  default: return a_number(g, id);
  }
}

/* ---- the opening ---- */

enum { A, B, C, D, E, F };

/* clang-format off */
static const struct pp_op openings[] = {
    /* Attributes in another order than that of the class, which has keys for
     * others as long as nobody else has its own. */
    {PP_OP_INSTANCE, A, 0, 0}, {PP_OP_SET_ATTRIBUTE, A, 1, C},
    {PP_OP_INSTANCE, B, 0, 0}, {PP_OP_SET_ATTRIBUTE, B, 0, C},
    {PP_OP_DELETE_ATTRIBUTE, B, 0, 0}, {PP_OP_DECREF, A, 0, 0},
    {PP_OP_DECREF, B, 0, 0},
    /* Both sides of what is shared. */
    {PP_OP_INT, A, 5, 1}, {PP_OP_INT, B, 6, 1}, {PP_OP_INT, C, 256, 0},
    {PP_OP_INT, D, 257, 0}, {PP_OP_INT, E, 5, 1}, {PP_OP_INT, F, 256, 0},
    {PP_OP_STR, A, 1, 0xff}, {PP_OP_STR, B, 1, 0x100}, {PP_OP_STR, C, 0, 0},
    {PP_OP_STR, D, 1, 0xff}, {PP_OP_BYTES, E, 1, 7}, {PP_OP_BYTES, F, 1, 7},
    {PP_OP_BYTES, A, 0, 0}, {PP_OP_TUPLE, B, 0, 0}, {PP_OP_TUPLE, C, 0, 0},
    /* Equal strings and their canonical one. */
    {PP_OP_STR, A, 9, 'x'}, {PP_OP_STR, B, 9, 'x'}, {PP_OP_INTERN, A, 0, 0},
    {PP_OP_INTERN, B, 0, 0}, {PP_OP_INTERN, A, 0, 0}, {PP_OP_DECREF, A, 0, 0},
    {PP_OP_DECREF, B, 0, 0},
    /* A cycle through each kind of container. */
    {PP_OP_LIST, A, 0, 0}, {PP_OP_APPEND, A, A, 0}, {PP_OP_TUPLE, B, A, 1},
    {PP_OP_SET_ITEM, A, 0, B}, {PP_OP_DICT, C, 0, 0}, {PP_OP_INT, D, 1, 0},
    {PP_OP_SET_KEY, C, D, C}, {PP_OP_INSTANCE, E, 0, 0},
    {PP_OP_SET_ATTRIBUTE, E, 0, E}, {PP_OP_INSTANCE, F, 1, 0},
    {PP_OP_SET_ATTRIBUTE, F, 3, F}, {PP_OP_WEAKREF, 6, F, 1},
    {PP_OP_WEAKREF, 7, E, 0}, {PP_OP_WEAKREF, 8, E, 0},
    {PP_OP_DECREF, A, 0, 0}, {PP_OP_DECREF, B, 0, 0}, {PP_OP_DECREF, C, 0, 0},
    {PP_OP_DECREF, E, 0, 0}, {PP_OP_DECREF, F, 0, 0}, {PP_OP_COLLECT, 0, 0, 0},
    {PP_OP_COLLECT, 0, 1, 0}, {PP_OP_COLLECT, 0, 2, 0},
    /* Back from the dead, by count and by collection. */
    {PP_OP_INSTANCE, A, 2, 0}, {PP_OP_DECREF, A, 0, 0},
    {PP_OP_DECREF, A, 0, 0}, {PP_OP_INSTANCE, B, 2, 0},
    {PP_OP_SET_ATTRIBUTE, B, 1, B}, {PP_OP_LIST, C, 0, 0},
    {PP_OP_APPEND, C, C, 0}, {PP_OP_DECREF, C, 0, 0}, {PP_OP_DECREF, B, 0, 0},
    {PP_OP_COLLECT, 0, 2, 0}, {PP_OP_DECREF, B, 0, 0},
    {PP_OP_COLLECT, 0, 2, 0},
    /* A weak reference dies first, or second. */
    {PP_OP_SET, A, 0, 0}, {PP_OP_WEAKREF, B, A, 1}, {PP_OP_DECREF, A, 0, 0},
    {PP_OP_ARRAY, A, 1, 0}, {PP_OP_WEAKREF, C, A, 1}, {PP_OP_DECREF, C, 0, 0},
    {PP_OP_DECREF, A, 0, 0}, {PP_OP_LIST, A, 0, 0}, {PP_OP_WEAKREF, B, A, 0},
    /* What is refused. */
    {PP_OP_INT, B, 300, 0}, {PP_OP_SET_ITEM, A, 0, B}, {PP_OP_POP, A, 0, 0},
    {PP_OP_ARRAY, C, 1, 0}, {PP_OP_APPEND, C, B, 0}, {PP_OP_APPEND, C, A, 0},
    {PP_OP_INT, B, 255, 0}, {PP_OP_APPEND, C, B, 0}, {PP_OP_POP, C, 0, 0},
    {PP_OP_DICT, D, 0, 0}, {PP_OP_SET_KEY, D, A, B},
    {PP_OP_DELETE_KEY, D, B, 0}, {PP_OP_FIND_KEY, D, B, 0},
    {PP_OP_SET_KEY, D, B, A}, {PP_OP_FIND_KEY, D, B, 0},
    {PP_OP_SET_KEY, D, B, C}, {PP_OP_DELETE_KEY, D, B, 0},
    {PP_OP_SET, E, 0, 0}, {PP_OP_ADD, E, A, 0}, {PP_OP_ADD, E, B, 0},
    {PP_OP_ADD, E, B, 0}, {PP_OP_DISCARD, E, B, 0}, {PP_OP_APPEND, D, A, 0},
    {PP_OP_INSTANCE, F, 0, 0}, {PP_OP_DELETE_ATTRIBUTE, F, 2, 0},
    {PP_OP_SET_ATTRIBUTE, F, 2, A}, {PP_OP_SET_ATTRIBUTE, F, 2, B},
    {PP_OP_DELETE_ATTRIBUTE, F, 2, 0},
    /* Two weak references to a cycle, the first without a callback. */
    {PP_OP_INSTANCE, A, 0, 0}, {PP_OP_SET_ATTRIBUTE, A, 0, A},
    {PP_OP_WEAKREF, B, A, 0}, {PP_OP_WEAKREF, C, A, 1}, {PP_OP_DECREF, A, 0, 0},
    {PP_OP_COLLECT, 0, 2, 0},
    /* Many have lived long, and few are new: the oldest are left alone. */
    {PP_OP_LIST, 10, 0, 0}, {PP_OP_LIST, 11, 0, 0}, {PP_OP_LIST, 12, 0, 0},
    {PP_OP_LIST, 13, 0, 0}, {PP_OP_LIST, 14, 0, 0}, {PP_OP_LIST, 15, 0, 0},
    {PP_OP_LIST, 16, 0, 0}, {PP_OP_LIST, 17, 0, 0}, {PP_OP_LIST, 18, 0, 0},
    {PP_OP_LIST, 19, 0, 0}, {PP_OP_LIST, 20, 0, 0}, {PP_OP_LIST, 21, 0, 0},
    {PP_OP_LIST, 22, 0, 0}, {PP_OP_LIST, 23, 0, 0}, {PP_OP_LIST, 24, 0, 0},
    {PP_OP_LIST, 25, 0, 0}, {PP_OP_LIST, 26, 0, 0}, {PP_OP_LIST, 27, 0, 0},
    {PP_OP_LIST, 28, 0, 0}, {PP_OP_LIST, 29, 0, 0}, {PP_OP_LIST, 30, 0, 0},
    {PP_OP_LIST, 31, 0, 0}, {PP_OP_LIST, 32, 0, 0}, {PP_OP_LIST, 33, 0, 0},
    {PP_OP_COLLECT, 0, 2, 0}, {PP_OP_THRESHOLD, 0, 0, 1},
    {PP_OP_THRESHOLD, 0, 1, 0}, {PP_OP_THRESHOLD, 0, 2, 0},
    {PP_OP_SET, 40, 0, 0}, {PP_OP_SET, 41, 0, 0}, {PP_OP_SET, 42, 0, 0},
    {PP_OP_SET, 43, 0, 0}, {PP_OP_SET, 44, 0, 0}, {PP_OP_SET, 45, 0, 0},
    {PP_OP_SET, 46, 0, 0}, {PP_OP_SET, 47, 0, 0}, {PP_OP_SET, 50, 0, 0},
    {PP_OP_THRESHOLD, 0, 0, 700}, {PP_OP_THRESHOLD, 0, 1, 10},
    {PP_OP_THRESHOLD, 0, 2, 10},
    /* In front, in the middle, at the end. */
    {PP_OP_INT, B, 1000, 0}, {PP_OP_INT, C, 1001, 0}, {PP_OP_INT, D, 1002, 0},
    {PP_OP_LIST, A, B, 3}, {PP_OP_INSERT, A, 1, E}, {PP_OP_INSERT, A, 0, F},
    {PP_OP_POP, A, 0, 0}, {PP_OP_POP, A, 1, 0}, {PP_OP_SET_ITEM, A, 0, D},
    {PP_OP_POP, A, 2, 0},
    /* Two are told of the end of one, in turn. */
    {PP_OP_SET, A, 0, 0}, {PP_OP_WEAKREF, B, A, 1}, {PP_OP_WEAKREF, C, A, 0},
    {PP_OP_WEAKREF, D, A, 1}, {PP_OP_DECREF, A, 0, 0},
    /* Slices, of a list by itself too. */
    {PP_OP_LIST, A, B, 3}, {PP_OP_EXTEND, A, A, 0},
    {PP_OP_ASSIGN_SLICE, A, 1 | UINT64_C(2) << 32, A},
    {PP_OP_TUPLE, C, 0, 0}, {PP_OP_ASSIGN_SLICE, A, UINT64_C(7) << 32, C},
    {PP_OP_CLEAR, A, 0, 0}, {PP_OP_INSERT, A, 5, B}, {PP_OP_TAKE, F, A, 0},
    {PP_OP_CLEAR, A, 0, 0},
    {PP_OP_FREEZE, 0, 1, 0}, {PP_OP_COLLECT, 0, 2, 0}, {PP_OP_FREEZE, 0, 0, 0},
    {PP_OP_COLLECT, 0, 2, 0},
    /* Found unreachable at first, and reached by what comes behind it. */
    {PP_OP_LIST, A, 0, 0}, {PP_OP_LIST, B, A, 1}, {PP_OP_DECREF, A, 0, 0},
    {PP_OP_COLLECT, 0, 0, 0},
    /* Lists of one, of three and of none by a slice; tuples of twenty. */
    {PP_OP_LIST, A, B, 1}, {PP_OP_POP, A, 0, 0}, {PP_OP_LIST, C, B, 3},
    {PP_OP_EXTEND, A, C, 0}, {PP_OP_LIST, A, 0, 0}, {PP_OP_EXTEND, A, C, 0},
    {PP_OP_TUPLE, D, 0, 0}, {PP_OP_ASSIGN_SLICE, C, UINT64_C(3) << 32, D},
    {PP_OP_TUPLE, D, A, 20}, {PP_OP_DECREF, D, 0, 0}, {PP_OP_TUPLE, D, A, 20},
    {PP_OP_TUPLE, E, A, 1}, {PP_OP_DECREF, E, 0, 0}, {PP_OP_TUPLE, E, A, 1},
    /* All singletons; as keys, numbers that are equal and of all types. */
    {PP_OP_SINGLETON, A, 0, 0}, {PP_OP_SINGLETON, B, 1, 0},
    {PP_OP_SINGLETON, C, 2, 0}, {PP_OP_SINGLETON, D, 3, 0},
    {PP_OP_SINGLETON, E, 4, 0}, {PP_OP_SET, F, 0, 0}, {PP_OP_ADD, F, A, 0},
    {PP_OP_ADD, F, B, 0}, {PP_OP_ADD, F, D, 0}, {PP_OP_INT, A, 1, 1},
    {PP_OP_ADD, F, A, 0}, {PP_OP_FLOAT, A, DOUBLE_ONE, 0},
    {PP_OP_ADD, F, A, 0}, {PP_OP_FLOAT, A, DOUBLE_ONE | DOUBLE_MINUS_ZERO, 0},
    {PP_OP_ADD, F, A, 0}, {PP_OP_FLOAT, A, DOUBLE_INFINITE, 0},
    {PP_OP_ADD, F, A, 0}, {PP_OP_INT, A, UINT64_MAX, 0}, {PP_OP_ADD, F, A, 0},
    {PP_OP_INT, A, UINT64_MAX >> 3, 0}, {PP_OP_ADD, F, A, 0},
    {PP_OP_STR, A, 3, 'k'}, {PP_OP_ADD, F, A, 0}, {PP_OP_BYTES, B, 3, 'k'},
    {PP_OP_ADD, F, B, 0}, {PP_OP_TUPLE, C, A, 2}, {PP_OP_ADD, F, C, 0},
    /* Memory is refused. */
    {PP_OP_LIST, A, 0, 0}, {PP_OP_INT, B, 1000, 0},
    {PP_OP_MEMORY_FAIL, 0, 0, 1}, {PP_OP_APPEND, A, B, 0},
    {PP_OP_APPEND, A, B, 0},
};
enum { REFUSED = 3 }; /* statements at their end; CPythons are not refused */
/* clang-format on */

bool pp_generate_object_opening(struct pp_object_generator *g,
                                struct pp_op *op) {
  uint32_t left = g->options.compared ? REFUSED : 0;
  if (g->opening == COUNT(openings) - left) return false;
  *op = openings[g->opening++];
  return true;
}
