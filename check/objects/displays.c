/* Sizes of displays (SPEC.md, GRAPH-13): a CPython evaluates text, as it would
 * run a program, and the reference does what its bytecode comes to. */
#include "check/objects/displays.h"

#include <stdio.h>
#include <stdlib.h>

#include "check/objects/generate.h"
#include "check/objects/python_inside.h"

enum {
  LENGTHS_MOST = 512,
  EACH = 200, /* up to this length each; then every so many, */
  PART = 4,   /* a part of the length */
  BYTE = 'a'
};

/* Name, what is evaluated: of a length n, where i(7) is 7 and no constant. */
#define DISPLAYS(D)                                                          \
  D(LIST_OF_NAMES, "'[' + 'i,' * n + ']'")                                   \
  D(LIST_OF_CONSTANTS, "'[' + '0,' * n + ']'")                               \
  D(LIST_COMPREHENSION, "'[0 for j in range(%d)]' % n")                      \
  D(SET_OF_NAMES,                                                            \
    "'{' + ','.join(map('i({})'.format, range(n))) + '}' if n else 'set()'") \
  D(SET_OF_CONSTANTS,                                                        \
    "'{' + ','.join(map(str, range(n))) + '}' if n else 'set()'")            \
  D(SET_COMPREHENSION, "'{j for j in range(%d)}' % n")                       \
  D(DICT_OF_NAMES, "'{' + ','.join(map('i({}):0'.format, range(n))) + '}'")  \
  D(DICT_OF_CONSTANTS, "'{' + ','.join(map('{}:0'.format, range(n))) + '}'") \
  D(DICT_COMPREHENSION, "'{j: 0 for j in range(%d)}' % n")                   \
  D(ARRAY_OF_CONSTANTS, "'array(\"i\", [' + '0,' * n + '])'")                \
  D(ARRAY_COMPREHENSION, "'array(\"i\", (0 for j in range(%d)))' % n")       \
  D(BYTEARRAY_OF_CONSTANTS, "'bytearray(b\"' + 'a' * n + '\")'")             \
  D(BYTEARRAY_COMPREHENSION, "'bytearray(0 for j in range(%d))' % n")

enum display {
#define DISPLAY(name, text) name,
  DISPLAYS(DISPLAY)
#undef DISPLAY
      COUNT
};

static const char *const names[COUNT] = {
#define DISPLAY(name, text) #name,
    DISPLAYS(DISPLAY)
#undef DISPLAY
};

static int64_t sizes[COUNT][LENGTHS_MOST];
static size_t lengths_made;

static size_t after(size_t length) {
  return length + (length < EACH ? 1 : length / PART);
}

/* ---- in the interpreter ---- */

static const char script[] =
    "import sys\n"
    "from array import array\n"
    "here = {'array': array, 'i': int}\n"
    "lengths = [0]\n"
    "while lengths[-1] < 10000:\n"
    "  n = lengths[-1]\n"
    "  lengths.append(n + (1 if n < 200 else n // 4))\n"
    "texts = [\n"
#define DISPLAY(name, text) "  lambda n: " text ",\n"
    DISPLAYS(DISPLAY)
#undef DISPLAY
        "]\n"
        "def sizes(text, first, last):\n"
        "  return [sys.getsizeof(eval(text(n), here))\n"
        "          for n in lengths[first:last]]\n";

static const char script_of_end[] =
    "del sys, array, here, lengths, n, texts, sizes, made\n";

static bool run(const char *text) {
  return pp_python.PyRun_SimpleStringFlags(text, NULL) == 0;
}

/* The sizes of some lengths: those from the first on, before the last. */
static bool make_some(struct pp_object *module, enum display display,
                      size_t first, size_t last) {
  char text[80];
  snprintf(text, sizeof text, "made = sizes(texts[%d], %zu, %zu)\n",
           (int)display, first, last);
  if (!run(text)) return false;
  struct pp_object *made = pp_python.PyObject_GetAttrString(module, "made");
  if (made == NULL) return false;
  for (size_t i = first; i < last; i++) {
    struct pp_object *size =
        pp_python.PyList_GetItem(made, (ptrdiff_t)(i - first));
    sizes[display][i] = size == NULL ? 0 : pp_python.PyLong_AsLong(size);
  }
  pp_python.Py_DecRef(made);
  return true;
}

/* Long ones by themselves, lest it seem that nothing comes. */
static bool make_one(struct pp_object *module, enum display display,
                     struct pp_report *report) {
  bool made = make_some(module, display, 0, EACH);
  for (size_t i = EACH; made && i < lengths_made; i++) {
    report->ticks++;
    made = make_some(module, display, i, i + 1);
  }
  report->ticks++;
  return made;
}

bool pp_displays_make(struct pp_report *report) {
  struct pp_object *module = pp_python.PyImport_AddModule("__main__");
  for (size_t length = 0; length < PP_GROWN; length = after(length))
    lengths_made++;
  lengths_made++;
  bool made = lengths_made <= LENGTHS_MOST && run(script);
  for (int i = 0; made && i < COUNT; i++) {
    made = make_one(module, (enum display)i, report);
  }
  if (made && run(script_of_end)) return true;
  lengths_made = 0;
  snprintf(report->why, sizeof report->why,
           "it does not make lists, sets and dicts from text");
  return false;
}

/* ---- on the reference ---- */

struct making {
  const struct pp_objects *objects;
  struct pp_interpreter *interpreter;
  const struct pp_profile *profile;
  uint8_t *bytes;
  struct pp_object *zero;
};

static struct pp_object *number(const struct making *making, size_t value) {
  const uint32_t digit = (uint32_t)value;
  return making->objects->integer(making->interpreter, false, &digit, 1);
}

static void append_zeros(const struct making *making,
                         struct pp_object *sequence, size_t length) {
  for (size_t i = 0; i < length; i++)
    making->objects->append(making->interpreter, sequence, making->zero);
}

static struct pp_object *make_list(const struct making *making, size_t length,
                                   bool constant) {
  const struct pp_objects *o = making->objects;
  struct pp_object **none = calloc(length + 1, sizeof *none);
  if (none == NULL) abort();
  bool copied = constant && pp_display_is_copied(making->profile, length);
  bool one_by_one = pp_display_is_long(making->profile, length) && !copied;
  bool at_once = !copied && !one_by_one;
  struct pp_object *list =
      o->list(making->interpreter, none, at_once ? length : 0);
  if (copied) {
    struct pp_object *tuple = o->tuple(making->interpreter, none, length);
    o->extend(making->interpreter, list, tuple);
    o->decref(making->interpreter, tuple);
  }
  if (one_by_one) append_zeros(making, list, length);
  free(none);
  return list;
}

static struct pp_object *make_set(const struct making *making, size_t length,
                                  bool copied) {
  const struct pp_objects *o = making->objects;
  struct pp_object *set = o->set(making->interpreter);
  for (size_t i = 0; i < length; i++) {
    struct pp_object *key = number(making, i);
    o->set_add(making->interpreter, set, key);
    o->decref(making->interpreter, key);
  }
  if (!copied) return set;
  struct pp_object *copy = o->set(making->interpreter);
  o->extend(making->interpreter, copy, set);
  o->decref(making->interpreter, set);
  return copy;
}

static struct pp_object *make_dict(const struct making *making, size_t length) {
  const struct pp_objects *o = making->objects;
  struct pp_object *dict = o->dict(making->interpreter);
  for (size_t i = 0; i < length; i++) {
    struct pp_object *key = number(making, i);
    o->dict_set(making->interpreter, dict, key, making->zero);
    o->decref(making->interpreter, key);
  }
  return dict;
}

static struct pp_object *make_array(const struct making *making, size_t length,
                                    bool at_once) {
  const struct pp_objects *o = making->objects;
  struct pp_object **zeros = calloc(length + 1, sizeof *zeros);
  if (zeros == NULL) abort();
  for (size_t i = 0; i < length; i++)
    zeros[i] = making->zero;
  struct pp_object *array =
      at_once ? o->array_of(making->interpreter, 'i', zeros, length)
              : o->array(making->interpreter, 'i');
  if (!at_once) append_zeros(making, array, length);
  free(zeros);
  return array;
}

static struct pp_object *make(const struct making *making, enum display display,
                              size_t length) {
  const struct pp_objects *o = making->objects;
  bool copied = pp_display_is_copied(making->profile, length);
  struct pp_object *made;
  switch (display) {
  case LIST_OF_NAMES: return make_list(making, length, false);
  case LIST_OF_CONSTANTS: return make_list(making, length, true);
  case LIST_COMPREHENSION:
    made = o->list(making->interpreter, NULL, 0);
    append_zeros(making, made, length);
    return made;
  case SET_OF_CONSTANTS: return make_set(making, length, copied);
  case SET_OF_NAMES:
  case SET_COMPREHENSION: return make_set(making, length, false);
  case DICT_OF_NAMES:
  case DICT_OF_CONSTANTS:
  case DICT_COMPREHENSION: return make_dict(making, length);
  case ARRAY_OF_CONSTANTS: return make_array(making, length, true);
  case ARRAY_COMPREHENSION: return make_array(making, length, false);
  case BYTEARRAY_OF_CONSTANTS:
    return o->bytearray(making->interpreter, making->bytes, length);
  default:
    made = o->bytearray(making->interpreter, NULL, 0);
    append_zeros(making, made, length);
    return made;
  }
}

static void compare_one(struct pp_objects_driver *driver,
                        const struct making *making, enum display display) {
  const struct pp_objects *o = making->objects;
  size_t at = 0;
  for (size_t length = 0; at < lengths_made; length = after(length)) {
    struct pp_object *made = make(making, display, length);
    int64_t size = (int64_t)o->getsizeof(making->interpreter, made);
    o->decref(making->interpreter, made);
    driver->report->ticks++;
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_13, sizes[display][at] == size,
                         "getsizeof of %s with %zu items is %lld; of the "
                         "twin: %lld",
                         names[display], length, (long long)sizes[display][at],
                         (long long)size);
    pp_objects_agreed(driver, PP_AGREED_DISPLAYS);
    at++;
  }
}

void pp_displays_compare(struct pp_objects_driver *driver) {
  const struct pp_side *side = &driver->sides[1];
  struct making making = {.objects = side->objects,
                          .interpreter = side->interpreter,
                          .profile = driver->options.profile,
                          .bytes = driver->bytes};
  if (lengths_made == 0) return;
  memset(making.bytes, BYTE, 2 * PP_GROWN);
  making.zero = number(&making, 0);
  for (int i = 0; i < COUNT; i++)
    compare_one(driver, &making, (enum display)i);
  side->objects->decref(side->interpreter, making.zero);
}
