/* The same for programs: one document, with every word. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/document.h"
#include "cli/layout.h"

static void set(json_t *object, const char *key, json_t *value) {
  json_object_set_new(object, key, value);
}

static json_t *hexadecimal(const struct layout_word *word) {
  char text[32];
  snprintf(text, sizeof text, "%0*" PRIx64, 2 * (int)word->size, word->value);
  return json_string(text);
}

static json_t *words_of(const struct layout *layout, const struct layout *other,
                        size_t piece) {
  json_t *words = json_array();
  size_t count = layout_word_count(&layout->pieces[piece]);
  for (size_t i = 0; i < count; i++) {
    struct layout_word word, other_word;
    json_t *object = json_object();
    layout_word_read(layout, &layout->pieces[piece], i, &word);
    set(object, "offset", json_integer(word.offset));
    set(object, "word", hexadecimal(&word));
    set(object, "fields", json_string(word.text));
    if (other != NULL) {
      layout_word_read(other, &other->pieces[piece], i, &other_word);
      set(object, "other_word", hexadecimal(&other_word));
      set(object, "other_fields", json_string(other_word.text));
      set(object, "differs",
          json_boolean(strcmp(word.fact, other_word.fact) != 0));
    }
    json_array_append_new(words, object);
  }
  return words;
}

bool layout_write_json(const char *path, const char *value,
                       const struct pp_profile *profile,
                       const struct layout *layout, const struct layout *other,
                       const char *other_title, size_t differences) {
  json_t *document = json_object();
  json_t *pieces = json_array();
  set(document, "value", json_string(value));
  set(document, "profile", json_string(profile->name));
  set(document, "type", json_string(layout->type));
  set(document, "getsizeof", json_integer((json_int_t)layout->getsizeof));
  if (other != NULL) {
    set(document, "other", json_string(other_title));
    set(document, "other_getsizeof",
        json_integer((json_int_t)other->getsizeof));
    set(document, "differences", json_integer((json_int_t)differences));
  }
  for (size_t i = 0; i < layout->piece_count; i++) {
    json_t *piece = json_object();
    set(piece, "name", json_string(layout->pieces[i].name));
    set(piece, "size", json_integer((json_int_t)layout->pieces[i].size));
    set(piece, "shared", json_boolean(layout->pieces[i].shared));
    set(piece, "words", words_of(layout, other, i));
    json_array_append_new(pieces, piece);
  }
  set(document, "pieces", pieces);
  bool written = write_document(path, document);
  json_decref(document);
  return written;
}
