/* The table of the exhaustive search: a state is there once, with the least
 * link that led to it, and in the order in which one process alone would have
 * met it. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "proptests/searched.h"

enum { MEMORY = 40000, SLOTS = 1024 };

static struct pp_table table;

static void open_table(void) {
  cr_assert(pp_table_open(&table, MEMORY));
}

static void close_table(void) {
  pp_table_close(&table);
}

TestSuite(exhaust_table, .init = open_table, .fini = close_table);

/* The hash is chosen, so that slots are as a test wants them. */
static struct pp_arrival arrival(uint64_t word, uint64_t hash, uint64_t link) {
  return (struct pp_arrival){{{word, ~word}}, hash, link};
}

static bool add(struct pp_arrival one, uint64_t fresh) {
  return pp_table_add(&table, &one, 1, fresh);
}

/* It is there under this number and no other. */
static void has_at(struct pp_arrival one, uint64_t number) {
  cr_expect(pp_table_has(&table, &one, number + 1));
  cr_expect_not(pp_table_has(&table, &one, number));
  cr_expect_not(pp_table_has(&table, &one, 0));
  cr_expect(pp_key_equal(&table.keys[number], &one.key));
}

/* ---- keys ---- */

Test(exhaust_table, keys_are_equal_in_both_words) {
  struct pp_key one = {{1, 2}}, other = one;
  cr_expect(pp_key_equal(&one, &other));
  other.word[0] = 2;
  cr_expect_not(pp_key_equal(&one, &other));
  other = (struct pp_key){{1, 1}};
  cr_expect_not(pp_key_equal(&one, &other));
}

/* Where a key is looked for is decided by the low bits of its hash. */
Test(exhaust_table, a_bit_of_a_key_changes_half_of_its_hash) {
  unsigned low = 0, high = 0;
  for (unsigned i = 0; i < 128; i++) {
    struct pp_key one = {{UINT64_C(0x123456789abcdef), 42}}, other = one;
    other.word[i / 64] ^= UINT64_C(1) << i % 64;
    uint64_t changed = pp_key_hash(&one) ^ pp_key_hash(&other);
    cr_expect_neq(changed, 0, "bit %u", i);
    low += (unsigned)__builtin_popcountll(changed & UINT32_MAX);
    high += (unsigned)__builtin_popcountll(changed >> 32);
  }
  cr_expect_lt(low, 18 * 128);
  cr_expect_gt(low, 14 * 128);
  cr_expect_lt(high, 18 * 128);
  cr_expect_gt(high, 14 * 128);
}

/* ---- add and find ---- */

Test(exhaust_table, states_are_numbered_as_they_come) {
  struct pp_arrival two[] = {arrival(1, 5, 100), arrival(2, 6, 101)};
  cr_assert(pp_table_add(&table, two, 2, 0));
  cr_assert_eq(atomic_load(table.count), 2);
  has_at(two[0], 0);
  has_at(two[1], 1);
  cr_expect_eq(table.links[0], 100);
  cr_expect_eq(table.saved_links[1], 101);
  cr_assert(add(arrival(3, 7, 102), 0));
  has_at(arrival(3, 7, 0), 2);
  cr_expect_not(pp_table_has(&table, &(struct pp_arrival){{{4, 4}}, 8, 0}, 3));
}

Test(exhaust_table, the_least_link_to_a_fresh_state_is_kept) {
  add(arrival(1, 5, 100), 0);
  add(arrival(2, 6, 200), 0);
  cr_expect(add(arrival(2, 6, 201), 1));
  cr_expect_eq(table.links[1], 200);
  cr_expect(add(arrival(2, 6, 150), 1));
  cr_expect_eq(table.links[1], 150);
  cr_expect(add(arrival(2, 6, 120), 2));
  cr_expect_eq(table.links[1], 150, "it is of a level that is done");
  cr_expect(add(arrival(1, 5, 1), 1));
  cr_expect_eq(table.links[0], 100);
  cr_expect_eq(atomic_load(table.count), 2);
}

Test(exhaust_table, states_of_one_slot_lie_behind_it) {
  for (uint64_t i = 0; i < 20; i++)
    cr_assert(add(arrival(i, SLOTS - 3 + SLOTS * i, i), 0));
  for (uint64_t i = 0; i < 20; i++)
    has_at(arrival(i, SLOTS - 3 + SLOTS * i, 0), i);
  struct pp_arrival absent = arrival(20, SLOTS - 3, 0);
  cr_expect_not(pp_table_has(&table, &absent, 20));
  cr_assert_eq(atomic_load(table.count), 20);
}

/* Told by either word alone. */
Test(exhaust_table, equal_hashes_are_no_equal_keys) {
  struct pp_arrival some[] = {
      {{{1, 1}}, 9, 0}, {{{1, 2}}, 9, 1}, {{{2, 1}}, 9, 2}, {{{2, 2}}, 9, 3}};
  cr_assert(pp_table_add(&table, some, 4, 0));
  cr_assert(pp_table_add(&table, some, 4, 0));
  cr_assert_eq(atomic_load(table.count), 4);
  for (uint64_t i = 0; i < 4; i++)
    has_at(some[i], i);
}

Test(exhaust_table, a_full_table_takes_what_it_has) {
  for (uint64_t i = 0; i < table.capacity; i++)
    cr_assert(add(arrival(i, i * 7, i + 1), 0), "%zu", (size_t)i);
  cr_assert_eq(atomic_load(table.count), table.capacity);
  struct pp_arrival more = arrival(table.capacity, 3, 0);
  cr_expect_not(add(more, 0));
  cr_expect_eq(atomic_load(table.count), table.capacity);
  cr_expect_not(pp_table_has(&table, &more, table.capacity + 1));
  cr_expect_not(add(more, 0), "and its slot is vacant again");
  cr_expect(add(arrival(5, 35, 0), 0));
  cr_expect_eq(table.links[5], 0);
  struct pp_arrival some[] = {arrival(1, 7, 0), more, arrival(2, 14, 0)};
  cr_expect_not(pp_table_add(&table, some, 3, 0));
  cr_expect_eq(table.links[1], 0);
  cr_expect_eq(table.links[2], 3, "what comes behind is not added");
}

/* All that it has room for, in each of its parts. */
Test(exhaust_table, a_large_table_takes_what_it_has_room_for) {
  struct pp_table large;
  cr_assert(pp_table_open(&large, 1000000));
  for (uint64_t i = 0; i < large.capacity; i++) {
    struct pp_arrival one = arrival(i, large.slot_count - 1 - i, i + 1);
    cr_assert(pp_table_add(&large, &one, 1, 0));
  }
  struct pp_arrival last =
      arrival(large.capacity - 1, large.slot_count - large.capacity, 0);
  cr_expect(pp_table_has(&large, &last, large.capacity));
  cr_expect_eq(large.links[large.capacity - 1], large.capacity);
  pp_table_close(&large);
}

/* ---- somebody else at the same slot ---- */

enum { TAKEN_SLOT = 77 };

static void *fill_later(void *value) {
  usleep(3000);
  atomic_store(&table.slots[TAKEN_SLOT], *(uint32_t *)value);
  return NULL;
}

/* Adds to a slot that is taken, and then has this value. */
static bool add_to_taken(struct pp_arrival one, uint32_t value) {
  pthread_t other;
  atomic_store(&table.slots[TAKEN_SLOT], UINT32_MAX);
  pthread_create(&other, NULL, fill_later, &value);
  bool added = add(one, 0);
  pthread_join(other, NULL);
  return added;
}

Test(exhaust_table, a_slot_that_is_being_filled_is_waited_for) {
  add(arrival(1, TAKEN_SLOT, 100), 0);
  cr_expect(add_to_taken(arrival(1, TAKEN_SLOT, 50), 1));
  cr_expect_eq(atomic_load(table.count), 1);
  cr_expect_eq(table.links[0], 50);
  cr_expect(add_to_taken(arrival(2, TAKEN_SLOT, 60), 1));
  cr_expect_eq(atomic_load(table.count), 2);
  has_at(arrival(2, TAKEN_SLOT, 0), 1);
}

Test(exhaust_table, a_slot_that_is_being_filled_is_nobodys_yet) {
  add(arrival(1, TAKEN_SLOT, 0), 0);
  add(arrival(2, TAKEN_SLOT, 0), 0);
  atomic_store(&table.slots[TAKEN_SLOT], UINT32_MAX);
  cr_expect_not(pp_table_has(
      &table, &(struct pp_arrival){{{1, ~UINT64_C(1)}}, TAKEN_SLOT, 0}, 2));
  has_at(arrival(2, TAKEN_SLOT, 0), 1);
}

/* ---- the order of a level ---- */

/* Four parents, of which the second has no child and the last has most; the
 * children come in no order, and the first of them share a slot. */
static const struct pp_arrival children[] = {
    {{{14, 0}}, 500, PP_LINK(5, 9, 0)}, {{{11, 0}}, 500, PP_LINK(2, 3, 1)},
    {{{17, 0}}, 500, PP_LINK(5, 9, 5)}, {{{10, 0}}, 600, PP_LINK(2, 3, 0)},
    {{{15, 0}}, 501, PP_LINK(5, 9, 1)}, {{{13, 0}}, 700, PP_LINK(4, 0, 0)},
    {{{12, 0}}, 800, PP_LINK(2, 4, 0)}, {{{16, 0}}, 900, PP_LINK(5, 9, 3)},
};
enum { PARENTS = 2, START = 6, CHILDREN = 8 };

static void add_level(void) {
  for (uint64_t i = 0; i < START; i++)
    add(arrival(100 + i, i, i), 0);
  cr_assert(pp_table_add(&table, children, CHILDREN, START));
}

static void is_settled(void) {
  for (uint64_t i = 0; i < START; i++) {
    has_at(arrival(100 + i, i, 0), i);
    cr_expect_eq(table.links[i], i);
  }
  for (uint64_t i = 0; i < CHILDREN; i++) {
    uint64_t number = START + children[i].key.word[0] - 10;
    has_at(children[i], number);
    cr_expect_eq(table.links[number], children[i].link);
  }
  cr_expect_eq(atomic_load(table.count), START + CHILDREN);
}

Test(exhaust_table, a_level_is_put_into_the_order_of_its_links) {
  add_level();
  size_t mapped = pp_pages_mapped();
  pp_table_settle(&table, PARENTS, START);
  cr_expect_eq(pp_pages_mapped(), mapped);
  is_settled();
}

Test(exhaust_table, an_empty_level_is_in_order) {
  add_level();
  pp_table_settle(&table, PARENTS, START);
  pp_table_settle(&table, START, START + CHILDREN);
  is_settled();
}

/* The cost is that of the states, and not of their pairs. */
Test(exhaust_table, a_level_with_one_parent_is_put_into_order) {
  for (uint64_t i = 0; i < 200; i++)
    add(arrival(i, i * 11, PP_LINK(0, 199 - i, 0)), 0);
  pp_table_settle(&table, 0, 0);
  for (uint64_t i = 0; i < 200; i++) {
    has_at(arrival(i, i * 11, 0), 199 - i);
    cr_expect_eq(table.links[i], PP_LINK(0, i, 0));
  }
}

/* Two children to each parent, the second ones first. */
Test(exhaust_table, a_level_of_thousands_is_put_into_order) {
  enum { FAMILIES = 3000 };
  struct pp_table large;
  cr_assert(pp_table_open(&large, 1000000));
  size_t mapped = pp_pages_mapped();
  for (uint64_t i = 0; i < 3 * FAMILIES; i++) {
    uint64_t link = PP_LINK(i % FAMILIES, i < 2 * FAMILIES, 0);
    struct pp_arrival one = arrival(i, i, i < FAMILIES ? i : link);
    cr_assert(pp_table_add(&large, &one, 1, 0));
  }
  pp_table_settle(&large, 0, FAMILIES);
  for (uint64_t i = 0; i < 2 * FAMILIES; i++) {
    cr_assert_eq(large.links[FAMILIES + i], PP_LINK(i / 2, i % 2, 0));
    cr_assert_eq(large.keys[FAMILIES + i].word[0],
                 i / 2 + (i % 2 == 0 ? 2 * FAMILIES : FAMILIES));
  }
  cr_expect_eq(pp_pages_mapped(), mapped);
  pp_table_close(&large);
}

/* ---- read from a file ---- */

Test(exhaust_table, states_are_found_again_by_their_keys) {
  for (uint64_t i = 0; i < 300; i++) {
    struct pp_arrival one = arrival(i, 0, 300 - i);
    one.hash = pp_key_hash(&one.key);
    table.keys[i] = one.key;
    table.saved_links[i] = one.link;
  }
  atomic_store(table.count, 300);
  memset(table.slot_pages, 0xff, SLOTS * sizeof(uint32_t));
  pp_table_index(&table);
  for (int twice = 0; twice < 2; twice++) {
    for (uint64_t i = 0; i < 300; i++) {
      struct pp_arrival one = arrival(i, 0, 0);
      one.hash = pp_key_hash(&one.key);
      has_at(one, twice == 0 ? i : 299 - i);
    }
    pp_table_settle(&table, 0, 0); /* and can be moved */
  }
  struct pp_arrival more = arrival(300, 0, 1);
  more.hash = pp_key_hash(&more.key);
  cr_expect_not(pp_table_has(&table, &more, 301));
  cr_expect(add(more, 0));
  has_at(more, 300);
}

/* ---- memory ---- */

Test(exhaust_table, a_table_has_room_by_its_memory) {
  static const struct {
    uint64_t memory, slots, capacity;
  } rooms[] = {
      {0, 0, 0},
      {4000, 0, 0},
      {4096, 0, 0},
      {13311, 0, 0},
      {13312, 1024, 256},
      {13347, 1024, 256},
      {13348, 1024, 257},
      {33435, 1024, 814},
      {33436, 1024, 815},
      {33472, 1024, 816},
      {40000, 1024, 816},
      {52399, 1024, 816},
      {52400, 2048, 1228},
      {1000000, 32768, 24136},
      {100000000, 2097152, 1677720},
  };
  for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
    struct pp_table one;
    memset(&one, 0xff, sizeof one);
    bool opened = pp_table_open(&one, rooms[i].memory);
    cr_expect_eq(opened, rooms[i].slots != 0, "%zu", i);
    cr_expect_eq(one.slot_count, rooms[i].slots, "%zu: %zu", i,
                 (size_t)one.slot_count);
    cr_expect_eq(one.capacity, rooms[i].capacity, "%zu: %zu", i,
                 (size_t)one.capacity);
    pp_table_close(&one);
  }
}

Test(exhaust_table, a_table_that_is_closed_leaves_nothing) {
  size_t mapped = pp_pages_mapped();
  struct pp_table one;
  cr_assert(pp_table_open(&one, 1000000));
  cr_expect_gt(pp_pages_mapped(), mapped);
  pp_table_close(&one);
  cr_expect_eq(pp_pages_mapped(), mapped);
}

/* A page of slots is touched by each state while they are few. */
Test(exhaust_table, memory_is_what_was_touched) {
  enum { STATE = 28, LEVEL = 8, PAGE = 4096 };
  struct pp_table one;
  cr_assert(pp_table_open(&one, 1000000));
  cr_expect_eq(pp_table_memory(&one, 0), 0);
  atomic_store(one.count, 1);
  cr_expect_eq(pp_table_memory(&one, 1), PAGE + STATE + LEVEL);
  atomic_store(one.count, 31);
  cr_expect_eq(pp_table_memory(&one, 3), 31 * (PAGE + STATE) + 3 * LEVEL);
  atomic_store(one.count, 33);
  cr_expect_eq(pp_table_memory(&one, 3), 32 * PAGE + 33 * STATE + 3 * LEVEL);
  pp_table_close(&one);
}
