/* The objects of a CPython behind the very vtable of the reference's: the
 * shared library of an interpreter, 3.7 to 3.13, whose C functions are called
 * one for one, so that the same program can be run on both.
 *
 * Its OBJ and MEM families are wrapped. While a function of the vtable does
 * what it is for, requests go to the two sources of the options, in their
 * order and with their sizes; a block that came from a source goes back to
 * it, whenever that is. Freeing NULL is not passed on. Everything else that an
 * interpreter asks for, before and between, stays with its own families and is
 * not seen: the int that an index is passed as, method lookups, messages of
 * exceptions, the growing of the table of interned strings, the int that
 * gc.collect answers.
 *
 * What differs from the reference, because a real interpreter is behind it:
 * - there is one in a process, and create takes no memory from its caller;
 *   a second create, after destroy, goes on in the same interpreter;
 * - hash_key must be zeros: the process runs with PYTHONHASHSEED=0;
 * - str and bytes of one character are there before the program is, and such a
 *   str is its own canonical one: 3.11 and 3.12 have letters of their own;
 * - what create asks for, to make the classes of instances, is the program's;
 * - events->dealloc is never called;
 * - what the interpreter itself had tracked when it was created is taken out
 *   of the generations for good, so that these hold a program's objects only;
 * - set_threshold writes the numbers where gc.set_threshold writes them;
 * - field answers false: the memory is laid out as the profile says or it is
 *   not, and it is the reference that knows what the profile says;
 * - traverse leaves out types and callbacks, which are no objects here;
 * - check and check_all know of no clause and answer PP_HOLDS. */
#ifndef CHECK_OBJECTS_PYTHON_H
#define CHECK_OBJECTS_PYTHON_H

#include "check/subject.h"
#include "poolproof/objects.h"

/* The families as the interpreter has them: to be handed to create as they
 * are, or through something that records or refuses. */
struct pp_objects_python {
  const struct pp_profile *profile;
  struct pp_system_source obj;
  struct pp_system_source mem;
  char version[32]; /* "3.11.2" */
};

/* Starts the interpreter of a libpython; once in a process, and in one that
 * may be lost, because a fault of the interpreter ends it. On failure `why`
 * says what and how to cure it. */
enum pp_load_result pp_objects_python_open(const char *path,
                                           struct pp_objects_python *opened,
                                           char *why, size_t why_size);

/* Works between open and the end of the process. */
extern const struct pp_objects pp_objects_python;

#endif
