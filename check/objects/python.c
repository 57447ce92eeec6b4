/* The vtable of a CPython's objects: each function is one call of the C
 * interface, or of a method without a tuple of arguments, that asks for what
 * the same operation of a program asks for and for nothing else. */
#include "check/objects/python_inside.h"

void pp_python_settle(void) {
  pp_python_ask(PP_PYTHON_ITSELF);
  if (pp_python.PyErr_Occurred() != NULL) pp_python.PyErr_Clear();
}

struct pp_object *pp_python_call(struct pp_object *callable,
                                 struct pp_object *const *arguments,
                                 size_t count) {
  if (pp_python.PyObject_VectorcallDict != NULL)
    return pp_python.PyObject_VectorcallDict(callable, arguments, count, NULL);
  return pp_python._PyObject_FastCallDict(callable, arguments, count, NULL);
}

/* A method of a type. In 3.7 the general call makes a tuple for it. */
static struct pp_object *call_method(struct pp_object *method,
                                     struct pp_object *const *arguments,
                                     size_t count) {
  struct pp_object *result;
  if (pp_python._PyMethodDescr_FastCallKeywords != NULL)
    PP_PROGRAM(result = pp_python._PyMethodDescr_FastCallKeywords(
                   method, arguments, count, NULL));
  else
    PP_PROGRAM(result = pp_python_call(method, arguments, count));
  return result;
}

/* The same, where the answer is None. */
static bool do_method(struct pp_object *method,
                      struct pp_object *const *arguments, size_t count) {
  struct pp_object *none = call_method(method, arguments, count);
  if (none == NULL) return false;
  pp_python.Py_DecRef(none);
  return true;
}

static enum pp_type_id type_of(const struct pp_object *object) {
  return pp_python_type_of(NULL, object);
}

static size_t length_of(const struct pp_object *object) {
  return pp_python_length(NULL, object);
}

/* ---- references ---- */

static void incref(struct pp_interpreter *interpreter,
                   struct pp_object *object) {
  (void)interpreter;
  pp_python.Py_IncRef(object);
}

static void decref(struct pp_interpreter *interpreter,
                   struct pp_object *object) {
  (void)interpreter;
  PP_PROGRAM(pp_python.Py_DecRef(object));
}

/* Since 3.13 the function of the C interface makes its string immortal, and
 * sys.intern does not; in 3.7 the latter makes a tuple. */
static struct pp_object *canonical_of(struct pp_object *string) {
  if (pp_python.release.minor >= 13)
    return pp_python_call(pp_python.sys_intern, &string, 1);
  pp_python.Py_IncRef(string);
  pp_python.PyUnicode_InternInPlace(&string);
  return string;
}

/* An interpreter of 3.11 or 3.12 names some of its own things by letters that
 * are static objects besides the shared ones, and has interned those first. */
static bool is_its_own(const struct pp_object *string,
                       const struct pp_object *canonical) {
  return canonical != string && pp_python_block_size(string) == 0 &&
         pp_python_block_size(canonical) == 0;
}

/* The table of interned strings is the interpreter's, with thousands in it
 * already; what becomes of the string that was given is the program's. */
static struct pp_object *intern(struct pp_interpreter *interpreter,
                                struct pp_object *string) {
  if (type_of(string) != PP_TYPE_STR) return string;
  struct pp_object *canonical = canonical_of(string);
  pp_python_settle();
  if (canonical == NULL) return string;
  if (is_its_own(string, canonical)) {
    pp_python.Py_DecRef(canonical);
    return string;
  }
  decref(interpreter, string);
  return canonical;
}

/* ---- sequences ---- */

static bool is_array(const struct pp_object *sequence) {
  enum pp_type_id type = type_of(sequence);
  return type == PP_TYPE_ARRAY || type == PP_TYPE_BYTEARRAY;
}

/* Methods that arrays and bytearrays have by the same name. */
static struct pp_object *either(const struct pp_object *sequence,
                                struct pp_object *of_array,
                                struct pp_object *of_bytearray) {
  return type_of(sequence) == PP_TYPE_ARRAY ? of_array : of_bytearray;
}

static bool append(struct pp_interpreter *interpreter,
                   struct pp_object *sequence, struct pp_object *item) {
  (void)interpreter;
  if (is_array(sequence)) {
    struct pp_object *const arguments[] = {sequence, item};
    if (!pp_python_fits(sequence, item)) return false;
    return do_method(
        either(sequence, pp_python.array_append, pp_python.bytearray_append),
        arguments, 2);
  }
  if (type_of(sequence) != PP_TYPE_LIST) return false;
  int failed;
  PP_PROGRAM(failed = pp_python.PyList_Append(sequence, item));
  return failed == 0;
}

static bool insert(struct pp_interpreter *interpreter,
                   struct pp_object *sequence, size_t index,
                   struct pp_object *item) {
  (void)interpreter;
  if (is_array(sequence)) {
    if (!pp_python_fits(sequence, item)) return false;
    struct pp_object *number = pp_python.PyLong_FromLongLong((long long)index);
    struct pp_object *const arguments[] = {sequence, number, item};
    bool done = do_method(
        either(sequence, pp_python.array_insert, pp_python.bytearray_insert),
        arguments, 3);
    pp_python.Py_DecRef(number);
    return done;
  }
  if (type_of(sequence) != PP_TYPE_LIST) return false;
  int failed;
  PP_PROGRAM(failed =
                 pp_python.PyList_Insert(sequence, (ptrdiff_t)index, item));
  return failed == 0;
}

static struct pp_object *pop(struct pp_interpreter *interpreter,
                             struct pp_object *sequence, size_t index) {
  (void)interpreter;
  bool is_list = type_of(sequence) == PP_TYPE_LIST;
  if (!is_list && !is_array(sequence)) return NULL;
  if (index >= length_of(sequence)) return NULL;
  struct pp_object *number = pp_python.PyLong_FromLongLong((long long)index);
  struct pp_object *const arguments[] = {sequence, number};
  struct pp_object *method = pp_python.list_pop;
  if (!is_list)
    method = either(sequence, pp_python.array_pop, pp_python.bytearray_pop);
  struct pp_object *item = call_method(method, arguments, 2);
  pp_python.Py_DecRef(number);
  return item;
}

static bool set_item(struct pp_interpreter *interpreter,
                     struct pp_object *sequence, size_t index,
                     struct pp_object *item) {
  (void)interpreter;
  int failed;
  bool is_list = type_of(sequence) == PP_TYPE_LIST;
  if (!is_list && !is_array(sequence)) return false;
  if (index >= length_of(sequence)) return false;
  if (!is_list && !pp_python_fits(sequence, item)) return false;
  PP_PROGRAM(
      failed = pp_python.PySequence_SetItem(sequence, (ptrdiff_t)index, item));
  return failed == 0;
}

static struct pp_object *get_item(struct pp_interpreter *interpreter,
                                  struct pp_object *sequence, size_t index) {
  (void)interpreter;
  enum pp_type_id type = type_of(sequence);
  if (type != PP_TYPE_LIST && type != PP_TYPE_TUPLE) return NULL;
  if (index >= length_of(sequence)) return NULL;
  if (type == PP_TYPE_LIST)
    return pp_python.PyList_GetItem(sequence, (ptrdiff_t)index);
  return pp_python.PyTuple_GetItem(sequence, (ptrdiff_t)index);
}

static bool assign_slice(struct pp_interpreter *interpreter,
                         struct pp_object *list, size_t first, size_t last,
                         struct pp_object *other) {
  (void)interpreter;
  enum pp_type_id type = type_of(other);
  if (type_of(list) != PP_TYPE_LIST) return false;
  if (type != PP_TYPE_LIST && type != PP_TYPE_TUPLE) return false;
  int failed;
  PP_PROGRAM(failed = pp_python.PyList_SetSlice(list, (ptrdiff_t)first,
                                                (ptrdiff_t)last, other));
  return failed == 0;
}

/* What extends a sequence without an iterator in between. */
static bool extends(const struct pp_object *sequence,
                    const struct pp_object *other) {
  enum pp_type_id type = type_of(other);
  switch (type_of(sequence)) {
  case PP_TYPE_LIST: return type == PP_TYPE_LIST || type == PP_TYPE_TUPLE;
  case PP_TYPE_ARRAY:
    return type == PP_TYPE_ARRAY && pp_python_same_code(sequence, other);
  case PP_TYPE_BYTEARRAY:
    return type == PP_TYPE_BYTES || type == PP_TYPE_BYTEARRAY;
  case PP_TYPE_SET: return type == PP_TYPE_SET;
  default: return false;
  }
}

static bool extend(struct pp_interpreter *interpreter,
                   struct pp_object *sequence, struct pp_object *other) {
  (void)interpreter;
  struct pp_object *const arguments[] = {sequence, other};
  if (!extends(sequence, other)) return false;
  if (type_of(sequence) == PP_TYPE_SET) {
    int failed;
    PP_PROGRAM(failed = pp_python._PySet_Update(sequence, other));
    return failed == 0;
  }
  struct pp_object *method = pp_python.list_extend;
  if (is_array(sequence))
    method =
        either(sequence, pp_python.array_extend, pp_python.bytearray_extend);
  return do_method(method, arguments, 2);
}

/* ---- dict, set, attributes ---- */

static struct pp_object *dict_get(struct pp_interpreter *interpreter,
                                  struct pp_object *dict,
                                  struct pp_object *key) {
  (void)interpreter;
  if (type_of(dict) != PP_TYPE_DICT || !pp_python_hashable(key)) return NULL;
  struct pp_object *value;
  PP_PROGRAM(value = pp_python.PyDict_GetItemWithError(dict, key));
  return value;
}

static bool dict_set(struct pp_interpreter *interpreter, struct pp_object *dict,
                     struct pp_object *key, struct pp_object *value) {
  (void)interpreter;
  if (type_of(dict) != PP_TYPE_DICT || !pp_python_hashable(key)) return false;
  int failed;
  PP_PROGRAM(failed = pp_python.PyDict_SetItem(dict, key, value));
  return failed == 0;
}

static bool dict_delete(struct pp_interpreter *interpreter,
                        struct pp_object *dict, struct pp_object *key) {
  if (dict_get(interpreter, dict, key) == NULL) return false;
  int failed;
  PP_PROGRAM(failed = pp_python.PyDict_DelItem(dict, key));
  return failed == 0;
}

static bool set_add(struct pp_interpreter *interpreter, struct pp_object *set,
                    struct pp_object *key) {
  (void)interpreter;
  if (type_of(set) != PP_TYPE_SET || !pp_python_hashable(key)) return false;
  int failed;
  PP_PROGRAM(failed = pp_python.PySet_Add(set, key));
  return failed == 0;
}

static bool set_discard(struct pp_interpreter *interpreter,
                        struct pp_object *set, struct pp_object *key) {
  (void)interpreter;
  if (type_of(set) != PP_TYPE_SET || !pp_python_hashable(key)) return false;
  int found;
  PP_PROGRAM(found = pp_python.PySet_Discard(set, key));
  return found == 1;
}

static bool set_attribute(struct pp_interpreter *interpreter,
                          struct pp_object *instance, unsigned number,
                          struct pp_object *value) {
  (void)interpreter;
  if (type_of(instance) != PP_TYPE_INSTANCE) return false;
  if (number >= PP_PYTHON_ATTRIBUTES) return false;
  if (value == NULL && !pp_python_has_attribute(instance, number)) return false;
  int failed;
  PP_PROGRAM(failed = pp_python.PyObject_SetAttr(
                 instance, pp_python.attributes[number], value));
  return failed == 0;
}

static bool clear(struct pp_interpreter *interpreter,
                  struct pp_object *container) {
  (void)interpreter;
  switch (type_of(container)) {
  case PP_TYPE_LIST: return do_method(pp_python.list_clear, &container, 1);
  case PP_TYPE_DICT: PP_PROGRAM(pp_python.PyDict_Clear(container)); return true;
  case PP_TYPE_SET: PP_PROGRAM(pp_python.PySet_Clear(container)); return true;
  default: return false;
  }
}

/* ---- what only the reference has ---- */

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *object, unsigned piece,
                  unsigned index, struct pp_field_info *info) {
  (void)interpreter;
  (void)object;
  (void)piece;
  (void)index;
  (void)info;
  return false;
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  (void)interpreter;
  (void)object;
  return PP_HOLDS;
}

static enum pp_clause check_all(const struct pp_interpreter *interpreter) {
  (void)interpreter;
  return PP_HOLDS;
}

const struct pp_objects pp_objects_python = {
    .level = "python",
    .interpreter_size = pp_python_interpreter_size,
    .create = pp_python_create,
    .destroy = pp_python_destroy,
    .none = pp_python_none,
    .ellipsis = pp_python_ellipsis,
    .not_implemented = pp_python_not_implemented,
    .boolean = pp_python_boolean,
    .integer = pp_python_integer,
    .floating = pp_python_floating,
    .complex = pp_python_complex,
    .bytes = pp_python_bytes,
    .string = pp_python_string,
    .tuple = pp_python_tuple,
    .list = pp_python_list,
    .dict = pp_python_dict,
    .set = pp_python_set,
    .array = pp_python_array,
    .array_of = pp_python_array_of,
    .bytearray = pp_python_bytearray,
    .instance = pp_python_instance,
    .weakref = pp_python_weakref,
    .collect = pp_python_collect,
    .safe_point = pp_python_safe_point,
    .is_tracked = pp_python_is_tracked,
    .is_finalized = pp_python_is_finalized,
    .get_count = pp_python_get_count,
    .get_threshold = pp_python_get_threshold,
    .set_threshold = pp_python_set_threshold,
    .enable = pp_python_enable,
    .freeze = pp_python_freeze,
    .unfreeze = pp_python_unfreeze,
    .type_of = pp_python_type_of,
    .refcount = pp_python_refcount,
    .length = pp_python_length,
    .getsizeof = pp_python_getsizeof,
    .piece = pp_python_piece,
    .traverse = pp_python_traverse,
    .visit_generation = pp_python_visit_generation,
    .incref = incref,
    .decref = decref,
    .intern = intern,
    .append = append,
    .insert = insert,
    .pop = pop,
    .set_item = set_item,
    .get_item = get_item,
    .assign_slice = assign_slice,
    .extend = extend,
    .dict_set = dict_set,
    .dict_delete = dict_delete,
    .dict_get = dict_get,
    .set_add = set_add,
    .set_discard = set_discard,
    .set_attribute = set_attribute,
    .clear = clear,
    .field = field,
    .check = check,
    .check_all = check_all,
};
