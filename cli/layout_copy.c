/* The bytes and the fields of an object, out of the interpreter that it lives
 * in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/layout.h"

static bool copy_fields(const struct pp_objects *objects,
                        const struct pp_interpreter *interpreter,
                        const struct pp_object *object, unsigned index,
                        struct layout_piece *piece) {
  struct pp_field_info field;
  while (objects->field(interpreter, object, index,
                        (unsigned)piece->field_count, &field))
    piece->field_count++;
  piece->fields = calloc(piece->field_count + 1, sizeof *piece->fields);
  if (piece->fields == NULL) return false;
  for (unsigned i = 0; i < piece->field_count; i++)
    objects->field(interpreter, object, index, i, &piece->fields[i]);
  return true;
}

bool layout_copy(const struct pp_objects *objects,
                 const struct pp_interpreter *interpreter,
                 const struct pp_object *object, struct layout *layout) {
  struct pp_piece_info info;
  for (unsigned i = 0; i < LAYOUT_PIECES; i++) {
    struct layout_piece *piece = &layout->pieces[i];
    if (!objects->piece(interpreter, object, i, &info)) break;
    layout->piece_count++;
    snprintf(piece->name, sizeof piece->name, "%s", info.name);
    if (i == 0)
      piece->origin = (int)((const char *)info.start - (const char *)object);
    piece->shared = info.shared;
    piece->size = info.size;
    piece->bytes = malloc(info.size + 1);
    if (piece->bytes == NULL) return false;
    memcpy(piece->bytes, info.start, info.size);
    if (!copy_fields(objects, interpreter, object, i, piece)) return false;
  }
  return true;
}

void layout_free(struct layout *layout) {
  for (size_t i = 0; i < layout->piece_count; i++) {
    free(layout->pieces[i].bytes);
    free(layout->pieces[i].fields);
  }
  free(layout->names.at);
  *layout = (struct layout){0};
}
