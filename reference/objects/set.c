/* set: an open table of keys and their hashes (SPEC.md, SET).
 *
 *   | ... | fill | used | mask | table | hash | finger | smalltable | weak |
 *                                 '-------------------->'
 *                                 '--> | key | hash | key | hash | ...
 *
 * fill counts the entries that are or were in use since the table was made;
 * a key that is gone leaves a dummy. */
#include "reference/objects/set.h"

#include "reference/objects/gc.h"
#include "reference/objects/hash.h"
#include "reference/objects/probe.h"
#include "reference/objects/set_table.h"
#include "reference/objects/trash.h"
#include "reference/objects/weakref.h"

enum {
  GROWTH = 4,     /* entries for each key */
  FULL_COUNT = 5, /* when fill * 5 >= mask * 3, it grows */
  FULL_MASK = 3
};

/* ---- fields ---- */

static void set_counts(const struct pp_interpreter *interpreter,
                       struct pp_object *set, size_t filled, size_t used) {
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, SET_01, used <= filled);
  PP_ENSURE(witness, SET_09, filled <= pp_set_mask(interpreter, set));
  pp_field_write(interpreter, set, PP_FIELD_SET_FILL, filled);
  pp_field_write(interpreter, set, PP_FIELD_SET_USED, used);
}

static void set_table(const struct pp_interpreter *interpreter,
                      struct pp_object *set, uint8_t *table, size_t size) {
  struct pp_witness *witness = interpreter->witness;
  bool fits = size == PP_SET_SMALLEST;
  PP_REQUIRE(witness, SET_02, (size & (size - 1)) == 0);
  PP_REQUIRE(witness, SET_02, size >= PP_SET_SMALLEST);
  pp_field_set_pointer(interpreter, set, PP_FIELD_SET_TABLE, table);
  pp_field_write(interpreter, set, PP_FIELD_SET_MASK, size - 1);
  memset(table, 0, size * PP_SET_ENTRY);
  PP_ENSURE(witness, SET_02, pp_set_is_small(interpreter, set) == fits);
}

/* ---- the way of a hash ---- */

static void look_behind(struct pp_set_way *way) {
  way->index = way->first;
  way->left = way->first + PP_SET_LINEAR <= way->mask ? PP_SET_LINEAR : 0;
}

struct pp_set_way pp_set_way_begin(struct pp_witness *witness, size_t mask,
                                   int64_t hash) {
  PP_REQUIRE(witness, SET_02, (mask & (mask + 1)) == 0);
  PP_REQUIRE(witness, HASH_01, hash != -1);
  struct pp_set_way way = {witness, mask, .perturb = (uint64_t)hash};
  way.first = (size_t)hash & mask;
  look_behind(&way);
  return way;
}

void pp_set_way_next(struct pp_set_way *way) {
  if (way->left > 0) {
    way->left--;
    way->index++;
    PP_ENSURE(way->witness, SET_03, way->index <= way->mask);
    return;
  }
  way->perturb >>= PP_PERTURB_SHIFT;
  way->first = (way->first * PP_PROBE_STEP + 1 + way->perturb) & way->mask;
  look_behind(way);
}

/* ---- to make one ---- */

struct pp_object *pp_set_new(struct pp_interpreter *interpreter) {
  struct pp_object *set = pp_object_new_collected(
      interpreter, pp_type_here(PP_TYPE_SET), PP_SET_SIZE);
  if (set == NULL) return NULL;
  PP_ENSURE(interpreter->witness, REF_01, pp_word_read(set->bytes) == 1);
  set_table(interpreter, set,
            pp_field_place(interpreter, set, PP_FIELD_SET_SMALLTABLE),
            PP_SET_SMALLEST);
  set_counts(interpreter, set, 0, 0);
  pp_field_write(interpreter, set, PP_FIELD_SET_HASH, UINT64_MAX);
  pp_field_write(interpreter, set, PP_FIELD_SET_FINGER, 0);
  pp_field_set_pointer(interpreter, set, PP_FIELD_SET_WEAKREFS, NULL);
  PP_ENSURE(interpreter->witness, SET_02, pp_set_is_small(interpreter, set));
  PP_ENSURE(interpreter->witness, SET_01, pp_set_length(interpreter, set) == 0);
  pp_gc_track(interpreter, set);
  PP_ENSURE(interpreter->witness, SET_10, pp_gc_is_tracked(interpreter, set));
  pp_object_touched(interpreter, set);
  return set;
}

/* ---- to find a key ---- */

/* Where a key is, or else where it would go: to the last dummy on its way, if
 * the profile uses them again, or to its end. */
struct place {
  bool found, again;
  size_t index;
};

static struct place find(struct pp_interpreter *interpreter,
                         const struct pp_object *set,
                         const struct pp_object *key, int64_t hash) {
  struct place place = {false, false, 0};
  struct pp_witness *witness = interpreter->witness;
  size_t mask = pp_set_mask(interpreter, set);
  struct pp_set_way way = pp_set_way_begin(witness, mask, hash);
  for (;; pp_set_way_next(&way)) {
    struct pp_member member = pp_set_member(interpreter, set, way.index);
    if (member.key == NULL) {
      PP_REQUIRE(witness, SET_07, member.hash == 0);
      if (!place.again) place.index = way.index;
      return place;
    }
    if (pp_is_dummy(interpreter, member.key)) {
      PP_REQUIRE(witness, SET_06, member.hash == -1);
      if (!interpreter->rules->set_uses_dummies) continue;
      place.again = true;
      place.index = way.index;
      continue;
    }
    PP_REQUIRE(witness, REF_01, pp_word_read(member.key->bytes) > 0);
    if (member.key == key) PP_ENSURE(witness, SET_08, member.hash == hash);
    if (member.hash != hash) continue;
    if (!pp_object_equal(interpreter, member.key, key)) continue;
    return (struct place){true, false, way.index};
  }
}

/* ---- to grow ---- */

/* The fewest entries that are more than so many. */
static size_t size_over(size_t wanted) {
  size_t size = PP_SET_SMALLEST;
  while (size <= wanted)
    size *= 2;
  return size;
}

/* To the first free entry on its way, in a table without dummies. */
static void insert_clean(const struct pp_interpreter *interpreter,
                         uint8_t *table, size_t mask, struct pp_member member) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_set_way way = pp_set_way_begin(witness, mask, member.hash);
  while (pp_member_read(table, way.index).key != NULL)
    pp_set_way_next(&way);
  PP_ENSURE(witness, SET_03, way.index <= mask);
  pp_member_write(interpreter, table, way.index, member);
}

static void rehash(const struct pp_interpreter *interpreter, uint8_t *to,
                   size_t mask, const uint8_t *from, size_t entries,
                   size_t used) {
  size_t moved = 0;
  PP_REQUIRE(interpreter->witness, SET_09, used <= mask);
  for (size_t i = 0; i < entries; i++) {
    struct pp_member member = pp_member_read(from, i);
    if (!pp_member_is_key(interpreter, member)) continue;
    insert_clean(interpreter, to, mask, member);
    moved++;
  }
  PP_ENSURE(interpreter->witness, SET_01, moved == used);
}

/* Into a table of more than so many entries. False: as before. */
static bool resize(struct pp_interpreter *interpreter, struct pp_object *set,
                   size_t wanted) {
  uint8_t *former = pp_set_table(interpreter, set);
  size_t entries = pp_set_mask(interpreter, set) + 1;
  size_t used = pp_set_length(interpreter, set);
  size_t size = size_over(wanted);
  bool was_small = pp_set_is_small(interpreter, set);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, SET_02, (entries == PP_SET_SMALLEST) == was_small);
  PP_REQUIRE(witness, SET_09, used < size);
  uint8_t small[PP_SET_SMALLEST * PP_SET_ENTRY];
  uint8_t *table = pp_field_place(interpreter, set, PP_FIELD_SET_SMALLTABLE);
  if (was_small) {
    memcpy(small, former, sizeof small);
    former = small;
  }
  if (size > PP_SET_SMALLEST)
    table = pp_family_malloc(pp_mem(interpreter), size * PP_SET_ENTRY);
  if (table == NULL) return false;
  set_table(interpreter, set, table, size);
  rehash(interpreter, table, size - 1, former, entries, used);
  set_counts(interpreter, set, used, used);
  if (!was_small) pp_family_free(pp_mem(interpreter), former);
  return true;
}

/* Three fifths of the table are or were in use, or would be. */
static bool is_full(const struct pp_interpreter *interpreter,
                    const struct pp_object *set, size_t more) {
  size_t filled = pp_set_fill(interpreter, set) + more;
  return filled * FULL_COUNT >= pp_set_mask(interpreter, set) * FULL_MASK;
}

static bool grow(struct pp_interpreter *interpreter, struct pp_object *set) {
  size_t used = pp_set_length(interpreter, set);
  if (!resize(interpreter, set, used > PP_SET_LARGE ? used * 2 : used * GROWTH))
    return false;
  size_t size = pp_set_mask(interpreter, set) + 1;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, SET_04, size > used * 2);
  if (size > PP_SET_SMALLEST)
    PP_ENSURE(witness, SET_04, size / 2 <= used * GROWTH);
  if (used <= PP_SET_LARGE) PP_ENSURE(witness, SET_04, size > used * GROWTH);
  PP_ENSURE(witness, SET_01, pp_set_length(interpreter, set) == used);
  PP_ENSURE(witness, SET_01, pp_set_fill(interpreter, set) == used);
  return true;
}

/* ---- in and out ---- */

bool pp_set_add(struct pp_interpreter *interpreter, struct pp_object *set,
                struct pp_object *key) {
  struct pp_member member = {.key = key};
  if (!pp_object_hash(interpreter, key, &member.hash)) return false;
  struct place place = find(interpreter, set, key, member.hash);
  size_t filled = pp_set_fill(interpreter, set);
  size_t used = pp_set_length(interpreter, set);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, SET_09, filled <= pp_set_mask(interpreter, set));
  if (place.again) PP_REQUIRE(witness, SET_01, used < filled);
  if (place.found) return true;
  /* Were the last entry used that was not, no search would end. */
  if (filled == pp_set_mask(interpreter, set)) return false;
  pp_member_write(interpreter, pp_set_table(interpreter, set), place.index,
                  member);
  pp_incref(interpreter, key);
  set_counts(interpreter, set, place.again ? filled : filled + 1, used + 1);
  /* If it cannot grow, the key stays in it. */
  bool grown = true;
  if (!place.again && is_full(interpreter, set, 0))
    grown = grow(interpreter, set);
  if (grown && !place.again)
    PP_ENSURE(witness, SET_09, !is_full(interpreter, set, 0));
  PP_ENSURE(witness, SET_01, pp_set_length(interpreter, set) == used + 1);
  pp_object_touched(interpreter, set);
  return grown;
}

bool pp_set_discard(struct pp_interpreter *interpreter, struct pp_object *set,
                    struct pp_object *key) {
  int64_t hash;
  if (!pp_object_hash(interpreter, key, &hash)) return false;
  struct place place = find(interpreter, set, key, hash);
  if (!place.found) return false;
  struct pp_member member = pp_set_member(interpreter, set, place.index);
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, SET_08, member.hash == hash);
  PP_ENSURE(witness, SET_06, !pp_is_dummy(interpreter, member.key));
  PP_REQUIRE(witness, SET_01, pp_set_length(interpreter, set) > 0);
  pp_member_write(interpreter, pp_set_table(interpreter, set), place.index,
                  (struct pp_member){pp_set_dummy(interpreter), -1});
  set_counts(interpreter, set, pp_set_fill(interpreter, set),
             pp_set_length(interpreter, set) - 1);
  pp_object_touched(interpreter, set);
  pp_decref(interpreter, member.key);
  return true;
}

/* ---- one into another ---- */

/* Room for the keys of both at once. False: as before. */
static bool grow_for(struct pp_interpreter *interpreter, struct pp_object *set,
                     size_t more) {
  size_t both = pp_set_length(interpreter, set) + more;
  if (!is_full(interpreter, set, more)) return true;
  if (!resize(interpreter, set, both * 2)) return false;
  size_t size = pp_set_mask(interpreter, set) + 1;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, SET_05, size > both * 2);
  if (size > PP_SET_SMALLEST) PP_ENSURE(witness, SET_05, size / 2 <= both * 2);
  PP_ENSURE(witness, SET_09, !is_full(interpreter, set, more));
  return true;
}

/* Into a set that was never filled: to the same places, where it has no more
 * of them and none is a dummy's; else to the first that is free. */
static void copy(struct pp_interpreter *interpreter, struct pp_object *set,
                 const struct pp_object *other) {
  size_t mask = pp_set_mask(interpreter, set);
  size_t used = pp_set_length(interpreter, other);
  uint8_t *table = pp_set_table(interpreter, set);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, SET_01, pp_set_length(interpreter, set) == 0);
  PP_REQUIRE(witness, SET_09, used <= mask);
  size_t copied = 0;
  bool same = mask == pp_set_mask(interpreter, other) &&
              pp_set_fill(interpreter, other) == used;
  for (size_t i = 0; i <= pp_set_mask(interpreter, other); i++) {
    struct pp_member member = pp_set_member(interpreter, other, i);
    if (!pp_member_is_key(interpreter, member)) continue;
    pp_incref(interpreter, member.key);
    copied++;
    if (same)
      pp_member_write(interpreter, table, i, member);
    else
      insert_clean(interpreter, table, mask, member);
  }
  PP_ENSURE(witness, SET_01, copied == used);
  set_counts(interpreter, set, used, used);
}

bool pp_set_update(struct pp_interpreter *interpreter, struct pp_object *set,
                   struct pp_object *other) {
  if (!pp_is(interpreter, other, PP_TYPE_SET)) return false;
  size_t more = pp_set_length(interpreter, other);
  if (set == other || more == 0) return true;
  if (!grow_for(interpreter, set, more)) return false;
  size_t mask = pp_set_mask(interpreter, set);
  struct pp_witness *witness = interpreter->witness;
  if (pp_set_fill(interpreter, set) == 0) {
    copy(interpreter, set, other);
    PP_ENSURE(witness, SET_01, pp_set_length(interpreter, set) == more);
    pp_object_touched(interpreter, set);
    return true;
  }
  for (size_t i = 0; i <= pp_set_mask(interpreter, other); i++) {
    struct pp_member member = pp_set_member(interpreter, other, i);
    if (!pp_member_is_key(interpreter, member)) continue;
    bool added = pp_set_add(interpreter, set, member.key);
    PP_ENSURE(witness, SET_05, added);
  }
  PP_ENSURE(witness, SET_05, pp_set_mask(interpreter, set) == mask);
  PP_ENSURE(witness, SET_01, pp_set_length(interpreter, set) >= more);
  return true;
}

/* ---- its end ---- */

static void let_go(struct pp_interpreter *interpreter, const uint8_t *table,
                   size_t entries) {
  for (size_t i = 0; i < entries; i++) {
    struct pp_member member = pp_member_read(table, i);
    if (pp_member_is_key(interpreter, member))
      pp_decref(interpreter, member.key);
  }
}

/* The table is taken from the set before its keys are let go of. */
static void drop(struct pp_interpreter *interpreter, struct pp_object *set) {
  uint8_t *table = pp_set_table(interpreter, set);
  size_t entries = pp_set_mask(interpreter, set) + 1;
  bool was_small = pp_set_is_small(interpreter, set);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, SET_02, (entries == PP_SET_SMALLEST) == was_small);
  PP_REQUIRE(witness, SET_09, pp_set_fill(interpreter, set) < entries);
  uint8_t small[PP_SET_SMALLEST * PP_SET_ENTRY];
  if (was_small) {
    memcpy(small, table, sizeof small);
    table = small;
  }
  set_table(interpreter, set,
            pp_field_place(interpreter, set, PP_FIELD_SET_SMALLTABLE),
            PP_SET_SMALLEST);
  set_counts(interpreter, set, 0, 0);
  pp_field_write(interpreter, set, PP_FIELD_SET_HASH, UINT64_MAX);
  PP_ENSURE(witness, SET_02, pp_set_is_small(interpreter, set));
  let_go(interpreter, table, entries);
  if (!was_small) pp_family_free(pp_mem(interpreter), table);
}

void pp_set_clear(struct pp_interpreter *interpreter, struct pp_object *set) {
  drop(interpreter, set);
  pp_object_touched(interpreter, set);
}

void pp_set_dealloc(struct pp_interpreter *interpreter, struct pp_object *set) {
  PP_REQUIRE(interpreter->witness, REF_06, pp_word_read(set->bytes) == 0);
  pp_gc_untrack(interpreter, set);
  PP_ENSURE(interpreter->witness, GC_01, !pp_gc_is_tracked(interpreter, set));
  if (!pp_trash_begin(interpreter, set)) return;
  pp_weakrefs_of_dying(interpreter, set);
  drop(interpreter, set);
  PP_ENSURE(interpreter->witness, REF_06, pp_word_read(set->bytes) == 0);
  PP_ENSURE(interpreter->witness, SET_01, pp_set_length(interpreter, set) == 0);
  pp_object_free(interpreter, set);
  pp_trash_end(interpreter);
}
