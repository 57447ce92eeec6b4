/* What is known to lie at which address. */
#include <stdlib.h>
#include <string.h>

#include "cli/layout.h"

bool layout_names_add(struct layout_names *names, uint64_t address,
                      const char *text) {
  if (names->count == names->room) {
    size_t room = names->room == 0 ? 64 : 2 * names->room;
    struct layout_name *at = reallocarray(names->at, room, sizeof *at);
    if (at == NULL) return false;
    names->at = at;
    names->room = room;
  }
  struct layout_name *name = &names->at[names->count++];
  size_t length = strlen(text);
  if (length >= sizeof name->text) length = sizeof name->text - 1;
  name->address = address;
  memcpy(name->text, text, length);
  name->text[length] = '\0';
  return true;
}

static int by_address(const void *left, const void *right) {
  const struct layout_name *a = left;
  const struct layout_name *b = right;
  return a->address < b->address ? -1 : a->address > b->address;
}

void layout_names_sort(struct layout_names *names) {
  if (names->count > 0)
    qsort(names->at, names->count, sizeof *names->at, by_address);
}

const char *layout_names_find(const struct layout_names *names,
                              uint64_t address) {
  const struct layout_name wanted = {.address = address};
  if (names->count == 0) return NULL;
  const struct layout_name *found =
      bsearch(&wanted, names->at, names->count, sizeof *names->at, by_address);
  return found == NULL ? NULL : found->text;
}
