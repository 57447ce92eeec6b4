/* Tests of instances and where their attributes are (SPEC.md, OBJ-10 to
 * OBJ-13). Requests were recorded on CPython 3.7.16 to 3.13.0. */
#include "proptests/graphs.h"
#include "reference/objects/instance.h"

ObjectTest(OBJ_10, requests) {
  struct pp_object *list = pp_list(host);
  pp_host_mark(host);
  struct pp_object *thing = pp_thing(host, false);
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "O+64", "O+48", "O+48", "O+48",
                                           "O+56 M+56", "O+48 M+56", "O+112"));
  SEE_EQ(host->objects->getsizeof(host->interpreter, thing),
         PP_OF_RELEASE(host, 64, 48, 48, 48, 56, 48, 48));
  pp_host_mark(host);
  for (unsigned i = 0; i < PP_ATTRIBUTES; i++)
    pp_attribute(host, thing, i, list);
  pp_see_requests(host,
                  PP_TEXT_OF_RELEASE(host, "M+40 O+80", "M+40 O+64",
                                     "M+40 O+64", "M+40 O+64", "", "", ""));
  SEE_EQ(pp_count(host, list), 1 + PP_ATTRIBUTES);
  SEE(!host->objects->set_attribute(host->interpreter, thing, PP_ATTRIBUTES,
                                    list));
  SEE_EQ(pp_holds(host, thing), PP_HOLDS);
  SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
  pp_host_mark(host);
  pp_drop(host, thing);
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "M-40 O-64", "M-40 O-48",
                                           "M-40 O-48", "M-40 O-48",
                                           "M-56 O-56", "M-56 O-48", "O-112"));
  SEE_EQ(pp_count(host, list), 1);
  pp_drop(host, list);
}

/* Garbage that outlives being taken apart, because a list holds it that comes
 * later; what is between tells when its values went. */
ObjectTest(OBJ_10, garbage_loses_its_values_at_once_in_3_12) {
  if (!pp_since(host, PP_PROFILE_3_11)) return;
  if (pp_since(host, PP_PROFILE_3_13)) return;
  struct pp_object *thing = pp_thing(host, false);
  struct pp_object *between = pp_list(host), *list = pp_list(host);
  pp_put(host, between, between);
  pp_put(host, list, thing);
  pp_put(host, list, list);
  pp_attribute(host, thing, 0, list);
  pp_drop(host, thing);
  pp_drop(host, between);
  pp_drop(host, list);
  pp_host_mark(host);
  SEE_EQ(pp_collect(host, 2), 3);
  bool at_once = strstr(host->log, "M-56") < strstr(host->log, "M-32");
  SEE_EQ(at_once, pp_since(host, PP_PROFILE_3_12));
}

ObjectTest(OBJ_10, refused) {
  for (size_t granted = 0; granted < 4; granted++) {
    struct pp_object *number = pp_number(host, 1000);
    pp_refuse_after(host, granted);
    struct pp_object *thing = host->objects->instance(host->interpreter, false);
    if (thing != NULL) {
      bool set =
          host->objects->set_attribute(host->interpreter, thing, 0, number);
      SEE_EQ(pp_count(host, number), set ? 2 : 1);
    }
    pp_grant(host);
    if (thing != NULL) pp_drop(host, thing);
    SEE_EQ(pp_count(host, number), 1);
    pp_drop(host, number);
    SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
  }
}

static const uint8_t *values(struct pp_host *host,
                             const struct pp_object *thing) {
  struct pp_piece_info piece;
  bool inside = pp_since(host, PP_PROFILE_3_13);
  SEE(host->objects->piece(host->interpreter, thing, inside ? 0 : 1, &piece));
  return (const uint8_t *)piece.start + (inside ? 48 : 0);
}

ObjectTest(OBJ_11, values_and_order) {
  struct pp_object *thing = pp_thing(host, false), *list = pp_list(host);
  pp_attribute(host, thing, 3, list);
  pp_attribute(host, thing, 1, list);
  pp_attribute(host, thing, 4, list);
  pp_attribute(host, thing, 1, NULL);
  pp_attribute(host, thing, 4, list);
  pp_attribute(host, thing, 0, list);
  SEE(!host->objects->set_attribute(host->interpreter, thing, 1, NULL));
  SEE_EQ(pp_count(host, list), 4);
  const uint8_t *seen = values(host, thing);
  if (pp_since(host, PP_PROFILE_3_13)) {
    SEE(memcmp(seen, "\6\3\1\1", 4) == 0);
    SEE(memcmp(seen + 56, "\3\4\0", 3) == 0);
  } else {
    SEE(memcmp(seen + 3, "\0\4\3\3\x8", 5) == 0); /* the order backwards */
  }
  uint8_t wrong = 4;
  size_t order = pp_since(host, PP_PROFILE_3_13) ? 56 : 5;
  pp_spoil(host, seen + order, &wrong, 1);
  pp_see_object_told(host, thing, PP_OBJ_11);
  pp_spoil(host, seen + 8, "\0\0\0\0\0\0\0\0", 8);
  pp_see_object_told(host, thing, PP_OBJ_11);
  pp_drop(host, thing);
  SEE_EQ(pp_count(host, list), 1);
  pp_drop(host, list);
}

static struct pp_object *dict_of(struct pp_host *host,
                                 const struct pp_object *thing) {
  return (struct pp_object *)(uintptr_t)pp_seen_field(host, thing, "dict");
}

static uint64_t keys_of(struct pp_host *host, const struct pp_object *thing) {
  return pp_seen_field(host, dict_of(host, thing), "ma_keys");
}

ObjectTest(OBJ_12, keys_are_shared) {
  struct pp_object *things[3], *number = pp_number(host, 1000);
  for (size_t i = 0; i < 3; i++) {
    things[i] = pp_thing(host, false);
    for (unsigned k = 0; k <= i; k++)
      pp_attribute(host, things[i], k, number);
  }
  SEE(keys_of(host, things[0]) == keys_of(host, things[1]));
  SEE(keys_of(host, things[0]) == keys_of(host, things[2]));
  struct pp_object *dict = dict_of(host, things[2]);
  SEE_EQ(host->objects->length(host->interpreter, dict), 3);
  pp_spoil_field(host, dict, "ma_used", 2);
  pp_see_object_told(host, dict, PP_OBJ_12);
  /* Another order: keys of its own, and none for the class. */
  pp_attribute(host, things[0], 2, number);
  SEE(keys_of(host, things[0]) != keys_of(host, things[1]));
  SEE(keys_of(host, things[1]) == keys_of(host, things[2]));
  for (size_t i = 0; i < 3; i++)
    SEE_EQ(pp_holds(host, dict_of(host, things[i])), PP_HOLDS);
  for (size_t i = 0; i < 3; i++)
    pp_drop(host, things[i]);
  SEE_EQ(pp_count(host, number), 1);
  pp_drop(host, number);
}

ObjectTest(OBJ_13, the_only_one_teaches_its_class) {
  struct pp_object *one = pp_thing(host, false), *other;
  struct pp_object *number = pp_number(host, 1000);
  pp_host_mark(host);
  pp_attribute(host, one, 2, number);
  SEE(strstr(host->log, "M+40") != NULL);
  SEE(strstr(host->log, "M-40 M+40") != NULL);
  other = pp_thing(host, false);
  pp_attribute(host, other, 2, number);
  SEE(keys_of(host, one) == keys_of(host, other));
  pp_attribute(host, other, 2, NULL);
  SEE(keys_of(host, one) != keys_of(host, other));
  pp_drop(host, other);
  other = pp_thing(host, false);
  pp_host_mark(host);
  pp_attribute(host, other, 2, number);
  SEE(strstr(host->log, "M+") == NULL); /* nothing is shared any more */
  pp_drop(host, one);
  pp_drop(host, other);
  SEE_EQ(pp_count(host, number), 1);
  pp_drop(host, number);
}
