/* Deallocation of deep structures in a bounded stack (SPEC.md, REF-08 to
 * REF-10): when deallocations are nested too deeply, what dies next is laid
 * aside, and is deallocated when the nesting has come down again.
 *
 * Laid aside it is linked through the word of its GC head that led to the
 * previous head. */
#ifndef REFERENCE_OBJECTS_TRASH_H
#define REFERENCE_OBJECTS_TRASH_H

#include <stdbool.h>
#include <stdint.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"

struct pp_trash {
  struct pp_object *aside; /* laid aside last, or NULL */
  uint32_t depth;          /* deallocations that have begun */
};

/* False: it was laid aside, and its deallocation ends here. The object is not
 * tracked any more. */
bool pp_trash_begin(struct pp_interpreter *interpreter,
                    struct pp_object *object);
/* After a pp_trash_begin that was true; the object may be gone. */
void pp_trash_end(struct pp_interpreter *interpreter);
/* The same for an instance, which in 3.7 counts twice when it asks. */
bool pp_trash_begin_instance(struct pp_interpreter *interpreter,
                             struct pp_object *object);
void pp_trash_end_instance(struct pp_interpreter *interpreter);
/* What is laid aside is whole, and waits for nothing when nothing ends. */
enum pp_clause pp_trash_check(const struct pp_interpreter *interpreter);

#endif
