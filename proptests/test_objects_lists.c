/* Tests of tuple and list (SPEC.md, TUPLE and LIST). What is expected was
 * measured on CPython 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7, 3.12.1 and
 * 3.13.0, with their requests written down. */
#include "proptests/objects_containers.h"
#include "reference/objects/list.h"
#include "reference/objects/object.h"
#include "reference/objects/tuple.h"

/* ---- tuple ---- */

ObjectTest(TUPLE_01, items_behind_the_size) {
  struct pp_object *tuple = pp_nones(host, false, 3);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_drop(host, none);
  for (size_t i = 0; i < 3; i++)
    SEE_EQ(pp_word_read(tuple->bytes + 24 + 8 * i), (uintptr_t)none);
  SEE(host->objects->get_item(host->interpreter, tuple, 2) == none);
  SEE(host->objects->get_item(host->interpreter, tuple, 3) == NULL);
  SEE_EQ(host->objects->getsizeof(host->interpreter, tuple),
         PP_OF_RELEASE(host, 80, 64, 64, 64, 64, 64, 64));
  uint64_t nothing = 0;
  pp_spoil(host, tuple->bytes + 32, &nothing, sizeof nothing);
  pp_see_object_told(host, tuple, PP_TUPLE_01);
  pp_drop(host, tuple);
}

ObjectTest(TUPLE_02, one_without_items) {
  struct pp_object *empty = pp_nones(host, false, 0);
  struct pp_object *again = pp_nones(host, false, 0);
  SEE(empty == again);
  SEE(!pp_tracked(host, empty));
  pp_see_requests(host, "");
  pp_drop(host, again);
  struct pp_object *tuple = pp_nones(host, false, 1);
  pp_spoil_field(host, tuple, "ob_size", 0);
  pp_see_object_told(host, tuple, PP_TUPLE_02);
  pp_drop(host, tuple);
  pp_drop(host, empty);
}

ObjectTest(TUPLE_03, twenty_items_are_lost) {
  pp_drop(host, pp_nones(host, false, 20));
  pp_see_requests(host, "O+200");
  pp_drop(host, pp_nones(host, false, 20));
  pp_see_requests(host, "O+200");
}

ObjectTest(TUPLE_04, of_as_many_items) {
  struct pp_object *first = pp_nones(host, false, 5);
  struct pp_object *other = pp_nones(host, false, 6);
  pp_drop(host, first);
  pp_drop(host, other);
  pp_host_mark(host);
  SEE(pp_nones(host, false, 5) == first);
  SEE(pp_nones(host, false, 6) == other);
  pp_see_requests(host, "");
  pp_drop(host, first);
  pp_drop(host, other);
  pp_drop(host, pp_nones(host, false, 19));
  pp_drop(host, pp_nones(host, false, 19));
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_8) ? "O+192" : "O+208");
  pp_drop(host, pp_nones(host, false, 21));
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_8) ? "O+208 O-208"
                                                       : "O+224 O-224");
}

static void take_another(struct pp_host *host, void *unused) {
  (void)unused;
  (void)pp_nones(host, false, 5);
}

ObjectTest(TUPLE_04, of_another_length) {
  struct pp_object *tuple = pp_nones(host, false, 5);
  pp_drop(host, tuple);
  uint64_t length = 4;
  pp_spoil(host, tuple->bytes + 16, &length, sizeof length);
  SEE_EQ(pp_act_breaks(host, take_another, NULL), PP_TUPLE_04);
}

ObjectTest(TUPLE_05, tracked_from_the_start) {
  struct pp_object *tuple = pp_nones(host, false, 1);
  SEE(pp_tracked(host, tuple));
  pp_drop(host, tuple);
}

/* Three bytes objects, each larger by 16 than the one before. */
static void three(struct pp_host *host, struct pp_object *items[3]) {
  static const uint8_t zeros[100];
  for (size_t i = 0; i < 3; i++)
    items[i] = host->objects->bytes(host->interpreter, zeros, 16 * (i + 1));
}

static void drop_three(struct pp_host *host, struct pp_object *items[3]) {
  for (size_t i = 0; i < 3; i++)
    pp_drop(host, items[i]);
  pp_host_mark(host);
}

ObjectTest(TUPLE_06, last_item_first) {
  struct pp_object *items[3];
  three(host, items);
  struct pp_object *tuple = host->objects->tuple(host->interpreter, items, 3);
  drop_three(host, items);
  pp_drop(host, tuple);
  pp_see_requests(host, "O-81 O-65 O-49");
}

/* ---- list: how it grows ---- */

ObjectTest(LIST_01, not_beyond_its_room) {
  struct pp_object *list = pp_nones(host, true, 3);
  pp_spoil_field(host, list, "allocated", 2);
  pp_see_object_told(host, list, PP_LIST_01);
  pp_drop(host, list);
}

ObjectTest(LIST_02, an_eighth_more) {
  struct pp_object *list = pp_nones(host, true, 0);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_host_mark(host);
  pp_append_times(host, list, none, 100);
  pp_see_requests(host, "M+32 M>64 M>128 M>200 M>280 M>368 M>464 M>576 "
                        "M>704 M>848");
  pp_pop_all(host, list);
  pp_see_requests(host, "M>512 M>320 M>216 M>152 M>96 M>64 M>48 M>40 M>32 "
                        "M>0");
  pp_drop(host, none);
  pp_drop(host, list);
}

FastTest(LIST_02, to_ten_thousand) {
  struct pp_object *list = pp_nones(host, true, 0);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_host_mark(host);
  pp_append_times(host, list, none, PP_MANY);
  SEE_SUM(46, 768904);
  pp_pop_all(host, list);
  SEE_SUM(18, 113576);
  pp_drop(host, none);
  pp_drop(host, list);
}

ObjectTest(LIST_03, in_fours) {
  struct pp_object *list = pp_nones(host, true, 0);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_host_mark(host);
  pp_append_times(host, list, none, 100);
  pp_see_requests(host, "M+32 M>64 M>128 M>192 M>256 M>320 M>416 M>512 "
                        "M>608 M>736 M>864");
  pp_drop(host, list);
  list = pp_nones(host, true, 2);
  struct pp_object *ten = pp_nones(host, false, 10);
  pp_host_mark(host);
  SEE(host->objects->extend(host->interpreter, list, ten));
  pp_see_requests(host, "M>96");
  pp_drop(host, ten);
  pp_drop(host, none);
  pp_drop(host, list);
}

FastTest(LIST_03, to_ten_thousand) {
  struct pp_object *list = pp_nones(host, true, 0);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_host_mark(host);
  pp_append_times(host, list, none, PP_MANY);
  SEE_SUM(47, 750208);
  pp_pop_all(host, list);
  SEE_SUM(pp_since(host, PP_PROFILE_3_12) ? 17 : 18, 110176);
  pp_drop(host, none);
  pp_drop(host, list);
}

ObjectTest(LIST_04, kept_while_half_in_use) {
  struct pp_object *list = pp_nones(host, true, 40);
  pp_host_mark(host);
  for (size_t i = 40; i-- > 20;)
    pp_drop(host, host->objects->pop(host->interpreter, list, i));
  pp_see_requests(host, "");
  pp_drop(host, host->objects->pop(host->interpreter, list, 0));
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_9) ? "M>192" : "M>216");
  pp_drop(host, list);
}

/* What was asked for two items of a list of one, after a slice left it one of
 * eight. */
ObjectTest(LIST_04, appended_where_most_is_free) {
  struct pp_object *list = pp_nones(host, true, 8);
  struct pp_object *none = host->objects->none(host->interpreter);
  struct pp_object *empty = pp_nones(host, false, 0);
  SEE(host->objects->assign_slice(host->interpreter, list, 2, 8, empty));
  pp_host_mark(host);
  pp_append_times(host, list, none, 1);
  pp_see_requests(host,
                  PP_TEXT_OF_RELEASE(host, "", "", "M>64", "M>64", "", "", ""));
  pp_drop(host, none);
  pp_drop(host, empty);
  pp_drop(host, list);
}

ObjectTest(LIST_05, exactly_as_many) {
  struct pp_object *list = pp_nones(host, true, 3);
  pp_see_requests(host,
                  pp_since(host, PP_PROFILE_3_8) ? "O+56 M024" : "O+72 M024");
  SEE_EQ(pp_seen_field(host, list, "allocated"), 3);
  pp_drop(host, list);
  pp_see_requests(host, "M-24");
}

ObjectTest(LIST_06, extended_to_an_even_number) {
  for (size_t length = 1; length < 30; length++) {
    struct pp_object *list = pp_nones(host, true, 0);
    struct pp_object *tuple = pp_nones(host, false, length);
    pp_host_mark(host);
    SEE(host->objects->extend(host->interpreter, list, tuple));
    SEE_SUM(1, (length + length % 2) * 8);
    pp_drop(host, list);
    pp_drop(host, tuple);
  }
}

/* ---- list: what is let go of ---- */

ObjectTest(LIST_07, nothing_of_zero_bytes) {
  struct pp_object *list = pp_nones(host, true, 0);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_append_times(host, list, none, 1);
  pp_drop(host, none);
  pp_host_mark(host);
  pp_pop_all(host, list);
  pp_see_requests(host, "M>0");
  SEE(pp_seen_field(host, list, "ob_item") != 0);
  pp_drop(host, list);
  pp_see_requests(host, "M-0");
}

ObjectTest(LIST_07, room_for_the_only_item) {
  struct pp_object *list = pp_nones(host, true, 1);
  pp_host_mark(host);
  pp_pop_all(host, list);
  pp_see_requests(host, "");
  SEE_EQ(pp_seen_field(host, list, "allocated"), 1);
  pp_drop(host, list);
  pp_see_requests(host, "M-8");
}

ObjectTest(LIST_08, nothing_at_all) {
  struct pp_object *list = pp_nones(host, true, 1);
  pp_host_mark(host);
  pp_pop_all(host, list);
  pp_see_requests(host, "M-8");
  SEE(pp_seen_field(host, list, "ob_item") == 0);
  pp_drop(host, list);
  pp_see_requests(host, "");
}

ObjectTest(LIST_09, last_item_first) {
  struct pp_object *items[3];
  for (int way = 0; way < 3; way++) {
    three(host, items);
    struct pp_object *list = host->objects->list(host->interpreter, items, 3);
    struct pp_object *empty = pp_nones(host, false, 0);
    drop_three(host, items);
    if (way == 0) SEE(host->objects->clear(host->interpreter, list));
    if (way == 1)
      SEE(host->objects->assign_slice(host->interpreter, list, 0, 2, empty));
    if (way < 2)
      pp_see_requests(host, way == 0 ? "O-81 O-65 O-49 M-24" : "O-65 O-49");
    pp_drop(host, list);
    pp_see_requests(host, way == 0   ? ""
                          : way == 1 ? "O-81 M-24"
                                     : "O-81 O-65 O-49 M-24");
    pp_drop(host, empty);
  }
}

ObjectTest(LIST_09, nine_are_set_aside) {
  struct pp_object *list = pp_nones(host, true, 20);
  struct pp_object *tuple = pp_nones(host, false, 9);
  pp_host_mark(host);
  SEE(host->objects->assign_slice(host->interpreter, list, 2, 10, tuple));
  SEE(host->objects->assign_slice(host->interpreter, list, 2, 11, tuple));
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_9) ? "M>224 M+72 M-72"
                                                       : "M>232 M+72 M-72");
  SEE(host->objects->assign_slice(host->interpreter, list, 1, 2, list));
  SEE_EQ(host->objects->length(host->interpreter, list), 41);
  pp_drop(host, tuple);
  pp_drop(host, list);
}

ObjectTest(LIST_10, given_back_when_empty) {
  struct pp_object *list = pp_nones(host, true, 3);
  struct pp_object *empty = pp_nones(host, false, 0);
  pp_host_mark(host);
  SEE(host->objects->assign_slice(host->interpreter, list, 0, 3, empty));
  pp_see_requests(host, "M-24");
  SEE(pp_seen_field(host, list, "ob_item") == 0);
  SEE(host->objects->clear(host->interpreter, list));
  pp_see_requests(host, "");
  pp_drop(host, empty);
  pp_drop(host, list);
}

ObjectTest(LIST_11, no_array_no_room) {
  struct pp_object *list = pp_nones(host, true, 0);
  SEE(pp_seen_field(host, list, "ob_item") == 0);
  pp_spoil_field(host, list, "allocated", 1);
  pp_see_object_told(host, list, PP_LIST_11);
  pp_drop(host, list);
}

ObjectTest(LIST_12, none_is_missing) {
  struct pp_object *list = pp_nones(host, true, 3);
  pp_spoil_buffer(host, list, 8, 0, 8);
  pp_see_object_told(host, list, PP_LIST_12);
  pp_drop(host, list);
}

/* ---- refusals ---- */

ObjectTest(LIST_01, as_it_was_when_refused) {
  struct pp_object *list = pp_nones(host, true, 4);
  struct pp_object *none = host->objects->none(host->interpreter);
  pp_refuse_after(host, 0);
  SEE(!host->objects->append(host->interpreter, list, none));
  SEE(!host->objects->insert(host->interpreter, list, 0, none));
  SEE(!host->objects->extend(host->interpreter, list, list));
  SEE(!host->objects->assign_slice(host->interpreter, list, 1, 2, list));
  SEE(host->objects->list(host->interpreter, &none, 1) == NULL);
  pp_grant(host);
  SEE_EQ(host->objects->length(host->interpreter, list), 4);
  SEE_EQ(pp_holds(host, list), PP_HOLDS);
  pp_drop(host, none);
  pp_drop(host, list);
}

ObjectTest(LIST_13, tracked_from_the_start) {
  struct pp_object *empty = pp_nones(host, true, 0);
  struct pp_object *list = pp_nones(host, true, 1);
  SEE(pp_tracked(host, empty));
  SEE(pp_tracked(host, list));
  pp_drop(host, list);
  pp_drop(host, empty);
}
