/* The table of interned strings (SPEC.md, INTERN). */
#ifndef REFERENCE_OBJECTS_INTERNED_H
#define REFERENCE_OBJECTS_INTERNED_H

#include <stdbool.h>
#include <stddef.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"

struct pp_interned {
  struct pp_object **slots; /* probed one after the other; NULL: none */
  size_t capacity;          /* slots; a power of two */
  size_t count;             /* strings */
};

bool pp_interned_begin(struct pp_interpreter *interpreter);
/* Gives back the table, and what is in it because it never dies. */
void pp_interned_end(struct pp_interpreter *interpreter);
/* Takes the reference; answers one to the string that everybody shares. What
 * is no str is its own. */
struct pp_object *pp_intern(struct pp_interpreter *interpreter,
                            struct pp_object *string);
/* A static string is interned when the interpreter begins. */
bool pp_intern_static(struct pp_interpreter *interpreter,
                      struct pp_object *string);
/* Of one that dies. */
void pp_interned_remove(struct pp_interpreter *interpreter,
                        struct pp_object *string);
/* One str against the table, and the whole table. */
enum pp_clause pp_interned_check_one(const struct pp_interpreter *interpreter,
                                     const struct pp_object *string);
enum pp_clause pp_interned_check(const struct pp_interpreter *interpreter);

#endif
