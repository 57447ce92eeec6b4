/* The keys of a dict, as memory: header, indices, entries (SPEC.md, DICT). */
#include "reference/objects/dict_keys.h"

#include <limits.h>

#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/probe.h"

enum {
  WITH_HASH = 24, /* of an entry: hash, key, value */
  WITHOUT = 16,   /* key, value: the hash is that of the str */
  LEAST_INDEX_BYTES = 8,
  THIRDS = 3,      /* of the slots, of which two have entries */
  WIDTH_OF_32 = 4, /* bytes of an index */
  WIDTH_OF_64 = 8,
  ALL_ONES = 0xff /* of -1 */
};

static_assert(WITH_HASH == WITHOUT + PP_WORD_SIZE, "DICT-10: the hash before");
static_assert(WITHOUT == 2 * PP_WORD_SIZE, "DICT-10: key, value");
static_assert(PP_SLOT_EMPTY == -1, "all of its bytes are ALL_ONES");

/* ---- sizes ---- */

size_t pp_keys_room(size_t size) {
  return size * 2 / THIRDS;
}

/* Bytes of one index, so that it can be any entry's. */
static size_t index_width(size_t size) {
  if (size <= INT8_MAX + 1) return 1;
  if (size <= INT16_MAX + 1) return 2;
  return size <= (size_t)INT32_MAX + 1 ? WIDTH_OF_32 : WIDTH_OF_64;
}

static size_t log2_of(size_t size) {
  size_t bits = 0;
  while (size >> bits > 1)
    bits++;
  return bits;
}

size_t pp_keys_size(const struct pp_interpreter *interpreter,
                    const struct pp_object *keys) {
  if (pp_has_field(interpreter, PP_FIELD_KEYS_SIZE))
    return pp_field_read(interpreter, keys, PP_FIELD_KEYS_SIZE);
  return (size_t)1 << pp_field_read(interpreter, keys, PP_FIELD_KEYS_LOG2_SIZE);
}

size_t pp_keys_usable(const struct pp_interpreter *interpreter,
                      const struct pp_object *keys) {
  return pp_field_read(interpreter, keys, PP_FIELD_KEYS_USABLE);
}

size_t pp_keys_count(const struct pp_interpreter *interpreter,
                     const struct pp_object *keys) {
  return pp_field_read(interpreter, keys, PP_FIELD_KEYS_NENTRIES);
}

static size_t index_bytes(size_t size) {
  size_t bytes = size * index_width(size);
  return bytes < LEAST_INDEX_BYTES ? LEAST_INDEX_BYTES : bytes;
}

static size_t entry_size(const struct pp_object_rules *rules, bool all_str) {
  return rules->keys_by_kind && all_str ? WITHOUT : WITH_HASH;
}

size_t pp_keys_index_bytes(const struct pp_interpreter *interpreter,
                           const struct pp_object *keys) {
  return index_bytes(pp_keys_size(interpreter, keys));
}

size_t pp_keys_entry_size(const struct pp_interpreter *interpreter,
                          const struct pp_object *keys) {
  return entry_size(interpreter->rules,
                    pp_keys_lookup(interpreter, keys) != PP_LOOKUP_ANY);
}

static size_t bytes_for(const struct pp_object_rules *rules, size_t size,
                        bool all_str) {
  return rules->keys_header + index_bytes(size) +
         pp_keys_room(size) * entry_size(rules, all_str);
}

size_t pp_keys_bytes(const struct pp_interpreter *interpreter,
                     const struct pp_object *keys) {
  return bytes_for(interpreter->rules, pp_keys_size(interpreter, keys),
                   pp_keys_lookup(interpreter, keys) != PP_LOOKUP_ANY);
}

/* ---- how they are looked up ---- */

enum pp_keys_lookup pp_keys_lookup(const struct pp_interpreter *interpreter,
                                   const struct pp_object *keys) {
  if (interpreter->rules->keys_by_kind)
    return (enum pp_keys_lookup)pp_field_read(interpreter, keys,
                                              PP_FIELD_KEYS_KIND);
  const uint8_t *lookup =
      pp_field_pointer(interpreter, keys, PP_FIELD_KEYS_LOOKUP);
  return (enum pp_keys_lookup)(lookup - interpreter->dicts.lookups);
}

static void write_lookup(const struct pp_interpreter *interpreter,
                         struct pp_object *keys, enum pp_keys_lookup lookup) {
  PP_REQUIRE(interpreter->witness, DICT_10, lookup < PP_LOOKUPS);
  if (!interpreter->rules->keys_by_kind) {
    pp_field_set_pointer(interpreter, keys, PP_FIELD_KEYS_LOOKUP,
                         &interpreter->dicts.lookups[lookup]);
    return;
  }
  bool any = lookup == PP_LOOKUP_ANY;
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_KIND,
                 any ? PP_LOOKUP_ANY : PP_LOOKUP_STR);
}

void pp_keys_set_lookup(const struct pp_interpreter *interpreter,
                        struct pp_object *keys, enum pp_keys_lookup lookup) {
  struct pp_witness *witness = interpreter->witness;
  size_t before = pp_keys_entry_size(interpreter, keys);
  PP_REQUIRE(witness, DICT_12, !pp_keys_are_shared(interpreter, keys));
  PP_REQUIRE(witness, DICT_12, lookup != PP_LOOKUP_NONE);
  write_lookup(interpreter, keys, lookup);
  /* The entries stay as they are. */
  PP_ENSURE(witness, DICT_10, pp_keys_entry_size(interpreter, keys) == before);
}

/* ---- indices and entries ---- */

static uint8_t *index_at(const struct pp_interpreter *interpreter,
                         const struct pp_object *keys, size_t slot) {
  size_t size = pp_keys_size(interpreter, keys);
  PP_REQUIRE(interpreter->witness, DICT_03, slot < size);
  PP_REQUIRE(interpreter->witness, DICT_03, (size & (size - 1)) == 0);
  return (uint8_t *)(uintptr_t)keys->bytes + interpreter->rules->keys_header +
         slot * index_width(size);
}

int64_t pp_keys_index(const struct pp_interpreter *interpreter,
                      const struct pp_object *keys, size_t slot) {
  size_t width = index_width(pp_keys_size(interpreter, keys));
  uint64_t index = 0, sign = UINT64_C(1) << (width * CHAR_BIT - 1);
  /* The machine stores the low bytes first. */
  memcpy(&index, index_at(interpreter, keys, slot), width);
  return (int64_t)((index ^ sign) - sign);
}

void pp_keys_set_index(const struct pp_interpreter *interpreter,
                       struct pp_object *keys, size_t slot, int64_t index) {
  struct pp_witness *witness = interpreter->witness;
  size_t size = pp_keys_size(interpreter, keys);
  PP_REQUIRE(witness, DICT_12, !pp_keys_are_shared(interpreter, keys));
  PP_REQUIRE(witness, DICT_06, index >= PP_SLOT_DUMMY);
  PP_REQUIRE(witness, DICT_06, index < (int64_t)pp_keys_room(size));
  PP_REQUIRE(witness, DICT_06,
             index <= (int64_t)pp_keys_count(interpreter, keys));
  memcpy(index_at(interpreter, keys, slot), &index, index_width(size));
  PP_ENSURE(witness, DICT_02, pp_keys_index(interpreter, keys, slot) == index);
}

static uint8_t *entry_at(const struct pp_interpreter *interpreter,
                         const struct pp_object *keys, size_t index) {
  PP_REQUIRE(interpreter->witness, DICT_04,
             index < pp_keys_room(pp_keys_size(interpreter, keys)));
  return (uint8_t *)(uintptr_t)keys->bytes + interpreter->rules->keys_header +
         pp_keys_index_bytes(interpreter, keys) +
         index * pp_keys_entry_size(interpreter, keys);
}

struct pp_entry pp_keys_entry(const struct pp_interpreter *interpreter,
                              const struct pp_object *keys, size_t index) {
  const uint8_t *at = entry_at(interpreter, keys, index);
  struct pp_entry entry;
  bool with_hash = pp_keys_entry_size(interpreter, keys) == WITH_HASH;
  const uint8_t *key = with_hash ? at + PP_WORD_SIZE : at;
  entry.key = pp_pointer_read(key);
  entry.value = pp_pointer_read(key + PP_WORD_SIZE);
  entry.hash = 0;
  if (with_hash)
    entry.hash = (int64_t)pp_word_read(at);
  else if (entry.key != NULL)
    entry.hash =
        (int64_t)pp_field_read(interpreter, entry.key, PP_FIELD_STR_HASH);
  return entry;
}

void pp_keys_set_entry(const struct pp_interpreter *interpreter,
                       struct pp_object *keys, size_t index,
                       struct pp_entry entry) {
  struct pp_witness *witness = interpreter->witness;
  uint8_t *at = entry_at(interpreter, keys, index);
  PP_REQUIRE(witness, DICT_07, index <= pp_keys_count(interpreter, keys));
  if (entry.key == NULL) PP_REQUIRE(witness, DICT_11, entry.value == NULL);
  if (pp_keys_entry_size(interpreter, keys) == WITH_HASH) {
    pp_word_write(at, (uint64_t)entry.hash);
    at += PP_WORD_SIZE;
  } else if (entry.key != NULL) {
    PP_REQUIRE(witness, DICT_10, pp_is(interpreter, entry.key, PP_TYPE_STR));
    PP_REQUIRE(witness, DICT_16,
               pp_field_read(interpreter, entry.key, PP_FIELD_STR_HASH) ==
                   (uint64_t)entry.hash);
  }
  pp_pointer_write(at, entry.key);
  pp_pointer_write(at + PP_WORD_SIZE, entry.value);
}

void pp_keys_add(const struct pp_interpreter *interpreter,
                 struct pp_object *keys, struct pp_entry entry) {
  size_t count = pp_keys_count(interpreter, keys);
  size_t usable = pp_keys_usable(interpreter, keys);
  size_t size = pp_keys_size(interpreter, keys);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, DICT_04, usable > 0);
  PP_REQUIRE(witness, DICT_04, count + usable == pp_keys_room(size));
  PP_REQUIRE(witness, DICT_11, entry.key != NULL);
  PP_REQUIRE(witness, REF_01, pp_word_read(entry.key->bytes) > 0);
  PP_REQUIRE(witness, HASH_01, entry.hash != -1);
  struct pp_probe probe = pp_probe_begin(witness, size, entry.hash);
  while (pp_keys_index(interpreter, keys, probe.slot) >= 0)
    pp_probe_next(&probe);
  pp_keys_set_index(interpreter, keys, probe.slot, (int64_t)count);
  pp_keys_set_entry(interpreter, keys, count, entry);
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_USABLE, usable - 1);
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_NENTRIES, count + 1);
  usable = pp_keys_usable(interpreter, keys);
  PP_ENSURE(witness, DICT_04, count + 1 + usable == pp_keys_room(size));
  PP_ENSURE(witness, DICT_06, probe.slot < size);
  struct pp_entry added = pp_keys_entry(interpreter, keys, count);
  PP_ENSURE(witness, DICT_07, added.key == entry.key);
  PP_ENSURE(witness, DICT_07, added.value == entry.value);
  PP_ENSURE(witness, DICT_16, added.hash == entry.hash);
}

/* ---- their memory ---- */

/* Header and indices of a table without entries. */
static void begin(const struct pp_interpreter *interpreter,
                  struct pp_object *keys, size_t size,
                  enum pp_keys_lookup lookup, size_t usable) {
  struct pp_witness *witness = interpreter->witness;
  uint64_t log2 = log2_of(size);
  PP_REQUIRE(witness, DICT_03, (size & (size - 1)) == 0);
  PP_REQUIRE(witness, DICT_04, usable <= pp_keys_room(size));
  /* The greatest index has its highest bit to spare. */
  if (usable > 0)
    PP_ENSURE(witness, DICT_02,
              (usable - 1) >> (index_width(size) * CHAR_BIT - 1) == 0);
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_REFCNT, 1);
  if (interpreter->rules->keys_by_kind) {
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_LOG2_SIZE, log2);
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_LOG2_INDEX_BYTES,
                   log2_of(size * index_width(size)));
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_PADDING, 0);
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_VERSION, 0);
  } else {
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_SIZE, size);
  }
  write_lookup(interpreter, keys, lookup);
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_USABLE, usable);
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_NENTRIES, 0);
  memset(keys->bytes + interpreter->rules->keys_header, ALL_ONES,
         index_bytes(size));
  PP_ENSURE(witness, DICT_03, pp_keys_size(interpreter, keys) == size);
  PP_ENSURE(witness, DICT_06,
            pp_keys_index(interpreter, keys, size - 1) == PP_SLOT_EMPTY);
}

/* Those that are kept are of the smallest size, and hold str where that makes
 * a difference. */
static bool is_kept(const struct pp_object_rules *rules, size_t size,
                    bool all_str) {
  if (size != PP_KEYS_SMALLEST) return false;
  return !rules->keys_by_kind || all_str;
}

struct pp_object *pp_keys_new(struct pp_interpreter *interpreter, size_t size,
                              bool all_str) {
  const struct pp_object_rules *rules = interpreter->rules;
  struct pp_witness *witness = interpreter->witness;
  const struct pp_system_source *family = pp_keys_family(interpreter);
  struct pp_object *keys = NULL;
  PP_REQUIRE(witness, DICT_03, size >= PP_KEYS_SMALLEST);
  PP_REQUIRE(witness, DICT_03, (size & (size - 1)) == 0);
  size_t bytes = bytes_for(rules, size, all_str);
  if (is_kept(rules, size, all_str)) {
    keys = pp_free_list_take(interpreter, PP_FREE_DICT_KEYS, 0);
    const uint32_t *kept = interpreter->free_lists.count[PP_FREE_DICT_KEYS];
    if (keys == NULL) PP_ENSURE(witness, OBJ_09, *kept == 0);
  }
  if (keys == NULL) keys = pp_family_malloc(family, bytes);
  if (keys == NULL) return NULL;
  PP_ENSURE(witness, DICT_12, !pp_keys_are_shared(interpreter, keys));
  begin(interpreter, keys, size, all_str ? PP_LOOKUP_STR_CLEAN : PP_LOOKUP_ANY,
        pp_keys_room(size));
  size_t before = rules->keys_header + index_bytes(size);
  memset((uint8_t *)keys + before, 0, bytes - before);
  PP_ENSURE(witness, DICT_10, pp_keys_bytes(interpreter, keys) == bytes);
  PP_ENSURE(witness, DICT_07, pp_keys_entry(interpreter, keys, 0).key == NULL);
  return keys;
}

void pp_keys_free(struct pp_interpreter *interpreter, struct pp_object *keys) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, DICT_12, !pp_keys_are_shared(interpreter, keys));
  PP_REQUIRE(witness, REF_01,
             pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT) == 1);
  bool all_str = pp_keys_lookup(interpreter, keys) != PP_LOOKUP_ANY;
  if (is_kept(interpreter->rules, pp_keys_size(interpreter, keys), all_str)) {
    if (pp_free_list_put(interpreter, PP_FREE_DICT_KEYS, 0, keys)) return;
  }
  pp_family_free(pp_keys_family(interpreter), keys);
}

void pp_keys_drop(struct pp_interpreter *interpreter, struct pp_object *keys) {
  uint64_t references = pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT);
  PP_REQUIRE(interpreter->witness, REF_01, references > 0);
  if (pp_keys_are_shared(interpreter, keys)) {
    if (interpreter->rules->immortality == PP_IMMORTAL_HALF) return;
    PP_ENSURE(interpreter->witness, DICT_12, references > 1);
  }
  if (references > 1) {
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_REFCNT, references - 1);
    return;
  }
  size_t count = pp_keys_count(interpreter, keys);
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, keys, i);
    if (entry.key == NULL) {
      PP_ENSURE(interpreter->witness, DICT_11, entry.value == NULL);
      continue;
    }
    pp_decref(interpreter, entry.key);
    if (entry.value != NULL) pp_decref(interpreter, entry.value);
  }
  pp_keys_free(interpreter, keys);
}

/* ---- the keys of dicts without any ---- */

static struct pp_object *shared(const struct pp_interpreter *interpreter) {
  return (struct pp_object *)(uintptr_t)interpreter->dicts.empty_keys;
}

void pp_dicts_begin(struct pp_interpreter *interpreter) {
  const struct pp_object_rules *rules = interpreter->rules;
  struct pp_object *keys = shared(interpreter);
  size_t bytes = bytes_for(rules, 1, true);
  PP_REQUIRE(interpreter->witness, DICT_12,
             bytes <= sizeof interpreter->dicts.empty_keys);
  begin(interpreter, keys, 1, PP_LOOKUP_NONE, 0);
  PP_ENSURE(interpreter->witness, DICT_12,
            pp_keys_size(interpreter, keys) == 1);
  if (!rules->keys_by_kind) return;
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_VERSION, 1);
  if (rules->immortality == PP_IMMORTAL_HALF)
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_REFCNT, PP_IMMORTAL_COUNT);
}

bool pp_keys_are_shared(const struct pp_interpreter *interpreter,
                        const struct pp_object *keys) {
  return keys == shared(interpreter);
}

struct pp_object *pp_empty_keys(struct pp_interpreter *interpreter) {
  struct pp_object *keys = shared(interpreter);
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, DICT_12, pp_keys_count(interpreter, keys) == 0);
  PP_ENSURE(witness, DICT_12, pp_keys_usable(interpreter, keys) == 0);
  uint64_t references = pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT);
  PP_ENSURE(witness, DICT_12, references > 0);
  if (interpreter->rules->immortality != PP_IMMORTAL_HALF)
    pp_field_write(interpreter, keys, PP_FIELD_KEYS_REFCNT, references + 1);
  return keys;
}
