/* The rules by which CPython's objects differ from release to release, as one
 * row of a table per profile: where each field lies (fields.h), how containers
 * grow, what is shared, how many dead objects of a type are kept. Every other
 * file of objects/ asks here; none compares a version.
 *
 * Facts were measured on CPython 3.7.16 to 3.13.0, 64-bit Linux. */
#ifndef REFERENCE_OBJECTS_RULES_H
#define REFERENCE_OBJECTS_RULES_H

#include <assert.h>
#include <limits.h>

#include "poolproof/objects.h"
#include "reference/objects/fields.h"

/* What never dies, and how its count says so. */
enum pp_immortality {
  PP_IMMORTAL_NONE, /* to 3.10: what is shared is held by one reference */
  PP_IMMORTAL_BIAS, /* 3.11: static objects start at a large count */
  PP_IMMORTAL_HALF  /* since 3.12: the low half of the count is all ones */
};

/* How large an array is asked for when the items of a list outgrow it. */
enum pp_list_growth {
  PP_LIST_EIGHTH_MORE, /* up to 3.8 */
  PP_LIST_IN_FOURS     /* since 3.9 */
};

/* Where the values of the attributes of an instance are. */
enum pp_attributes {
  PP_ATTRIBUTES_DICT,  /* in a dict, which is made when there is one */
  PP_ATTRIBUTES_APART, /* in a block of their own */
  PP_ATTRIBUTES_INSIDE /* behind the fields of the instance */
};

enum pp_field {
#define FIELD(name, text, shape, size, ...) PP_FIELD_##name,
  PP_FIELDS(FIELD)
#undef FIELD
      PP_FIELD_COUNT
};

/* What a field is in every release. */
struct pp_field_text {
  const char *name; /* CPython's; "" is padding */
  enum pp_field_shape shape;
  uint8_t size; /* in bytes; 0: it takes what is left */
};

extern const struct pp_field_text pp_field_texts[PP_FIELD_COUNT];

/* Types as bits. */
static_assert(PP_TYPE_COUNT <= CHAR_BIT * sizeof(uint32_t),
              "a word has a bit for each type");
#define PP_TYPE_BIT(type) (UINT32_C(1) << PP_TYPE_##type)
#define PP_COLLECTED_SINCE_3_7                                  \
  (PP_TYPE_BIT(TUPLE) | PP_TYPE_BIT(LIST) | PP_TYPE_BIT(DICT) | \
   PP_TYPE_BIT(SET) | PP_TYPE_BIT(WEAKREF) | PP_TYPE_BIT(INSTANCE))
#define PP_COLLECTED_SINCE_3_10 (PP_COLLECTED_SINCE_3_7 | PP_TYPE_BIT(ARRAY))

static_assert((PP_COLLECTED_SINCE_3_10 & PP_TYPE_BIT(STR)) == 0, "OBJ-02");
static_assert((PP_COLLECTED_SINCE_3_10 & PP_TYPE_BIT(BOOL)) == 0, "likewise");
static_assert((PP_COLLECTED_SINCE_3_7 & PP_TYPE_BIT(ARRAY)) == 0, "ARRAY-05");

/* RULE(type, name, value in 3.7 3.8 3.9 3.10 3.11 3.12 3.13), a group for each
 * file or two; sizes are in bytes. */
/* clang-format off */

/* object.c: the bytes of a GC head, and before it of an instance; the types
 * that have such a head, as bits. */
#define PP_RULES_OBJECT(RULE)                                                  \
  RULE(uint8_t,  gc_head,           32, 16, 16, 16, 16, 16, 16)                \
  RULE(uint8_t,  managed_header,     0,  0,  0,  0, 16, 16, 16)                \
  RULE(uint32_t, collected,                                                    \
       PP_COLLECTED_SINCE_3_7, PP_COLLECTED_SINCE_3_7, PP_COLLECTED_SINCE_3_7, \
       PP_COLLECTED_SINCE_3_10, PP_COLLECTED_SINCE_3_10,                       \
       PP_COLLECTED_SINCE_3_10, PP_COLLECTED_SINCE_3_10)                       \
  RULE(enum pp_immortality, immortality,                                       \
       PP_IMMORTAL_NONE, PP_IMMORTAL_NONE, PP_IMMORTAL_NONE,                   \
       PP_IMMORTAL_NONE, PP_IMMORTAL_BIAS, PP_IMMORTAL_HALF, PP_IMMORTAL_HALF)

/* free_lists.c: how many dead objects are kept, of each length; whether floats
 * are the first that a full collection gives back. A tuple of the greatest
 * length that is kept is never taken again in 3.11 and 3.12. */
#define PP_RULES_FREE_LISTS(RULE)                                              \
  RULE(uint16_t, free_floats,      100, 100, 100, 100, 100, 100, 100)          \
  RULE(uint16_t, free_tuples,     2000, 2000, 2000, 2000, 2000, 2000, 2000)    \
  RULE(uint8_t,  free_tuple_put,    19, 19, 19, 19, 20, 20, 20)                \
  RULE(uint8_t,  free_tuple_take,   19, 19, 19, 19, 19, 19, 20)                \
  RULE(uint16_t, free_lists,        80, 80, 80, 80, 80, 80, 80)                \
  RULE(uint16_t, free_dicts,        80, 80, 80, 80, 80, 80, 80)                \
  RULE(uint16_t, free_dict_keys,    80, 80, 80, 80, 80, 80, 80)                \
  RULE(bool, free_floats_first,                                                \
       false, false, false, false, false, false, true)

/* int: what a block of one asks for at least; whether sys.getsizeof counts the
 * digit that zero has room for. bytes, str: whether empty ones and those of
 * one character are static. str: bits that every state has, and those of a
 * static one; whether static characters have their UTF-8, and are interned,
 * from the start; whether what is interned never dies. */
#define PP_RULES_VALUES(RULE)                                                  \
  RULE(bool, small_ints_static,    true, true, false, false, true, true, true) \
  RULE(uint8_t, int_least,         28, 28, 28, 28, 32, 32, 32)                 \
  RULE(bool, sizeof_zero_digit, false, false, false, false, true, true, true)  \
  RULE(bool, values_static,     false, false, false, false, true, true, true)  \
  RULE(uint8_t, str_ready,        0x80, 0x80, 0x80, 0x80, 0x80, 0, 0)          \
  RULE(uint8_t, str_static,          0, 0, 0, 0, 0, 0x80, 0x80)                \
  RULE(bool, static_utf8,       false, false, false, false, false, true, true) \
  RULE(bool, interned_at_start, false, false, false, false, false, false, true)\
  RULE(bool, interned_immortal, false, false, false, false, false, true, false)

/* tuple, list. list_copy_zeroed: the array of a copy is from calloc.
 * list_append_in_place: append takes room as it is, even if most of it is free.
 * list_extend_exact: a list without an array gets one of even length.
 * list_pop_clears: with its last item goes the array. */
#define PP_RULES_LISTS(RULE)                                                   \
  RULE(bool, empty_tuple_static,                                               \
       false, false, false, false, true, true, true)                           \
  RULE(enum pp_list_growth, list_growth,                                       \
       PP_LIST_EIGHTH_MORE, PP_LIST_EIGHTH_MORE, PP_LIST_IN_FOURS,             \
       PP_LIST_IN_FOURS, PP_LIST_IN_FOURS, PP_LIST_IN_FOURS, PP_LIST_IN_FOURS) \
  RULE(bool, list_copy_zeroed,                                                 \
       true, false, false, false, false, false, false)                         \
  RULE(bool, list_append_in_place,                                             \
       false, false, false, false, true, true, true)                           \
  RULE(bool, list_extend_exact,                                                \
       false, false, false, true, true, true, true)                            \
  RULE(bool, list_pop_clears,                                                  \
       false, false, false, false, false, true, true)

/* dict. keys_by_kind: a byte says how keys are looked up, not a pointer, and
 * those that are all str have smaller entries. dict_skips_smallest: what grows
 * with a key in it gets sixteen slots or more. lookup_changes_keys: a search
 * for another key than a str makes a table one of any keys. */
#define PP_RULES_DICT(RULE)                                                    \
  RULE(uint8_t, keys_header,          40, 40, 40, 40, 32, 32, 32)              \
  RULE(bool,    keys_by_kind,                                                  \
       false, false, false, false, true, true, true)                           \
  RULE(bool,    keys_from_mem,                                                 \
       false, false, false, false, false, false, true)                         \
  RULE(bool,    dict_begins_with_keys,                                         \
       true, false, false, false, false, false, false)                         \
  RULE(bool,    dict_skips_smallest,                                           \
       false, false, false, true, true, true, true)                            \
  RULE(bool,    lookup_changes_keys,                                           \
       true, true, true, false, false, false, false)                           \
  RULE(bool,    dict_version_of_same,                                          \
       true, false, false, false, false, false, false)                         \
  RULE(uint16_t, dict_version_step,    1, 1, 1, 1, 1, 256, 4096)

/* set, array, hashes. text_items_wide: a str that becomes an item of an array
 * is asked for its wide text. A none_hash of 0 is that of its address. */
#define PP_RULES_SETS(RULE)                                                    \
  RULE(bool, set_uses_dummies,                                                 \
       true, true, false, true, true, true, true)                              \
  RULE(const char *, array_codes,                                              \
       "bBuhHiIlLqQfd", "bBuhHiIlLqQfd", "bBuhHiIlLqQfd", "bBuhHiIlLqQfd",     \
       "bBuhHiIlLqQfd", "bBuhHiIlLqQfd", "bBuwhHiIlLqQfd")                     \
  RULE(bool, text_items_wide,                                                  \
       true, true, false, false, false, false, false)                          \
  RULE(uint8_t, hash_rounds,           2, 2, 2, 2, 1, 1, 1)                    \
  RULE(bool, tuple_hash_xx,                                                    \
       false, true, true, true, true, true, true)                              \
  RULE(bool, nan_hash_of_address,                                              \
       false, false, false, true, true, true, true)                            \
  RULE(int64_t, none_hash,                                                     \
       0, 0, 0, 0, 0, INT64_C(0xfca86420), INT64_C(0xfca86420))

/* the collector. gc_refs_apart: the count has a word of its own.
 * resurrects_all: one resurrected object saves all that was found with it.
 * clears_garbage_weakrefs: weak references that are garbage are cleared, alive
 * though their referent may be. weakref_tuple: from so many callbacks on, a
 * dying object holds them in a tuple. trash: deallocations nested so deeply are
 * laid aside, and taken up again at this depth. */
#define PP_RULES_COLLECTOR(RULE)                                               \
  RULE(bool,     gc_refs_apart,     true, false, false, false, false, false,   \
       false)                                                                  \
  RULE(uint16_t, threshold_young,   700, 700, 700, 700, 700, 700, 2000)        \
  RULE(uint16_t, threshold_older,    10, 10, 10, 10, 10, 10, 10)               \
  RULE(bool,     collects_at_safe_point,                                       \
       false, false, false, false, false, true, true)                          \
  RULE(bool,     resurrects_all,                                               \
       true, true, false, false, false, false, false)                          \
  RULE(bool,     clears_garbage_weakrefs,                                      \
       false, true, true, true, true, true, true)                              \
  RULE(uint16_t, weakref_tuple,       2, 2, 2, 2, 2, 2, 1)                     \
  RULE(uint8_t,  weakref_size,       56, 56, 56, 56, 64, 64, 64)               \
  RULE(enum pp_attributes, attributes,                                         \
       PP_ATTRIBUTES_DICT, PP_ATTRIBUTES_DICT, PP_ATTRIBUTES_DICT,             \
       PP_ATTRIBUTES_DICT, PP_ATTRIBUTES_APART, PP_ATTRIBUTES_APART,           \
       PP_ATTRIBUTES_INSIDE)                                                   \
  RULE(uint8_t,  instance_size,      32, 32, 32, 32, 24, 16, 16)               \
  RULE(bool,     clear_frees_values,                                           \
       false, false, false, false, false, true, false)                         \
  RULE(uint8_t,  values_tag,          0, 0, 0, 0, 0, 1, 0)                     \
  RULE(uint16_t, trash_depth,        50, 50, 50, 50, 50, 50, 9950)             \
  RULE(uint16_t, trash_resume,        0, 0, 0, 0, 0, 0, 9899)                  \
  RULE(uint16_t, trash_instance_more, 1, 0, 0, 0, 0, 0, 0)

/* clang-format on */

#define PP_RULES(RULE)      \
  PP_RULES_OBJECT(RULE)     \
  PP_RULES_FREE_LISTS(RULE) \
  PP_RULES_VALUES(RULE)     \
  PP_RULES_LISTS(RULE)      \
  PP_RULES_DICT(RULE)       \
  PP_RULES_SETS(RULE)       \
  PP_RULES_COLLECTOR(RULE)

struct pp_object_rules {
  enum pp_profile_id profile;
  int16_t offsets[PP_FIELD_COUNT]; /* from the object */
#define RULE(type, name, ...) type name;
  PP_RULES(RULE)
#undef RULE
};

enum { PP_NO_FIELD = -1 }; /* an offset, where a release has no such field */

static_assert(PP_NO_FIELD % 2 != 0, "no word lies there");

/* The rules of a profile, or NULL when none are known. */
const struct pp_object_rules *pp_object_rules_of(enum pp_profile_id profile);

#endif
