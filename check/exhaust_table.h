/* The states that were met: an array in the order of the search, which is the
 * queue of a breadth-first search as well, and a table of numbers to find them
 * by their keys. Both are memory that all processes of the search share.
 *
 *     at:   | level 0 | level 1 | ... | level expanded | new ones |
 *                                     ^ start          ^ end      ^ count
 *
 * New states are numbered as they come; when their level is complete, they are
 * put into the order in which one process alone would have met them (SPEC.md,
 * "What exhaust means by a state"). */
#ifndef CHECK_EXHAUST_TABLE_H
#define CHECK_EXHAUST_TABLE_H

#include <stdatomic.h>

#include "check/exhaust_world.h"

/* Which state and which of its moves led here, and with which refusals. */
#define PP_LINK(state, move, refused) \
  ((uint64_t)(state) << 32 | (uint64_t)(move) << 16 | (uint64_t)(refused))
#define PP_LINK_NONE UINT64_MAX

struct pp_table {
  struct pp_key *keys;
  _Atomic uint64_t *links;
  uint64_t *saved_links; /* the same memory, while nobody else writes it */
  uint32_t *where;       /* in `slots`, of each state of the newest level */
  _Atomic uint32_t *slots;
  void *slot_pages;
  void *count_page;
  uint64_t slot_count; /* a power of two */
  uint64_t capacity;   /* states */
  _Atomic uint64_t *count;
};

/* A successor, to be looked up together with others of its state. */
struct pp_arrival {
  struct pp_key key;
  uint64_t hash;
  uint64_t link;
};

/* As many states as fit; false when that is none worth the name. */
bool pp_table_open(struct pp_table *table, uint64_t memory);
void pp_table_close(struct pp_table *table);
/* Bytes that were touched so far. */
uint64_t pp_table_memory(const struct pp_table *table, uint64_t widest);

uint64_t pp_key_hash(const struct pp_key *key);
static inline bool pp_key_equal(const struct pp_key *left,
                                const struct pp_key *right) {
  return left->word[0] == right->word[0] && left->word[1] == right->word[1];
}

/* Sends for the slot of an arrival; and, when it should be here, for the state
 * that is found there. */
void pp_table_expect(const struct pp_table *table,
                     const struct pp_arrival *arrival);
void pp_table_await(const struct pp_table *table,
                    const struct pp_arrival *arrivals, unsigned count);
/* Adds those that are new; among the ways to one that is, from `fresh` on, the
 * least link is kept. False when there is no room. */
bool pp_table_add(struct pp_table *table, const struct pp_arrival *arrivals,
                  unsigned count, uint64_t fresh);
/* Whether a state is among the first `settled` ones. */
bool pp_table_has(const struct pp_table *table,
                  const struct pp_arrival *arrival, uint64_t settled);
/* Puts the states from `start` on, whose links lead to states from `parents`
 * on, into their order. */
void pp_table_settle(struct pp_table *table, uint64_t parents, uint64_t start);
/* Finds all states again, after they were read from a file. */
void pp_table_index(struct pp_table *table);

#endif
