/* Starting an interpreter to make objects in: its functions are looked up by
 * name, what a program's calls need is prepared once, and each create gives a
 * program classes of its own and generations with nothing in them. */
#include <stdio.h>
#include <stdlib.h>

#include "check/objects/python_inside.h"

struct pp_python pp_python;

enum {
  TP_FINALIZE = 392, /* in a type object */
  METH_O = 8         /* takes one argument */
};

/* A function of ours as the interpreter sees it. */
static struct method_definition {
  const char *name;
  struct pp_object *(*function)(struct pp_object *self, struct pp_object *);
  int flags;
  const char *documentation;
} callback_definition;

/* ---- calls from the interpreter ---- */

static struct pp_object *report_weakref(struct pp_object *self,
                                        struct pp_object *weakref) {
  (void)self;
  const struct pp_object_events *events = pp_python.options.events;
  enum pp_python_asker asker = pp_python_ask(PP_PYTHON_ITSELF);
  if (events != NULL && events->weakref_dead != NULL)
    events->weakref_dead(events->ctx, weakref);
  pp_python_ask(asker);
  pp_python.Py_IncRef(pp_python.none);
  return pp_python.none;
}

static void report_finalize(struct pp_object *instance) {
  const struct pp_object_events *events = pp_python.options.events;
  enum pp_python_asker asker = pp_python_ask(PP_PYTHON_ITSELF);
  if (events != NULL && events->finalize != NULL)
    events->finalize(events->ctx, instance);
  pp_python_ask(asker);
}

/* ---- looking up ---- */

static bool find_functions(char *why, size_t why_size) {
  const struct {
    const char *name;
    void *slot;
    bool optional;
  } functions[] = {
#define FUNCTION(result, name, parameters) {#name, &pp_python.name, false},
      PP_PYTHON_FUNCTIONS(FUNCTION)
#undef FUNCTION
#define FUNCTION(result, name, parameters) {#name, &pp_python.name, true},
          PP_PYTHON_FUNCTIONS_OF_SOME(FUNCTION)
#undef FUNCTION
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    if (!pp_library_function(&pp_python.library, functions[i].name,
                             functions[i].slot) &&
        !functions[i].optional) {
      snprintf(why, why_size, "%s has no %s", pp_python.library.path,
               functions[i].name);
      return false;
    }
  return true;
}

static struct pp_object *type_of(struct pp_object *object) {
  return (struct pp_object *)(uintptr_t)pp_python_word(object, 8);
}

static bool find_objects(char *why, size_t why_size) {
  const struct {
    const char *name;
    struct pp_object **slot;
  } objects[] = {
      {"_Py_NoneStruct", &pp_python.none},
      {"_Py_EllipsisObject", &pp_python.ellipsis},
      {"_Py_NotImplementedStruct", &pp_python.not_implemented},
      {"_Py_FalseStruct", &pp_python.falsehood},
      {"_Py_TrueStruct", &pp_python.truth},
      {"PyLong_Type", &pp_python.types[PP_TYPE_INT]},
      {"PyFloat_Type", &pp_python.types[PP_TYPE_FLOAT]},
      {"PyComplex_Type", &pp_python.types[PP_TYPE_COMPLEX]},
      {"PyBytes_Type", &pp_python.types[PP_TYPE_BYTES]},
      {"PyUnicode_Type", &pp_python.types[PP_TYPE_STR]},
      {"PyTuple_Type", &pp_python.types[PP_TYPE_TUPLE]},
      {"PyList_Type", &pp_python.types[PP_TYPE_LIST]},
      {"PyDict_Type", &pp_python.types[PP_TYPE_DICT]},
      {"PySet_Type", &pp_python.types[PP_TYPE_SET]},
      {"PyByteArray_Type", &pp_python.types[PP_TYPE_BYTEARRAY]},
      {"_PyWeakref_RefType", &pp_python.types[PP_TYPE_WEAKREF]},
  };
  for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
    *objects[i].slot = pp_library_symbol(&pp_python.library, objects[i].name);
    if (*objects[i].slot != NULL) continue;
    snprintf(why, why_size, "%s has no %s", pp_python.library.path,
             objects[i].name);
    return false;
  }
  pp_python.types[PP_TYPE_NONE] = type_of(pp_python.none);
  pp_python.types[PP_TYPE_ELLIPSIS] = type_of(pp_python.ellipsis);
  pp_python.types[PP_TYPE_NOT_IMPLEMENTED] = type_of(pp_python.not_implemented);
  pp_python.types[PP_TYPE_BOOL] = type_of(pp_python.truth);
  return true;
}

static enum pp_load_result identify(char *why, size_t why_size) {
  struct pp_objects_python *opened = &pp_python.opened;
  const char *banner = pp_python.Py_GetVersion();
  snprintf(opened->version, sizeof opened->version, "%.*s",
           (int)strcspn(banner, " "), banner);
  if (!pp_python_read_release(opened->version, &pp_python.release)) {
    snprintf(why, why_size, "its version \"%s\" is not one", opened->version);
    return PP_LOAD_UNSUPPORTED;
  }
  opened->profile = pp_python_profile(pp_python.release);
  bool older = pp_python.release.minor < 7 || pp_python.release.minor > 13;
  if (opened->profile == NULL || older ||
      opened->profile->id == PP_PROFILE_3_7_3 ||
      strstr(banner, "free-threading") != NULL) {
    snprintf(why, why_size, "the objects of this CPython %s are not known",
             opened->version);
    return PP_LOAD_UNSUPPORTED;
  }
  return PP_LOAD_OK;
}

/* ---- preparing ---- */

/* A type or a module, by the name that the methods have it under. */
static struct pp_object *owner_named(const char *name) {
  if (strcmp(name, "list") == 0) return pp_python.types[PP_TYPE_LIST];
  if (strcmp(name, "array") == 0) return pp_python.types[PP_TYPE_ARRAY];
  if (strcmp(name, "bytearray") == 0) return pp_python.types[PP_TYPE_BYTEARRAY];
  return pp_python.PyImport_ImportModule(name);
}

static bool find_array(void) {
  struct pp_object *module = pp_python.PyImport_ImportModule("array");
  if (module == NULL) return false;
  pp_python.types[PP_TYPE_ARRAY] =
      pp_python.PyObject_GetAttrString(module, "array");
  return pp_python.types[PP_TYPE_ARRAY] != NULL;
}

static bool find_methods(void) {
  const struct {
    const char *owner;
    const char *name;
    struct pp_object **slot;
  } methods[] = {
#define METHOD(owner, name) {#owner, #name, &pp_python.owner##_##name},
      PP_PYTHON_METHODS(METHOD)
#undef METHOD
  };
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    struct pp_object *owner = owner_named(methods[i].owner);
    if (owner == NULL) return false;
    *methods[i].slot = pp_python.PyObject_GetAttrString(owner, methods[i].name);
    if (*methods[i].slot == NULL) return false;
  }
  return true;
}

static void prepare_arguments(void) {
  static const char codes[] = "bBuwhHiIlLqQfd";
  pp_python.empty = pp_python.PyTuple_New(0);
  pp_python.items = pp_python.PyList_New(0);
  for (const char *code = codes; *code != '\0'; code++) {
    if (*code == 'w' && pp_python.release.minor < 13) continue;
    char text[2] = {*code, '\0'};
    size_t index = (size_t)*code;
    pp_python.codes[index] = pp_python.PyTuple_New(1);
    pp_python.codes_items[index] = pp_python.PyTuple_New(2);
    pp_python.PyTuple_SetItem(pp_python.codes[index], 0,
                              pp_python.PyUnicode_InternFromString(text));
    pp_python.PyTuple_SetItem(pp_python.codes_items[index], 0,
                              pp_python.PyUnicode_InternFromString(text));
    pp_python.Py_IncRef(pp_python.items);
    pp_python.PyTuple_SetItem(pp_python.codes_items[index], 1, pp_python.items);
  }
  for (unsigned i = 0; i < PP_PYTHON_ATTRIBUTES; i++) {
    char name[16];
    snprintf(name, sizeof name, "a%u", i);
    pp_python.attributes[i] = pp_python.PyUnicode_InternFromString(name);
  }
  callback_definition = (struct method_definition){
      "poolproof_weakref_dead", report_weakref, METH_O, NULL};
  pp_python.callback =
      pp_python.PyCFunction_NewEx(&callback_definition, NULL, NULL);
}

/* To 3.10 a str or bytes of one character is made when it is first wanted, and
 * kept: an interpreter has seen some of them, and shall have seen all. */
static void make_characters(void) {
  for (uint32_t i = 0; i < 256; i++) {
    char byte = (char)i;
    pp_python.Py_DecRef(pp_python.PyBytes_FromStringAndSize(&byte, 1));
    pp_python.Py_DecRef(pp_python.PyUnicode_FromKindAndData(4, &i, 1));
  }
  pp_python.Py_DecRef(pp_python.PyBytes_FromStringAndSize(NULL, 0));
}

enum pp_load_result pp_objects_python_open(const char *path,
                                           struct pp_objects_python *opened,
                                           char *why, size_t why_size) {
  pp_python_clear_environment();
  setenv("PYTHONHASHSEED", "0", 1);
  if (!pp_library_open(path, &pp_python.library, why, why_size) ||
      !find_functions(why, why_size) || !find_objects(why, why_size))
    return PP_LOAD_FAILED;
  enum pp_load_result result = identify(why, why_size);
  if (result != PP_LOAD_OK) return result;
  if (!pp_library_make_global(&pp_python.library) ||
      !pp_python_start(&pp_python.library, pp_python.release)) {
    snprintf(why, why_size, "%s cannot be started", pp_python.library.path);
    return PP_LOAD_FAILED;
  }
  prepare_arguments();
  make_characters();
  if (!find_array() || !find_methods()) {
    pp_python.PyErr_Print();
    snprintf(why, why_size, "its array, gc or sys lacks something");
    return PP_LOAD_FAILED;
  }
  pp_python_hook();
  if (!pp_python_find_generations(why, why_size)) return PP_LOAD_FAILED;
  *opened = pp_python.opened;
  return PP_LOAD_OK;
}

/* ---- a program ---- */

static struct pp_object *run_class(const char *source, const char *name) {
  if (pp_python.PyRun_SimpleStringFlags(source, NULL) != 0) return NULL;
  struct pp_object *module = pp_python.PyImport_AddModule("__main__");
  return pp_python.PyObject_GetAttrString(module, name);
}

/* Instances share keys by what their class has seen: a program gets classes
 * that have seen instances enough, with all attributes in order. The keys that
 * they share are the program's: dicts of its own may get them one day. That
 * with a
 * __del__ has a finalizer of Python's, which would make a frame; ours takes its
 * place. */
static bool make_classes(void) {
  void (*finalize)(struct pp_object *) = report_finalize;
#define SEEN(class)                                            \
  "for i in range(40):\n"                                      \
  "  c = " class "()\n"                                        \
                 "  c.a0 = c.a1 = c.a2 = c.a3 = c.a4 = None\n" \
                 "del c, i\n"
  struct pp_object *plain, *finalizing;
  PP_PROGRAM(plain = run_class("class C: pass\n" SEEN("C"), "C"));
  PP_PROGRAM(finalizing = run_class(
                 "class D:\n  def __del__(self): pass\n" SEEN("D"), "D"));
#undef SEEN
  if (plain == NULL || finalizing == NULL) return false;
  if (pp_python_word(plain, TP_FINALIZE) != 0) return false;
  if (pp_python_word(finalizing, TP_FINALIZE) == 0) return false;
  memcpy((char *)finalizing + TP_FINALIZE, &finalize, sizeof finalize);
  pp_python.types[PP_TYPE_INSTANCE] = plain;
  pp_python.finalizing = finalizing;
  return true;
}

size_t pp_python_interpreter_size(const struct pp_profile *profile) {
  (void)profile;
  return 1;
}

struct pp_interpreter *
pp_python_create(void *memory, const struct pp_interpreter_options *options) {
  (void)memory;
  if (options->hash_key[0] != 0 || options->hash_key[1] != 0) return NULL;
  if (options->profile != pp_python.opened.profile) return NULL;
  pp_python.options = *options;
  if (options->obj == NULL) pp_python.options.obj = &pp_python.opened.obj;
  if (options->mem == NULL) pp_python.options.mem = &pp_python.opened.mem;
  if (!make_classes()) return NULL;
  pp_python_begin_generations();
  return (struct pp_interpreter *)(void *)&pp_python;
}

void pp_python_destroy(struct pp_interpreter *interpreter) {
  pp_python_unfreeze(interpreter);
  pp_python_collect(interpreter, PP_GENERATIONS - 1);
}
