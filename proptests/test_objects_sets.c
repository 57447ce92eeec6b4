/* Tests of set, and of hashes and equality (SPEC.md, SET and HASH). What is
 * expected was measured on CPython 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7,
 * 3.12.1 and 3.13.0 with PYTHONHASHSEED=0. */
#include "proptests/objects_containers.h"
#include "reference/objects/hash.h"
#include "reference/objects/object.h"
#include "reference/objects/set_table.h"

static void add_number(struct pp_host *host, struct pp_object *set,
                       int64_t number) {
  struct pp_object *key = pp_number(host, number);
  SEE(host->objects->set_add(host->interpreter, set, key));
  pp_drop(host, key);
}

static bool discard_number(struct pp_host *host, struct pp_object *set,
                           int64_t number) {
  struct pp_object *key = pp_number(host, number);
  bool done = host->objects->set_discard(host->interpreter, set, key);
  pp_drop(host, key);
  return done;
}

/* Of the numbers from 0 on, which are shared. */
static struct pp_object *of_numbers(struct pp_host *host, int64_t count) {
  struct pp_object *set = host->objects->set(host->interpreter);
  for (int64_t i = 0; i < count; i++)
    add_number(host, set, i);
  return set;
}

static struct pp_member member(const struct pp_host *host,
                               const struct pp_object *set, size_t index) {
  return pp_set_member(host->interpreter, set, index);
}

static size_t size_of(const struct pp_host *host, const struct pp_object *set) {
  return pp_set_mask(host->interpreter, set) + 1;
}

/* Overwrites a word of an entry of the table inside of a set. */
static void spoil_member(struct pp_host *host, struct pp_object *set,
                         size_t index, size_t word, uint64_t value) {
  pp_spoil(host, set->bytes + 64 + 16 * index + 8 * word, &value, sizeof value);
}

/* ---- set ---- */

ObjectTest(SET_01, keys_and_dummies) {
  struct pp_object *set = of_numbers(host, 4);
  SEE(discard_number(host, set, 1));
  SEE(!discard_number(host, set, 1));
  SEE_EQ(pp_seen_field(host, set, "fill"), 4);
  SEE_EQ(pp_seen_field(host, set, "used"), 3);
  pp_spoil_field(host, set, "used", 4);
  pp_see_object_told(host, set, PP_SET_01);
  pp_spoil_field(host, set, "fill", 5);
  pp_see_object_told(host, set, PP_SET_01);
  pp_drop(host, set);
}

ObjectTest(SET_02, eight_entries_inside) {
  struct pp_object *set = of_numbers(host, 4);
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_8) ? "O+216" : "O+232");
  SEE(pp_set_is_small(host->interpreter, set));
  add_number(host, set, 4);
  pp_see_requests(host, "M+512");
  SEE(!pp_set_is_small(host->interpreter, set));
  SEE(host->objects->clear(host->interpreter, set));
  pp_see_requests(host, "M-512");
  SEE(pp_set_is_small(host->interpreter, set));
  pp_spoil_field(host, set, "mask", 6);
  pp_see_object_told(host, set, PP_SET_02);
  pp_spoil_field(host, set, "mask", 3);
  pp_see_object_told(host, set, PP_SET_02);
  pp_drop(host, set);
}

static size_t fields_of_shape(struct pp_host *host, struct pp_object *set,
                              enum pp_field_shape shape) {
  struct pp_field_info field;
  size_t found = 0;
  for (unsigned i = 0;
       host->objects->field(host->interpreter, set, 0, i, &field); i++) {
    if (field.shape == shape) found++;
  }
  return found;
}

ObjectTest(SET_02, a_table_that_was_outgrown_has_no_keys) {
  struct pp_object *set = of_numbers(host, 4);
  SEE_EQ(fields_of_shape(host, set, PP_SHAPE_OBJECT), 8);
  SEE_EQ(fields_of_shape(host, set, PP_SHAPE_STALE), 0);
  add_number(host, set, 4);
  SEE_EQ(fields_of_shape(host, set, PP_SHAPE_OBJECT), 0);
  SEE_EQ(fields_of_shape(host, set, PP_SHAPE_STALE), 8);
  pp_drop(host, set);
}

/* 0, 8 and 16 begin at entry 0, and in a small table go on like in a dict. */
ObjectTest(SET_03, the_way_of_a_hash) {
  struct pp_object *set = host->objects->set(host->interpreter);
  add_number(host, set, 0);
  add_number(host, set, 8);
  add_number(host, set, 16);
  SEE_EQ(member(host, set, 1).hash, 8);
  SEE_EQ(member(host, set, 6).hash, 16);
  spoil_member(host, set, 2, 0, (uintptr_t)member(host, set, 6).key);
  spoil_member(host, set, 2, 1, 16);
  spoil_member(host, set, 6, 0, 0);
  spoil_member(host, set, 6, 1, 0);
  pp_see_object_told(host, set, PP_SET_03);
  pp_drop(host, set);
}

/* In a table of 32, the entries behind the first come next. */
ObjectTest(SET_03, the_entries_behind) {
  struct pp_object *set = of_numbers(host, 5);
  SEE_EQ(size_of(host, set), 32);
  add_number(host, set, 32);
  SEE_EQ(member(host, set, 5).hash, 32);
  add_number(host, set, 64);
  SEE_EQ(member(host, set, 6).hash, 64);
  pp_drop(host, set);
}

FastTest(SET_04, to_ten_thousand) {
  struct pp_object *set = host->objects->set(host->interpreter);
  static const size_t expected[] = {8, 32, 128, 512, 2048, 8192, 32768};
  size_t grown = 0;
  for (int64_t i = 0; i < PP_MANY; i++) {
    add_number(host, set, i);
    if (size_of(host, set) == expected[grown]) continue;
    SEE_EQ(size_of(host, set), expected[++grown]);
  }
  SEE_EQ(grown, 6);
  pp_drop(host, set);
}

FastTest(SET_04, less_from_fifty_thousand) {
  struct pp_object *set = host->objects->set(host->interpreter);
  for (int64_t i = 0; i < 78642; i++)
    add_number(host, set, i);
  SEE_EQ(size_of(host, set), 131072);
  add_number(host, set, 78642);
  SEE_EQ(size_of(host, set), 262144);
  pp_drop(host, set);
}

ObjectTest(SET_06, a_dummy_stays) {
  struct pp_object *set = of_numbers(host, 3);
  SEE(discard_number(host, set, 1));
  SEE(pp_is_dummy(host->interpreter, member(host, set, 1).key));
  SEE_EQ(member(host, set, 1).hash, -1);
  spoil_member(host, set, 1, 1, 1);
  pp_see_object_told(host, set, PP_SET_06);
  pp_drop(host, set);
}

/* 8 begins at entry 0; where dummies are used again, it takes the last. */
ObjectTest(SET_06, and_is_used_again) {
  struct pp_object *set = of_numbers(host, 3);
  SEE(discard_number(host, set, 0));
  SEE(discard_number(host, set, 1));
  add_number(host, set, 8);
  size_t index = (size_t)PP_OF_RELEASE(host, 1, 1, 6, 1, 1, 1, 1);
  SEE_EQ(member(host, set, index).hash, 8);
  SEE_EQ(pp_seen_field(host, set, "fill"),
         PP_OF_RELEASE(host, 3, 3, 4, 3, 3, 3, 3));
  pp_drop(host, set);
}

ObjectTest(SET_07, unused_is_zero) {
  struct pp_object *set = of_numbers(host, 3);
  spoil_member(host, set, 5, 1, 1);
  pp_see_object_told(host, set, PP_SET_07);
  pp_drop(host, set);
}

ObjectTest(SET_08, the_hash_of_the_key) {
  struct pp_object *set = of_numbers(host, 3);
  spoil_member(host, set, 1, 1, 3);
  pp_see_object_told(host, set, PP_SET_08);
  pp_drop(host, set);
}

ObjectTest(SET_09, stays_when_it_cannot_grow) {
  struct pp_object *set = of_numbers(host, 4);
  struct pp_object *key = pp_number(host, 4);
  pp_refuse_after(host, 0);
  SEE(!host->objects->set_add(host->interpreter, set, key));
  pp_grant(host);
  SEE_EQ(host->objects->length(host->interpreter, set), 5);
  SEE_EQ(pp_holds(host, set), PP_HOLDS);
  pp_spoil_field(host, set, "fill", 8);
  pp_see_object_told(host, set, PP_SET_01);
  pp_refuse_after(host, 0);
  for (int64_t i = 5; i < 10; i++) {
    pp_drop(host, key);
    key = pp_number(host, i);
    SEE(!host->objects->set_add(host->interpreter, set, key));
  }
  pp_grant(host);
  SEE_EQ(host->objects->length(host->interpreter, set), 7);
  SEE(host->objects->set_add(host->interpreter, set, key) == false);
  pp_drop(host, key);
  pp_drop(host, set);
}

ObjectTest(SET_10, tracked_from_the_start) {
  struct pp_object *set = of_numbers(host, 0);
  SEE(pp_tracked(host, set));
  pp_drop(host, set);
}

/* ---- hashes ---- */

static int64_t hash_of(struct pp_host *host, struct pp_object *object) {
  int64_t hash = -1;
  SEE(object != NULL);
  SEE(pp_object_hash(host->interpreter, object, &hash));
  pp_drop(host, object);
  return hash;
}

static struct pp_object *real(struct pp_host *host, double value) {
  return host->objects->floating(host->interpreter, value);
}

static struct pp_object *imaginary(struct pp_host *host, double part,
                                   double other) {
  return host->objects->complex(host->interpreter, part, other);
}

ObjectTest(HASH_01, never_minus_one) {
  SEE_EQ(hash_of(host, pp_number(host, -1)), -2);
  SEE_EQ(hash_of(host, pp_number(host, -2)), -2);
  SEE_EQ(hash_of(host, real(host, -1)), -2);
  SEE_EQ(hash_of(host, imaginary(host, -1, 0)), -2);
  struct pp_object *list = pp_nones(host, true, 0);
  int64_t hash;
  SEE(!pp_object_hash(host->interpreter, list, &hash));
  pp_drop(host, list);
}

ObjectTest(HASH_02, numbers_by_their_value) {
  const int64_t power = INT64_C(1) << 61;
  SEE_EQ(hash_of(host, pp_number(host, power)), 1);
  SEE_EQ(hash_of(host, pp_number(host, power - 1)), 0);
  SEE_EQ(hash_of(host, pp_number(host, power - 2)), power - 2);
  SEE_EQ(hash_of(host, pp_number(host, -power)), -2);
  SEE_EQ(hash_of(host, pp_number(host, 123456789012345678)),
         123456789012345678);
  SEE_EQ(hash_of(host, real(host, 0.5)), 1152921504606846976);
  SEE_EQ(hash_of(host, real(host, 1.5)), 1152921504606846977);
  SEE_EQ(hash_of(host, real(host, 1e300)), 1224995262755759164);
  SEE_EQ(hash_of(host, real(host, 5e-324)), 16777216);
  SEE_EQ(hash_of(host, real(host, 3.141592653589793)), 326490430436040707);
  SEE_EQ(hash_of(host, real(host, 2.0 * 1e308 * 10)), 314159);
  SEE_EQ(hash_of(host, real(host, -2.0 * 1e308 * 10)), -314159);
  SEE_EQ(hash_of(host, imaginary(host, 1, 2)), 2000007);
}

ObjectTest(HASH_02, what_is_no_number) {
  double infinite = 2.0 * 1e308 * 10;
  bool zero = hash_of(host, real(host, infinite - infinite)) == 0;
  SEE_EQ(zero, !pp_since(host, PP_PROFILE_3_10));
}

ObjectTest(HASH_02, none) {
  struct pp_object *none = host->objects->none(host->interpreter);
  int64_t address = (int64_t)((uintptr_t)none >> 4 | (uintptr_t)none << 60);
  SEE_EQ(hash_of(host, none),
         pp_since(host, PP_PROFILE_3_12) ? 4238894112 : address);
}

ObjectTest(HASH_03, text) {
  static const struct {
    const char *text;
    int64_t sip24, sip13;
  } expected[] = {
      {"", 0, 0},
      {"a", -7583489610679606711, 4644417185603328019},
      {"ab", -1989949968894684482, 6148830537548944441},
      {"abcdefg", -6651368143851290504, 7904145750247929094},
      {"abcdefgh", -1847705707669741165, 4574395652268504554},
      {"abcdefghi", 5991824118181275020, -532774252720507163},
  };
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    int64_t hash =
        pp_since(host, PP_PROFILE_3_11) ? expected[i].sip13 : expected[i].sip24;
    SEE_EQ(hash_of(host, pp_text(host, expected[i].text)), hash);
    SEE_EQ(hash_of(host, host->objects->bytes(host->interpreter,
                                              (const uint8_t *)expected[i].text,
                                              strlen(expected[i].text))),
           hash);
  }
}

static void hash_spoilt(struct pp_host *host, void *object) {
  int64_t hash;
  pp_spoil_field(host, object, "hash", 5);
  (void)pp_object_hash(host->interpreter, object, &hash);
}

ObjectTest(HASH_03, kept_in_the_text) {
  struct pp_object *text = pp_text(host, "abcdefg");
  int64_t hash;
  SEE(pp_object_hash(host->interpreter, text, &hash));
  SEE_EQ((int64_t)pp_seen_field(host, text, "hash"), hash);
  SEE_EQ(pp_act_breaks(host, hash_spoilt, text), PP_HASH_03);
}

ObjectTest(HASH_04, tuples) {
  static const int64_t product[] = {3527539, 3430019387558, 3713081631934410656,
                                    2528502973977326415, 485696759010151909};
  static const int64_t xx[] = {5740354900026072187, -6644214454873602895,
                               -3550055125485641917, 529344067295497451,
                               590899387183067792};
  struct pp_object *items[4];
  for (size_t i = 0; i < 4; i++)
    items[i] = pp_number(host, (int64_t)i + 1);
  for (size_t length = 0; length < 5; length++) {
    struct pp_object *tuple =
        host->objects->tuple(host->interpreter, items, length);
    SEE_EQ(hash_of(host, tuple),
           pp_since(host, PP_PROFILE_3_8) ? xx[length] : product[length]);
  }
  for (size_t i = 0; i < 4; i++)
    pp_drop(host, items[i]);
}

ObjectTest(HASH_05, equal_numbers) {
  struct pp_object *set = host->objects->set(host->interpreter);
  struct pp_object *numbers[] = {
      pp_number(host, 1), real(host, 1), imaginary(host, 1, 0),
      host->objects->boolean(host->interpreter, true)};
  for (size_t i = 0; i < 4; i++) {
    SEE(host->objects->set_add(host->interpreter, set, numbers[i]));
    SEE_EQ(host->objects->length(host->interpreter, set), 1);
    pp_drop(host, numbers[i]);
  }
  add_number(host, set, INT64_C(1) << 61);
  SEE_EQ(host->objects->length(host->interpreter, set), 2);
  struct pp_object *power = real(host, 2305843009213693952.0);
  SEE(host->objects->set_discard(host->interpreter, set, power));
  SEE_EQ(host->objects->length(host->interpreter, set), 1);
  pp_drop(host, power);
  pp_drop(host, set);
}

/* 2^61 and 1 have the same hash, and are compared by way of an int. */
ObjectTest(HASH_05, what_comparing_asks_for) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  struct pp_object *key = pp_number(host, INT64_C(1) << 61);
  struct pp_object *power = real(host, 2305843009213693952.0);
  SEE(host->objects->dict_set(host->interpreter, dict, key, key));
  pp_host_mark(host);
  SEE(host->objects->dict_get(host->interpreter, dict, power) == key);
  pp_see_requests(host, "O+36 O-36");
  pp_drop(host, power);
  power = imaginary(host, 2305843009213693952.0, 0);
  pp_host_mark(host);
  SEE(host->objects->dict_get(host->interpreter, dict, power) == key);
  pp_see_requests(host, "O+36 O-36");
  pp_drop(host, power);
  pp_drop(host, key);
  pp_drop(host, dict);
}
