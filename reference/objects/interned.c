/* Interned strings: of all that are equal, the one that was there first
 * (SPEC.md, INTERN). The table is open, probed slot by slot, half full at
 * most. In CPython it is a dict; where that grows depends on all that was
 * interned before, so ours has room from the start, and when it grows is
 * nobody's business but ours. */
#include "reference/objects/interned.h"

#include "reference/objects/hash.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"

enum { CAPACITY_MIN = 1 << 12 };

static_assert((CAPACITY_MIN & (CAPACITY_MIN - 1)) == 0, "slots by a mask");
static_assert(CAPACITY_MIN > 2 * (PP_CHARACTERS + 1), "room from the start");

#define MIX UINT64_C(0x100000001b3)
#define MIX_BASIS UINT64_C(0xcbf29ce484222325)

/* Where the search for a text begins. */
static size_t home_of(const struct pp_interpreter *interpreter,
                      const struct pp_object *string) {
  uint64_t mixed = MIX_BASIS;
  size_t length = pp_str_length(interpreter, string);
  for (size_t i = 0; i < length; i++)
    mixed = (mixed ^ pp_str_point(interpreter, string, i)) * MIX;
  size_t home = mixed & (interpreter->interned.capacity - 1);
  PP_ENSURE(interpreter->witness, INTERN_02,
            home < interpreter->interned.capacity);
  return home;
}

static size_t after(const struct pp_interned *table, size_t slot) {
  return (slot + 1) & (table->capacity - 1);
}

/* The slot of an equal string, or the one that it would get. */
static size_t find(const struct pp_interpreter *interpreter,
                   const struct pp_object *string) {
  const struct pp_interned *table = &interpreter->interned;
  size_t slot = home_of(interpreter, string);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, INTERN_02, table->slots != NULL);
  PP_REQUIRE(witness, INTERN_02, table->count < table->capacity);
  for (size_t steps = 0; table->slots[slot] != NULL; steps++) {
    PP_ENSURE(witness, INTERN_02, steps <= table->count);
    if (pp_str_equal(interpreter, table->slots[slot], string)) break;
    slot = after(table, slot);
  }
  return slot;
}

/* ---- room ---- */

static bool make_room(struct pp_interpreter *interpreter, size_t capacity) {
  const struct pp_system_source *mem = interpreter->options.mem;
  struct pp_interned *table = &interpreter->interned;
  struct pp_witness *witness = interpreter->witness;
  struct pp_interned old = *table;
  PP_REQUIRE(witness, INTERN_02, (capacity & (capacity - 1)) == 0);
  PP_REQUIRE(witness, INTERN_02, capacity >= CAPACITY_MIN);
  PP_REQUIRE(witness, INTERN_02, capacity > 2 * table->count);
  struct pp_object **slots = mem->calloc(mem->ctx, capacity, sizeof slots[0]);
  if (slots == NULL) return false;
  table->slots = slots;
  table->capacity = capacity;
  for (size_t i = 0; i < old.capacity; i++) {
    if (old.slots[i] == NULL) continue;
    size_t slot = find(interpreter, old.slots[i]);
    PP_ENSURE(witness, INTERN_02, slots[slot] == NULL);
    slots[slot] = old.slots[i];
  }
  if (old.slots != NULL) mem->free(mem->ctx, old.slots);
  return true;
}

static bool insert(struct pp_interpreter *interpreter,
                   struct pp_object *string) {
  struct pp_interned *table = &interpreter->interned;
  if (table->count >= table->capacity - table->capacity / 2) {
    if (!make_room(interpreter, 2 * table->capacity)) return false;
  }
  size_t slot = find(interpreter, string);
  PP_ENSURE(interpreter->witness, INTERN_02, table->slots[slot] == NULL);
  table->slots[slot] = string;
  table->count++;
  PP_ENSURE(interpreter->witness, INTERN_02, find(interpreter, string) == slot);
  PP_ENSURE(interpreter->witness, INTERN_02,
            table->count <= table->capacity - table->capacity / 2);
  return true;
}

/* ---- interning ---- */

/* How it is interned once it is in the table. */
static enum pp_interned_state
state_for(const struct pp_interpreter *interpreter,
          const struct pp_object *string) {
  bool undying = interpreter->rules->immortality == PP_IMMORTAL_HALF;
  PP_REQUIRE(interpreter->witness, INTERN_01,
             pp_str_interned(interpreter, string) == PP_NOT_INTERNED);
  if (pp_is_static(interpreter, string))
    return undying ? PP_INTERNED_STATIC : PP_INTERNED_MORTAL;
  if (interpreter->rules->interned_immortal) return PP_INTERNED_IMMORTAL;
  return PP_INTERNED_MORTAL;
}

static struct pp_object *instead(struct pp_interpreter *interpreter,
                                 struct pp_object *string,
                                 struct pp_object *known) {
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, INTERN_07, known != string);
  PP_ENSURE(witness, INTERN_01,
            pp_str_interned(interpreter, known) != PP_NOT_INTERNED);
  PP_ENSURE(witness, INTERN_07, pp_str_equal(interpreter, known, string));
  PP_ENSURE(witness, HASH_05,
            pp_field_read(interpreter, known, PP_FIELD_STR_HASH) ==
                pp_field_read(interpreter, string, PP_FIELD_STR_HASH));
  pp_incref(interpreter, known);
  pp_decref(interpreter, string);
  return known;
}

/* Whoever looks a str up leaves its hash in it. */
static void compute_hash(struct pp_interpreter *interpreter,
                         struct pp_object *string) {
  int64_t hash;
  bool hashed = pp_object_hash(interpreter, string, &hash);
  PP_ENSURE(interpreter->witness, HASH_03, hashed);
  PP_ENSURE(interpreter->witness, HASH_03,
            pp_field_read(interpreter, string, PP_FIELD_STR_HASH) ==
                (uint64_t)hash);
}

static struct pp_object *intern(struct pp_interpreter *interpreter,
                                struct pp_object *string) {
  struct pp_interned *table = &interpreter->interned;
  if (pp_str_interned(interpreter, string) != PP_NOT_INTERNED) return string;
  compute_hash(interpreter, string);
  struct pp_object *known = table->slots[find(interpreter, string)];
  if (known != NULL) return instead(interpreter, string, known);
  uint64_t count = pp_word_read(string->bytes);
  if (!insert(interpreter, string)) return string; /* not interned, then */
  pp_str_set_interned(interpreter, string, state_for(interpreter, string));
  if (interpreter->rules->interned_immortal) {
    pp_field_write(interpreter, string, PP_FIELD_OBJECT_REFCOUNT,
                   PP_IMMORTAL_COUNT);
  } else {
    PP_ENSURE(interpreter->witness, INTERN_03,
              pp_word_read(string->bytes) == count);
  }
  return string;
}

/* No equal string on the way from where its search begins. */
static enum pp_clause check_slot(const struct pp_interpreter *interpreter,
                                 size_t slot) {
  const struct pp_interned *table = &interpreter->interned;
  const struct pp_object *string = table->slots[slot];
  size_t way = home_of(interpreter, string);
  for (; way != slot; way = after(table, way)) {
    PP_FACT(interpreter->witness, INTERN_02, table->slots[way] != NULL);
    PP_FACT(interpreter->witness, INTERN_02,
            !pp_str_equal(interpreter, table->slots[way], string));
  }
  return PP_HOLDS;
}

struct pp_object *pp_intern(struct pp_interpreter *interpreter,
                            struct pp_object *string) {
  struct pp_witness *witness = interpreter->witness;
  if (!pp_is(interpreter, string, PP_TYPE_STR)) return string;
  struct pp_object *answer = intern(interpreter, string);
  size_t slot = find(interpreter, answer);
  struct pp_object *known = interpreter->interned.slots[slot];
  if (known != NULL) {
    PP_ENSURE(witness, INTERN_07, known == answer);
    PP_CHECK(PP_MARK_OBJECT, witness, check_slot(interpreter, slot));
  }
  pp_object_touched(interpreter, answer);
  return answer;
}

bool pp_intern_static(struct pp_interpreter *interpreter,
                      struct pp_object *string) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, INTERN_01, pp_is_static(interpreter, string));
  PP_REQUIRE(witness, REF_05, pp_word_read(string->bytes) == PP_IMMORTAL_COUNT);
  if (!insert(interpreter, string)) return false;
  compute_hash(interpreter, string);
  pp_str_set_interned(interpreter, string, PP_INTERNED_STATIC);
  return true;
}

/* A slot that was emptied would end the searches that passed it: what follows
 * moves up, unless it stands between its home and the gap. */
void pp_interned_remove(struct pp_interpreter *interpreter,
                        struct pp_object *string) {
  struct pp_interned *table = &interpreter->interned;
  struct pp_witness *witness = interpreter->witness;
  size_t mask = table->capacity - 1;
  size_t gap = find(interpreter, string);
  PP_REQUIRE(witness, INTERN_02, table->slots[gap] == string);
  PP_REQUIRE(witness, INTERN_05, table->count > 0);
  table->slots[gap] = NULL;
  table->count--;
  for (size_t slot = after(table, gap); table->slots[slot] != NULL;
       slot = after(table, slot)) {
    size_t home = home_of(interpreter, table->slots[slot]);
    if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
    table->slots[gap] = table->slots[slot];
    table->slots[slot] = NULL;
    gap = slot;
  }
  pp_str_set_interned(interpreter, string, PP_NOT_INTERNED);
  PP_ENSURE(witness, INTERN_02, table->slots[gap] == NULL);
  PP_ENSURE(witness, INTERN_05,
            table->slots[find(interpreter, string)] == NULL);
}

/* ---- beginning and end ---- */

bool pp_interned_begin(struct pp_interpreter *interpreter) {
  PP_REQUIRE(interpreter->witness, INTERN_02,
             interpreter->interned.slots == NULL);
  return make_room(interpreter, CAPACITY_MIN);
}

void pp_interned_end(struct pp_interpreter *interpreter) {
  const struct pp_system_source *mem = interpreter->options.mem;
  struct pp_interned *table = &interpreter->interned;
  size_t seen = 0;
  for (size_t i = 0; i < table->capacity; i++) {
    struct pp_object *string = table->slots[i];
    if (string == NULL) continue;
    seen++;
    if (pp_str_interned(interpreter, string) == PP_INTERNED_IMMORTAL)
      pp_object_free(interpreter, string);
  }
  PP_ENSURE(interpreter->witness, INTERN_02, seen == table->count);
  if (table->slots != NULL) mem->free(mem->ctx, table->slots);
  *table = (struct pp_interned){NULL, 0, 0};
}

/* ---- checks ---- */

enum pp_clause pp_interned_check_one(const struct pp_interpreter *interpreter,
                                     const struct pp_object *string) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object *known =
      interpreter->interned.slots[find(interpreter, string)];
  bool interned = pp_str_interned(interpreter, string) != PP_NOT_INTERNED;
  PP_FACT(witness, INTERN_01, interned == (known == string));
  bool is_static = pp_is_static(interpreter, string);
  if (is_static) {
    if (interpreter->rules->interned_at_start)
      PP_FACT(witness, INTERN_06, interned);
  }
  if (!interned) return PP_HOLDS;
  bool undying = interpreter->rules->immortality == PP_IMMORTAL_HALF;
  if (pp_str_interned(interpreter, string) == PP_INTERNED_STATIC)
    PP_FACT(witness, INTERN_01, is_static);
  if (pp_str_interned(interpreter, string) == PP_INTERNED_STATIC)
    PP_FACT(witness, INTERN_01, undying);
  if (pp_str_interned(interpreter, string) == PP_INTERNED_IMMORTAL)
    PP_FACT(witness, INTERN_01, interpreter->rules->interned_immortal);
  if (interpreter->rules->interned_immortal)
    PP_FACT(witness, INTERN_04,
            pp_word_read(string->bytes) == PP_IMMORTAL_COUNT);
  return PP_HOLDS;
}

enum pp_clause pp_interned_check(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_interned *table = &interpreter->interned;
  size_t seen = 0;
  PP_FACT(witness, INTERN_02, table->slots != NULL);
  PP_FACT(witness, INTERN_02, (table->capacity & (table->capacity - 1)) == 0);
  PP_FACT(witness, INTERN_02, table->count < table->capacity);
  for (size_t i = 0; i < table->capacity; i++) {
    const struct pp_object *string = table->slots[i];
    if (string == NULL) continue;
    seen++;
    PP_FACT(witness, INTERN_02, pp_type_known(string) == &pp_str_type);
    PP_PART(check_slot(interpreter, i));
    PP_PART(pp_interned_check_one(interpreter, string));
  }
  PP_FACT(witness, INTERN_02, seen == table->count);
  return PP_HOLDS;
}
