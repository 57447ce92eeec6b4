/* A world of the exhaustive search in the middle of its life, one move on it,
 * and what the model says when one thing about that is another than it was. */
#ifndef PROPTESTS_TOLD_H
#define PROPTESTS_TOLD_H

#include "proptests/searched.h"

enum { PP_TOLD_SMALL = 16, PP_TOLD_LARGE = 32 };

/* Two small blocks in a pool; two large ones that fill theirs; a third in a
 * pool of its own, and one of the system. */
struct pp_told_world {
  struct pp_exhaust_geometry geometry;
  struct pp_world world;
  struct pp_image before;
  uint8_t *small[2], *large[3], *foreign;
};
extern struct pp_told_world pp_told_here;

void pp_told_open(void);
void pp_told_close(void);

/* One move, what it answered, and whether the model saw a change. */
struct pp_told {
  struct pp_move move;
  uint8_t *answer;
  bool changed;
};

/* From the world as it is in `before`, by the reference. */
struct pp_told pp_told_move(enum pp_op_kind kind, uint64_t a, uint64_t b,
                            uint8_t *block);
struct pp_told pp_told_malloc(uint64_t size);
struct pp_told pp_told_realloc(uint8_t *block, uint64_t size);

/* The model says this; or nothing, and sees whether anything changed. */
void pp_told_says(struct pp_told *told, enum pp_clause clause,
                  const char *what);
void pp_told_true(struct pp_told *told);
/* One more call of a source in the move. */
void pp_told_call(enum pp_world_call_kind kind, size_t size, void *address,
                  bool refused);

#endif
