/* str (SPEC.md, STR). */
#ifndef REFERENCE_OBJECTS_STR_H
#define REFERENCE_OBJECTS_STR_H

#include <assert.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"
#include "reference/objects/rules.h"

/* Whether and how a str is interned: the lowest bits of its state. */
enum pp_interned_state {
  PP_NOT_INTERNED,
  PP_INTERNED_MORTAL,
  PP_INTERNED_IMMORTAL,
  PP_INTERNED_STATIC /* immortal because it is static; since 3.12 */
};

enum {
  PP_STR_KIND_MAX = 4, /* bytes of a code unit: 1, 2 or 4 */
  /* the greatest characters of a form or kind */
  PP_ASCII_MAX = 0x7f,
  PP_LATIN_1_MAX = 0xff,
  PP_UCS_2_MAX = 0xffff,
  PP_UNICODE_MAX = 0x10ffff,
  /* of the state */
  PP_STR_INTERNED = 3,
  PP_STR_KIND_SHIFT = 2,
  PP_STR_KIND = 7,
  PP_STR_COMPACT = 0x20,
  PP_STR_ASCII = 0x40
};

static_assert(sizeof(uint32_t) == PP_STR_KIND_MAX, "a unit holds any point");
static_assert(PP_STR_KIND_MAX <= PP_STR_KIND, "its bits hold any kind");
static_assert(PP_STR_KIND << PP_STR_KIND_SHIFT < PP_STR_COMPACT, "STR-02");
static_assert(PP_STR_INTERNED >> PP_STR_KIND_SHIFT == 0, "INTERN-01");

/* The empty one, and where they are static those of one character. */
bool pp_str_begin(struct pp_interpreter *interpreter);
/* Shared when it is of one Latin-1 character, or none. */
struct pp_object *pp_str_new(struct pp_interpreter *interpreter,
                             const uint32_t *code_points, size_t length);
size_t pp_str_length(const struct pp_interpreter *interpreter,
                     const struct pp_object *object);
/* Bytes of a code unit. */
size_t pp_str_kind(const struct pp_interpreter *interpreter,
                   const struct pp_object *object);
bool pp_str_is_ascii(const struct pp_interpreter *interpreter,
                     const struct pp_object *object);
/* Where the text is. */
enum pp_field pp_str_text_field(bool ascii);
const uint8_t *pp_str_data(const struct pp_interpreter *interpreter,
                           const struct pp_object *object);
uint32_t pp_str_point(const struct pp_interpreter *interpreter,
                      const struct pp_object *object, size_t index);
bool pp_str_equal(const struct pp_interpreter *interpreter,
                  const struct pp_object *left, const struct pp_object *right);
enum pp_interned_state pp_str_interned(const struct pp_interpreter *interpreter,
                                       const struct pp_object *object);
void pp_str_set_interned(const struct pp_interpreter *interpreter,
                         struct pp_object *object,
                         enum pp_interned_state state);
/* The wide text that is kept apart, or NULL; its bytes, or 0. */
uint8_t *pp_str_wide(const struct pp_interpreter *interpreter,
                     const struct pp_object *object);
size_t pp_str_wide_size(const struct pp_interpreter *interpreter,
                        const struct pp_object *object);
/* False when there is no memory for it. */
bool pp_str_make_wide(struct pp_interpreter *interpreter,
                      struct pp_object *object);
enum pp_clause pp_str_check_wide(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object);
enum pp_clause pp_str_check(const struct pp_interpreter *interpreter,
                            const struct pp_object *object);

#endif
