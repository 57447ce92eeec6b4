/* What a test's own process holds. */
#include "proptests/held.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

struct pp_held pp_held(void) {
  struct mallinfo2 heap = mallinfo2();
  struct pp_held held = {heap.uordblks + heap.hblkhd, dup(STDERR_FILENO)};
  close(held.next);
  return held;
}

size_t pp_held_pages(void) {
  char text[64] = "";
  int file = open("/proc/self/statm", O_RDONLY);
  cr_assert_gt(read(file, text, sizeof text - 1), 0);
  close(file);
  return strtoull(text, NULL, 10);
}

void pp_held_no_more(struct pp_held then) {
  struct pp_held now = pp_held();
  cr_assert_leq(now.bytes, then.bytes, "%zu bytes more",
                now.bytes - then.bytes);
  cr_assert_eq(now.next, then.next, "a descriptor is left open");
}
