/* Weak references (SPEC.md, WEAK): objects that know another and do not hold
 * it. All those to one object are on a list that begins in it. */
#ifndef REFERENCE_OBJECTS_WEAKREF_H
#define REFERENCE_OBJECTS_WEAKREF_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

struct pp_object *pp_weakref_new(struct pp_interpreter *interpreter,
                                 struct pp_object *referent, bool callback);
/* The first weak reference to an object, or NULL. */
struct pp_object *pp_weakref_first(const struct pp_interpreter *interpreter,
                                   const struct pp_object *referent);
/* A new object that can be referred to weakly has no such references yet. */
void pp_weakref_none_yet(struct pp_interpreter *interpreter,
                         struct pp_object *referent);
/* From here on it refers to nothing; its callback it keeps. */
void pp_weakref_forget(struct pp_interpreter *interpreter,
                       struct pp_object *weakref);
bool pp_weakref_has_callback(const struct pp_interpreter *interpreter,
                             const struct pp_object *weakref);
void pp_weakref_call_back(struct pp_interpreter *interpreter,
                          struct pp_object *weakref);
/* What the dealloc of a set, array or instance does first: its weak references
 * forget it, and the callbacks are called. */
void pp_weakrefs_of_dying(struct pp_interpreter *interpreter,
                          struct pp_object *referent);

#endif
