/* The keys of a dict: a table of indices into a row of entries, in one piece of
 * memory behind a header (SPEC.md, DICT).
 *
 *   | header | index of slot 0, 1, ... size - 1 | entry 0 | entry 1 | ...
 *
 * They are no object, but their fields have names in the same table. */
#ifndef REFERENCE_OBJECTS_DICT_KEYS_H
#define REFERENCE_OBJECTS_DICT_KEYS_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"
#include "reference/objects/rules.h"

enum {
  PP_KEYS_SMALLEST = 8,
  PP_EMPTY_KEYS_WORDS = 9, /* that the keys of empty dicts take, or less */
  PP_SLOT_EMPTY = -1,
  PP_SLOT_DUMMY = -2
};

/* How keys are looked up: in dk_lookup up to 3.10, which points to a function;
 * since 3.11 in dk_kind, which knows two of them. */
enum pp_keys_lookup {
  PP_LOOKUP_ANY,       /* keys of any type */
  PP_LOOKUP_STR,       /* all are str */
  PP_LOOKUP_STR_CLEAN, /* and none was ever deleted */
  PP_LOOKUP_NONE,      /* the keys of dicts without any */
  PP_LOOKUPS
};

static_assert((PP_KEYS_SMALLEST & (PP_KEYS_SMALLEST - 1)) == 0, "DICT-03");
static_assert(PP_LOOKUP_ANY == 0, "dk_kind of any keys");
static_assert(PP_LOOKUP_STR == 1, "dk_kind of those that are all str");

/* What dicts share: the keys of those that have none. */
struct pp_dicts {
  uint64_t version; /* the last that was given */
  uint8_t lookups[PP_LOOKUPS];
  uint64_t empty_keys[PP_EMPTY_KEYS_WORDS];
  uint64_t empty_values[1];
};

/* One entry, wherever its parts lie. */
struct pp_entry {
  int64_t hash;
  struct pp_object *key, *value; /* NULL: deleted, or never used */
};

/* Where a key was found, or where the search for it ended. */
struct pp_found {
  size_t slot;
  int64_t index; /* of its entry, or PP_SLOT_EMPTY */
};

void pp_dicts_begin(struct pp_interpreter *interpreter);
/* The keys of an empty dict: of nobody, and counted up to 3.11. */
struct pp_object *pp_empty_keys(struct pp_interpreter *interpreter);
bool pp_keys_are_shared(const struct pp_interpreter *interpreter,
                        const struct pp_object *keys);

/* With room for two thirds of size; NULL: refused. */
struct pp_object *pp_keys_new(struct pp_interpreter *interpreter, size_t size,
                              bool all_str);
/* Their memory back, or kept. The entries are another's by now. */
void pp_keys_free(struct pp_interpreter *interpreter, struct pp_object *keys);
/* Lets go of the entries, in their order, and of the memory. */
void pp_keys_drop(struct pp_interpreter *interpreter, struct pp_object *keys);

size_t pp_keys_size(const struct pp_interpreter *interpreter,
                    const struct pp_object *keys);
size_t pp_keys_usable(const struct pp_interpreter *interpreter,
                      const struct pp_object *keys);
size_t pp_keys_count(const struct pp_interpreter *interpreter,
                     const struct pp_object *keys); /* entries ever used */
size_t pp_keys_bytes(const struct pp_interpreter *interpreter,
                     const struct pp_object *keys);
size_t pp_keys_index_bytes(const struct pp_interpreter *interpreter,
                           const struct pp_object *keys);
size_t pp_keys_entry_size(const struct pp_interpreter *interpreter,
                          const struct pp_object *keys);
/* Entries that a table has room for. */
size_t pp_keys_room(size_t size);

enum pp_keys_lookup pp_keys_lookup(const struct pp_interpreter *interpreter,
                                   const struct pp_object *keys);
void pp_keys_set_lookup(const struct pp_interpreter *interpreter,
                        struct pp_object *keys, enum pp_keys_lookup lookup);

int64_t pp_keys_index(const struct pp_interpreter *interpreter,
                      const struct pp_object *keys, size_t slot);
void pp_keys_set_index(const struct pp_interpreter *interpreter,
                       struct pp_object *keys, size_t slot, int64_t index);
struct pp_entry pp_keys_entry(const struct pp_interpreter *interpreter,
                              const struct pp_object *keys, size_t index);
void pp_keys_set_entry(const struct pp_interpreter *interpreter,
                       struct pp_object *keys, size_t index,
                       struct pp_entry entry);
/* A new entry behind the others, found through the first slot on its way that
 * has none. */
void pp_keys_add(const struct pp_interpreter *interpreter,
                 struct pp_object *keys, struct pp_entry entry);

#endif
