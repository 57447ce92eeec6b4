/* The bytes of an object as pieces and fields, for those who show memory, and
 * its size (SPEC.md, OBJ-02, OBJ-03 and OBJ-05). What lies before an object,
 * its count and its type are told here; the rest by its type. */
#include "reference/objects/object.h"

static const enum pp_field before_fields[] = {
    PP_FIELD_GC_NEXT, PP_FIELD_GC_PREV, PP_FIELD_GC_REFS, PP_FIELD_GC_PADDING};
static const enum pp_field header_fields[] = {PP_FIELD_OBJECT_REFCOUNT,
                                              PP_FIELD_OBJECT_TYPE};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

size_t pp_object_before(const struct pp_interpreter *interpreter,
                        const struct pp_type *type) {
  if (!pp_is_collected(interpreter, type)) return 0;
  size_t before = interpreter->rules->gc_head;
  if (type->managed) before += interpreter->rules->managed_header;
  PP_ENSURE(interpreter->witness, OBJ_02, before % PP_OBJECT_ALIGNMENT == 0);
  PP_ENSURE(interpreter->witness, OBJ_02,
            pp_has_field(interpreter, PP_FIELD_GC_NEXT));
  return before;
}

size_t pp_object_size(const struct pp_interpreter *interpreter,
                      const struct pp_object *object) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  size_t size = type->fixed_size == 0 ? PP_OBJECT_SIZE : type->fixed_size;
  if (type->size != NULL) size = type->size(interpreter, object);
  PP_ENSURE(interpreter->witness, OBJ_03, size >= PP_OBJECT_SIZE);
  return size;
}

size_t pp_object_getsizeof(const struct pp_interpreter *interpreter,
                           const struct pp_object *object) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  size_t size = type->getsizeof == NULL ? pp_object_size(interpreter, object)
                                        : type->getsizeof(interpreter, object);
  size_t answer = size + pp_object_before(interpreter, type);
  PP_ENSURE(interpreter->witness, OBJ_05, answer >= size);
  if (pp_is_collected(interpreter, type))
    PP_ENSURE(interpreter->witness, OBJ_05,
              answer >= size + interpreter->rules->gc_head);
  return answer;
}

/* ---- pieces and fields ---- */

bool pp_fields_show(const struct pp_interpreter *interpreter,
                    const enum pp_field *fields, size_t count, unsigned *index,
                    size_t rest, struct pp_field_info *field) {
  for (size_t i = 0; i < count; i++) {
    if (!pp_has_field(interpreter, fields[i])) continue;
    if ((*index)-- > 0) continue;
    const struct pp_field_text *text = &pp_field_texts[fields[i]];
    field->name = text->name;
    field->shape = text->shape;
    field->offset = interpreter->rules->offsets[fields[i]];
    field->size = text->size == 0 ? rest : text->size;
    PP_ENSURE(interpreter->witness, OBJ_03, field->size > 0);
    PP_ENSURE(interpreter->witness, OBJ_03, text->size <= PP_WORD_SIZE);
    return true;
  }
  return false;
}

bool pp_padding_show(const struct pp_interpreter *interpreter, size_t begin,
                     size_t end, unsigned index, struct pp_field_info *field) {
  PP_REQUIRE(interpreter->witness, OBJ_03, begin <= end);
  if (index > 0) return false;
  if (begin == end) return false;
  *field =
      (struct pp_field_info){"", PP_SHAPE_PADDING, (int)begin, end - begin};
  return true;
}

bool pp_buffer_show(const struct pp_interpreter *interpreter,
                    const struct pp_field_info *used, size_t size,
                    unsigned index, struct pp_field_info *field) {
  PP_REQUIRE(interpreter->witness, OBJ_03, used->size <= size);
  PP_REQUIRE(interpreter->witness, OBJ_03, used->offset == 0);
  if (used->size > 0 && index-- == 0) {
    *field = *used;
    return true;
  }
  return pp_padding_show(interpreter, used->size, size, index, field);
}

/* What lies before a GC head. */
static bool managed_field(const struct pp_interpreter *interpreter,
                          unsigned *index, struct pp_field_info *field) {
  static const enum pp_field fields[] = {PP_FIELD_INSTANCE_WEAKLIST,
                                         PP_FIELD_INSTANCE_VALUES,
                                         PP_FIELD_INSTANCE_DICT};
  for (size_t i = 0; i < COUNT_OF(fields); i++) {
    if (interpreter->rules->offsets[fields[i]] > 0) continue;
    if (pp_fields_show(interpreter, &fields[i], 1, index, 0, field))
      return true;
  }
  return false;
}

bool pp_object_piece(const struct pp_interpreter *interpreter,
                     const struct pp_object *object, unsigned index,
                     struct pp_piece_info *piece) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  if (index > 0) {
    if (type->piece == NULL) return false;
    if (!type->piece(interpreter, object, index, piece)) return false;
    PP_ENSURE(interpreter->witness, OBJ_03, piece->start != object->bytes);
    return true;
  }
  size_t before = pp_object_before(interpreter, type);
  piece->name = "";
  piece->start = object->bytes - before;
  piece->size = before + pp_object_size(interpreter, object);
  piece->shared = pp_is_static(interpreter, object);
  if (before > 0)
    PP_ENSURE(interpreter->witness, OBJ_02, pp_is_collected(interpreter, type));
  PP_ENSURE(interpreter->witness, OBJ_03,
            piece->size >= before + PP_OBJECT_SIZE);
  return true;
}

bool pp_object_field(const struct pp_interpreter *interpreter,
                     const struct pp_object *object, unsigned piece,
                     unsigned index, struct pp_field_info *field) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  if (piece == 0) {
    if (type->managed) {
      if (managed_field(interpreter, &index, field)) return true;
    }
    if (pp_is_collected(interpreter, type)) {
      if (pp_fields_show(interpreter, before_fields, COUNT_OF(before_fields),
                         &index, 0, field))
        return true;
    }
    if (pp_fields_show(interpreter, header_fields, COUNT_OF(header_fields),
                       &index, 0, field))
      return true;
  }
  if (type->field == NULL) return false;
  if (!type->field(interpreter, object, piece, index, field)) return false;
  PP_ENSURE(interpreter->witness, OBJ_03, field->name != NULL);
  PP_ENSURE(interpreter->witness, OBJ_03, field->size > 0);
  return true;
}

/* ---- every byte in one field ---- */

static enum pp_clause check_piece(const struct pp_interpreter *interpreter,
                                  const struct pp_object *object,
                                  unsigned number,
                                  const struct pp_piece_info *piece) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_field_info field;
  int next = 0; /* where the next field has to begin */
  if (number == 0)
    next = -(int)pp_object_before(interpreter, pp_type_of(interpreter, object));
  size_t covered = 0;
  for (unsigned i = 0; pp_object_field(interpreter, object, number, i, &field);
       i++) {
    PP_FACT(witness, OBJ_03, field.shape <= PP_SHAPE_NUMBER);
    PP_FACT(witness, OBJ_03, field.offset == next);
    PP_FACT(witness, OBJ_03, field.size > 0);
    covered += field.size;
    PP_FACT(witness, OBJ_03, covered <= piece->size);
    next += (int)field.size;
  }
  PP_FACT(witness, OBJ_03, covered == piece->size);
  return PP_HOLDS;
}

enum pp_clause pp_object_check_layout(const struct pp_interpreter *interpreter,
                                      const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  struct pp_piece_info piece;
  for (unsigned i = 0; pp_object_piece(interpreter, object, i, &piece); i++) {
    PP_FACT(witness, OBJ_03, piece.name != NULL);
    PP_FACT(witness, OBJ_03, piece.start != NULL);
    if (i == 0) {
      PP_FACT(witness, OBJ_02,
              (const uint8_t *)piece.start +
                      pp_object_before(interpreter, type) ==
                  object->bytes);
    }
    PP_PART(check_piece(interpreter, object, i, &piece));
  }
  return PP_HOLDS;
}
