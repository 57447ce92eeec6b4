/* A malloc family as a subject: the one of this very process ("libc"), or one
 * out of a shared object, where its names may have a prefix ("mi_malloc").
 *
 * All functions must come from one object. Both dlsym and the loader fill a
 * gap in a family with the C library's function of that name, and then one
 * heap's block would be handed to another. */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "check/library.h"
#include "check/subject.h"

/* Called through these pointers only, so that no compiler can take a pair of
 * malloc and free for one that may be left out. */
struct family {
  struct pp_library library;
  void *(*malloc)(size_t size);
  void *(*calloc)(size_t count, size_t size);
  void *(*realloc)(void *block, size_t size);
  void (*free)(void *block);
  void *(*reallocarray)(void *block, size_t count, size_t size);
  void *(*aligned_alloc)(size_t alignment, size_t size);
  int (*posix_memalign)(void **out, size_t alignment, size_t size);
  void (*free_sized)(void *block, size_t size);
  void (*free_aligned_sized)(void *block, size_t alignment, size_t size);
  size_t (*usable_size)(void *block);
};

/* The one subject of this process: the context of its calls. */
static struct family family;

static void *call_malloc(void *ctx, size_t size) {
  return ((const struct family *)ctx)->malloc(size);
}

static void *call_calloc(void *ctx, size_t count, size_t size) {
  return ((const struct family *)ctx)->calloc(count, size);
}

static void *call_realloc(void *ctx, void *block, size_t size) {
  return ((const struct family *)ctx)->realloc(block, size);
}

static void call_free(void *ctx, void *block) {
  ((const struct family *)ctx)->free(block);
}

static void *call_reallocarray(void *ctx, void *block, size_t count,
                               size_t size) {
  return ((const struct family *)ctx)->reallocarray(block, count, size);
}

static void *call_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  return ((const struct family *)ctx)->aligned_alloc(alignment, size);
}

static int call_posix_memalign(void *ctx, void **out, size_t alignment,
                               size_t size) {
  return ((const struct family *)ctx)->posix_memalign(out, alignment, size);
}

static void call_free_sized(void *ctx, void *block, size_t size) {
  ((const struct family *)ctx)->free_sized(block, size);
}

static void call_free_aligned_sized(void *ctx, void *block, size_t alignment,
                                    size_t size) {
  ((const struct family *)ctx)->free_aligned_sized(block, alignment, size);
}

static size_t call_usable_size(void *ctx, void *block) {
  return ((const struct family *)ctx)->usable_size(block);
}

/* Loads nothing for "libc": the family is whatever malloc this process has,
 * and its object is the one that malloc is found in. */
static bool open_process(struct pp_library *library, char *why,
                         size_t why_size) {
  Dl_info info;
  void *map = NULL;
  library->handle = RTLD_DEFAULT;
  void *found = dlsym(RTLD_DEFAULT, "malloc");
  if (found == NULL || dladdr1(found, &info, &map, RTLD_DL_LINKMAP) == 0) {
    snprintf(why, why_size, "this process's own malloc cannot be found");
    return false;
  }
  library->map = map;
  snprintf(library->path, sizeof library->path, "%s", info.dli_fname);
  return true;
}

/* What is preloaded is the malloc of this process, if the loader took it. */
static bool is_preloaded(const char *path, const char *found) {
  struct stat one, other;
  const char *slash = strrchr(found, '/');
  if (strchr(path, '/') == NULL)
    return strcmp(path, slash == NULL ? found : slash + 1) == 0;
  return stat(path, &one) == 0 && stat(found, &other) == 0 &&
         one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static bool open_preloaded(const char *path, struct pp_library *library,
                           char *why, size_t why_size) {
  if (!open_process(library, why, why_size)) return false;
  if (is_preloaded(path, library->path)) return true;
  snprintf(why, why_size, "it is preloaded, and malloc is that of %s",
           library->path);
  return false;
}

static bool find(const char *prefix, const char *name, void *out) {
  char full[128];
  snprintf(full, sizeof full, "%s%s", prefix, name);
  return pp_library_function(&family.library, full, out);
}

/* A second C library would have to start the process to be one: its malloc
 * crashes at what it has not set up, and proves nothing. */
static bool is_another_libc(const struct pp_library *library) {
  static const char start[] = "__libc_start_main";
  void *own = pp_library_symbol(library, start);
  return own != NULL && own != dlsym(RTLD_DEFAULT, start);
}

static bool find_required(const char *prefix, char *why, size_t why_size) {
  const struct {
    const char *name;
    void *slot;
  } required[] = {
      {"malloc", &family.malloc},
      {"calloc", &family.calloc},
      {"realloc", &family.realloc},
      {"free", &family.free},
  };
  for (size_t i = 0; i < sizeof required / sizeof *required; i++)
    if (!find(prefix, required[i].name, required[i].slot)) {
      snprintf(why, why_size, "%s has no %s%s of its own%s",
               family.library.path, prefix, required[i].name,
               *prefix == '\0' ? "; do its names have a prefix (--prefix)?"
                               : "");
      return false;
    }
  return true;
}

static void find_optional(const char *prefix) {
  find(prefix, "reallocarray", &family.reallocarray);
  find(prefix, "aligned_alloc", &family.aligned_alloc);
  find(prefix, "posix_memalign", &family.posix_memalign);
  find(prefix, "free_sized", &family.free_sized);
  find(prefix, "free_aligned_sized", &family.free_aligned_sized);
  if (find(prefix, "malloc_usable_size", &family.usable_size)) return;
  /* Names that are too short to be anyone's own without a prefix. */
  if (*prefix != '\0' && !find(prefix, "usable_size", &family.usable_size))
    find(prefix, "malloc_size", &family.usable_size);
}

static void offer_calls(struct pp_loaded *loaded) {
  const struct family *f = &family;
  loaded->domain_count = 1;
  loaded->calls[0] = (struct pp_subject){
      .version = PP_SUBJECT_VERSION,
      .name = loaded->title,
      .ctx = &family,
      .malloc = call_malloc,
      .calloc = call_calloc,
      .realloc = call_realloc,
      .free = call_free,
      .reallocarray = f->reallocarray != NULL ? call_reallocarray : NULL,
      .aligned_alloc = f->aligned_alloc != NULL ? call_aligned_alloc : NULL,
      .posix_memalign = f->posix_memalign != NULL ? call_posix_memalign : NULL,
      .free_sized = f->free_sized != NULL ? call_free_sized : NULL,
      .free_aligned_sized =
          f->free_aligned_sized != NULL ? call_free_aligned_sized : NULL,
      .usable_size = f->usable_size != NULL ? call_usable_size : NULL,
      .sets_errno = 1,
  };
}

/* One allocator that says which release it is, or does not say. */
struct maker {
  const char *name;
  const char *symbol; /* that only this allocator has */
  void (*version)(void *symbol, char *text, size_t size); /* or NULL */
};

static void version_of_glibc(void *symbol, char *text, size_t size) {
  const char *(*get)(void);
  memcpy(&get, &symbol, sizeof get);
  snprintf(text, size, "%s", get());
}

/* 209 is 2.0.9; a number of five digits has two for each of the last two. */
static void version_of_mimalloc(void *symbol, char *text, size_t size) {
  int (*get)(void);
  memcpy(&get, &symbol, sizeof get);
  int version = get();
  int base = version < 10000 ? 10 : 100;
  snprintf(text, size, "%d.%d.%d", version / (base * base),
           version / base % base, version % base);
}

/* "5.3.0-0-g54eaed1d..." up to the first dash. */
static void version_of_jemalloc(void *symbol, char *text, size_t size) {
  int (*control)(const char *name, void *old, size_t *old_size, void *new,
                 size_t new_size);
  const char *version = NULL;
  size_t length = sizeof version;
  memcpy(&control, &symbol, sizeof control);
  if (control("version", &version, &length, NULL, 0) == 0 && version != NULL)
    snprintf(text, size, "%.*s", (int)strcspn(version, "-"), version);
}

static void version_of_tcmalloc(void *symbol, char *text, size_t size) {
  const char *(*get)(int *major, int *minor, const char **patch);
  int major, minor;
  const char *patch = "";
  memcpy(&get, &symbol, sizeof get);
  get(&major, &minor, &patch);
  snprintf(text, size, "%d.%d%s", major, minor, patch);
}

static const struct maker makers[] = {
    {"glibc", "gnu_get_libc_version", version_of_glibc},
    {"mimalloc", "mi_version", version_of_mimalloc},
    {"jemalloc", "mallctl", version_of_jemalloc},
    {"tcmalloc", "tc_version", version_of_tcmalloc},
    {"tbbmalloc", "scalable_allocation_mode", NULL},
    {"dmalloc", "dmalloc_debug", NULL},
};

/* What it turned out to be; the file's name when it is none that is known. */
static void name_it(const char *prefix, struct pp_loaded *loaded) {
  for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
    void *symbol = pp_library_symbol(&family.library, makers[i].symbol);
    if (symbol == NULL && *prefix != '\0') {
      char name[128]; /* je_mallctl */
      snprintf(name, sizeof name, "%s%s", prefix, makers[i].symbol);
      symbol = pp_library_symbol(&family.library, name);
    }
    if (symbol == NULL) continue;
    if (makers[i].version != NULL)
      makers[i].version(symbol, loaded->version, sizeof loaded->version);
    snprintf(loaded->title, sizeof loaded->title, "%s%s%s", makers[i].name,
             *loaded->version != '\0' ? " " : "", loaded->version);
    return;
  }
  const char *slash = strrchr(family.library.path, '/');
  snprintf(loaded->title, sizeof loaded->title, "malloc of %.100s",
           slash != NULL ? slash + 1 : family.library.path);
}

enum pp_load_result pp_load_malloc(const struct pp_subject_spec *spec,
                                   struct pp_loaded *loaded, char *why,
                                   size_t why_size) {
  const char *prefix = spec->prefix != NULL ? spec->prefix : "";
  struct pp_library *library = &family.library;
  bool open =
      spec->kind == PP_SUBJECT_LIBC ? open_process(library, why, why_size)
      : spec->apart ? open_preloaded(spec->path, library, why, why_size)
                    : pp_library_open(spec->path, library, why, why_size);
  if (!open) return PP_LOAD_FAILED;
  if (is_another_libc(&family.library)) {
    snprintf(why, why_size,
             "%s is a C library of its own, which only a program that is "
             "linked with it can use: see tools/build-runner",
             family.library.path);
    return PP_LOAD_FAILED;
  }
  if (spec->kind == PP_SUBJECT_LIBC) prefix = "";
  if (!find_required(prefix, why, why_size)) return PP_LOAD_FAILED;
  find_optional(prefix);
  name_it(prefix, loaded);
  offer_calls(loaded);
  return PP_LOAD_OK;
}
