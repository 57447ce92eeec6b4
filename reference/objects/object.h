/* An object and the interpreter that it lives in, as the files of objects/
 * share them. A stranger wants include/poolproof/objects.h instead.
 *
 *   |managed header| GC head | ob_refcnt | ob_type | fields of the type ...
 *                            ^ the object
 *
 * Fields are read and written by their name in the table of fields.h, because
 * they lie elsewhere in other profiles. Whoever holds a reference owns one of
 * the object's count (SPEC.md, OBJ and REF). */
#ifndef REFERENCE_OBJECTS_OBJECT_H
#define REFERENCE_OBJECTS_OBJECT_H

#include <assert.h>
#include <string.h>

#include "reference/assertions.h"
#include "reference/objects/dict_keys.h"
#include "reference/objects/free_lists.h"
#include "reference/objects/gc.h"
#include "reference/objects/instance.h"
#include "reference/objects/names.h"
#include "reference/objects/rules.h"
#include "reference/objects/set.h"
#include "reference/objects/shared.h"
#include "reference/objects/trash.h"

enum {
  PP_OBJECT_SIZE = 16, /* of ob_refcnt and ob_type: the least that is */
  PP_VAR_SIZE = 24,    /* with ob_size */
  PP_WORD_SIZE = 8,    /* of a pointer, a count, a size */
  PP_OBJECT_ALIGNMENT = 16
};

/* Of what is immortal since 3.12, and of static objects in 3.11. */
#define PP_IMMORTAL_COUNT UINT64_C(0xffffffff)
#define PP_BIASED_COUNT UINT64_C(999999999)

struct pp_object {
  uint8_t bytes[PP_OBJECT_SIZE]; /* the rest follows */
};

static_assert(sizeof(struct pp_object) == 2 * PP_WORD_SIZE, "OBJ-01");
static_assert(PP_VAR_SIZE == PP_OBJECT_SIZE + PP_WORD_SIZE, "ob_size follows");
static_assert(sizeof(void *) == PP_WORD_SIZE, "the layouts are of 64 bits");
static_assert(PP_OBJECT_ALIGNMENT % PP_WORD_SIZE == 0, "words are aligned");
static_assert((int32_t)(uint32_t)PP_IMMORTAL_COUNT < 0, "REF-07");
static_assert(PP_BIASED_COUNT < INT32_MAX, "no count of 3.11 is below zero");

typedef bool pp_visit(void *ctx, struct pp_object *referred);

/* What ob_type points to. Functions that a type has no use for are NULL. */
struct pp_type {
  enum pp_type_id id;
  const char *name; /* "int", "array.array" */
  bool managed;     /* since 3.11 has words before its GC head */
  /* Bytes from ob_refcnt on, as they were asked for; of all, or of one. */
  size_t fixed_size;
  size_t (*size)(const struct pp_interpreter *interpreter,
                 const struct pp_object *object);
  /* Gives back what the object refers to, and then its memory. */
  void (*dealloc)(struct pp_interpreter *interpreter, struct pp_object *object);
  void (*traverse)(const struct pp_interpreter *interpreter,
                   const struct pp_object *object, pp_visit *visit, void *ctx);
  /* Gives back what the object refers to, to break a cycle. */
  void (*clear)(struct pp_interpreter *interpreter, struct pp_object *object);
  /* Without what lies before the object; NULL: `size`. */
  size_t (*getsizeof)(const struct pp_interpreter *interpreter,
                      const struct pp_object *object);
  size_t (*length)(const struct pp_interpreter *interpreter,
                   const struct pp_object *object);
  /* Pieces 1, 2, ...: buffers. */
  bool (*piece)(const struct pp_interpreter *interpreter,
                const struct pp_object *object, unsigned index,
                struct pp_piece_info *piece);
  /* Of piece 0 those behind ob_type, from 0 on; of the others all. */
  bool (*field)(const struct pp_interpreter *interpreter,
                const struct pp_object *object, unsigned piece, unsigned index,
                struct pp_field_info *field);
  enum pp_clause (*check)(const struct pp_interpreter *interpreter,
                          const struct pp_object *object);
};

/* What one file keeps for an interpreter is a struct of that file's. */
struct pp_interpreter {
  const struct pp_object_rules *rules;
  struct pp_interpreter_options options;
  struct pp_witness *witness;
  struct pp_free_lists free_lists;
  struct pp_shared shared;
  struct pp_shared_blocks blocks;
  struct pp_interned interned;
  struct pp_dicts dicts;
  struct pp_sets sets;
  struct pp_collector collector;
  struct pp_trash trash;
  struct pp_classes classes;
};

/* ---- types.c ---- */

/* The types of this build, by their number. */
const struct pp_type *pp_type_here(enum pp_type_id id);
/* NULL when ob_type is none of them. */
const struct pp_type *pp_type_known(const struct pp_object *object);
/* Each type is one. */
enum pp_clause pp_types_check(const struct pp_interpreter *interpreter);

/* Each in a file of its own; the numbers are those of enum pp_type_id. */
#define PP_TYPES(TYPE)                           \
  TYPE(NONE, pp_none_type)                       \
  TYPE(ELLIPSIS, pp_ellipsis_type)               \
  TYPE(NOT_IMPLEMENTED, pp_not_implemented_type) \
  TYPE(BOOL, pp_bool_type)                       \
  TYPE(INT, pp_int_type)                         \
  TYPE(FLOAT, pp_float_type)                     \
  TYPE(COMPLEX, pp_complex_type)                 \
  TYPE(BYTES, pp_bytes_type)                     \
  TYPE(STR, pp_str_type)                         \
  TYPE(TUPLE, pp_tuple_type)                     \
  TYPE(LIST, pp_list_type)                       \
  TYPE(DICT, pp_dict_type)                       \
  TYPE(SET, pp_set_type)                         \
  TYPE(ARRAY, pp_array_type)                     \
  TYPE(BYTEARRAY, pp_bytearray_type)             \
  TYPE(WEAKREF, pp_weakref_type)                 \
  TYPE(INSTANCE, pp_instance_type)

#define DECLARE(id, type) extern const struct pp_type type;
PP_TYPES(DECLARE)
#undef DECLARE
extern const struct pp_type pp_finalizing_type;

/* ---- check_rules.c ---- */

/* What the others take for granted of a row of rules. */
enum pp_clause pp_rules_check(const struct pp_interpreter *interpreter);

/* ---- object.c ---- */

/* A new object, which nothing but its maker knows: header set, count 1, the
 * rest as the memory was; size from ob_refcnt on. NULL when refused. */
struct pp_object *pp_object_new(struct pp_interpreter *interpreter,
                                const struct pp_type *type, size_t size);
/* The same with what lies before it; not tracked. */
struct pp_object *pp_object_new_collected(struct pp_interpreter *interpreter,
                                          const struct pp_type *type,
                                          size_t size);
/* The host hears that an object ends. */
void pp_object_tell_end(struct pp_interpreter *interpreter,
                        const struct pp_object *object);
/* Its memory back to where it came from. */
void pp_object_free(struct pp_interpreter *interpreter,
                    struct pp_object *object);
/* Header and count of an object in memory that is there already. */
void pp_object_begin(const struct pp_interpreter *interpreter,
                     struct pp_object *object, const struct pp_type *type,
                     uint64_t count);
/* A new object has changed, and is now what it is to be. */
void pp_object_touched(const struct pp_interpreter *interpreter,
                       const struct pp_object *object);
void pp_incref(struct pp_interpreter *interpreter, struct pp_object *object);
void pp_decref(struct pp_interpreter *interpreter, struct pp_object *object);
/* The same object with a reference more. */
struct pp_object *pp_borrow(struct pp_interpreter *interpreter,
                            struct pp_object *object);
bool pp_object_is_immortal(const struct pp_interpreter *interpreter,
                           const struct pp_object *object);
enum pp_clause pp_object_check(const struct pp_interpreter *interpreter,
                               const struct pp_object *object);

/* ---- layout.c ---- */

/* Bytes before an object of a type: its GC head, and what lies before that. */
size_t pp_object_before(const struct pp_interpreter *interpreter,
                        const struct pp_type *type);
size_t pp_object_size(const struct pp_interpreter *interpreter,
                      const struct pp_object *object);
/* Counts down an index along those of the fields that the profile has; true,
 * when it ends at one, with that one. A field without a size of its own gets
 * `rest`. */
bool pp_fields_show(const struct pp_interpreter *interpreter,
                    const enum pp_field *fields, size_t count, unsigned *index,
                    size_t rest, struct pp_field_info *field);
/* Field 0 of what lies between these offsets, where something does. */
bool pp_padding_show(const struct pp_interpreter *interpreter, size_t begin,
                     size_t end, unsigned index, struct pp_field_info *field);
/* Of a buffer of so many bytes: what is used, if any, and the room behind. */
bool pp_buffer_show(const struct pp_interpreter *interpreter,
                    const struct pp_field_info *used, size_t size,
                    unsigned index, struct pp_field_info *field);
bool pp_object_piece(const struct pp_interpreter *interpreter,
                     const struct pp_object *object, unsigned index,
                     struct pp_piece_info *piece);
bool pp_object_field(const struct pp_interpreter *interpreter,
                     const struct pp_object *object, unsigned piece,
                     unsigned index, struct pp_field_info *field);
size_t pp_object_getsizeof(const struct pp_interpreter *interpreter,
                           const struct pp_object *object);
/* Of each piece, every byte belongs to one field. */
enum pp_clause pp_object_check_layout(const struct pp_interpreter *interpreter,
                                      const struct pp_object *object);

/* ---- fields ---- */

static inline bool pp_has_field(const struct pp_interpreter *interpreter,
                                enum pp_field field) {
  return interpreter->rules->offsets[field] != PP_NO_FIELD;
}

static inline const uint8_t *
pp_field_at(const struct pp_interpreter *interpreter,
            const struct pp_object *object, enum pp_field field) {
  PP_REQUIRE(interpreter->witness, OBJ_03, pp_has_field(interpreter, field));
  return object->bytes + interpreter->rules->offsets[field];
}

static inline uint64_t pp_word_read(const void *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

static inline void pp_word_write(void *at, uint64_t word) {
  memcpy(at, &word, sizeof word);
}

/* A number of as many bytes as the field has, without a sign. */
static inline uint64_t pp_field_read(const struct pp_interpreter *interpreter,
                                     const struct pp_object *object,
                                     enum pp_field field) {
  PP_REQUIRE(interpreter->witness, OBJ_03, pp_has_field(interpreter, field));
  PP_REQUIRE(interpreter->witness, OBJ_03, pp_field_texts[field].size > 0);
  uint64_t word = 0; /* the machine stores the low byte first */
  memcpy(&word, object->bytes + interpreter->rules->offsets[field],
         pp_field_texts[field].size);
  return word;
}

static inline void pp_field_write(const struct pp_interpreter *interpreter,
                                  struct pp_object *object, enum pp_field field,
                                  uint64_t word) {
  PP_REQUIRE(interpreter->witness, OBJ_03, pp_has_field(interpreter, field));
  memcpy(object->bytes + interpreter->rules->offsets[field], &word,
         pp_field_texts[field].size);
  /* The field is large enough for it. */
  PP_ENSURE(interpreter->witness, OBJ_03,
            pp_field_read(interpreter, object, field) == word);
}

static inline void *pp_field_pointer(const struct pp_interpreter *interpreter,
                                     const struct pp_object *object,
                                     enum pp_field field) {
  PP_REQUIRE(interpreter->witness, OBJ_03,
             pp_field_texts[field].size == sizeof(void *));
  return (void *)(uintptr_t)pp_field_read(interpreter, object, field);
}

static inline void
pp_field_set_pointer(const struct pp_interpreter *interpreter,
                     struct pp_object *object, enum pp_field field,
                     const void *pointer) {
  pp_field_write(interpreter, object, field, (uintptr_t)pointer);
}

static inline const struct pp_type *
pp_type_of(const struct pp_interpreter *interpreter,
           const struct pp_object *object) {
  const struct pp_type *type =
      pp_field_pointer(interpreter, object, PP_FIELD_OBJECT_TYPE);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  return type;
}

static inline bool pp_is(const struct pp_interpreter *interpreter,
                         const struct pp_object *object, enum pp_type_id id) {
  PP_REQUIRE(interpreter->witness, OBJ_01, id < PP_TYPE_COUNT);
  return pp_type_of(interpreter, object)->id == id;
}

static inline bool pp_is_collected(const struct pp_interpreter *interpreter,
                                   const struct pp_type *type) {
  PP_REQUIRE(interpreter->witness, OBJ_02, type->id < PP_TYPE_COUNT);
  return (interpreter->rules->collected >> type->id & 1) != 0;
}

#endif
