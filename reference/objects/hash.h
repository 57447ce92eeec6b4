/* Hashes as CPython computes them, and equality as its containers ask for it
 * (SPEC.md, HASH). So an index table is the same, bit for bit. */
#ifndef REFERENCE_OBJECTS_HASH_H
#define REFERENCE_OBJECTS_HASH_H

#include <assert.h>
#include <float.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"

/* Tuples inside of tuples, as keys: no deeper than this. */
enum { PP_NESTING_MAX = 1000 };

/* False: an object of this type has no hash. That of a str or bytes is kept in
 * it. */
bool pp_object_hash(struct pp_interpreter *interpreter,
                    struct pp_object *object, int64_t *hash);
/* The same, and nothing is kept. */
bool pp_object_hash_anew(const struct pp_interpreter *interpreter,
                         const struct pp_object *object, int64_t *hash);
/* May take memory for a moment. */
bool pp_object_equal(struct pp_interpreter *interpreter,
                     const struct pp_object *left,
                     const struct pp_object *right);

/* ---- hash_text.c ---- */

/* SipHash with the key of the options and the rounds of the profile. */
int64_t pp_hash_bytes(const struct pp_interpreter *interpreter,
                      const uint8_t *bytes, size_t length);

/* ---- hash_number.c ---- */

enum { PP_DOUBLE_BITS = 53 };

static_assert(DBL_MANT_DIG == PP_DOUBLE_BITS, "a double is IEEE 754's");
static_assert(sizeof(double) == sizeof(uint64_t), "likewise");

/* A double as an exact number: magnitude times two to the exponent. */
struct pp_number {
  bool negative, finite, nan;
  uint64_t magnitude;
  int exponent;
};

struct pp_number pp_number_of(const struct pp_interpreter *interpreter,
                              double value);
/* The hash of int, bool; of a double; false: it is not a number. */
int64_t pp_hash_int(const struct pp_interpreter *interpreter,
                    const struct pp_object *object);
bool pp_hash_double(const struct pp_interpreter *interpreter, double value,
                    int64_t *hash);
/* Bits of the magnitude of an int, from the highest that is one. */
size_t pp_int_bits(const struct pp_interpreter *interpreter,
                   const struct pp_object *object);
/* Whether an int is this number. */
bool pp_int_equals_double(const struct pp_interpreter *interpreter,
                          const struct pp_object *object, double value);

/* Of an int or a bool, to the nearest; false: another, or too large. */
bool pp_int_as_double(const struct pp_interpreter *interpreter,
                      const struct pp_object *object, double *value);

#endif
