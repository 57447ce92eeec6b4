/* The table of a set as memory: its place, its entries, and what the set says
 * of it (SPEC.md, SET). */
#ifndef REFERENCE_OBJECTS_SET_TABLE_H
#define REFERENCE_OBJECTS_SET_TABLE_H

#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/set.h"

enum { PP_SET_WORDS = 7 /* of a set, beside its small table */ };
static_assert(PP_SET_ENTRY == 2 * PP_WORD_SIZE, "key, hash");
static_assert((PP_SET_SMALLEST & (PP_SET_SMALLEST - 1)) == 0, "SET-02");
static_assert(PP_SET_SIZE == PP_OBJECT_SIZE + PP_SET_WORDS * PP_WORD_SIZE +
                                 PP_SET_SMALLEST * PP_SET_ENTRY,
              "seven words and the small table");
static_assert(PP_SET_LINEAR >= PP_SET_SMALLEST,
              "in the small table no entries behind the first come next");

static inline size_t pp_set_length(const struct pp_interpreter *interpreter,
                                   const struct pp_object *set) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, set, PP_TYPE_SET));
  return pp_field_read(interpreter, set, PP_FIELD_SET_USED);
}

static inline size_t pp_set_fill(const struct pp_interpreter *interpreter,
                                 const struct pp_object *set) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, set, PP_TYPE_SET));
  return pp_field_read(interpreter, set, PP_FIELD_SET_FILL);
}

static inline size_t pp_set_mask(const struct pp_interpreter *interpreter,
                                 const struct pp_object *set) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, set, PP_TYPE_SET));
  return pp_field_read(interpreter, set, PP_FIELD_SET_MASK);
}

static inline uint8_t *pp_set_table(const struct pp_interpreter *interpreter,
                                    const struct pp_object *set) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, set, PP_TYPE_SET));
  return pp_field_pointer(interpreter, set, PP_FIELD_SET_TABLE);
}

static inline bool pp_set_is_small(const struct pp_interpreter *interpreter,
                                   const struct pp_object *set) {
  return pp_set_table(interpreter, set) ==
         pp_field_at(interpreter, set, PP_FIELD_SET_SMALLTABLE);
}

/* ---- entries ---- */

static inline struct pp_object *
pp_set_dummy(const struct pp_interpreter *interpreter) {
  return (struct pp_object *)(uintptr_t)interpreter->sets.dummy;
}

static inline bool pp_is_dummy(const struct pp_interpreter *interpreter,
                               const struct pp_object *key) {
  return key == pp_set_dummy(interpreter);
}

static inline struct pp_member pp_member_read(const uint8_t *table,
                                              size_t index) {
  const uint8_t *at = table + index * PP_SET_ENTRY;
  return (struct pp_member){pp_pointer_read(at),
                            (int64_t)pp_word_read(at + PP_WORD_SIZE)};
}

static inline void pp_member_write(const struct pp_interpreter *interpreter,
                                   uint8_t *table, size_t index,
                                   struct pp_member member) {
  uint8_t *at = table + index * PP_SET_ENTRY;
  bool gone = pp_is_dummy(interpreter, member.key);
  PP_REQUIRE(interpreter->witness, SET_07, member.key != NULL);
  PP_REQUIRE(interpreter->witness, SET_06, gone == (member.hash == -1));
  pp_pointer_write(at, member.key);
  pp_word_write(at + PP_WORD_SIZE, (uint64_t)member.hash);
}

static inline struct pp_member
pp_set_member(const struct pp_interpreter *interpreter,
              const struct pp_object *set, size_t index) {
  struct pp_witness *witness = interpreter->witness;
  const uint8_t *table = pp_set_table(interpreter, set);
  PP_REQUIRE(witness, SET_02, table != NULL);
  PP_REQUIRE(witness, SET_02, index <= pp_set_mask(interpreter, set));
  return pp_member_read(table, index);
}

/* Whether it is neither a dummy nor an entry that was never used. */
static inline bool pp_member_is_key(const struct pp_interpreter *interpreter,
                                    struct pp_member member) {
  if (member.key == NULL) return false;
  if (pp_is_dummy(interpreter, member.key)) return false;
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(member.key->bytes) > 0);
  return true;
}

#endif
