/* What a test's own process holds: bytes of the C heap, descriptors, and pages
 * of the address space. */
#ifndef PROPTESTS_HELD_H
#define PROPTESTS_HELD_H

#include <stddef.h>

/* So often something is done before what it holds counts: the C heap keeps
 * what is freed for the next times. */
enum { PP_HELD_ROUNDS = 10 };

struct pp_held {
  size_t bytes; /* 0 where the C heap does not tell */
  int next;     /* the descriptor that would be opened next */
};

struct pp_held pp_held(void);

/* Pages that are taken, touched or not. */
size_t pp_held_pages(void);

/* No more is held than then. */
void pp_held_no_more(struct pp_held then);

#endif
