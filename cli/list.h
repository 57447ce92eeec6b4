/* Lists of allocators, as benchmarks of them keep: a line a subject, NAME PATH,
 * and comments with '#'. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct listed {
  char *name;  /* what it is called in all that is said of it */
  char *typed; /* what it is: a path, or another SUBJECT */
};

struct list {
  struct listed *at;
  size_t count;
};

/* Reads the file. False, with a message that names the line, when it is no
 * such list or names no subject; there is nothing to be freed then. */
bool list_read(const char *path, struct list *list);
void list_free(struct list *list);

#endif
