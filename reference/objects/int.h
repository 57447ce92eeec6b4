/* int and bool: the magnitude in digits of 30 bits, the sign apart (SPEC.md,
 * INT). */
#ifndef REFERENCE_OBJECTS_INT_H
#define REFERENCE_OBJECTS_INT_H

#include <assert.h>
#include <limits.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"

enum { PP_INT_SHIFT = 30 };

static_assert(PP_INT_SHIFT < CHAR_BIT * sizeof(uint32_t), "INT-02");

/* The small ints and the two bools; false when they cannot be had. */
bool pp_small_ints_begin(struct pp_interpreter *interpreter);
void pp_small_ints_end(struct pp_interpreter *interpreter);

struct pp_object *pp_bool_new(struct pp_interpreter *interpreter, bool value);
/* Shared when it is from -5 to 256. */
struct pp_object *pp_int_new(struct pp_interpreter *interpreter, bool negative,
                             const uint32_t *digits, size_t count);
/* The same, in a block for its digits alone, as PyLong_FromUnsignedLong. */
struct pp_object *pp_int_new_unsigned(struct pp_interpreter *interpreter,
                                      const uint32_t *digits, size_t count);

/* Of an int or a bool. */
size_t pp_int_count(const struct pp_interpreter *interpreter,
                    const struct pp_object *object); /* of digits; of 0: 0 */
bool pp_int_is_negative(const struct pp_interpreter *interpreter,
                        const struct pp_object *object);
uint32_t pp_int_digit(const struct pp_interpreter *interpreter,
                      const struct pp_object *object, size_t index);

#endif
