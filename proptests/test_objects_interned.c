/* Tests of interned strings (SPEC.md, INTERN). What interning does to a str was
 * measured on CPython 3.7.16 to 3.13.0, with sys.intern and with
 * PyUnicode_InternInPlace, which agree in all of them. */
#include <stdio.h>

#include "proptests/interpreters.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"

enum { MANY = 3000 }; /* more than the table has room for at first */

static struct pp_object *interned(struct pp_host *host, const char *ascii) {
  struct pp_object *string = pp_text(host, ascii);
  return host->objects->intern(host->interpreter, string);
}

static struct pp_object *numbered(struct pp_host *host, unsigned i) {
  char ascii[16];
  snprintf(ascii, sizeof ascii, "k%05u", i);
  return interned(host, ascii);
}

static unsigned state_of(const struct pp_host *host,
                         const struct pp_object *object) {
  return pp_seen_field(host, object, "state") & 3;
}

static void spoil_state(struct pp_host *host, const struct pp_object *object,
                        unsigned interned_state) {
  uint64_t state = pp_seen_field(host, object, "state");
  pp_spoil_field(host, object, "state",
                 (state & ~UINT64_C(3)) | interned_state);
}

ObjectTest(INTERN_01, state) {
  struct pp_object *object = pp_text(host, "spam");
  SEE_EQ(state_of(host, object), 0);
  spoil_state(host, object, 1);
  pp_see_object_told(host, object, PP_INTERN_01);
  object = host->objects->intern(host->interpreter, object);
  SEE_EQ(state_of(host, object), PP_OF_RELEASE(host, 1, 1, 1, 1, 1, 2, 1));
  spoil_state(host, object, 0);
  pp_see_object_told(host, object, PP_INTERN_01);
  pp_drop(host, object);
}

ObjectTest(INTERN_01, characters) {
  struct pp_object *object = interned(host, "x");
  SEE_EQ(state_of(host, object), PP_OF_RELEASE(host, 1, 1, 1, 1, 1, 3, 3));
  SEE_EQ(pp_holds(host, object), PP_HOLDS);
  pp_drop(host, object);
}

ObjectTest(INTERN_01, only_str) {
  struct pp_object *object = pp_number(host, 1000);
  SEE(host->objects->intern(host->interpreter, object) == object);
  SEE_EQ(pp_count(host, object), 1);
  pp_drop(host, object);
}

ObjectTest(INTERN_02, one_of_equals) {
  struct pp_object *object = interned(host, "spam");
  struct pp_object *other = interned(host, "eggs");
  SEE_EQ(pp_interned_check(host->interpreter), PP_HOLDS);
  struct pp_interned *table = &host->interpreter->interned;
  struct pp_object **free_slot = NULL;
  for (size_t i = 0; i < table->capacity; i++) {
    if (table->slots[i] == NULL) free_slot = &table->slots[i];
  }
  SEE(free_slot != NULL);
  pp_spoil(host, free_slot, &object, sizeof object);
  SEE_EQ(pp_interned_check(host->interpreter), PP_INTERN_02);
  pp_host_mend(host);
  const size_t count = table->count + 1;
  pp_spoil(host, &table->count, &count, sizeof count);
  SEE_EQ(pp_interned_check(host->interpreter), PP_INTERN_02);
  pp_host_mend(host);
  pp_drop(host, object);
  pp_drop(host, other);
}

ObjectTest(INTERN_02, many) {
  static struct pp_object *kept[MANY];
  for (unsigned i = 0; i < MANY; i++)
    kept[i] = numbered(host, i);
  SEE_EQ(pp_interned_check(host->interpreter), PP_HOLDS);
  for (unsigned i = 0; i < MANY; i += 2)
    pp_drop(host, kept[i]);
  SEE_EQ(pp_interned_check(host->interpreter), PP_HOLDS);
  for (unsigned i = 1; i < MANY; i += 2) {
    struct pp_object *again = numbered(host, i);
    SEE(again == kept[i]);
    pp_drop(host, again);
    pp_drop(host, again);
  }
  SEE_EQ(pp_interned_check(host->interpreter), PP_HOLDS);
}

ObjectTest(INTERN_02, refused_room) {
  static struct pp_object *kept[MANY];
  pp_refuse_after(host, SIZE_MAX);
  host->mem.left = 0;
  for (unsigned i = 0; i < MANY; i++)
    kept[i] = numbered(host, i);
  SEE_EQ(state_of(host, kept[MANY - 1]), 0);
  SEE_EQ(pp_interned_check(host->interpreter), PP_HOLDS);
  for (unsigned i = 0; i < MANY; i++)
    pp_drop(host, kept[i]);
  pp_grant(host);
}

ObjectTest(INTERN_03, references_of_the_table) {
  struct pp_object *object = interned(host, "spam");
  SEE_EQ(pp_count(host, object), 1);
  struct pp_object *again = interned(host, "spam");
  SEE(again == object);
  SEE_EQ(pp_count(host, object), 2);
  pp_drop(host, again);
  pp_drop(host, object);
}

ObjectTest(INTERN_04, never_dies) {
  struct pp_object *object = interned(host, "spam");
  SEE_EQ(pp_count(host, object), 0xffffffff);
  pp_drop(host, object);
  pp_drop(host, object);
  SEE(interned(host, "spam") == object);
  pp_spoil_field(host, object, "ob_refcnt", 2);
  pp_see_object_told(host, object, PP_INTERN_04);
}

ObjectTest(INTERN_05, leaves_the_table) {
  size_t count = host->interpreter->interned.count;
  struct pp_object *object = interned(host, "spam");
  SEE_EQ(host->interpreter->interned.count, count + 1);
  pp_host_mark(host);
  pp_drop(host, object);
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_12) ? "O-45" : "O-53");
  SEE_EQ(host->interpreter->interned.count, count);
  SEE_EQ(pp_interned_check(host->interpreter), PP_HOLDS);
}

ObjectTest(INTERN_06, static_from_the_start) {
  for (uint32_t point = 0; point <= 0xff; point++) {
    struct pp_object *object =
        host->objects->string(host->interpreter, &point, 1);
    SEE_EQ(state_of(host, object), 3);
    SEE(host->objects->intern(host->interpreter, object) == object);
    pp_drop(host, object);
  }
  struct pp_object *object = pp_text(host, "x");
  const size_t count = host->interpreter->interned.count;
  SEE_EQ(count, 257);
  pp_drop(host, object);
}

static void forget(struct pp_host *host, void *object) {
  pp_interned_remove(host->interpreter, object);
}

ObjectTest(INTERN_06, told) {
  struct pp_object *object = pp_text(host, "x");
  SEE_EQ(pp_act_breaks(host, forget, object), PP_HOLDS);
  SEE_EQ(pp_holds(host, object), PP_INTERN_06);
  host->spoilt = false;
  SEE(pp_intern_static(host->interpreter, object));
  pp_drop(host, object);
}

ObjectTest(INTERN_07, leaves_the_hash) {
  struct pp_object *object = pp_text(host, "zz q00");
  SEE_EQ(pp_seen_field(host, object, "hash"), UINT64_MAX);
  object = host->objects->intern(host->interpreter, object);
  SEE_EQ(pp_seen_field(host, object, "hash"), pp_since(host, PP_PROFILE_3_11)
                                                  ? 0xac78f013d855202b
                                                  : 0x6ff835bd96de9a48);
  pp_drop(host, object);
}

ObjectTest(INTERN_07, the_first_is_the_answer) {
  struct pp_object *first = interned(host, "spam");
  pp_host_mark(host);
  struct pp_object *string = pp_text(host, "spam");
  SEE(string != first);
  SEE(host->objects->intern(host->interpreter, string) == first);
  pp_see_requests(host,
                  pp_since(host, PP_PROFILE_3_12) ? "O+45 O-45" : "O+53 O-53");
  SEE(host->objects->intern(host->interpreter, first) == first);
  pp_drop(host, first);
  pp_drop(host, first);
}
