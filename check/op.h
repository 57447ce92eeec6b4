/* One operation of a trace: the record that every tool passes around.
 *
 * A trace is the history of one heap. Text, packed file and fuzz bytes are
 * three spellings of a sequence of these records; the driver, the generator
 * and the shrinker know no other form (SPEC.md, OPS). */
#ifndef CHECK_OP_H
#define CHECK_OP_H

#include <stddef.h>
#include <stdint.h>

/* kind, keyword in the text form, operands after the keyword. The operand
 * letters name the fields of struct pp_op: i is id, a and b are a and b, as
 * capitals where they hold the ID of another object.
 * Packed traces hold the ordinal of the kind: new kinds go to the end. */
/* clang-format off */
#define PP_OP_KINDS(OP)                                    \
  OP(MALLOC, "malloc", "ia")              /* ID SIZE */        \
  OP(FREE, "free", "i")                   /* ID */             \
  OP(CALLOC, "calloc", "iab")             /* ID COUNT SIZE */  \
  OP(REALLOC, "realloc", "ia")            /* ID SIZE */        \
  OP(REALLOCARRAY, "reallocarray", "iab") /* ID COUNT SIZE */  \
  OP(ALIGNED_ALLOC, "aligned_alloc", "iab")   /* ID ALIGN SIZE */ \
  OP(POSIX_MEMALIGN, "posix_memalign", "iab") /* ID ALIGN SIZE */ \
  OP(FREE_SIZED, "free_sized", "ia")      /* ID SIZE */        \
  OP(FREE_ALIGNED_SIZED, "free_aligned_sized", "iab") /* ID ALIGN SIZE */ \
  OP(USABLE, "usable", "i")               /* ID */             \
  OP(BURST, "burst", "iab")               /* ID N SIZE */      \
  OP(DRAIN, "drain", "iab")               /* ID N STEP */      \
  OP(DOMAIN, "domain", "a")               /* obj, mem or raw */ \
  OP(THREAD, "thread", "a")               /* N */              \
  OP(FORK, "fork", "")                                         \
  OP(ARENA_SKEW, "arena-skew", "a")       /* BYTES */          \
  OP(ARENA_FAIL, "arena-fail", "a")       /* N */              \
  OP(SYSTEM_FAIL, "system-fail", "a")     /* N */              \
  OP(EXPECT, "expect", "a")               /* CLAUSE, an enum pp_clause */ \
  /* Of objects from here on. */                                     \
  OP(SINGLETON, "singleton", "ia") /* ID N */ \
  OP(INT, "int", "iab") /* ID N SHIFT */ \
  OP(FLOAT, "float", "ia") /* ID BITS */ \
  OP(COMPLEX, "complex", "iab") /* ID REAL IMAGINARY */ \
  OP(BYTES, "bytes", "iab") /* ID LENGTH BYTE */ \
  OP(STR, "str", "iab") /* ID LENGTH POINT */ \
  OP(TUPLE, "tuple", "iAb") /* ID FIRST COUNT */ \
  OP(LIST, "list", "iAb") /* ID FIRST COUNT */ \
  OP(DICT, "dict", "i") /* ID */ \
  OP(SET, "set", "i") /* ID */ \
  OP(ARRAY, "array", "ia") /* ID CODE */ \
  OP(BYTEARRAY, "bytearray", "iab") /* ID LENGTH BYTE */ \
  OP(INSTANCE, "instance", "ia") /* ID FINALIZER */ \
  OP(WEAKREF, "weakref", "iAb") /* ID REFERENT CALLBACK */ \
  OP(NAME, "name", "iA") /* ID OTHER */ \
  OP(TAKE, "take", "iAb") /* ID SEQUENCE INDEX */ \
  OP(INCREF, "incref", "i") /* ID */ \
  OP(DECREF, "decref", "i") /* ID */ \
  OP(INTERN, "intern", "i") /* ID */ \
  OP(APPEND, "append", "iA") /* ID ITEM */ \
  OP(INSERT, "insert", "iaB") /* ID INDEX ITEM */ \
  OP(POP, "pop", "ia") /* ID INDEX */ \
  OP(SET_ITEM, "set-item", "iaB") /* ID INDEX ITEM */ \
  OP(ASSIGN_SLICE, "assign-slice", "iaB") /* ID SPAN OTHER */ \
  OP(EXTEND, "extend", "iA") /* ID OTHER */ \
  OP(SET_KEY, "set-key", "iAB") /* ID KEY VALUE */ \
  OP(DELETE_KEY, "delete-key", "iA") /* ID KEY */ \
  OP(FIND_KEY, "find-key", "iA") /* ID KEY */ \
  OP(ADD, "add", "iA") /* ID KEY */ \
  OP(DISCARD, "discard", "iA") /* ID KEY */ \
  OP(SET_ATTRIBUTE, "set-attribute", "iaB") /* ID N VALUE */ \
  OP(DELETE_ATTRIBUTE, "delete-attribute", "ia") /* ID N */ \
  OP(CLEAR, "clear", "i") /* ID */ \
  OP(COLLECT, "collect", "a") /* GENERATION */ \
  OP(GC_ENABLE, "gc-enable", "a") /* ON */ \
  OP(THRESHOLD, "threshold", "ab") /* GENERATION N */ \
  OP(FREEZE, "freeze", "a") /* ON */ \
  OP(MEMORY_FAIL, "memory-fail", "ab") /* AFTER N */
/* clang-format on */

enum pp_op_kind {
#define OP(kind, keyword, operands) PP_OP_##kind,
  PP_OP_KINDS(OP)
#undef OP
      PP_OP_KIND_COUNT
};

#define PP_OP_OPERANDS_MAX 3

/* Statements from here on are about the objects of an interpreter, and those
 * before it about the blocks of a heap; but for expect, which is for people. */
#define PP_OP_FIRST_OF_OBJECTS PP_OP_SINGLETON

/* Operand of PP_OP_DOMAIN. */
enum pp_domain { PP_DOMAIN_OBJ, PP_DOMAIN_MEM, PP_DOMAIN_RAW, PP_DOMAIN_COUNT };

/* Arenas start arena-skew bytes past a multiple of this; a skew is smaller,
 * and a multiple of PP_SKEW_STEP. */
#define PP_SKEW_BASE ((uint64_t)1 << 20)
#define PP_SKEW_STEP ((uint64_t)4096)
/* In the scaled-down profiles, arenas start one such part of it past. */
#define PP_SKEW_SCALE ((uint64_t)128)

/* A burst or a drain names at most this many IDs. */
#define PP_RANGE_MAX ((uint64_t)UINT32_MAX)

struct pp_op {
  enum pp_op_kind kind;
  uint64_t id; /* the block that the statement names */
  uint64_t a;  /* first number after the ID */
  uint64_t b;  /* second number after the ID */
};

extern const char *const pp_op_keywords[PP_OP_KIND_COUNT];
extern const char *const pp_op_operands[PP_OP_KIND_COUNT];
extern const char *const pp_domain_names[PP_DOMAIN_COUNT];

/* The field that an operand letter names. */
static inline uint64_t *pp_op_field(struct pp_op *op, char letter) {
  if (letter == 'i') return &op->id;
  return letter == 'a' || letter == 'A' ? &op->a : &op->b;
}

static inline uint64_t pp_op_number(const struct pp_op *op, char letter) {
  if (letter == 'i') return op->id;
  return letter == 'a' || letter == 'A' ? op->a : op->b;
}

/* How many items a COUNT or a LENGTH of a statement of objects asks for. */
#define PP_OP_ITEMS_MAX UINT64_C(65536)

static inline uint64_t pp_op_items(uint64_t number) {
  return number % PP_OP_ITEMS_MAX;
}

/* True when the fields that the kind uses are equal. */
int pp_op_equal(const struct pp_op *left, const struct pp_op *right);

/* Which operand no trace may hold, 1 for the first after the keyword, and in
 * `expected` what would have been right; 0 when the operation is sound. */
unsigned pp_op_fault(const struct pp_op *op, const char **expected);

/* Where operations come from: a trace, a generator, an array. fill writes up
 * to `max` operations and answers how many; 0 is the end. It never allocates
 * from the C heap, so that a worker may judge that very heap. */
struct pp_op_source {
  size_t (*fill)(struct pp_op_source *source, struct pp_op *ops, size_t max);
};

/* A growable array of operations, for shrinking and for short traces. */
struct pp_ops {
  struct pp_op *at;
  size_t count;
  size_t capacity;
};

void pp_ops_push(struct pp_ops *ops, struct pp_op op);
void pp_ops_free(struct pp_ops *ops);

struct pp_ops_source {
  struct pp_op_source source; /* first: is the source */
  const struct pp_op *at;
  size_t count;
  size_t next;
};

struct pp_ops_source pp_ops_read(const struct pp_op *at, size_t count);

#endif
