/* The fixture of the tests of the reference: a stand holds one heap over
 * sources that do as the test says, and writes down what they were asked for
 * and which clause the heap finds broken. */
#ifndef PROPTESTS_HEAPS_H
#define PROPTESTS_HEAPS_H

#include <criterion/criterion.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "poolproof/reference.h"
#include "reference/alloc/geometry.h"

enum {
  PP_STAND_ARENAS = 80, /* most arenas held at once */
  PP_STAND_LOG = 4096,  /* requests that are written down */
  PP_STAND_POOLS = 320, /* most pools filled by pp_fill */
  PP_STAND_FULL = 31,   /* most blocks of the largest class in a pool */
  PP_STAND_MENDS = 16   /* most words overwritten at once */
};

enum pp_ask {
  PP_ASK_ARENA,
  PP_ASK_MALLOC,
  PP_ASK_CALLOC,
  PP_ASK_REALLOC,
  PP_GIVE_ARENA,
  PP_GIVE_SYSTEM,
  PP_ASKS
};

struct pp_asked {
  enum pp_ask what;
  size_t size;       /* in bytes; of what was given back to the system: 0 */
  const void *block; /* the answer, or what was given back */
};

/* A system block that is out, with its header in front of it. */
struct pp_owned {
  struct pp_owned *next, *prev;
  size_t size;
  uint64_t mark;
};

struct pp_stand {
  struct pp_witness witness; /* first: broken() is given its address */
  const struct pp_profile *profile;
  const struct pp_reference *reference;
  enum pp_level level;
  struct pp_heap *heap;
  struct pp_profile altered; /* room for a profile of the test's own */

  /* What the sources do; may be changed at any time, but adjacent and
   * at_border only before the first arena. */
  size_t left[PP_ASKS];   /* requests still granted, SIZE_MAX at first */
  uint32_t refuse_one_in; /* of all requests, at random; 0: none */
  size_t skew;            /* of the next arenas, from the arena size */
  bool adjacent;          /* arenas lie side by side */
  bool at_border;         /* the first one ends at a border of the map */
  uint64_t random;

  /* What they were asked. */
  size_t asked[PP_ASKS];
  size_t log_count;
  struct pp_asked log[PP_STAND_LOG];

  /* Blocks of the largest class, poolful by poolful. */
  void *blocks[PP_STAND_POOLS][PP_STAND_FULL];

  enum pp_clause told; /* what broken() was told */
  const char *where;
  bool armed;
  bool spoilt; /* a call did not return: the heap is not to be used */
  jmp_buf escape;

  struct pp_arena_source arena_source;
  struct pp_system_source system_source;
  uint8_t *region;
  size_t region_size;
  uint8_t *arenas[PP_STAND_ARENAS]; /* held, by place in the region */
  struct pp_owned owned;            /* ring of system blocks */
  size_t owned_count;
  struct {
    void *at;
    size_t size;
    uint8_t bytes[16];
  } mends[PP_STAND_MENDS];
  size_t mend_count;
};

extern const struct pp_reference *const pp_levels[PP_LEVEL_COUNT];

/* Runs the body on a new stand for each profile that the clause holds for and
 * each level, then checks the heap and that it gives everything back. */
void pp_each_heap(enum pp_clause clause, void (*body)(struct pp_stand *));
void pp_stand_open(struct pp_stand *stand, const struct pp_profile *profile,
                   enum pp_level level);
void pp_stand_close(struct pp_stand *stand);

/* A test of one clause on a stand of each kind. */
#define HeapTest(clause, name)                         \
  static void clause##_##name(struct pp_stand *stand); \
  Test(clause, name) {                                 \
    pp_each_heap(PP_##clause, clause##_##name);        \
  }                                                    \
  static void clause##_##name(struct pp_stand *stand)

#define SEE(fact)                                                   \
  cr_assert(fact, "%s, level %s: not so: %s", stand->profile->name, \
            stand->reference->level, #fact)
#define SEE_EQ(seen, expected)                                        \
  do {                                                                \
    uintptr_t seen_ = (uintptr_t)(seen);                              \
    uintptr_t expected_ = (uintptr_t)(expected);                      \
    cr_assert(seen_ == expected_, "%s, level %s: %s is %zu, not %zu", \
              stand->profile->name, stand->reference->level, #seen,   \
              (size_t)seen_, (size_t)expected_);                      \
  } while (0)

/* True where a test over thousands of blocks would take too long. */
bool pp_is_slow(const struct pp_stand *stand);
bool pp_is_scaled(const struct pp_profile *profile); /* tiny or small */
size_t pp_step(const struct pp_stand *stand); /* of classes: 8 or 16 bytes */

/* Requests, and what can be seen of the heap. */
void *pp_take(struct pp_stand *stand, size_t size);
void pp_give(struct pp_stand *stand, void *block);
bool pp_owns(const struct pp_stand *stand, const void *address);
struct pp_place pp_where(struct pp_stand *stand, const void *block);
struct pp_counts pp_counted(const struct pp_stand *stand);
enum pp_clause pp_checked(const struct pp_stand *stand);
/* The last request written down, or NULL. */
const struct pp_asked *pp_last(const struct pp_stand *stand);

/* Poolfuls: pool number n is taken, given back, or given one block back and
 * taken again. Blocks are of the largest class. */
size_t pp_full(const struct pp_stand *stand); /* blocks of a poolful */
void pp_fill(struct pp_stand *stand, size_t first, size_t count);
void pp_empty(struct pp_stand *stand, size_t first, size_t count);
size_t pp_pools(const struct pp_stand *stand); /* of an arena, unskewed */
struct pp_pool *pp_filled(const struct pp_stand *stand, size_t pool);

/* The lists of the heap. */
const struct pp_arena *pp_slot(const struct pp_stand *stand, size_t slot);
const struct pp_arena *pp_usable(const struct pp_stand *stand);
const struct pp_arena *pp_unused(const struct pp_stand *stand);
const struct pp_arena *pp_rightmost(const struct pp_stand *stand, size_t n);
const struct pp_pool *pp_ring(const struct pp_stand *stand, size_t k);
size_t pp_slot_of(const struct pp_stand *stand, const struct pp_arena *arena);
/* Slots of usable_arenas as digits and letters: "102". */
const char *pp_order(const struct pp_stand *stand);
/* Of the map; false when there is no leaf. */
bool pp_leaf_at(const struct pp_stand *stand, uintptr_t address,
                int32_t *tail_hi, int32_t *tail_lo);
size_t pp_free_pools(const struct pp_stand *stand);

/* The clause that the act makes the heap tell; its heap is then spoilt. */
enum pp_clause pp_breaks(struct pp_stand *stand,
                         void (*act)(struct pp_stand *, void *), void *arg);
enum pp_clause pp_free_breaks(struct pp_stand *stand, void *block);
/* From this level on the act makes the heap tell the clause. Below it is not
 * done, for it may do anything. The stand goes on with a new heap. */
void pp_see_breaks(struct pp_stand *stand, enum pp_level from,
                   void (*act)(struct pp_stand *, void *), void *arg,
                   enum pp_clause clause);
/* The clause that the creation of another heap, of the altered profile,
 * breaks. */
enum pp_clause pp_create_breaks(struct pp_stand *stand);

/* Overwrites memory of the heap until pp_mend. */
void pp_write(struct pp_stand *stand, const void *at, const void *bytes,
              size_t size);
void pp_write_u32(struct pp_stand *stand, const uint32_t *at, uint32_t value);
void pp_write_pointer(struct pp_stand *stand, const void *at,
                      const void *value);
void pp_mend(struct pp_stand *stand);
/* The predicate of the heap tells this clause, and that of the pool when there
 * is one; then all is mended, and they tell none. */
void pp_see_told(struct pp_stand *stand, enum pp_clause clause,
                 const struct pp_pool *pool);

uint64_t pp_draw(uint64_t *state);

#endif
