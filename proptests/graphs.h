/* Objects that refer to each other, in few letters, for the tests of the
 * collector. Lists hold a reference to what is put into them; what is made is
 * the test's, which gives it back with pp_drop. */
#ifndef PROPTESTS_GRAPHS_H
#define PROPTESTS_GRAPHS_H

#include "proptests/interpreters.h"

struct pp_object *pp_list(struct pp_host *host);
/* A tuple of so many items, all this one; longer than any that is kept. */
struct pp_object *pp_long_tuple(struct pp_host *host, struct pp_object *item);
struct pp_object *pp_thing(struct pp_host *host, bool finalizer);
void pp_put(struct pp_host *host, struct pp_object *list,
            struct pp_object *item);
void pp_attribute(struct pp_host *host, struct pp_object *instance,
                  unsigned number, struct pp_object *value);
int64_t pp_collect(struct pp_host *host, unsigned generation);
bool pp_tracked(struct pp_host *host, const struct pp_object *object);

/* Which of these objects died since pp_deaths_begin, by their numbers, in the
 * order in which their memory went: "2 0 1". */
void pp_deaths_begin(struct pp_host *host, struct pp_object *const *objects,
                     size_t count);
/* Runs of numbers in a row as "5..9". */
const char *pp_deaths(void);
/* The same of what is on the list of a generation. */
const char *pp_generation(struct pp_host *host, unsigned generation,
                          struct pp_object *const *objects, size_t count);

#define SEE_TEXT(seen, expected)                                             \
  do {                                                                       \
    const char *seen_ = (seen), *expected_ = (expected);                     \
    cr_assert(strcmp(seen_, expected_) == 0, "%s: %s is \"%s\", not \"%s\"", \
              host->profile->name, #seen, seen_, expected_);                 \
  } while (0)

#endif
