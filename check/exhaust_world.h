/* One heap of the exhaustive search, laid open: its memory lies at addresses
 * of ours, so that it can be written as any state, copied, and put back. The
 * sources beneath it refuse what they are told to refuse.
 *
 *       B - 3 arenas                     B: here the map needs another node
 *     |skew|= place 0 =|skew|= place 1 =|..|= place 2 =|... |system blocks|
 *
 * Only check/exhaust*.c and their tests know this header (SPEC.md, "What
 * exhaust means by a state"). */
#ifndef CHECK_EXHAUST_WORLD_H
#define CHECK_EXHAUST_WORLD_H

#include <setjmp.h>

#include "check/exhaust.h"
#include "reference/alloc/heap.h"

enum {
  PP_WORLD_CALLS_MAX = 12, /* of the sources, in one operation */
  PP_WORLD_POOLS_MAX = 32, /* of all arenas */
  PP_WORLD_POOL_MAX = 512, /* bytes of a pool */
  PP_CHUNK = 128,          /* bytes; what an image is made of */
  PP_WORLD_CHUNKS = 64,
  PP_SYSTEM_SLOT = 256, /* bytes; the block begins PP_SYSTEM_OFFSET in */
  PP_SYSTEM_OFFSET = 64,
  PP_NOWHERE = 0xff /* no place, no pool, no block */
};

enum pp_world_call_kind {
  PP_CALL_ARENA,
  PP_CALL_ARENA_FREE,
  PP_CALL_SYSTEM, /* malloc or calloc */
  PP_CALL_RESIZE, /* realloc of a block */
  PP_CALL_VECTOR, /* for the slots of the arenas */
  PP_CALL_NODE,   /* for the map */
  PP_CALL_SYSTEM_FREE
};

struct pp_world_call {
  enum pp_world_call_kind kind;
  bool refused;
  size_t size;
  const void *address; /* given or taken back */
};

/* Changes as they were, to be made once more. */
enum { PP_KEPT_CHUNKS = 8 };
struct pp_kept {
  unsigned count;
  uint8_t chunk[PP_KEPT_CHUNKS];
  uint8_t bytes[PP_KEPT_CHUNKS][PP_CHUNK];
};

/* What the sources have given out; part of an image. */
struct pp_given {
  uint8_t places; /* bits */
  uint8_t system; /* bits: blocks of callers */
  bool vector, middle;
  uint8_t bottoms; /* how many */
};

struct pp_image {
  uint8_t *bytes;
};

/* Words of a chunk, as bits. */
struct pp_chunk {
  uint16_t decide;  /* a state may be read from them */
  uint16_t account; /* of the account of arenas: their vector, their order,
                      nfp2lasta and the map */
};

/* Where the world is another than an image. */
struct pp_changes {
  bool decide, account; /* such a word is among them */
  unsigned count;       /* chunks, in ascending order */
  uint8_t chunk[PP_WORLD_CHUNKS];
  uint16_t words[PP_WORLD_CHUNKS]; /* bits */
};

/* A pool with live and other blocks, or on freepools. */
struct pp_shape {
  uint8_t place, class_index, carved, live;
  struct pp_pool *pool;
};

struct pp_shape_list {
  unsigned count;
  struct pp_shape at[PP_WORLD_POOLS_MAX];
};

/* A heap up to the names of blocks in a pool and of pools in an arena. */
struct pp_state {
  struct pp_given given;
  uint8_t fresh[PP_EXHAUST_ARENAS_MAX]; /* pools never carved */
  uint8_t full[PP_EXHAUST_ARENAS_MAX][PP_CLASS_MAX / 8];
  struct pp_pool *full_pool[PP_EXHAUST_ARENAS_MAX][PP_CLASS_MAX / 8];
  struct pp_shape_list free[PP_EXHAUST_ARENAS_MAX];
  struct pp_shape_list ring[PP_CLASS_MAX / 8];
  unsigned usable_count;
  uint8_t usable[PP_EXHAUST_ARENAS_MAX];
};

struct pp_key {
  uint64_t word[2];
};

/* One operation, on a block where it has one. */
struct pp_move {
  enum pp_op_kind kind; /* malloc, calloc, realloc or free */
  uint64_t a, b;        /* as in struct pp_op */
  uint8_t *block;
  uint32_t block_size; /* bytes that the caller may use */
};

/* Indices of moves; the last two are no operations, and need no statement: a
 * trace begins and ends the heap anyway. */
enum {
  PP_MOVES_MAX = 512,
  PP_MOVES_EACH = 24,
  PP_MOVE_BEGIN = 0xfffe,
  PP_MOVE_END = 0xffff
};

struct pp_move_list {
  unsigned count;
  struct pp_move at[PP_MOVES_EACH];
};

struct pp_world {
  struct pp_witness witness; /* first: a witness leads back to its world */
  const struct pp_exhaust_geometry *geometry;
  const struct pp_profile *profile;
  struct pp_arena_source arena_source;
  struct pp_system_source system_source;
  uint32_t class_count; /* of the profile */

  struct pp_heap *heap;
  struct pp_arena *vector;
  void **middle;
  struct pp_leaf *bottoms; /* two nodes, one behind the other */
  uintptr_t base[PP_EXHAUST_ARENAS_MAX];
  uintptr_t first_pool[PP_EXHAUST_ARENAS_MAX];
  uint8_t pools[PP_EXHAUST_ARENAS_MAX];
  void *region;
  uint8_t *low; /* arenas, and behind them the blocks of the system */
  uint8_t *system;
  uint8_t *high;
  uint8_t place_of_unit[256]; /* by pool-sized unit from low */

  void **root_entry;     /* of the map, those that lead to the places */
  void **middle_entries; /* two */

  unsigned chunk_count;
  unsigned content_count; /* of the arenas: these come first */
  unsigned system_end;    /* behind those of the system's blocks */
  uint8_t *chunk_at[PP_WORLD_CHUNKS];
  struct pp_chunk kinds[PP_WORLD_CHUNKS];
  struct pp_image blank; /* a heap that was just created */
  _Alignas(PP_CHUNK) struct pp_given given;
  uint8_t behind_given[PP_CHUNK - sizeof(struct pp_given)]; /* never changes */

  /* How a state becomes bits. */
  unsigned place_bits, pools_bits, ring_bits, free_bits;
  unsigned used_bits[PP_CLASS_MAX / 8];
  unsigned capacity[PP_CLASS_MAX / 8];
  unsigned first_free[PP_CLASS_MAX / 8]; /* number of an empty pool */
  uint8_t blocks_before[PP_CLASS_MAX / 8][PP_WORLD_POOL_MAX / 8 + 1];

  bool ending; /* the heap gives back what it took for itself */

  struct pp_move_list requests; /* that need no block */
  struct pp_move_list of_pool[PP_CLASS_MAX / 8];
  struct pp_move_list of_system;

  /* Of the operation under way. */
  unsigned wanted;  /* bits: requests to be refused */
  unsigned asked;   /* requests so far */
  unsigned forced;  /* bits: refused since nothing is left */
  unsigned refused; /* bits */
  unsigned call_count;
  struct pp_world_call calls[PP_WORLD_CALLS_MAX];
  struct pp_changes changes; /* as the model saw them */

  jmp_buf stop;
  struct pp_exhaust_finding finding;
};

/* exhaust_world.c. False, with a sentence, when the geometry does not fit. */
bool pp_world_open(struct pp_world *world,
                   const struct pp_exhaust_geometry *geometry, char *why,
                   size_t why_size);
void pp_world_close(struct pp_world *world);

/* exhaust_image.c: images, and what tells the world from one. */
void pp_image_lay(struct pp_world *world);
struct pp_image pp_image_open(const struct pp_world *world);
void pp_image_close(const struct pp_world *world, struct pp_image image);
void pp_image_copy(const struct pp_world *world, struct pp_image to,
                   struct pp_image from);
void pp_world_save(const struct pp_world *world, struct pp_image image);
void pp_world_load(struct pp_world *world, struct pp_image image);
/* True when nothing changed. */
bool pp_world_is(const struct pp_world *world, struct pp_image image);
/* The same, and the changes are noted. */
bool pp_world_kept(struct pp_world *world, struct pp_image image);
/* Undoes the changes that were noted. */
void pp_world_undo(struct pp_world *world, struct pp_image image);
/* Keeps them for later, when they are not too many; and makes them again, where
 * the world is as in the image, so that they can be undone. */
bool pp_world_keep(const struct pp_world *world, struct pp_kept *kept);
void pp_world_redo(struct pp_world *world, const struct pp_kept *kept);
/* What an image holds of a byte of the arenas, or of the system's blocks: the
 * first chunks. */
static inline const uint8_t *pp_image_at(const struct pp_world *world,
                                         struct pp_image image,
                                         const void *address) {
  return image.bytes + ((const uint8_t *)address - world->low);
}
/* Records what is broken and leaves the operation under way. */
_Noreturn void pp_world_broken(struct pp_world *world, enum pp_clause clause,
                               const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* How many blocks of its class fit into a pool before this offset, which is
 * the number of the block there; or PP_NOWHERE. */
static inline uint8_t pp_world_block(const struct pp_world *world,
                                     uint32_t class_index, size_t offset) {
  if (class_index >= world->class_count) return PP_NOWHERE;
  if (offset > PP_WORLD_POOL_MAX) return PP_NOWHERE;
  return world->blocks_before[class_index][offset / 8];
}

/* The place of an address, or PP_NOWHERE. Only pools are asked about. */
static inline uint8_t pp_world_place(const struct pp_world *world,
                                     const void *pool) {
  uintptr_t unit =
      ((uintptr_t)pool - (uintptr_t)world->low) >> world->profile->pool_bits;
  return unit < sizeof world->place_of_unit ? world->place_of_unit[unit]
                                            : PP_NOWHERE;
}

/* exhaust_state.c */
bool pp_state_scan(const struct pp_world *world, struct pp_state *state);
void pp_state_pack(const struct pp_world *world, const struct pp_state *state,
                   struct pp_key *key);
void pp_state_unpack(const struct pp_world *world, const struct pp_key *key,
                     struct pp_state *state);
/* Bits of the largest key of this geometry. */
unsigned pp_state_bits(struct pp_world *world);
/* exhaust_build.c: writes the heap; pools get their addresses in the state. */
void pp_state_build(struct pp_world *world, struct pp_state *state);

/* exhaust_moves.c */
void pp_moves_open(struct pp_world *world);
/* All of them, always in the same order; answers how many. */
unsigned pp_moves_list(const struct pp_world *world,
                       const struct pp_state *state,
                       struct pp_move moves[PP_MOVES_MAX]);
/* Performs the move and answers what the heap did; 0 for a free. */
uint8_t *pp_move_perform(struct pp_world *world,
                         const struct pp_reference *reference,
                         const struct pp_move *move, unsigned wanted);
/* The beginning of a heap, in memory of its own, and the end of the one that
 * is here, which then is as in the image again. */
void pp_move_begin(struct pp_world *world,
                   const struct pp_reference *reference);
void pp_move_end(struct pp_world *world, const struct pp_reference *reference,
                 struct pp_image before);
/* The blocks of a pool that are live, as bits. */
uint32_t pp_live_blocks(const struct pp_world *world,
                        const struct pp_pool *pool);

/* exhaust_model.c: what the caller may rely on, after a move that began at
 * `before`; leaves through pp_world_broken. Notes the changes, and answers
 * false when there are none. */
bool pp_model_check(struct pp_world *world, struct pp_image before,
                    const struct pp_move *move, uint8_t *answer);

/* exhaust_twin.c: the same move by our own reference. The world holds what
 * the subject did to it, and then what the reference does. */
struct pp_exhaust_twin {
  struct pp_image after; /* by the subject */
  unsigned call_count;
  struct pp_world_call calls[PP_WORLD_CALLS_MAX];
};
/* False when nothing differs but nfp2lasta, which no caller sees by itself. */
bool pp_twin_compare(struct pp_world *world, struct pp_exhaust_twin *twin,
                     struct pp_image before, const struct pp_move *move,
                     uint8_t *answer);
/* True when a walk over both pools' headers tells them apart, as at level
 * heap it would. */
bool pp_twin_walk_differs(struct pp_world *world, struct pp_image left,
                          struct pp_image right);

#define PP_WORLD_FACT(world, clause, fact, ...)                      \
  do {                                                               \
    (world)->witness.evaluated[PP_##clause]++;                       \
    if (!(fact)) pp_world_broken((world), PP_##clause, __VA_ARGS__); \
  } while (0)

#endif
