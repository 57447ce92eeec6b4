/* The objects that an interpreter has once and everybody shares: the three
 * singletons, True and False, and small values. Those that are static lie in
 * the interpreter itself (SPEC.md, OBJ, INT, STR, BYTES). */
#ifndef REFERENCE_OBJECTS_SHARED_H
#define REFERENCE_OBJECTS_SHARED_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poolproof/objects.h"
#include "reference/objects/interned.h"
#include "reference/objects/names.h"
#include "reference/objects/tuple.h"

enum {
  PP_SMALL_NEGATIVE = 5,   /* -5 to -1 */
  PP_SMALL_POSITIVE = 257, /* 0 to 256 */
  PP_SMALL_INTS = PP_SMALL_NEGATIVE + PP_SMALL_POSITIVE,
  PP_CHARACTERS = 256, /* of one byte; and behind them the empty value */
  PP_STATIC_INT = 32,  /* bytes: one digit, and padding */
  PP_STATIC_BYTES = 40,
  PP_STATIC_STR = 80,
  PP_STATIC_WORD = 8,
  PP_STATIC_UTF8 = 3 /* of a character above ASCII, with a zero */
};

/* Room for static objects. */
struct pp_static {
  uint64_t words[PP_STATIC_INT / PP_STATIC_WORD];
};

struct pp_static_bytes {
  uint64_t words[PP_STATIC_BYTES / PP_STATIC_WORD];
};

struct pp_static_str {
  uint64_t words[PP_STATIC_STR / PP_STATIC_WORD];
};

static_assert(sizeof(struct pp_static) == PP_STATIC_INT, "whole words");
static_assert(sizeof(struct pp_static_bytes) == PP_STATIC_BYTES, "likewise");
static_assert(sizeof(struct pp_static_str) == PP_STATIC_STR, "likewise");
static_assert(PP_CHARACTERS == UINT8_MAX + 1, "a byte for each character");
static_assert(PP_SMALL_POSITIVE > UINT8_MAX, "the item of a bytes is small");

struct pp_shared {
  struct pp_static none, ellipsis, not_implemented;
  struct pp_static booleans[2]; /* False, True */
  struct pp_static small_ints[PP_SMALL_INTS];
  struct pp_static_bytes bytes[PP_CHARACTERS + 1];
  struct pp_static_str strings[PP_CHARACTERS + 1];
  uint8_t utf8[PP_CHARACTERS][PP_STATIC_UTF8];
  struct pp_empty_tuple empty_tuple;
};

/* What is shared where it is not static: blocks, each with a reference that is
 * the interpreter's. */
struct pp_shared_blocks {
  struct pp_object *small_ints[PP_SMALL_INTS];
  struct pp_object *bytes[PP_CHARACTERS + 1]; /* NULL: not met yet */
  struct pp_object *strings[PP_CHARACTERS + 1];
};

/* Fills what is static; false when memory that it needs cannot be had. */
bool pp_shared_begin(struct pp_interpreter *interpreter);
/* Gives back what is shared and not static. */
void pp_shared_end(struct pp_interpreter *interpreter);
/* Whether an object is static: lies in the interpreter. */
bool pp_is_static(const struct pp_interpreter *interpreter,
                  const struct pp_object *object);
/* The counts that a static value begins with, and a singleton or a bool. */
uint64_t pp_static_count(const struct pp_interpreter *interpreter);
uint64_t pp_singleton_count(const struct pp_interpreter *interpreter);
/* Whether the static objects of a type begin with a large count, where some
 * do. */
bool pp_is_biased(enum pp_type_id type);
/* Gives back the references of a table of blocks. */
void pp_shared_release(struct pp_interpreter *interpreter,
                       struct pp_object **blocks, size_t count);

#endif
