/* What can be judged on this machine: the reference in every profile, the C
 * library, the allocators and the CPythons found in the usual places, and
 * what would have to be installed for more. */
#ifndef CHECK_DISCOVER_H
#define CHECK_DISCOVER_H

#include <stddef.h>

struct pp_found {
  char *name;    /* what to type as SUBJECT */
  char *title;   /* "CPython 3.9", "jemalloc", "reference, profile 3.9" */
  char *install; /* NULL when it is here, else the package that brings it */
};

struct pp_found_list {
  struct pp_found *at;
  size_t count;
};

struct pp_found_list pp_discover(void);
void pp_found_list_free(struct pp_found_list *list);

#endif
