/* The one interpreter of this process, as the files of objects_python share
 * it: the functions of its C interface, what was prepared in it once, and
 * whether what it asks for now is a program's. */
#ifndef CHECK_OBJECTS_PYTHON_INSIDE_H
#define CHECK_OBJECTS_PYTHON_INSIDE_H

#include <string.h>

#include "check/objects/python.h"
#include "check/python.h"

/* result, name, parameters; all releases from 3.7 to 3.13 have them. */
/* clang-format off */
#define PP_PYTHON_FUNCTIONS(F)                                                 \
  F(const char *, Py_GetVersion, (void))                                       \
  F(void, PyMem_GetAllocator, (int, struct pp_system_source *))                \
  F(void, PyMem_SetAllocator, (int, struct pp_system_source *))                \
  F(void, Py_IncRef, (struct pp_object *))                                     \
  F(void, Py_DecRef, (struct pp_object *))                                     \
  F(struct pp_object *, PyErr_Occurred, (void))                                \
  F(void, PyErr_Clear, (void))                                                 \
  F(void, PyErr_Print, (void))                                                 \
  F(int, PyErr_CheckSignals, (void))                                           \
  F(struct pp_object *, PyImport_ImportModule, (const char *))                 \
  F(struct pp_object *, PyImport_AddModule, (const char *))                    \
  F(int, PyRun_SimpleStringFlags, (const char *, void *))                      \
  F(struct pp_object *, PyObject_GetAttrString,                                \
    (struct pp_object *, const char *))                                        \
  F(ptrdiff_t, PyObject_Hash, (struct pp_object *))                            \
  F(int, PyObject_SetAttr,                                                     \
    (struct pp_object *, struct pp_object *, struct pp_object *))              \
  F(struct pp_object *, PyObject_Call,                                         \
    (struct pp_object *, struct pp_object *, struct pp_object *))              \
  F(struct pp_object *, PyCFunction_NewEx,                                     \
    (void *, struct pp_object *, struct pp_object *))                          \
  F(size_t, _PySys_GetSizeOf, (struct pp_object *))                            \
  F(struct pp_object *, PyLong_FromLongLong, (long long))                      \
  F(struct pp_object *, PyLong_FromString, (const char *, char **, int))       \
  F(long, PyLong_AsLong, (struct pp_object *))                                 \
  F(struct pp_object *, PyFloat_FromDouble, (double))                          \
  F(struct pp_object *, PyComplex_FromDoubles, (double, double))               \
  F(struct pp_object *, PyBytes_FromStringAndSize, (const char *, ptrdiff_t))  \
  F(struct pp_object *, PyByteArray_FromStringAndSize,                         \
    (const char *, ptrdiff_t))                                                 \
  F(struct pp_object *, PyUnicode_FromKindAndData,                             \
    (int, const void *, ptrdiff_t))                                            \
  F(struct pp_object *, PyUnicode_InternFromString, (const char *))            \
  F(void, PyUnicode_InternInPlace, (struct pp_object **))                      \
  F(ptrdiff_t, PyUnicode_GetLength, (struct pp_object *))                      \
  F(struct pp_object *, PyTuple_New, (ptrdiff_t))                              \
  F(int, PyTuple_SetItem, (struct pp_object *, ptrdiff_t, struct pp_object *)) \
  F(struct pp_object *, PyTuple_GetItem, (struct pp_object *, ptrdiff_t))      \
  F(struct pp_object *, PyList_New, (ptrdiff_t))                               \
  F(int, PyList_SetItem, (struct pp_object *, ptrdiff_t, struct pp_object *))  \
  F(struct pp_object *, PyList_GetItem, (struct pp_object *, ptrdiff_t))       \
  F(int, PyList_Append, (struct pp_object *, struct pp_object *))              \
  F(int, PyList_Insert, (struct pp_object *, ptrdiff_t, struct pp_object *))   \
  F(int, PyList_SetSlice,                                                      \
    (struct pp_object *, ptrdiff_t, ptrdiff_t, struct pp_object *))            \
  F(int, PySequence_SetItem,                                                   \
    (struct pp_object *, ptrdiff_t, struct pp_object *))                       \
  F(struct pp_object *, PyDict_New, (void))                                    \
  F(int, PyDict_SetItem,                                                       \
    (struct pp_object *, struct pp_object *, struct pp_object *))              \
  F(int, PyDict_DelItem, (struct pp_object *, struct pp_object *))             \
  F(struct pp_object *, PyDict_GetItemWithError,                               \
    (struct pp_object *, struct pp_object *))                                  \
  F(void, PyDict_Clear, (struct pp_object *))                                  \
  F(ptrdiff_t, PyDict_Size, (struct pp_object *))                              \
  F(struct pp_object *, PySet_New, (struct pp_object *))                       \
  F(int, PySet_Add, (struct pp_object *, struct pp_object *))                  \
  F(int, _PySet_Update, (struct pp_object *, struct pp_object *))              \
  F(int, PySet_Discard, (struct pp_object *, struct pp_object *))              \
  F(int, PySet_Clear, (struct pp_object *))                                    \
  F(ptrdiff_t, PySet_Size, (struct pp_object *))                               \
  F(struct pp_object *, PyWeakref_NewRef,                                      \
    (struct pp_object *, struct pp_object *))                                  \
  F(struct pp_object *, PyWeakref_GetObject, (struct pp_object *))

/* The same for some releases: one of each pair is there. */
#define PP_PYTHON_FUNCTIONS_OF_SOME(F)                                         \
  F(struct pp_object *, PyObject_VectorcallDict, /* since 3.9 */               \
    (struct pp_object *, struct pp_object *const *, size_t,                    \
     struct pp_object *))                                                      \
  F(struct pp_object *, _PyObject_FastCallDict, /* 3.7 and 3.8 */              \
    (struct pp_object *, struct pp_object *const *, size_t,                    \
     struct pp_object *))                                                      \
  F(struct pp_object *, _PyMethodDescr_FastCallKeywords, /* 3.7 */             \
    (struct pp_object *, struct pp_object *const *, size_t,                    \
     struct pp_object *))                                                      \
  F(int, PyObject_GetOptionalAttr, /* since 3.13 */                            \
    (struct pp_object *, struct pp_object *, struct pp_object **))             \
  F(int, _PyObject_LookupAttr, /* to 3.12 */                                   \
    (struct pp_object *, struct pp_object *, struct pp_object **))
/* clang-format on */

/* What is called by name; owner, attribute. */
#define PP_PYTHON_METHODS(M) \
  M(list, clear)             \
  M(list, pop)               \
  M(list, extend)            \
  M(array, append)           \
  M(array, insert)           \
  M(array, pop)              \
  M(array, extend)           \
  M(bytearray, append)       \
  M(bytearray, insert)       \
  M(bytearray, pop)          \
  M(bytearray, extend)       \
  M(gc, collect)             \
  M(gc, enable)              \
  M(gc, disable)             \
  M(gc, freeze)              \
  M(gc, unfreeze)            \
  M(gc, is_tracked)          \
  M(sys, intern)

/* For whom memory is asked. */
enum pp_python_asker {
  PP_PYTHON_ITSELF,
  PP_PYTHON_PROGRAM,
  /* The same, but for the int that gc.collect answers. */
  PP_PYTHON_COLLECTION
};

/* Attributes that an instance may have. */
enum { PP_PYTHON_ATTRIBUTES = PP_ATTRIBUTES };

/* Where the collector keeps a generation, as every release has it. */
struct pp_python_generation {
  uint64_t *head; /* the words of a PyGC_Head: next, previous */
  int32_t *threshold;
  int32_t *count;
};

struct pp_python {
  struct pp_library library;
  struct pp_python_release release;
#define FUNCTION(result, name, parameters) result(*name) parameters;
  PP_PYTHON_FUNCTIONS(FUNCTION)
  PP_PYTHON_FUNCTIONS_OF_SOME(FUNCTION)
#undef FUNCTION
#define METHOD(owner, name) struct pp_object *owner##_##name;
  PP_PYTHON_METHODS(METHOD)
#undef METHOD

  struct pp_object *types[PP_TYPE_COUNT]; /* INSTANCE: without __del__ */
  struct pp_object *finalizing;           /* the class with __del__ */
  struct pp_object *empty;                /* () */
  struct pp_object *codes[128];           /* ('Q',) for array('Q') */
  struct pp_object *codes_items[128];     /* ('Q', items) */
  struct pp_object *items; /* a list that is empty between calls */
  struct pp_object *attributes[PP_PYTHON_ATTRIBUTES];
  struct pp_object *none, *ellipsis, *not_implemented, *falsehood, *truth;
  struct pp_object *callback; /* of weak references */

  struct pp_python_generation generations[PP_GENERATIONS + 1];
  bool enabled; /* gc.isenabled() */

  struct pp_interpreter_options options; /* without NULL for the sources */
  struct pp_objects_python opened;
};

/* All of it; contexts of the hooks point into it. */
extern struct pp_python pp_python;

/* ---- objects_python_hooks.c: whose a request is ---- */

void pp_python_hook(void);
/* For whom requests are made from now on, and who it was before. */
enum pp_python_asker pp_python_ask(enum pp_python_asker asker);
/* The bytes that a block of the program was asked for with; 0: it is none. */
size_t pp_python_block_size(const void *block);

/* ---- objects_python_collector.c ---- */

/* Finds the generations. False when they are not where they should be. */
bool pp_python_find_generations(char *why, size_t why_size);
/* Takes away from the collector what is tracked now, and lets it begin with
 * counts of zero, no garbage and empty free lists. */
void pp_python_begin_generations(void);
/* Bytes of the head in front of an object, 0 when it has none; what else lies
 * before that is added to *before, when it is not NULL. */
size_t pp_python_head_size(const struct pp_object *object, size_t *before);

int64_t pp_python_collect(struct pp_interpreter *, unsigned generation);
void pp_python_safe_point(struct pp_interpreter *);
bool pp_python_is_tracked(const struct pp_interpreter *,
                          const struct pp_object *object);
bool pp_python_is_finalized(const struct pp_interpreter *,
                            const struct pp_object *object);
void pp_python_get_count(const struct pp_interpreter *, uint32_t *count);
void pp_python_get_threshold(const struct pp_interpreter *,
                             uint32_t *threshold);
void pp_python_set_threshold(struct pp_interpreter *,
                             const uint32_t *threshold);
void pp_python_enable(struct pp_interpreter *, bool enabled);
void pp_python_freeze(struct pp_interpreter *);
void pp_python_unfreeze(struct pp_interpreter *);
void pp_python_visit_generation(const struct pp_interpreter *,
                                unsigned generation, void *ctx,
                                bool (*visit)(void *ctx, struct pp_object *));

/* ---- objects_python_look.c ---- */

enum pp_type_id pp_python_type_of(const struct pp_interpreter *,
                                  const struct pp_object *object);
uint64_t pp_python_refcount(const struct pp_interpreter *,
                            const struct pp_object *object);
size_t pp_python_length(const struct pp_interpreter *,
                        const struct pp_object *object);
size_t pp_python_getsizeof(const struct pp_interpreter *,
                           const struct pp_object *object);
bool pp_python_piece(const struct pp_interpreter *,
                     const struct pp_object *object, unsigned index,
                     struct pp_piece_info *piece);
void pp_python_traverse(const struct pp_interpreter *,
                        const struct pp_object *object, void *ctx,
                        bool (*visit)(void *ctx, struct pp_object *));

/* ---- objects_python_values.c ---- */

struct pp_object *pp_python_none(struct pp_interpreter *);
struct pp_object *pp_python_ellipsis(struct pp_interpreter *);
struct pp_object *pp_python_not_implemented(struct pp_interpreter *);
struct pp_object *pp_python_boolean(struct pp_interpreter *, bool value);
struct pp_object *pp_python_integer(struct pp_interpreter *, bool negative,
                                    const uint32_t *digits, size_t count);
struct pp_object *pp_python_floating(struct pp_interpreter *, double value);
struct pp_object *pp_python_complex(struct pp_interpreter *, double real,
                                    double imaginary);
struct pp_object *pp_python_bytes(struct pp_interpreter *, const uint8_t *data,
                                  size_t length);
struct pp_object *pp_python_array_of(struct pp_interpreter *, char code,
                                     struct pp_object *const *items,
                                     size_t length);
struct pp_object *pp_python_bytearray(struct pp_interpreter *,
                                      const uint8_t *data, size_t length);
struct pp_object *pp_python_string(struct pp_interpreter *,
                                   const uint32_t *code_points, size_t length);
struct pp_object *pp_python_tuple(struct pp_interpreter *,
                                  struct pp_object *const *items,
                                  size_t length);
struct pp_object *pp_python_list(struct pp_interpreter *,
                                 struct pp_object *const *items, size_t length);
struct pp_object *pp_python_dict(struct pp_interpreter *);
struct pp_object *pp_python_set(struct pp_interpreter *);
struct pp_object *pp_python_array(struct pp_interpreter *, char code);
struct pp_object *pp_python_instance(struct pp_interpreter *, bool finalizer);
struct pp_object *pp_python_weakref(struct pp_interpreter *,
                                    struct pp_object *referent, bool callback);

/* ---- objects_python_open.c ---- */

size_t pp_python_interpreter_size(const struct pp_profile *profile);
struct pp_interpreter *
pp_python_create(void *memory, const struct pp_interpreter_options *options);
void pp_python_destroy(struct pp_interpreter *interpreter);

/* ---- objects_python_guard.c: what would raise is not begun ---- */

bool pp_python_hashable(const struct pp_object *object);
/* True when an item of this value fits into the array or bytearray, or into an
 * array of a code. */
bool pp_python_fits_code(char code, const struct pp_object *item);
bool pp_python_fits(const struct pp_object *sequence,
                    const struct pp_object *item);
bool pp_python_same_code(const struct pp_object *array,
                         const struct pp_object *other);
bool pp_python_has_attribute(struct pp_object *instance, unsigned number);

/* ---- memory of the interpreter ---- */

static inline uint64_t pp_python_word(const struct pp_object *object,
                                      int offset) {
  uint64_t word;
  memcpy(&word, (const char *)object + offset, sizeof word);
  return word;
}

/* ---- calls ---- */

/* Calls without a tuple of arguments. */
struct pp_object *pp_python_call(struct pp_object *callable,
                                 struct pp_object *const *arguments,
                                 size_t count);
/* Ends what is the program's, and forgets an exception. */
void pp_python_settle(void);

/* Does what is the program's. */
#define PP_PROGRAM(call)              \
  do {                                \
    pp_python_ask(PP_PYTHON_PROGRAM); \
    call;                             \
    pp_python_settle();               \
  } while (0)

#endif
