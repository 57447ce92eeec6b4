/* The lists of the collector and what an object's GC head says (SPEC.md, GC).
 *
 * Every collected object has a head before it, with which it lies on one of
 * the lists while it is tracked: one for each generation, and one for what is
 * frozen. A list is a ring through a head of its own.
 *
 *          next: the next head        | bit 0: found unreachable
 *   3.8 on prev: the previous head    | bit 0: finalized, bit 1: collecting
 *                or, in the middle of a collection, a count shifted by 2
 *   3.7    next, prev, and a count in a word of its own, shifted by 1, that is
 *          negative outside of a collection; bit 0: finalized */
#ifndef REFERENCE_OBJECTS_GC_H
#define REFERENCE_OBJECTS_GC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"

enum {
  PP_GC_PERMANENT = PP_GENERATIONS, /* the list of what is frozen */
  PP_GC_LISTS = PP_GENERATIONS + 1,
  PP_GC_OLDEST = PP_GENERATIONS - 1
};

/* What all GC heads begin with, and all of the head of a list. */
struct pp_gc_head {
  uint64_t next, prev;
};

struct pp_collector {
  struct pp_gc_head lists[PP_GC_LISTS];
  uint32_t count[PP_GENERATIONS];
  uint32_t threshold[PP_GENERATIONS];
  bool disabled;
  bool collecting;
  bool scheduled;      /* a collection waits for a safe point */
  uint64_t pending;    /* survivors that came to the oldest generation */
  uint64_t long_lived; /* survivors of the last collection of it */
  uint64_t tracked;    /* objects that are on any list */
};

void pp_collector_begin(struct pp_interpreter *interpreter);

/* ---- objects ---- */

/* A new object has its memory: it counts, and may be the one too many. */
void pp_gc_allocated(struct pp_interpreter *interpreter,
                     struct pp_object *object);
/* Its memory is about to go. */
void pp_gc_freed(struct pp_interpreter *interpreter, struct pp_object *object);
void pp_gc_track(struct pp_interpreter *interpreter, struct pp_object *object);
void pp_gc_untrack(struct pp_interpreter *interpreter,
                   struct pp_object *object);
bool pp_gc_is_tracked(const struct pp_interpreter *interpreter,
                      const struct pp_object *object);
/* Whether a container has to be tracked because of this item of it. */
bool pp_gc_may_be_tracked(const struct pp_interpreter *interpreter,
                          const struct pp_object *item);
bool pp_gc_is_finalized(const struct pp_interpreter *interpreter,
                        const struct pp_object *object);
void pp_gc_set_finalized(struct pp_interpreter *interpreter,
                         struct pp_object *object);

/* ---- heads ---- */

struct pp_gc_head *pp_gc_head_of(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object);
struct pp_object *pp_gc_object_of(const struct pp_interpreter *interpreter,
                                  const struct pp_gc_head *head);
struct pp_gc_head *pp_gc_next(const struct pp_gc_head *head);
struct pp_gc_head *pp_gc_prev(const struct pp_gc_head *head);
/* These leave the bits beside the pointer as they are. */
void pp_gc_set_next(struct pp_gc_head *head, const struct pp_gc_head *next);
void pp_gc_set_prev(struct pp_gc_head *head, const struct pp_gc_head *prev);

/* The count of references that are not accounted for. Since 3.8 it takes the
 * place of the previous head. */
int64_t pp_gc_refs(const struct pp_interpreter *interpreter,
                   const struct pp_gc_head *head);
void pp_gc_set_refs(const struct pp_interpreter *interpreter,
                    struct pp_gc_head *head, int64_t refs);
/* Takes part in a collection from here on, with this count. */
void pp_gc_begin_collecting(const struct pp_interpreter *interpreter,
                            struct pp_gc_head *head, int64_t refs);
bool pp_gc_is_collecting(const struct pp_interpreter *interpreter,
                         const struct pp_gc_head *head);
void pp_gc_end_collecting(const struct pp_interpreter *interpreter,
                          struct pp_gc_head *head);
bool pp_gc_is_unreachable(const struct pp_interpreter *interpreter,
                          const struct pp_gc_head *head);
void pp_gc_mark_unreachable(const struct pp_interpreter *interpreter,
                            struct pp_gc_head *head);
void pp_gc_unmark_unreachable(struct pp_gc_head *head);

/* ---- lists ---- */

void pp_gc_list_begin(struct pp_gc_head *list);
bool pp_gc_list_is_empty(const struct pp_gc_head *list);
size_t pp_gc_list_size(const struct pp_interpreter *interpreter,
                       const struct pp_gc_head *list);
void pp_gc_list_append(const struct pp_interpreter *interpreter,
                       struct pp_gc_head *list, struct pp_gc_head *head);
void pp_gc_list_remove(const struct pp_interpreter *interpreter,
                       struct pp_gc_head *head);
/* From the list that it is on to the end of another. */
void pp_gc_list_move(const struct pp_interpreter *interpreter,
                     struct pp_gc_head *head, struct pp_gc_head *list);
/* All of a list to the end of another. */
void pp_gc_list_merge(const struct pp_interpreter *interpreter,
                      struct pp_gc_head *from, struct pp_gc_head *to);
/* A list is whole, and how many are on it (gc_check.c). */
enum pp_clause pp_gc_list_check(const struct pp_interpreter *interpreter,
                                const struct pp_gc_head *list,
                                uint64_t *tracked);

/* ---- collections ---- */

/* One collection; what was found to be garbage and is gone (collection.c). */
int64_t pp_gc_collect(struct pp_interpreter *interpreter, unsigned generation);
/* Collects the oldest generation that is due, if one is. */
void pp_gc_collect_due(struct pp_interpreter *interpreter);
void pp_gc_safe_point(struct pp_interpreter *interpreter);

/* ---- garbage: what is left of a collection (garbage.c) ---- */

/* Clears the weak references to garbage, and calls the callbacks of those that
 * are none; answers how many of these are gone then. */
int64_t pp_garbage_clear_weakrefs(struct pp_interpreter *interpreter,
                                  struct pp_gc_head *garbage,
                                  struct pp_gc_head *old);
void pp_garbage_finalize(struct pp_interpreter *interpreter,
                         struct pp_gc_head *garbage);
void pp_garbage_delete(struct pp_interpreter *interpreter,
                       struct pp_gc_head *garbage, struct pp_gc_head *old);

/* ---- for the vtable ---- */

void pp_gc_get_count(const struct pp_interpreter *interpreter,
                     uint32_t count[PP_GENERATIONS]);
void pp_gc_get_threshold(const struct pp_interpreter *interpreter,
                         uint32_t threshold[PP_GENERATIONS]);
void pp_gc_set_threshold(struct pp_interpreter *interpreter,
                         const uint32_t threshold[PP_GENERATIONS]);
void pp_gc_enable(struct pp_interpreter *interpreter, bool enabled);
void pp_gc_freeze(struct pp_interpreter *interpreter);
void pp_gc_unfreeze(struct pp_interpreter *interpreter);
void pp_gc_visit_generation(const struct pp_interpreter *interpreter,
                            unsigned generation, void *ctx,
                            bool (*visit)(void *ctx, struct pp_object *object));
/* Every list whole, every count accounted for (gc_check.c). */
enum pp_clause pp_gc_check(const struct pp_interpreter *interpreter);
/* The counts once more, where the host says how many references are its own:
 * not in the middle of a call. */
enum pp_clause pp_gc_check_held(const struct pp_interpreter *interpreter);

#endif
