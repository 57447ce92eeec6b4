/* The reference judged beside the reference, in the test's own process: both
 * heaps can be meddled with, and what the one says can be a lie. */
#ifndef PROPTESTS_PAIR_H
#define PROPTESTS_PAIR_H

#include "check/driver.h"

struct pp_pair {
  struct pp_places places;
  struct pp_loaded subject;
  struct pp_twin twin;
  struct pp_report report;
  struct pp_driver driver;
  /* What the subject says, where it is not what its heap does. */
  struct {
    bool told; /* the next malloc is answered by this address */
    void *address;
    size_t wiped; /* a byte of each block that is freed, or 0 */
  } lie;
};

extern struct pp_pair pp_pair;

/* Two heaps of this profile; the twin's has so many full arenas already. */
void pp_pair_begin(const char *profile, unsigned arenas_before);

/* One statement, one walk. False when a clause is broken. */
bool pp_pair_step(enum pp_op_kind kind, uint64_t id, uint64_t a, uint64_t b);
bool pp_pair_walk(void);

/* The last of them found this clause broken, in these words. */
void pp_pair_broke(enum pp_clause clause, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* How often a clause was evaluated since the last time this was asked. */
uint64_t pp_pair_evaluated(enum pp_clause clause);

/* The block that an ID names, which it has to. */
struct pp_block pp_pair_block(uint64_t id);

/* For the witness of a heap that is sound: fails the test. */
void pp_pair_broken(struct pp_witness *self, enum pp_clause clause,
                    const char *where);

#endif
