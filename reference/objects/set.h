/* set: keys in a table of their own, or in the small one inside of the set
 * (SPEC.md, SET). */
#ifndef REFERENCE_OBJECTS_SET_H
#define REFERENCE_OBJECTS_SET_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

enum {
  PP_SET_SIZE = 200,
  PP_SET_SMALLEST = 8, /* entries of the table inside of the set */
  PP_SET_ENTRY = 16,   /* bytes: key, hash */
  PP_SET_LINEAR = 9,   /* entries looked at behind the first */
  PP_SET_LARGE = 50000 /* keys from which on it grows less */
};

/* What sets share: the key of an entry whose own is gone. */
struct pp_sets {
  uint64_t dummy[2];
};

/* One entry. A key that is gone is the dummy, and its hash is -1. */
struct pp_member {
  struct pp_object *key; /* NULL: never used since the table was made */
  int64_t hash;
};

struct pp_object *pp_set_new(struct pp_interpreter *interpreter);
/* A key that has no hash is refused. */
bool pp_set_add(struct pp_interpreter *interpreter, struct pp_object *set,
                struct pp_object *key);
/* All keys of another set, as set.update. */
bool pp_set_update(struct pp_interpreter *interpreter, struct pp_object *set,
                   struct pp_object *other);
/* False: it is not in the set. */
bool pp_set_discard(struct pp_interpreter *interpreter, struct pp_object *set,
                    struct pp_object *key);
void pp_set_clear(struct pp_interpreter *interpreter, struct pp_object *set);
void pp_set_dealloc(struct pp_interpreter *interpreter, struct pp_object *set);

/* The way of a hash through the table: from where it leads, along the entries
 * behind if nine more are there; then further, mixing in more of it. */
struct pp_set_way {
  struct pp_witness *witness;
  size_t mask, first, index, left;
  uint64_t perturb;
};

struct pp_set_way pp_set_way_begin(struct pp_witness *witness, size_t mask,
                                   int64_t hash);
void pp_set_way_next(struct pp_set_way *way);

#endif
