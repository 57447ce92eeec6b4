/* Hosts: opening and closing, their memory, and what is seen of it. Each block
 * carries a header, so that it is known again, by its family:
 *
 *   | size | letter and mark | block ... | mark |
 */
#include "proptests/interpreters.h"

#include <stdio.h>
#include <stdlib.h>

enum {
  HEADER = 16,
  TAIL = 8,
  JUNK = 0xa5, /* what fresh memory holds */
  GONE = 0x5a
};

static const uint64_t mark = 0x6d656d6f72790000;

/* ---- the two families ---- */

static void note(struct pp_family *family, char what, size_t size) {
  struct pp_host *host = family->host;
  if (host->log_length + 64 > sizeof host->log) return;
  host->log_length += (size_t)snprintf(
      host->log + host->log_length, sizeof host->log - host->log_length,
      "%s%c%c%zu", host->log_length > 0 ? " " : "", family->letter, what, size);
}

static bool granted(struct pp_family *family) {
  if (family->left == 0) return false;
  if (family->left != SIZE_MAX) family->left--;
  return true;
}

static void *enter(struct pp_family *family, uint8_t *memory, size_t size) {
  uint64_t own = mark | (uint64_t)family->letter;
  cr_assert_not_null(memory);
  memcpy(memory, &size, sizeof size);
  memcpy(memory + 8, &own, sizeof own);
  memcpy(memory + HEADER + size, &own, sizeof own);
  family->live++;
  family->live_bytes += size;
  return memory + HEADER;
}

/* The block is one of the family's, and nothing was written behind it. */
static size_t leave(struct pp_family *family, uint8_t *block) {
  struct pp_host *host = family->host;
  uint64_t own, tail;
  size_t size;
  memcpy(&size, block - HEADER, sizeof size);
  memcpy(&own, block - 8, sizeof own);
  SEE_EQ(own, mark | (uint64_t)family->letter);
  memcpy(&tail, block + size, sizeof tail);
  SEE_EQ(tail, own);
  SEE(family->live > 0);
  memset(block - 8, GONE, 8);
  family->live--;
  family->live_bytes -= size;
  return size;
}

static void *family_malloc(void *ctx, size_t size) {
  struct pp_family *family = ctx;
  note(family, '+', size);
  if (!granted(family)) return NULL;
  if (size > PTRDIFF_MAX - HEADER - TAIL) return NULL;
  uint8_t *memory = malloc(HEADER + size + TAIL);
  cr_assert_not_null(memory);
  memset(memory, JUNK, HEADER + size + TAIL);
  return enter(family, memory, size);
}

static void *family_calloc(void *ctx, size_t count, size_t size) {
  struct pp_family *family = ctx;
  note(family, '0', count * size);
  if (!granted(family)) return NULL;
  return enter(family, calloc(1, HEADER + count * size + TAIL), count * size);
}

static void family_free(void *ctx, void *block) {
  struct pp_family *family = ctx;
  if (block == NULL) return;
  size_t size = leave(family, block);
  note(family, '-', size);
  memset(block, GONE, size);
  free((uint8_t *)block - HEADER);
}

static void *family_realloc(void *ctx, void *block, size_t size) {
  struct pp_family *family = ctx;
  if (block == NULL) return family_malloc(ctx, size);
  note(family, '>', size);
  if (!granted(family)) return NULL;
  if (size > PTRDIFF_MAX - HEADER - TAIL) return NULL;
  uint8_t *memory = malloc(HEADER + size + TAIL);
  cr_assert_not_null(memory);
  memset(memory, JUNK, HEADER + size + TAIL);
  size_t old = leave(family, block);
  memcpy(memory + HEADER, block, old < size ? old : size);
  memset(block, GONE, old);
  free((uint8_t *)block - HEADER);
  return enter(family, memory, size);
}

static void open_family(struct pp_host *host, struct pp_family *family,
                        char letter) {
  family->host = host;
  family->letter = letter;
  family->left = SIZE_MAX;
  family->source = (struct pp_system_source){
      family, family_malloc, family_calloc, family_realloc, family_free};
}

/* ---- what the interpreter tells ---- */

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  struct pp_host *host = (struct pp_host *)witness;
  host->told = clause;
  host->where = where;
  host->spoilt = true;
  if (host->armed) longjmp(host->escape, 1);
  cr_assert_fail("%s, level %s: breaks %s at %s", host->profile->name,
                 host->objects->level, pp_clause_texts[clause].id, where);
  abort();
}

static void finalize(void *ctx, struct pp_object *instance) {
  struct pp_host *host = ctx;
  SEE(host->finalized_count < PP_HOST_FINALIZED);
  host->finalized[host->finalized_count++] = instance;
  if (host->finalize != NULL) host->finalize(host, instance);
}

static void weakref_dead(void *ctx, struct pp_object *weakref) {
  struct pp_host *host = ctx;
  SEE(host->weakrefs_dead_count < PP_HOST_FINALIZED);
  host->weakrefs_dead[host->weakrefs_dead_count++] = weakref;
}

static void dealloc(void *ctx, const struct pp_object *object) {
  struct pp_host *host = ctx;
  SEE(pp_kind(host, object) < PP_TYPE_COUNT);
  host->dealloc_count++;
}

/* ---- hosts ---- */

void pp_host_open(struct pp_host *host, const struct pp_profile *profile,
                  const struct pp_objects *objects) {
  memset(host, 0, sizeof *host);
  host->witness.broken = broken;
  host->profile = profile;
  host->rules = pp_object_rules_of(profile->id);
  host->objects = objects;
  open_family(host, &host->obj, 'O');
  open_family(host, &host->mem, 'M');
  host->events =
      (struct pp_object_events){host, finalize, weakref_dead, dealloc, NULL};
  host->options = (struct pp_interpreter_options){
      .profile = profile,
      .obj = &host->obj.source,
      .mem = &host->mem.source,
      .events = &host->events,
      .witness = &host->witness,
  };
  void *memory = malloc(objects->interpreter_size(profile));
  cr_assert_not_null(memory);
  host->interpreter = objects->create(memory, &host->options);
  SEE(host->interpreter == memory);
  pp_host_mark(host);
}

void pp_host_close(struct pp_host *host) {
  if (!host->spoilt) {
    if (host->objects->check_all != NULL)
      SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
    host->objects->destroy(host->interpreter);
    SEE_EQ(host->obj.live, 0);
    SEE_EQ(host->mem.live, 0);
  }
  free(host->interpreter);
}

void pp_each_interpreter(enum pp_clause clause,
                         void (*body)(struct pp_host *)) {
  static struct pp_host host;
  size_t met = 0;
  for (unsigned i = 0; i < PP_PROFILE_COUNT; i++) {
    if ((pp_clause_texts[clause].profiles >> i & 1) == 0) continue;
    pp_host_open(&host, &pp_profiles[i], &pp_objects_heap);
    body(&host);
    pp_host_close(&host);
    met++;
  }
  cr_assert(met > 0);
}

bool pp_since(const struct pp_host *host, enum pp_profile_id profile) {
  return host->profile->id >= profile;
}

/* ---- requests ---- */

void pp_host_mark(struct pp_host *host) {
  host->log_length = 0;
  host->log[0] = '\0';
}

void pp_see_requests(struct pp_host *host, const char *expected) {
  cr_assert_str_eq(host->log, expected, "%s: asked \"%s\", not \"%s\"",
                   host->profile->name, host->log, expected);
  pp_host_mark(host);
}

void pp_refuse_after(struct pp_host *host, size_t requests) {
  host->obj.left = requests;
  host->mem.left = requests;
}

void pp_grant(struct pp_host *host) {
  pp_refuse_after(host, SIZE_MAX);
}

/* ---- values ---- */

struct pp_object *pp_number(struct pp_host *host, int64_t value) {
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  uint32_t digits[3];
  for (size_t i = 0; i < 3; i++) {
    digits[i] = rest & 0x3fffffff;
    rest >>= 30;
  }
  struct pp_object *object =
      host->objects->integer(host->interpreter, value < 0, digits, 3);
  SEE(object != NULL);
  return object;
}

struct pp_object *pp_text(struct pp_host *host, const char *ascii) {
  uint32_t points[256];
  size_t length = strlen(ascii);
  SEE(length <= 256);
  for (size_t i = 0; i < length; i++)
    points[i] = (uint8_t)ascii[i];
  struct pp_object *object =
      host->objects->string(host->interpreter, points, length);
  SEE(object != NULL);
  return object;
}

void pp_drop(struct pp_host *host, struct pp_object *object) {
  host->objects->decref(host->interpreter, object);
}

uint64_t pp_count(const struct pp_host *host, const struct pp_object *object) {
  return host->objects->refcount(host->interpreter, object);
}

enum pp_type_id pp_kind(const struct pp_host *host,
                        const struct pp_object *object) {
  return host->objects->type_of(host->interpreter, object);
}

bool pp_find_field(const struct pp_host *host, const struct pp_object *object,
                   const char *name, struct pp_field_info *field) {
  for (unsigned i = 0;
       host->objects->field(host->interpreter, object, 0, i, field); i++) {
    if (strcmp(field->name, name) == 0) return true;
  }
  return false;
}

uint64_t pp_seen_field(const struct pp_host *host,
                       const struct pp_object *object, const char *name) {
  struct pp_field_info field;
  uint64_t value = 0;
  cr_assert(pp_find_field(host, object, name, &field), "%s: no field %s",
            host->profile->name, name);
  memcpy(&value, (const uint8_t *)object + field.offset,
         field.size < 8 ? field.size : 8);
  return value;
}

enum pp_clause pp_holds(const struct pp_host *host,
                        const struct pp_object *object) {
  return host->objects->check(host->interpreter, object);
}

/* ---- damage ---- */

void pp_spoil(struct pp_host *host, const void *at, const void *bytes,
              size_t size) {
  SEE(host->mend_count < PP_HOST_MENDS);
  SEE(size <= sizeof host->mends[0].bytes);
  void *there = (void *)(uintptr_t)at;
  host->mends[host->mend_count].at = there;
  host->mends[host->mend_count].size = size;
  memcpy(host->mends[host->mend_count].bytes, there, size);
  memcpy(there, bytes, size);
  host->mend_count++;
}

void pp_spoil_field(struct pp_host *host, const struct pp_object *object,
                    const char *name, uint64_t value) {
  struct pp_field_info field;
  SEE(pp_find_field(host, object, name, &field));
  pp_spoil(host, (const uint8_t *)object + field.offset, &value,
           field.size < 8 ? field.size : 8);
}

void pp_host_mend(struct pp_host *host) {
  while (host->mend_count > 0) {
    host->mend_count--;
    memcpy(host->mends[host->mend_count].at,
           host->mends[host->mend_count].bytes,
           host->mends[host->mend_count].size);
  }
}

void pp_see_object_told(struct pp_host *host, const struct pp_object *object,
                        enum pp_clause clause) {
  enum pp_clause told = pp_holds(host, object);
  cr_assert_eq(told, clause, "%s: tells %s, not %s", host->profile->name,
               pp_clause_texts[told].id, pp_clause_texts[clause].id);
  pp_host_mend(host);
  SEE_EQ(pp_holds(host, object), PP_HOLDS);
}

enum pp_clause pp_act_breaks(struct pp_host *host,
                             void (*act)(struct pp_host *, void *), void *arg) {
  host->told = PP_HOLDS;
  host->armed = true;
  if (setjmp(host->escape) == 0) act(host, arg);
  host->armed = false;
  return host->told;
}
