/* Tests of dict (SPEC.md, DICT). What is expected was measured on CPython
 * 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7, 3.12.1 and 3.13.0, with their
 * requests written down and their tables read. */
#include <stdio.h>

#include "proptests/objects_containers.h"
#include "reference/objects/dict.h"
#include "reference/objects/object.h"

static const struct pp_object *keys_of(const struct pp_host *host,
                                       const struct pp_object *dict) {
  return pp_dict_keys(host->interpreter, dict);
}

static size_t size_of(const struct pp_host *host,
                      const struct pp_object *dict) {
  return pp_keys_size(host->interpreter, keys_of(host, dict));
}

/* dict[number] = None; the number itself is let go of. */
static void set_number(struct pp_host *host, struct pp_object *dict,
                       int64_t number) {
  struct pp_object *key = pp_number(host, number);
  struct pp_object *none = host->objects->none(host->interpreter);
  SEE(host->objects->dict_set(host->interpreter, dict, key, none));
  pp_drop(host, key);
  pp_drop(host, none);
}

static void set_text(struct pp_host *host, struct pp_object *dict,
                     const char *text) {
  struct pp_object *key = pp_text(host, text);
  struct pp_object *none = host->objects->none(host->interpreter);
  SEE(host->objects->dict_set(host->interpreter, dict, key, none));
  pp_drop(host, key);
  pp_drop(host, none);
}

static bool delete_number(struct pp_host *host, struct pp_object *dict,
                          int64_t number) {
  struct pp_object *key = pp_number(host, number);
  bool done = host->objects->dict_delete(host->interpreter, dict, key);
  pp_drop(host, key);
  return done;
}

/* Of the numbers from 0 on, which are shared. */
static struct pp_object *of_numbers(struct pp_host *host, size_t count) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  for (size_t i = 0; i < count; i++)
    set_number(host, dict, (int64_t)i);
  return dict;
}

static size_t header(const struct pp_host *host) {
  return pp_since(host, PP_PROFILE_3_11) ? 32 : 40;
}

/* ---- what the tables hold ---- */

ObjectTest(DICT_01, used_counts_the_values) {
  struct pp_object *dict = of_numbers(host, 3);
  SEE_EQ(pp_seen_field(host, dict, "ma_used"), 3);
  SEE(delete_number(host, dict, 1));
  SEE(!delete_number(host, dict, 1));
  SEE_EQ(pp_seen_field(host, dict, "ma_used"), 2);
  pp_spoil_field(host, dict, "ma_used", 4);
  pp_see_object_told(host, dict, PP_DICT_01);
  pp_drop(host, dict);
}

FastTest(DICT_02, indices_of_one_two_four_bytes) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  size_t former = 0;
  for (int64_t i = 0; i < 2 * PP_MANY + 4000; i++) {
    set_number(host, dict, i);
    size_t size = size_of(host, dict);
    if (size == former) continue;
    former = size;
    size_t width = size <= 128 ? 1 : size <= 32768 ? 2 : 4;
    SEE_EQ(host->objects->getsizeof(host->interpreter, dict) -
               pp_object_before(host->interpreter, pp_type_here(PP_TYPE_DICT)),
           48 + header(host) + size * width + size * 2 / 3 * 24);
  }
  SEE_EQ(former, 65536);
  pp_drop(host, dict);
}

ObjectTest(DICT_02, an_index_that_does_not_fit) {
  struct pp_object *dict = of_numbers(host, 86);
  SEE_EQ(size_of(host, dict), 256);
  uint16_t index;
  memcpy(&index, (const uint8_t *)keys_of(host, dict) + header(host) + 2 * 85,
         sizeof index);
  SEE_EQ(index, 85);
  pp_drop(host, dict);
}

ObjectTest(DICT_03, a_power_of_two_from_eight_on) {
  struct pp_object *dict = of_numbers(host, 1);
  SEE_EQ(size_of(host, dict), 8);
  /* dk_size, or its logarithm */
  if (pp_since(host, PP_PROFILE_3_11))
    pp_spoil_buffer(host, dict, 8, 2, 1);
  else
    pp_spoil_buffer(host, dict, 8, 6, 8);
  pp_see_object_told(host, dict, PP_DICT_03);
  pp_drop(host, dict);
}

ObjectTest(DICT_04, two_thirds) {
  struct pp_object *dict = of_numbers(host, 3);
  SEE_EQ(pp_keys_usable(host->interpreter, keys_of(host, dict)), 2);
  SEE_EQ(pp_keys_count(host->interpreter, keys_of(host, dict)), 3);
  pp_spoil_buffer(host, dict, header(host) - 16, 3, 8);
  pp_see_object_told(host, dict, PP_DICT_04);
  pp_drop(host, dict);
}

/* 0, 8 and 16 begin in slot 0: 8 goes on to slot 1, 16 to slot 6, by way of
 * slot 1. */
ObjectTest(DICT_05, the_way_of_a_hash) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  set_number(host, dict, 0);
  set_number(host, dict, 8);
  set_number(host, dict, 16);
  const uint8_t *indices = (const uint8_t *)keys_of(host, dict) + header(host);
  static const uint8_t expected[] = {0, 1, 0xff, 0xff, 0xff, 0xff, 2, 0xff};
  SEE(memcmp(indices, expected, sizeof expected) == 0);
  pp_spoil_buffer(host, dict, header(host) + 6, 0xff02, 2);
  pp_spoil_buffer(host, dict, header(host) + 6, 0xff, 1);
  pp_spoil_buffer(host, dict, header(host) + 3, 2, 1);
  pp_see_object_told(host, dict, PP_DICT_05);
  pp_drop(host, dict);
}

ObjectTest(DICT_06, one_slot_for_each_key) {
  struct pp_object *dict = of_numbers(host, 3);
  pp_spoil_buffer(host, dict, header(host) + 5, 0, 1);
  pp_see_object_told(host, dict, PP_DICT_06);
  pp_spoil_buffer(host, dict, header(host) + 5, 4, 1);
  pp_see_object_told(host, dict, PP_DICT_06);
  pp_drop(host, dict);
}

ObjectTest(DICT_07, in_the_order_they_came) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  static const int64_t numbers[] = {30, 10, 20};
  for (size_t i = 0; i < 3; i++)
    set_number(host, dict, numbers[i]);
  SEE(delete_number(host, dict, 30));
  set_number(host, dict, 30);
  static const int64_t order[] = {10, 20, 30};
  for (size_t i = 0; i < 3; i++) {
    struct pp_entry entry =
        pp_keys_entry(host->interpreter, keys_of(host, dict), i + 1);
    SEE_EQ(entry.hash, order[i]);
  }
  pp_drop(host, dict);
}

/* ---- how it grows ---- */

/* The size that a dict of so many entries has when all but so many have gone
 * and one more comes. */
static size_t size_after(struct pp_host *host, size_t entries, size_t kept) {
  struct pp_object *dict = of_numbers(host, entries);
  for (size_t i = kept; i < entries; i++)
    SEE(delete_number(host, dict, (int64_t)i));
  set_number(host, dict, 1000);
  size_t size = size_of(host, dict);
  pp_drop(host, dict);
  return size;
}

ObjectTest(DICT_08, the_fewest_slots) {
  SEE_EQ(size_after(host, 5, 0), 8);
  SEE_EQ(size_after(host, 5, 2), 8);
  SEE_EQ(size_after(host, 5, 3), 16);
  SEE_EQ(size_after(host, 21, 5), 16);
  SEE_EQ(size_after(host, 21, 6), 32);
}

ObjectTest(DICT_09, more_than_the_fewest) {
  SEE_EQ(size_after(host, 5, 0), 8);
  SEE_EQ(size_after(host, 5, 1), 16);
  SEE_EQ(size_after(host, 5, 5), 16);
  SEE_EQ(size_after(host, 21, 1), 16);
  SEE_EQ(size_after(host, 21, 6), 32);
}

static void grow_to_many(struct pp_host *host) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  for (int64_t i = 0; i < PP_MANY; i++)
    set_number(host, dict, i);
  SEE_EQ(host->objects->getsizeof(host->interpreter, dict),
         PP_OF_RELEASE(host, 295016, 295000, 295000, 295000, 294992, 294992,
                       294992));
  SEE_EQ(size_of(host, dict), 16384);
  pp_drop(host, dict);
}

FastTest(DICT_08, to_ten_thousand) {
  grow_to_many(host);
}

FastTest(DICT_09, to_ten_thousand) {
  grow_to_many(host);
}

FastTest(DICT_10, ten_thousand_str) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  for (int i = 0; i < PP_MANY; i++) {
    char text[16];
    snprintf(text, sizeof text, "k%d", i);
    set_text(host, dict, text);
  }
  SEE_EQ(host->objects->getsizeof(host->interpreter, dict),
         PP_OF_RELEASE(host, 295016, 295000, 295000, 295000, 207616, 207616,
                       207616));
  pp_drop(host, dict);
}

ObjectTest(DICT_10, another_key_than_a_str) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  static const char *const texts[] = {"b", "c", "d", "e", "f", "g"};
  for (size_t i = 0; i < 6; i++)
    set_text(host, dict, texts[i]);
  pp_host_mark(host);
  set_number(host, dict, 1);
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "", "", "", "", "O+568 O-208",
                                           "O+568 O-208", "M+568 M-208"));
  pp_drop(host, dict);
}

ObjectTest(DICT_10, a_key_that_is_no_str) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  set_text(host, dict, "b");
  struct pp_object *one = pp_number(host, 1);
  struct pp_entry entry =
      pp_keys_entry(host->interpreter, keys_of(host, dict), 0);
  uint64_t type = pp_word_read(one->bytes + 8);
  pp_spoil(host, entry.key->bytes + 8, &type, sizeof type);
  pp_see_object_told(host, dict, PP_DICT_10);
  pp_drop(host, one);
  pp_drop(host, dict);
}

/* ---- what leaves it ---- */

ObjectTest(DICT_11, neither_key_nor_value) {
  struct pp_object *dict = of_numbers(host, 3);
  SEE(delete_number(host, dict, 1));
  const uint8_t *keys = (const uint8_t *)keys_of(host, dict);
  SEE_EQ(keys[header(host) + 1], 0xfe);
  const uint8_t *entry = keys + header(host) + 8 + 24;
  SEE_EQ(pp_word_read(entry),
         PP_OF_RELEASE(host, 1, 1, 1, 1, 0, 0, 0)); /* the hash */
  SEE_EQ(pp_word_read(entry + 8), 0);
  SEE_EQ(pp_word_read(entry + 16), 0);
  pp_spoil_buffer(host, dict, header(host) + 8 + 24 + 16, 16, 8);
  pp_see_object_told(host, dict, PP_DICT_11);
  pp_drop(host, dict);
}

ObjectTest(DICT_12, cleared_to_what_is_shared) {
  struct pp_object *dict = of_numbers(host, 6);
  struct pp_object *other = host->objects->dict(host->interpreter);
  pp_host_mark(host);
  SEE(host->objects->clear(host->interpreter, dict));
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "O-296", "O-296", "O-296",
                                           "O-296", "O-288", "O-288", "M-288"));
  SEE(pp_keys_are_shared(host->interpreter, keys_of(host, dict)));
  SEE_EQ(host->objects->getsizeof(host->interpreter, dict),
         PP_OF_RELEASE(host, 80, 64, 64, 64, 64, 64, 64));
  struct pp_piece_info piece;
  SEE(host->objects->piece(host->interpreter, dict, 1, &piece));
  SEE(piece.shared);
  pp_spoil_field(host, dict, "ma_keys", 0);
  pp_see_object_told(host, dict, PP_DICT_12);
  pp_drop(host, dict);
  pp_drop(host, other);
}

ObjectTest(DICT_13, keys_from_the_start) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  pp_see_requests(host, "O+168 O+80");
  SEE_EQ(size_of(host, dict), 8);
  pp_drop(host, dict);
  pp_see_requests(host, "");
}

ObjectTest(DICT_14, no_keys_at_first) {
  struct pp_object *dict = host->objects->dict(host->interpreter);
  pp_see_requests(host, "O+64");
  SEE(pp_keys_are_shared(host->interpreter, keys_of(host, dict)));
  set_number(host, dict, 1);
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "", "O+168", "O+168", "O+168",
                                           "O+160", "O+160", "M+160"));
  pp_drop(host, dict);
}

ObjectTest(DICT_15, tracked_when_it_may_be_in_a_cycle) {
  struct pp_object *dict = of_numbers(host, 1);
  struct pp_object *list = pp_nones(host, true, 0);
  struct pp_object *zero = pp_number(host, 0);
  SEE(!pp_tracked(host, dict));
  SEE(host->objects->dict_set(host->interpreter, dict, zero, list));
  SEE(pp_tracked(host, dict));
  pp_drop(host, list);
  pp_drop(host, zero);
  pp_drop(host, dict);
}

ObjectTest(DICT_16, the_hash_of_the_key) {
  struct pp_object *dict = of_numbers(host, 3);
  pp_spoil_buffer(host, dict, header(host) + 8 + 24, 3, 8);
  pp_see_object_told(host, dict, PP_DICT_16);
  pp_drop(host, dict);
}

/* ---- refusals ---- */

ObjectTest(DICT_01, as_it_was_when_refused) {
  struct pp_object *dict = of_numbers(host, 5);
  struct pp_object *key = pp_number(host, 100);
  struct pp_object *list = pp_nones(host, true, 0);
  SEE(!host->objects->dict_set(host->interpreter, dict, list, key));
  SEE(host->objects->dict_get(host->interpreter, dict, list) == NULL);
  pp_refuse_after(host, 0);
  SEE(!host->objects->dict_set(host->interpreter, dict, key, key));
  pp_grant(host);
  SEE_EQ(host->objects->length(host->interpreter, dict), 5);
  SEE(host->objects->dict_get(host->interpreter, dict, key) == NULL);
  SEE_EQ(pp_holds(host, dict), PP_HOLDS);
  pp_drop(host, list);
  pp_drop(host, key);
  pp_drop(host, dict);
}
