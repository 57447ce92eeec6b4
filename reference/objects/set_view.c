/* A set as it is seen: by the collector, by who shows memory, and by its
 * predicate (SPEC.md, SET). */
#include "reference/objects/hash.h"
#include "reference/objects/probe.h"
#include "reference/objects/set_table.h"

static size_t table_size(const struct pp_interpreter *interpreter,
                         const struct pp_object *set) {
  size_t mask = pp_set_mask(interpreter, set);
  PP_REQUIRE(interpreter->witness, SET_02, mask < PTRDIFF_MAX / PP_SET_ENTRY);
  return (mask + 1) * PP_SET_ENTRY;
}

static size_t size_with_table(const struct pp_interpreter *interpreter,
                              const struct pp_object *set) {
  if (pp_set_is_small(interpreter, set)) return PP_SET_SIZE;
  return PP_SET_SIZE + table_size(interpreter, set);
}

static void traverse(const struct pp_interpreter *interpreter,
                     const struct pp_object *set, pp_visit *visit, void *ctx) {
  size_t mask = pp_set_mask(interpreter, set);
  for (size_t i = 0; i <= mask; i++) {
    struct pp_member member = pp_set_member(interpreter, set, i);
    if (!pp_member_is_key(interpreter, member)) continue;
    if (!visit(ctx, member.key)) return;
  }
}

/* ---- pieces and fields ---- */

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *set, unsigned index,
                  struct pp_piece_info *shown) {
  if (index != 1) return false;
  if (pp_set_is_small(interpreter, set)) return false;
  size_t size = table_size(interpreter, set);
  PP_REQUIRE(interpreter->witness, SET_02,
             size > PP_SET_SMALLEST * PP_SET_ENTRY);
  *shown = (struct pp_piece_info){pp_field_texts[PP_FIELD_SET_TABLE].name,
                                  pp_set_table(interpreter, set), size, false};
  return true;
}

/* Key and hash of each entry of a table that begins at an offset; keys are of
 * one shape. */
static bool member_field(size_t entries, int offset, enum pp_field_shape key,
                         unsigned index, struct pp_field_info *shown) {
  bool is_hash = index % 2 != 0;
  if (index / 2 >= entries) return false;
  *shown = (struct pp_field_info){
      is_hash ? "hash" : "key", is_hash ? PP_SHAPE_HASH : key,
      offset + (int)index * PP_WORD_SIZE, PP_WORD_SIZE};
  return true;
}

/* Of the table within the set: when it was outgrown, its entries are left as
 * they were, whatever became of the keys. */
static bool small_field(const struct pp_interpreter *interpreter,
                        const struct pp_object *set, unsigned index,
                        struct pp_field_info *shown) {
  bool in_use = pp_set_is_small(interpreter, set);
  return member_field(PP_SET_SMALLEST,
                      interpreter->rules->offsets[PP_FIELD_SET_SMALLTABLE],
                      in_use ? PP_SHAPE_OBJECT : PP_SHAPE_STALE, index, shown);
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *set, unsigned piece_index,
                  unsigned index, struct pp_field_info *shown) {
  static const enum pp_field fields[] = {
      PP_FIELD_SET_FILL,  PP_FIELD_SET_USED, PP_FIELD_SET_MASK,
      PP_FIELD_SET_TABLE, PP_FIELD_SET_HASH, PP_FIELD_SET_FINGER};
  static const enum pp_field last[] = {PP_FIELD_SET_WEAKREFS};
  struct pp_piece_info table;
  if (piece_index > 0) {
    if (!piece(interpreter, set, piece_index, &table)) return false;
    return member_field(table.size / PP_SET_ENTRY, 0, PP_SHAPE_OBJECT, index,
                        shown);
  }
  if (pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                     &index, 0, shown))
    return true;
  if (small_field(interpreter, set, index, shown)) return true;
  PP_REQUIRE(interpreter->witness, OBJ_03, index >= 2 * PP_SET_SMALLEST);
  index -= 2 * PP_SET_SMALLEST;
  return pp_fields_show(interpreter, last, 1, &index, 0, shown);
}

/* ---- the predicate ---- */

/* The entry is on the way of its hash. */
static bool is_reached(const struct pp_interpreter *interpreter,
                       const struct pp_object *set, int64_t hash,
                       size_t index) {
  struct pp_witness *witness = interpreter->witness;
  size_t mask = pp_set_mask(interpreter, set);
  PP_REQUIRE(witness, SET_02, index <= mask);
  struct pp_set_way way = pp_set_way_begin(witness, mask, hash);
  /* Every index can be a first, when no bit of the hash is left. */
  size_t steps = (mask + 1 + PP_PROBE_MIXED) * (PP_SET_LINEAR + 1);
  for (; steps > 0; steps--) {
    PP_REQUIRE(witness, SET_03, way.index <= mask);
    if (way.index == index) return true;
    if (pp_set_member(interpreter, set, way.index).key == NULL) return false;
    pp_set_way_next(&way);
  }
  return false;
}

static enum pp_clause check_member(const struct pp_interpreter *interpreter,
                                   const struct pp_object *set, size_t index) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_member member = pp_set_member(interpreter, set, index);
  int64_t hash;
  if (member.key == NULL) {
    PP_FACT(witness, SET_07, member.hash == 0);
    return PP_HOLDS;
  }
  if (pp_is_dummy(interpreter, member.key)) {
    PP_FACT(witness, SET_06, member.hash == -1);
    return PP_HOLDS;
  }
  PP_FACT(witness, OBJ_01, pp_type_known(member.key) != NULL);
  PP_FACT(witness, REF_01, pp_word_read(member.key->bytes) > 0);
  PP_FACT(witness, HASH_01, member.hash != -1);
  bool hashed = pp_object_hash_anew(interpreter, member.key, &hash);
  PP_FACT(witness, SET_08, hashed);
  PP_FACT(witness, SET_08, member.hash == hash);
  PP_FACT(witness, SET_03, is_reached(interpreter, set, member.hash, index));
  return PP_HOLDS;
}

static enum pp_clause check_counts(const struct pp_interpreter *interpreter,
                                   const struct pp_object *set) {
  struct pp_witness *witness = interpreter->witness;
  size_t mask = pp_set_mask(interpreter, set);
  size_t live = 0, gone = 0;
  for (size_t i = 0; i <= mask; i++) {
    struct pp_member member = pp_set_member(interpreter, set, i);
    if (member.key == NULL) continue;
    if (pp_is_dummy(interpreter, member.key))
      gone++;
    else
      live++;
  }
  PP_FACT(witness, SET_01, live == pp_set_length(interpreter, set));
  PP_FACT(witness, SET_01, live + gone == pp_set_fill(interpreter, set));
  /* Or a search for what is not there would have no end. */
  PP_FACT(witness, SET_09, live + gone <= mask);
  return PP_HOLDS;
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *set) {
  size_t mask = pp_set_mask(interpreter, set);
  PP_FACT(interpreter->witness, SET_02, (mask & (mask + 1)) == 0);
  PP_FACT(interpreter->witness, SET_02, mask + 1 >= PP_SET_SMALLEST);
  PP_FACT(interpreter->witness, SET_02, pp_set_table(interpreter, set) != NULL);
  PP_FACT(interpreter->witness, SET_02,
          (mask + 1 == PP_SET_SMALLEST) == pp_set_is_small(interpreter, set));
  PP_FACT(interpreter->witness, SET_01,
          pp_set_length(interpreter, set) <= pp_set_fill(interpreter, set));
  PP_PART(check_counts(interpreter, set));
  for (size_t i = 0; i <= mask; i++)
    PP_PART(check_member(interpreter, set, i));
  return PP_HOLDS;
}

const struct pp_type pp_set_type = {
    .id = PP_TYPE_SET,
    .name = "set",
    .fixed_size = PP_SET_SIZE,
    .dealloc = pp_set_dealloc,
    .traverse = traverse,
    .clear = pp_set_clear,
    .getsizeof = size_with_table,
    .length = pp_set_length,
    .piece = piece,
    .field = field,
    .check = check,
};
