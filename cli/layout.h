/* A value as the bytes of an object and of its buffers, with the fields that
 * the reference says they have: built by the reference, or read out of a
 * CPython. What `poolproof layout` shows and compares. */
#ifndef CLI_LAYOUT_H
#define CLI_LAYOUT_H

#include "cli/literal.h"
#include "poolproof/objects.h"

/* A value is told in so many characters; layout_script.c has the same. */
enum { LAYOUT_DESCRIBED = 150, LAYOUT_TEXT = 160, LAYOUT_PIECES = 4 };

/* What an address is that of, in a few words. */
struct layout_name {
  uint64_t address;
  char text[LAYOUT_TEXT];
};

struct layout_names {
  struct layout_name *at; /* sorted by address once complete */
  size_t count, room;
};

struct layout_piece {
  char name[32]; /* "", or the field that points to it */
  int origin;    /* offset of its first byte from the object, or 0 */
  bool shared;   /* static, or of several objects */
  uint8_t *bytes;
  size_t size;
  struct pp_field_info *fields; /* in the order of their offsets */
  size_t field_count;
};

struct layout {
  const char *type; /* as type(value).__name__ */
  size_t getsizeof;
  bool counted;   /* its count says how many refer to this value alone */
  bool scattered; /* keys lie where their addresses lead */
  char code;      /* of the items of an array, or NUL */
  bool ready;     /* a str says whether it is ready, not whether it is static */
  struct layout_piece pieces[LAYOUT_PIECES];
  size_t piece_count;
  struct layout_names names;
};

/* One word of a piece, or what is left of it at the end. */
struct layout_word {
  int offset;
  unsigned size;
  uint64_t value;
  char text[3 * LAYOUT_TEXT]; /* its fields, decoded */
  char fact[3 * LAYOUT_TEXT]; /* the same, but for what is this process's own */
};

/* ---- layout_build.c ---- */

/* Builds the value as CPython's compiler and interpreter do. False with a
 * sentence: the profile has no objects, or memory is short. */
bool layout_build(const struct literal *literal,
                  const struct pp_profile *profile, struct layout *layout,
                  const char **why);

/* ---- layout_copy.c ---- */

/* False when memory is short. */
bool layout_copy(const struct pp_objects *objects,
                 const struct pp_interpreter *interpreter,
                 const struct pp_object *object, struct layout *layout);
void layout_free(struct layout *layout);

/* ---- layout_value.c ---- */

/* A str that could be a name: the compiler interns it. */
bool layout_is_interned(const struct literal *literal);
/* Not so for values that are the same object wherever they come from, or that
 * the table of interned strings refers to. */
bool layout_is_counted(const struct literal *literal);
bool layout_is_scattered(const struct literal *literal,
                         const struct pp_profile *profile);
const char *layout_type_name(enum pp_type_id type);

/* ---- layout_word.c ---- */

size_t layout_word_count(const struct layout_piece *piece);
void layout_word_read(const struct layout *layout,
                      const struct layout_piece *piece, size_t index,
                      struct layout_word *word);

/* ---- layout_names.c ---- */

/* False when memory is short. */
bool layout_names_add(struct layout_names *names, uint64_t address,
                      const char *text);
void layout_names_sort(struct layout_names *names);
/* NULL: it is the address of nothing known. */
const char *layout_names_find(const struct layout_names *names,
                              uint64_t address);

/* ---- layout_show.c, layout_json.c ---- */

/* How many words differ, and sizes. */
size_t layout_differences(const struct layout *layout,
                          const struct layout *other);
/* Prints one, or two side by side. */
void layout_show(const struct layout *layout, const struct layout *other,
                 const char *other_title);
/* False when the file cannot be written. */
bool layout_write_json(const char *path, const char *value,
                       const struct pp_profile *profile,
                       const struct layout *layout, const struct layout *other,
                       const char *other_title, size_t differences);

#endif
