/* An exhaustive search, or its world alone, as a test opens it: in the test's
 * own process, with one state or a few of them at hand. */
#ifndef PROPTESTS_SEARCHED_H
#define PROPTESTS_SEARCHED_H

#include <criterion/criterion.h>

#include "check/exhaust_search.h"

enum { PP_SEARCHED_MEMORY = 1000000, PP_STATE_TEXT = 512 };

/* The default geometry of this name, with so many of its arenas; 0: all. */
struct pp_exhaust_geometry pp_searched_geometry(const char *name,
                                                unsigned arenas);

/* A world, where what it says is broken fails the test; pp_world_close. */
void pp_searched_world(struct pp_world *world,
                       const struct pp_exhaust_geometry *geometry);
/* A block that the reference answers, with no request or these refused. */
uint8_t *pp_world_malloc(struct pp_world *world, uint64_t size);
uint8_t *pp_world_refuse(struct pp_world *world, uint64_t size,
                         unsigned refused);
void pp_world_free(struct pp_world *world, uint8_t *block);
struct pp_key pp_world_key(const struct pp_world *world);

/* A state on one line:
 *
 *     vector 1+1 system 1 | 0: fresh 1 full 0,1 free 1/2 | 0: 0:5/1 | use 0
 *
 * nodes of the map, blocks of the system; each arena that is held, its empty
 * pools by class and carved blocks; each ring, its pools by place, carved and
 * live blocks; usable_arenas. */
void pp_state_text(const struct pp_world *world, const struct pp_state *state,
                   char text[PP_STATE_TEXT]);
/* The heap of the world is in this state. */
void pp_world_in(const struct pp_world *world, const char *text);

/* What `action` breaks; PP_HOLDS, and "" in the world's finding, when it comes
 * back. */
enum pp_clause
pp_world_breaks(struct pp_world *world,
                void (*action)(struct pp_world *world, void *ctx), void *ctx);
/* The finding of the world is this one. */
void pp_world_says(const struct pp_world *world, enum pp_clause clause,
                   const char *what);

/* Options for one job and no bound but PP_SEARCHED_MEMORY. */
struct pp_exhaust_options
pp_searched_options(const struct pp_exhaust_geometry *geometry);
struct pp_exhaust *pp_searched_open(const struct pp_exhaust_options *options);
struct pp_exhaust_result
pp_searched_run(const struct pp_exhaust_options *options);
/* Expands so many levels in this process; answers how many states there are
 * then. */
uint64_t pp_searched_levels(struct pp_exhaust *search, unsigned levels);

/* Pages of this process: what is opened and closed again leaves as many. */
size_t pp_pages_mapped(void);

#endif
