/* Weak references (SPEC.md, GC-16 to GC-18).
 *
 *   referent -> the shared one, without callback -> others, newest first
 *               <-                               <-
 *
 * What a callback is, is the host's business, and no object here: an address
 * that is not NULL stands for it. */
#include "reference/objects/weakref.h"

#include "reference/objects/object.h"
#include "reference/objects/singletons.h"
#include "reference/objects/tuple.h"

/* ---- the list of a referent ---- */

/* Where the list begins in an object of this type, or PP_FIELD_COUNT. */
static enum pp_field list_field(enum pp_type_id id) {
  switch (id) {
  case PP_TYPE_SET: return PP_FIELD_SET_WEAKREFS;
  case PP_TYPE_ARRAY: return PP_FIELD_ARRAY_WEAKREFS;
  case PP_TYPE_INSTANCE: return PP_FIELD_INSTANCE_WEAKLIST;
  default: return PP_FIELD_COUNT;
  }
}

static enum pp_field list_of(const struct pp_interpreter *interpreter,
                             const struct pp_object *referent) {
  return list_field(pp_type_of(interpreter, referent)->id);
}

static struct pp_object *neighbour(const struct pp_interpreter *interpreter,
                                   const struct pp_object *weakref,
                                   enum pp_field field) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_16, pp_is(interpreter, weakref, PP_TYPE_WEAKREF));
  struct pp_object *other = pp_field_pointer(interpreter, weakref, field);
  PP_ENSURE(witness, GC_16, other != weakref);
  return other;
}

static struct pp_object *next_of(const struct pp_interpreter *interpreter,
                                 const struct pp_object *weakref) {
  return neighbour(interpreter, weakref, PP_FIELD_WEAKREF_NEXT);
}

static struct pp_object *prev_of(const struct pp_interpreter *interpreter,
                                 const struct pp_object *weakref) {
  return neighbour(interpreter, weakref, PP_FIELD_WEAKREF_PREV);
}

struct pp_object *pp_weakref_first(const struct pp_interpreter *interpreter,
                                   const struct pp_object *referent) {
  struct pp_witness *witness = interpreter->witness;
  enum pp_field list = list_of(interpreter, referent);
  if (list == PP_FIELD_COUNT) return NULL;
  struct pp_object *first = pp_field_pointer(interpreter, referent, list);
  if (first == NULL) return NULL;
  PP_ENSURE(witness, GC_16, pp_is(interpreter, first, PP_TYPE_WEAKREF));
  PP_ENSURE(witness, GC_16, prev_of(interpreter, first) == NULL);
  return first;
}

/* The object that it refers to, or NULL once that is gone. */
static struct pp_object *referent_of(const struct pp_interpreter *interpreter,
                                     const struct pp_object *weakref) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_17, pp_is(interpreter, weakref, PP_TYPE_WEAKREF));
  struct pp_object *referent =
      pp_field_pointer(interpreter, weakref, PP_FIELD_WEAKREF_OBJECT);
  PP_ENSURE(witness, GC_17, referent != NULL);
  return pp_is(interpreter, referent, PP_TYPE_NONE) ? NULL : referent;
}

/* Its place on the list of its referent: the shared one first, others behind
 * it, and whole. */
static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *weakref) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object *referent = referent_of(interpreter, weakref);
  const struct pp_object *prev = prev_of(interpreter, weakref);
  const struct pp_object *next = next_of(interpreter, weakref);
  PP_FACT(witness, GC_01, pp_gc_is_tracked(interpreter, weakref));
  if (referent == NULL) {
    PP_FACT(witness, GC_17, prev == NULL);
    PP_FACT(witness, GC_17, next == NULL);
    return PP_HOLDS;
  }
  PP_FACT(witness, GC_16, list_of(interpreter, referent) != PP_FIELD_COUNT);
  if (prev == NULL) {
    PP_FACT(witness, GC_16, pp_weakref_first(interpreter, referent) == weakref);
  } else {
    PP_FACT(witness, GC_16, next_of(interpreter, prev) == weakref);
    PP_FACT(witness, GC_16, referent_of(interpreter, prev) == referent);
    PP_FACT(witness, GC_16, pp_weakref_has_callback(interpreter, weakref));
  }
  if (next == NULL) return PP_HOLDS;
  PP_FACT(witness, GC_16, prev_of(interpreter, next) == weakref);
  PP_FACT(witness, GC_16, referent_of(interpreter, next) == referent);
  PP_FACT(witness, GC_16, pp_weakref_has_callback(interpreter, next));
  return PP_HOLDS;
}

/* Links it in behind another, or in front of all when that is NULL. */
static void link_behind(struct pp_interpreter *interpreter,
                        struct pp_object *referent, struct pp_object *prev,
                        struct pp_object *weakref) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *next = prev == NULL
                               ? pp_weakref_first(interpreter, referent)
                               : next_of(interpreter, prev);
  PP_REQUIRE(witness, GC_16, prev_of(interpreter, weakref) == NULL);
  PP_REQUIRE(witness, GC_16, next_of(interpreter, weakref) == NULL);
  PP_REQUIRE(witness, GC_16, referent_of(interpreter, weakref) == referent);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_PREV, prev);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_NEXT, next);
  if (next != NULL)
    pp_field_set_pointer(interpreter, next, PP_FIELD_WEAKREF_PREV, weakref);
  if (prev != NULL)
    pp_field_set_pointer(interpreter, prev, PP_FIELD_WEAKREF_NEXT, weakref);
  else
    pp_field_set_pointer(interpreter, referent, list_of(interpreter, referent),
                         weakref);
  PP_ENSURE(witness, GC_16, prev_of(interpreter, weakref) == prev);
  PP_ENSURE(witness, GC_16, next_of(interpreter, weakref) == next);
  PP_CHECK(PP_MARK_CHEAP, witness, check(interpreter, weakref));
}

static void unlink_from(struct pp_interpreter *interpreter,
                        struct pp_object *referent, struct pp_object *weakref) {
  struct pp_object *next = next_of(interpreter, weakref);
  struct pp_object *prev = prev_of(interpreter, weakref);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_16,
             (prev == NULL) ==
                 (pp_weakref_first(interpreter, referent) == weakref));
  if (pp_weakref_first(interpreter, referent) == weakref)
    pp_field_set_pointer(interpreter, referent, list_of(interpreter, referent),
                         next);
  if (prev != NULL)
    pp_field_set_pointer(interpreter, prev, PP_FIELD_WEAKREF_NEXT, next);
  if (next != NULL)
    pp_field_set_pointer(interpreter, next, PP_FIELD_WEAKREF_PREV, prev);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_PREV, NULL);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_NEXT, NULL);
  PP_ENSURE(witness, GC_17, prev_of(interpreter, weakref) == NULL);
  PP_ENSURE(witness, GC_17, next_of(interpreter, weakref) == NULL);
  if (next != NULL)
    PP_ENSURE(witness, GC_16, prev_of(interpreter, next) == prev);
  if (prev != NULL)
    PP_ENSURE(witness, GC_16, next_of(interpreter, prev) == next);
}

void pp_weakref_forget(struct pp_interpreter *interpreter,
                       struct pp_object *weakref) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *referent = referent_of(interpreter, weakref);
  if (referent == NULL) return;
  unlink_from(interpreter, referent, weakref);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_OBJECT,
                       &interpreter->shared.none);
  PP_ENSURE(witness, GC_17, pp_weakref_first(interpreter, referent) != weakref);
  PP_ENSURE(witness, GC_17, referent_of(interpreter, weakref) == NULL);
}

/* ---- making one ---- */

bool pp_weakref_has_callback(const struct pp_interpreter *interpreter,
                             const struct pp_object *weakref) {
  PP_REQUIRE(interpreter->witness, GC_16,
             pp_is(interpreter, weakref, PP_TYPE_WEAKREF));
  return pp_field_read(interpreter, weakref, PP_FIELD_WEAKREF_CALLBACK) != 0;
}

/* One that is dying itself is not called back. */
static bool is_alive(const struct pp_object *weakref) {
  return pp_word_read(weakref->bytes) > 0;
}

void pp_weakref_call_back(struct pp_interpreter *interpreter,
                          struct pp_object *weakref) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_events *events = interpreter->options.events;
  PP_REQUIRE(witness, GC_17, is_alive(weakref));
  PP_REQUIRE(witness, GC_17, referent_of(interpreter, weakref) == NULL);
  PP_REQUIRE(witness, GC_17, prev_of(interpreter, weakref) == NULL);
  PP_REQUIRE(witness, GC_17, next_of(interpreter, weakref) == NULL);
  if (events == NULL) return;
  if (events->weakref_dead != NULL) events->weakref_dead(events->ctx, weakref);
}

/* The one without callback that all share, or NULL. It is the first. */
static struct pp_object *shared_of(const struct pp_interpreter *interpreter,
                                   const struct pp_object *referent) {
  struct pp_object *first = pp_weakref_first(interpreter, referent);
  if (first == NULL) return NULL;
  PP_ENSURE(interpreter->witness, GC_16,
            referent_of(interpreter, first) == referent);
  return pp_weakref_has_callback(interpreter, first) ? NULL : first;
}

static struct pp_object *make(struct pp_interpreter *interpreter,
                              struct pp_object *referent, bool callback) {
  const struct pp_object_rules *rules = interpreter->rules;
  PP_REQUIRE(interpreter->witness, GC_16,
             list_of(interpreter, referent) != PP_FIELD_COUNT);
  struct pp_object *weakref = pp_object_new_collected(
      interpreter, &pp_weakref_type, rules->weakref_size);
  if (weakref == NULL) return NULL;
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_OBJECT, referent);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_CALLBACK,
                       callback ? &interpreter->options : NULL);
  pp_field_write(interpreter, weakref, PP_FIELD_WEAKREF_HASH, UINT64_MAX);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_PREV, NULL);
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_NEXT, NULL);
  if (pp_has_field(interpreter, PP_FIELD_WEAKREF_CALL))
    pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_CALL,
                         &pp_weakref_type);
  pp_gc_track(interpreter, weakref);
  PP_ENSURE(interpreter->witness, REF_01, pp_word_read(weakref->bytes) == 1);
  return weakref;
}

struct pp_object *pp_weakref_new(struct pp_interpreter *interpreter,
                                 struct pp_object *referent, bool callback) {
  struct pp_witness *witness = interpreter->witness;
  if (list_of(interpreter, referent) == PP_FIELD_COUNT) return NULL;
  struct pp_object *shared = shared_of(interpreter, referent);
  if (!callback) {
    if (shared != NULL) return pp_borrow(interpreter, shared);
  }
  if (shared != NULL) PP_REQUIRE(witness, REF_01, is_alive(shared));
  PP_REQUIRE(witness, REF_01, is_alive(referent));
  struct pp_object *weakref = make(interpreter, referent, callback);
  if (weakref == NULL) return NULL;
  PP_ENSURE(witness, GC_16,
            pp_weakref_has_callback(interpreter, weakref) == callback);
  /* To make room for it may have run code that ended the shared one, or made
   * it: then that one it is. */
  shared = shared_of(interpreter, referent);
  if (!callback) {
    if (shared != NULL) {
      pp_decref(interpreter, weakref);
      return pp_borrow(interpreter, shared);
    }
  }
  link_behind(interpreter, referent, callback ? shared : NULL, weakref);
  PP_ENSURE(witness, GC_16,
            shared_of(interpreter, referent) == (callback ? shared : weakref));
  pp_object_touched(interpreter, weakref);
  return weakref;
}

/* ---- the end of a referent ---- */

/* Those with a callback, when the shared one is gone. */
static size_t count_of(const struct pp_interpreter *interpreter,
                       const struct pp_object *referent) {
  size_t count = 0;
  const struct pp_object *weakref = pp_weakref_first(interpreter, referent);
  for (; weakref != NULL; weakref = next_of(interpreter, weakref)) {
    PP_REQUIRE(interpreter->witness, GC_16,
               pp_weakref_has_callback(interpreter, weakref));
    count++;
  }
  return count;
}

static void take_callback(struct pp_interpreter *interpreter,
                          struct pp_object *weakref) {
  pp_field_set_pointer(interpreter, weakref, PP_FIELD_WEAKREF_CALLBACK, NULL);
  PP_ENSURE(interpreter->witness, GC_17,
            !pp_weakref_has_callback(interpreter, weakref));
}

static void forget_and_call_back(struct pp_interpreter *interpreter,
                                 struct pp_object *weakref) {
  PP_REQUIRE(interpreter->witness, GC_17,
             next_of(interpreter, weakref) == NULL);
  take_callback(interpreter, weakref);
  pp_weakref_forget(interpreter, weakref);
  if (is_alive(weakref)) pp_weakref_call_back(interpreter, weakref);
}

/* A tuple holds them and their callbacks while these are called, in turn. */
static void call_back_all(struct pp_interpreter *interpreter,
                          struct pp_object *referent, size_t count) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_17, count >= interpreter->rules->weakref_tuple);
  struct pp_object *held = pp_tuple_of_length(interpreter, 2 * count);
  size_t length = 0;
  for (struct pp_object *weakref = pp_weakref_first(interpreter, referent);
       weakref != NULL; weakref = pp_weakref_first(interpreter, referent)) {
    take_callback(interpreter, weakref);
    pp_weakref_forget(interpreter, weakref);
    if (held == NULL) continue;
    if (!is_alive(weakref)) continue;
    pp_incref(interpreter, weakref);
    pp_tuple_put(interpreter, held, length++, weakref);
    pp_tuple_put(interpreter, held, length++, pp_none_new(interpreter));
  }
  PP_ENSURE(witness, GC_17, length <= 2 * count);
  PP_ENSURE(witness, GC_17, pp_weakref_first(interpreter, referent) == NULL);
  if (held == NULL) return;
  for (size_t i = 0; i < length; i += 2)
    pp_weakref_call_back(interpreter, pp_tuple_get(interpreter, held, i));
  pp_decref(interpreter, held);
}

void pp_weakrefs_of_dying(struct pp_interpreter *interpreter,
                          struct pp_object *referent) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_17, pp_word_read(referent->bytes) == 0);
  struct pp_object *shared = shared_of(interpreter, referent);
  if (shared != NULL) pp_weakref_forget(interpreter, shared);
  PP_ENSURE(witness, GC_16, shared_of(interpreter, referent) == NULL);
  size_t count = count_of(interpreter, referent);
  if (count == 0) return;
  if (count < interpreter->rules->weakref_tuple)
    forget_and_call_back(interpreter, pp_weakref_first(interpreter, referent));
  else
    call_back_all(interpreter, referent, count);
  PP_ENSURE(witness, GC_17, pp_weakref_first(interpreter, referent) == NULL);
}

/* ---- the type ---- */

static void dealloc(struct pp_interpreter *interpreter,
                    struct pp_object *weakref) {
  PP_REQUIRE(interpreter->witness, REF_06, !is_alive(weakref));
  pp_gc_untrack(interpreter, weakref);
  pp_weakref_forget(interpreter, weakref);
  take_callback(interpreter, weakref);
  pp_object_free(interpreter, weakref);
}

static void clear(struct pp_interpreter *interpreter,
                  struct pp_object *weakref) {
  PP_REQUIRE(interpreter->witness, GC_12, is_alive(weakref));
  pp_weakref_forget(interpreter, weakref);
  take_callback(interpreter, weakref);
}

static size_t size(const struct pp_interpreter *interpreter,
                   const struct pp_object *weakref) {
  (void)weakref;
  return interpreter->rules->weakref_size;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *weakref, unsigned piece,
                  unsigned index, struct pp_field_info *field) {
  static const enum pp_field fields[] = {
      PP_FIELD_WEAKREF_OBJECT, PP_FIELD_WEAKREF_CALLBACK, PP_FIELD_WEAKREF_HASH,
      PP_FIELD_WEAKREF_PREV,   PP_FIELD_WEAKREF_NEXT,     PP_FIELD_WEAKREF_CALL,
  };
  (void)weakref;
  if (piece > 0) return false;
  return pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                        &index, 0, field);
}

const struct pp_type pp_weakref_type = {
    .id = PP_TYPE_WEAKREF,
    .name = "weakref.ReferenceType",
    .size = size,
    .dealloc = dealloc,
    .clear = clear,
    .field = field,
    .check = check,
};
