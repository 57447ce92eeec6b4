/* One set into another (SPEC.md, SET-05): how much room is made for both. */
#include <criterion/criterion.h>

#include "proptests/interpreters.h"

/* The entries of a set's table, from its mask. */
static size_t entries(struct pp_host *host, const struct pp_object *set) {
  return (size_t)pp_seen_field(host, set, "mask") + 1;
}

static struct pp_object *numbers(struct pp_host *host, int64_t first,
                                 int64_t count) {
  struct pp_object *set = host->objects->set(host->interpreter);
  for (int64_t i = first; i < first + count; i++) {
    struct pp_object *number = pp_number(host, i);
    SEE(host->objects->set_add(host->interpreter, set, number));
    pp_drop(host, number);
  }
  return set;
}

/* A set of so many keys and one of so many others; the entries afterwards. */
static size_t after_update(struct pp_host *host, int64_t keys, int64_t more) {
  struct pp_object *set = numbers(host, 1000, keys);
  struct pp_object *other = numbers(host, 2000, more);
  SEE(host->objects->extend(host->interpreter, set, other));
  SEE_EQ(host->objects->length(host->interpreter, set), keys + more);
  SEE_EQ(host->objects->length(host->interpreter, other), more);
  size_t after = entries(host, set);
  pp_drop(host, set);
  pp_drop(host, other);
  return after;
}

/* As sys.getsizeof tells of set().update(frozenset(range(n))), and of sets
 * that are not empty before. */
ObjectTest(SET_05, room_for_both_and_no_more) {
  SEE_EQ(after_update(host, 0, 1), 8);
  SEE_EQ(after_update(host, 0, 4), 8);
  SEE_EQ(after_update(host, 0, 5), 16);
  SEE_EQ(after_update(host, 0, 7), 16);
  SEE_EQ(after_update(host, 0, 8), 32);
  SEE_EQ(after_update(host, 0, 16), 64);
  SEE_EQ(after_update(host, 0, 19), 64);
  SEE_EQ(after_update(host, 0, 100), 256);
  SEE_EQ(after_update(host, 2, 2), 8);
  SEE_EQ(after_update(host, 2, 3), 16);
  SEE_EQ(after_update(host, 4, 30), 128);
}

ObjectTest(SET_05, what_is_in_both_is_counted_twice) {
  struct pp_object *set = numbers(host, 1000, 4);
  struct pp_object *same = numbers(host, 1000, 4);
  SEE(host->objects->extend(host->interpreter, set, same));
  SEE_EQ(host->objects->length(host->interpreter, set), 4);
  SEE_EQ(entries(host, set), 32);
  SEE(host->objects->extend(host->interpreter, set, set));
  SEE_EQ(entries(host, set), 32);
  pp_drop(host, set);
  pp_drop(host, same);
}

ObjectTest(SET_05, refused_room_changes_nothing) {
  struct pp_object *set = numbers(host, 1000, 2);
  struct pp_object *other = numbers(host, 2000, 3);
  pp_refuse_after(host, 0);
  SEE(!host->objects->extend(host->interpreter, set, other));
  pp_grant(host);
  SEE_EQ(host->objects->length(host->interpreter, set), 2);
  SEE_EQ(entries(host, set), 8);

  pp_drop(host, set);
  pp_drop(host, other);
}
