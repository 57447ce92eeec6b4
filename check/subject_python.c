/* A CPython as a subject: the shared library of an interpreter, its OBJ, MEM
 * and RAW families, and the two hooks through which it takes memory from us.
 *
 * Up to 3.11 the allocator works before any interpreter exists, so it is met
 * as it was linked: pristine. From 3.12 on its state belongs to an
 * interpreter. One is started then, which allocates, and afterwards every
 * block that its arenas still have is taken while new arenas are refused.
 * What remains is a heap of full pools in full arenas, and none of those is
 * ever touched again, because no Python code runs from there on. */
#include <stdio.h>
#include <string.h>

#include "check/python.h"
#include "check/subject.h"

/* PEP 445 describes both hooks as structs of the very shape of our sources:
 * a context and then the functions, in this order. */
_Static_assert(sizeof(struct pp_system_source) == 5 * sizeof(void *),
               "the shape of PEP 445's allocator of a domain");
_Static_assert(sizeof(struct pp_arena_source) == 3 * sizeof(void *),
               "the shape of PEP 445's allocator of arenas");

/* PEP 445's numbers of the domains. */
enum { PYTHON_RAW = 0, PYTHON_OBJ = 2 };

struct family {
  void *(*malloc)(size_t size);
  void *(*calloc)(size_t count, size_t size);
  void *(*realloc)(void *block, size_t size);
  void (*free)(void *block);
};

struct python {
  struct pp_library library;
  struct pp_python_release release;
  struct family families[PP_DOMAIN_COUNT];
  void (*set_arenas)(struct pp_arena_source *source);
  void (*get_allocator)(int domain, struct pp_system_source *source);
  void (*set_allocator)(int domain, struct pp_system_source *source);
};

/* The families of the one subject of this process: contexts of its calls. */
static struct python python;

static void *family_malloc(void *ctx, size_t size) {
  return ((const struct family *)ctx)->malloc(size);
}

static void *family_calloc(void *ctx, size_t count, size_t size) {
  return ((const struct family *)ctx)->calloc(count, size);
}

static void *family_realloc(void *ctx, void *block, size_t size) {
  return ((const struct family *)ctx)->realloc(block, size);
}

static void family_free(void *ctx, void *block) {
  ((const struct family *)ctx)->free(block);
}

static bool find_family(struct family *family, const char *prefix, char *why,
                        size_t why_size) {
  static const char *const names[] = {"Malloc", "Calloc", "Realloc", "Free"};
  void *const slots[] = {&family->malloc, &family->calloc, &family->realloc,
                         &family->free};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char name[32];
    snprintf(name, sizeof name, "%s%s", prefix, names[i]);
    if (!pp_library_function(&python.library, name, slots[i])) {
      snprintf(why, why_size, "%s has no %s", python.library.path, name);
      return false;
    }
  }
  return true;
}

static bool find_hooks(char *why, size_t why_size) {
  const struct {
    const char *name;
    void *slot;
  } hooks[] = {
      {"PyObject_SetArenaAllocator", &python.set_arenas},
      {"PyMem_GetAllocator", &python.get_allocator},
      {"PyMem_SetAllocator", &python.set_allocator},
  };
  for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
    if (!pp_library_function(&python.library, hooks[i].name, hooks[i].slot)) {
      snprintf(why, why_size, "%s has no %s", python.library.path,
               hooks[i].name);
      return false;
    }
  return true;
}

static bool find_functions(char *why, size_t why_size) {
  static const char *const prefixes[PP_DOMAIN_COUNT] = {
      [PP_DOMAIN_OBJ] = "PyObject_",
      [PP_DOMAIN_MEM] = "PyMem_",
      [PP_DOMAIN_RAW] = "PyMem_Raw",
  };
  for (size_t i = 0; i < PP_DOMAIN_COUNT; i++)
    if (!find_family(&python.families[i], prefixes[i], why, why_size))
      return false;
  return find_hooks(why, why_size);
}

static const struct pp_profile *detect_profile(const char *banner, char *why,
                                               size_t why_size) {
  if (strstr(banner, "free-threading") != NULL) {
    snprintf(why, why_size,
             "this is a free-threaded build, whose allocator is another");
    return NULL;
  }
  const struct pp_profile *profile = pp_python_profile(python.release);
  if (profile == NULL)
    snprintf(why, why_size,
             "there is no profile for CPython %d.%d; choose one with "
             "--profile to judge it by another version's rules",
             python.release.major, python.release.minor);
  return profile;
}

/* An interpreter built without pymalloc, or with debug hooks around it, has
 * other rules than any profile. pymalloc itself has no context. */
static bool is_plain_pymalloc(char *why, size_t why_size) {
  struct pp_system_source raw, object;
  python.get_allocator(PYTHON_RAW, &raw);
  python.get_allocator(PYTHON_OBJ, &object);
  if (object.ctx != NULL) {
    snprintf(why, why_size, "its allocator has debug hooks (a debug build?)");
    return false;
  }
  if (object.malloc == raw.malloc) {
    snprintf(why, why_size, "it was built without pymalloc");
    return false;
  }
  return true;
}

/* Arenas that are out. Since 3.11 an interpreter also takes the stack of its
 * frames from this source, in smaller pieces; those are in no arena vector. */
static unsigned arenas_out(const struct pp_places *places) {
  const struct pp_profile *own = &pp_profiles[PP_PROFILE_3_12];
  unsigned count = 0;
  for (uint32_t i = 0; i < places->slot_count; i++) {
    count += places->slots[i].base != 0 &&
             places->slots[i].size == (size_t)1 << own->arena_bits;
  }
  return count;
}

/* Takes blocks of `size` bytes until that would need a new arena. An
 * allocator that never asks for one is stopped at what all slots can hold. */
static bool fill(struct pp_places *places, size_t size, char *why,
                 size_t why_size) {
  const struct family *family = &python.families[PP_DOMAIN_OBJ];
  size_t limit = (arenas_out(places) + 1) * (PP_PLACE_STRIDE / size);
  for (size_t taken = 0; taken < limit; taken++) {
    uint64_t refusals = places->arena_refusals;
    void *block = family->malloc(size);
    if (places->arena_refusals != refusals) {
      family->free(block); /* the system's: it stepped in */
      return true;
    }
    if (block == NULL) break;
  }
  snprintf(why, why_size, "its arenas could not be filled");
  return false;
}

/* Every class has to be tried: each may own pools that are partly used, and
 * the first one tried uses up what the arenas have left. The classes are the
 * interpreter's own, whatever profile it is to be judged by. */
static bool prime(struct pp_places *places, struct pp_loaded *loaded, char *why,
                  size_t why_size) {
  const struct pp_profile *own = &pp_profiles[PP_PROFILE_3_12];
  if (!pp_python_start(&python.library, python.release)) {
    snprintf(why, why_size, "%s has no Py_InitializeEx", python.library.path);
    return false;
  }
  places->arena_fail = UINT64_MAX;
  for (unsigned i = 1; i <= own->class_count; i++)
    if (!fill(places, (size_t)i << own->alignment_shift, why, why_size))
      return false;
  loaded->arenas_before = arenas_out(places);
  pp_places_begin(places);
  return true;
}

static void offer_calls(struct pp_loaded *loaded) {
  for (size_t i = 0; i < PP_DOMAIN_COUNT; i++)
    loaded->calls[i] = (struct pp_subject){
        .version = PP_SUBJECT_VERSION,
        .name = loaded->title,
        .ctx = &python.families[i],
        .malloc = family_malloc,
        .calloc = family_calloc,
        .realloc = family_realloc,
        .free = family_free,
    };
  loaded->domain_count = PP_DOMAIN_COUNT;
}

/* Fills in what it is and which profile it is judged by. */
static enum pp_load_result identify(const struct pp_subject_spec *spec,
                                    struct pp_loaded *loaded, char *why,
                                    size_t why_size) {
  const char *(*get_version)(void);
  if (!pp_library_function(&python.library, "Py_GetVersion", &get_version)) {
    snprintf(why, why_size, "%s has no Py_GetVersion", python.library.path);
    return PP_LOAD_FAILED;
  }
  const char *banner = get_version();
  snprintf(loaded->version, sizeof loaded->version, "%.*s",
           (int)strcspn(banner, " "), banner);
  snprintf(loaded->title, sizeof loaded->title, "CPython %s", loaded->version);
  if (!pp_python_read_release(loaded->version, &python.release)) {
    snprintf(why, why_size, "its version \"%s\" is not one", loaded->version);
    return PP_LOAD_UNSUPPORTED;
  }
  loaded->profile = spec->profile;
  if (loaded->profile != NULL) return PP_LOAD_OK;
  loaded->profile = detect_profile(banner, why, why_size);
  if (loaded->profile == NULL || !is_plain_pymalloc(why, why_size))
    return PP_LOAD_UNSUPPORTED;
  return PP_LOAD_OK;
}

enum pp_load_result pp_load_python(const struct pp_subject_spec *spec,
                                   struct pp_places *places,
                                   struct pp_loaded *loaded, char *why,
                                   size_t why_size) {
  pp_python_clear_environment();
  if (!pp_library_open(spec->path, &python.library, why, why_size))
    return PP_LOAD_FAILED;
  if (!find_functions(why, why_size)) return PP_LOAD_FAILED;
  enum pp_load_result result = identify(spec, loaded, why, why_size);
  if (result != PP_LOAD_OK) return result;

  struct pp_system_source raw = pp_raw_source(places);
  struct pp_arena_source arenas = places->arenas;
  python.set_allocator(PYTHON_RAW, &raw);
  python.set_arenas(&arenas);
  offer_calls(loaded);
  if (python.release.minor >= 12 && !prime(places, loaded, why, why_size))
    return PP_LOAD_FAILED;
  return PP_LOAD_OK;
}
