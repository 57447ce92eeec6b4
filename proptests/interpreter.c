/* What looks like the shared library of a CPython and is a heap of the
 * reference behind the interpreter's names. INTERPRETER_VERSION is what it says
 * it is; INTERPRETER_IS names what is odd about it. It notes how it was
 * started. */
#include <stdlib.h>
#include <string.h>

#include "proptests/interpreter.h"

enum { RAW, OBJ = 2, EARLY = 700, STACK = 16384 };

struct interpreter_noted interpreter_noted;
int Py_NoSiteFlag;

static struct pp_arena_source arenas;
static struct pp_system_source raw;
static struct pp_witness witness;
static struct pp_heap *heap;

static bool is(const char *odd) {
  const char *value = getenv("INTERPRETER_IS");
  return value != NULL && strcmp(value, odd) == 0;
}

static void broken(struct pp_witness *self, enum pp_clause clause,
                   const char *where) {
  (void)self, (void)clause, (void)where;
  abort();
}

static struct pp_heap *own_heap(void) {
  if (heap != NULL) return heap;
  const struct pp_profile *profile = &pp_profiles[PP_PROFILE_3_12];
  witness.broken = broken;
  heap = pp_reference_none.create(malloc(pp_reference_none.heap_size(profile)),
                                  profile, &arenas, &raw, &witness);
  return heap;
}

/* ---- the families ---- */

static void *obj_malloc(void *ctx, size_t size) {
  (void)ctx;
  interpreter_noted.requests++;
  if (is("empty")) return NULL;
  if (is("endless")) return &interpreter_noted;
  return pp_reference_none.malloc(own_heap(), size);
}

static void *other_malloc(void *ctx, size_t size) {
  return obj_malloc(ctx, size);
}

#define FAMILY(name, prefix)                                   \
  void *prefix##Malloc(size_t size);                           \
  void *prefix##Calloc(size_t count, size_t size);             \
  void *prefix##Realloc(void *block, size_t size);             \
  void prefix##Free(void *block);                              \
  void *prefix##Malloc(size_t size) {                          \
    interpreter_noted.called = name "Malloc";                  \
    return obj_malloc(NULL, size);                             \
  }                                                            \
  void *prefix##Calloc(size_t count, size_t size) {            \
    interpreter_noted.called = name "Calloc";                  \
    return pp_reference_none.calloc(own_heap(), count, size);  \
  }                                                            \
  void *prefix##Realloc(void *block, size_t size) {            \
    interpreter_noted.called = name "Realloc";                 \
    return pp_reference_none.realloc(own_heap(), block, size); \
  }                                                            \
  void prefix##Free(void *block) {                             \
    interpreter_noted.called = name "Free";                    \
    pp_reference_none.free(own_heap(), block);                 \
  }

FAMILY("Object", PyObject_)
FAMILY("Mem", PyMem_)
FAMILY("Raw", PyMem_Raw)

/* ---- the hooks of PEP 445, and the life of an interpreter ---- */

void PyObject_SetArenaAllocator(struct pp_arena_source *source);
void PyMem_GetAllocator(int domain, struct pp_system_source *source);
void PyMem_SetAllocator(int domain, struct pp_system_source *source);
const char *Py_GetVersion(void);
void Py_InitializeEx(int signals);

void PyObject_SetArenaAllocator(struct pp_arena_source *source) {
  arenas = *source;
}

void PyMem_SetAllocator(int domain, struct pp_system_source *source) {
  if (domain != RAW) abort();
  raw = *source;
}

void PyMem_GetAllocator(int domain, struct pp_system_source *source) {
  memset(source, 0, sizeof *source);
  source->malloc = obj_malloc;
  if (domain == RAW && !is("without pymalloc")) source->malloc = other_malloc;
  if (domain == OBJ && is("debug")) source->ctx = &interpreter_noted;
}

const char *Py_GetVersion(void) {
  return getenv("INTERPRETER_VERSION");
}

/* Allocates, as one does that starts: blocks that stay, of all classes, and
 * the stack of its frames, which is a smaller piece from the same source. */
void Py_InitializeEx(int signals) {
  extern char **environ;
  const char *home = getenv("PYTHONHOME");
  interpreter_noted.started++;
  interpreter_noted.signals = signals;
  interpreter_noted.no_site = Py_NoSiteFlag;
  strncpy(interpreter_noted.home, home == NULL ? "" : home,
          sizeof interpreter_noted.home - 1);
  for (char **entry = environ; *entry != NULL; entry++)
    interpreter_noted.variables += strncmp(*entry, "PYTHON", 6) == 0;
  if (!is("without a stack")) arenas.alloc(arenas.ctx, STACK);
  for (size_t i = 0; i < EARLY; i++) {
    void *block = pp_reference_none.malloc(own_heap(), 1 + i * 7 % 512);
    if (i % 3 == 0) pp_reference_none.free(own_heap(), block);
  }
  for (size_t i = 0; is("large") && i < 4000; i++)
    pp_reference_none.malloc(own_heap(), 512);
}
