/* Tests of reference counts (SPEC.md, REF). The counts of what is shared were
 * read on CPython 3.7.16 to 3.13.0. */
#include "proptests/interpreters.h"
#include "reference/objects/object.h"

static void give_back(struct pp_host *host, void *object) {
  host->objects->decref(host->interpreter, object);
}

static void take(struct pp_host *host, void *object) {
  host->objects->incref(host->interpreter, object);
}

ObjectTest(REF_01, one_up_and_one_down) {
  struct pp_object *object = pp_number(host, 1000);
  SEE_EQ(pp_count(host, object), 1);
  for (uint64_t i = 2; i <= 100; i++) {
    take(host, object);
    SEE_EQ(pp_count(host, object), i);
  }
  for (uint64_t i = 99; i >= 1; i--) {
    give_back(host, object);
    SEE_EQ(pp_count(host, object), i);
  }
  pp_spoil_field(host, object, "ob_refcnt", 0);
  SEE_EQ(pp_act_breaks(host, take, object), PP_REF_01);
  pp_host_mend(host);
  pp_spoil_field(host, object, "ob_refcnt", 0);
  pp_see_object_told(host, object, PP_REF_01);
  pp_spoil_field(host, object, "ob_refcnt", 0);
  SEE_EQ(pp_act_breaks(host, give_back, object), PP_REF_01);
}

ObjectTest(REF_01, what_is_shared_is_counted_too) {
  if (pp_since(host, PP_PROFILE_3_12)) return; /* REF-03 */
  struct pp_object *object = host->objects->none(host->interpreter);
  uint64_t count = pp_count(host, object);
  SEE(host->objects->none(host->interpreter) == object);
  SEE_EQ(pp_count(host, object), count + 1);
  pp_drop(host, object);
  SEE_EQ(pp_count(host, object), count);
  pp_drop(host, object);
}

ObjectTest(REF_02, static_ones_stay) {
  struct pp_object *object = host->objects->none(host->interpreter);
  pp_spoil_field(host, object, "ob_refcnt", 1);
  SEE_EQ(pp_act_breaks(host, give_back, object), PP_REF_02);
}

ObjectTest(REF_03, all_ones_stay) {
  struct pp_object *object = pp_number(host, 1000);
  const uint64_t counts[] = {0xffffffff, 0x1ffffffff};
  for (size_t i = 0; i < 2; i++) {
    pp_spoil_field(host, object, "ob_refcnt", counts[i]);
    take(host, object);
    SEE_EQ(pp_count(host, object), counts[i]);
    give_back(host, object);
    SEE_EQ(pp_count(host, object), counts[i]);
    pp_host_mend(host);
  }
  pp_spoil_field(host, object, "ob_refcnt", 0xfffffffe);
  take(host, object);
  SEE_EQ(pp_count(host, object), 0xffffffff);
  pp_host_mend(host);
  pp_drop(host, object);
}

ObjectTest(REF_04, begins_large) {
  struct pp_object *number = pp_number(host, 5);
  struct pp_object *letter = pp_text(host, "x");
  struct pp_object *bytes =
      host->objects->bytes(host->interpreter, (const uint8_t *)"y", 1);
  struct pp_object *const all[] = {number, letter, bytes};
  for (size_t i = 0; i < 3; i++) {
    SEE_EQ(pp_count(host, all[i]), 999999999 + 1);
    pp_drop(host, all[i]);
    SEE_EQ(pp_count(host, all[i]), 999999999);
    pp_spoil_field(host, all[i], "ob_refcnt", 1);
    pp_see_object_told(host, all[i], PP_REF_04);
  }
  struct pp_object *truth = host->objects->boolean(host->interpreter, true);
  SEE(pp_count(host, truth) < 1000);
  pp_drop(host, truth);
}

ObjectTest(REF_05, static_ones_are_immortal) {
  struct pp_object *all[] = {host->objects->none(host->interpreter),
                             host->objects->ellipsis(host->interpreter),
                             host->objects->not_implemented(host->interpreter),
                             host->objects->boolean(host->interpreter, true),
                             pp_number(host, -5),
                             pp_text(host, ""),
                             pp_text(host, "x"),
                             host->objects->bytes(host->interpreter, NULL, 0)};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    SEE_EQ(pp_count(host, all[i]), 0xffffffff);
    pp_drop(host, all[i]);
    pp_drop(host, all[i]);
    SEE_EQ(pp_count(host, all[i]), 0xffffffff);
    pp_spoil_field(host, all[i], "ob_refcnt", 0xfffffffe);
    pp_see_object_told(host, all[i], PP_REF_05);
  }
}

ObjectTest(REF_06, ends_at_zero) {
  struct pp_object *object = pp_number(host, 1000);
  take(host, object);
  pp_host_mark(host);
  size_t ended = host->dealloc_count;
  give_back(host, object);
  pp_see_requests(host, "");
  SEE_EQ(host->dealloc_count, ended);
  give_back(host, object);
  SEE_EQ(host->dealloc_count, ended + 1);
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "O-28", "O-28", "O-28", "O-28",
                                           "O-32", "O-32", "O-32"));
}

ObjectTest(REF_07, large_counts_fall_no_more) {
  struct pp_object *object = pp_number(host, 1000);
  pp_spoil_field(host, object, "ob_refcnt", 0x7fffffff);
  take(host, object);
  SEE_EQ(pp_count(host, object), 0x80000000);
  give_back(host, object);
  SEE_EQ(pp_count(host, object), 0x80000000);
  take(host, object);
  SEE_EQ(pp_count(host, object), 0x80000001);
  pp_host_mend(host);
  pp_drop(host, object);
}
