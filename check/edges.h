/* The openings that edges.c puts together (SPEC.md, OPS-14). Each answers the
 * statement with this index, or false behind the last. All blocks are freed. */
#ifndef CHECK_EDGES_H
#define CHECK_EDGES_H

#include "check/generate.h"

typedef bool pp_opening(uint64_t index, struct pp_op *op);

/* edges_made.c */
pp_opening pp_opening_walls;
pp_opening pp_opening_vector;
pp_opening pp_opening_crowd;
pp_opening pp_opening_vast;

#endif
