/* What can be judged on this machine. Nothing is loaded for it: the reference
 * is built in, other subjects are recognised by their files' names, places
 * and exports. A file with several names is listed once. */
#include "check/discover.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/library.h"
#include "poolproof/reference.h"

/* The oldest and the newest CPython 3 that there is a profile for. */
#define MINOR_FIRST 6
#define MINOR_LAST 13

static const struct {
  const char *title;
  const char *file;
  const char *package; /* Debian's; NULL: not to be recommended */
} known_mallocs[] = {
    {"jemalloc", "libjemalloc.so.2", "libjemalloc2"},
    {"mimalloc", "libmimalloc.so.2", "libmimalloc2.0"},
    {"mimalloc", "libmimalloc.so.3", NULL},
    /* Its debugging variant is a subject like any other, but one that stops the
     * program at what it takes for misuse: it is judged when it is asked for.
     */
    {"tcmalloc, minimal", "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4"},
    {"tcmalloc", "libtcmalloc.so.4", NULL},
    {"tbbmalloc", "libtbbmalloc_proxy.so.2", "libtbbmalloc2"},
    {"dmalloc", "libdmalloc.so.5", NULL},
    {"hardened_malloc", "libhardened_malloc.so", NULL},
    {"snmalloc", "libsnmallocshim.so", NULL},
    {"rpmalloc", "librpmallocwrap.so", NULL},
};

struct python_file {
  char *name;
  int minor, patch; /* patch is -1 where the path does not tell */
  dev_t device;
  ino_t inode;
};

struct search {
  struct python_file *at;
  size_t count;
  bool bare; /* the directory is one of the loader's */
};

static void *there(void *memory) {
  if (memory == NULL) {
    fputs("poolproof: out of memory\n", stderr);
    abort();
  }
  return memory;
}

/* Room for one more; the same as long as it lasts. */
static void *grow(void *at, size_t count, size_t size) {
  enum { STEP = 32 };
  return there(reallocarray(at, (count / STEP + 1) * STEP, size));
}

static char *copy(const char *text) {
  return there(strdup(text));
}

static void add(struct pp_found_list *list, const char *name, const char *title,
                const char *install) {
  list->at = grow(list->at, list->count, sizeof *list->at);
  struct pp_found *found = &list->at[list->count++];
  found->name = copy(name);
  found->title = copy(title);
  found->install = install != NULL ? copy(install) : NULL;
}

static void add_references(struct pp_found_list *list) {
  for (size_t i = 0; i < PP_PROFILE_COUNT; i++) {
    char name[64], title[64];
    snprintf(name, sizeof name, "reference:%s", pp_profiles[i].name);
    snprintf(title, sizeof title, "reference, profile %s", pp_profiles[i].name);
    add(list, name, title, NULL);
  }
}

/* The profiles that there are objects for. */
static void add_objects(struct pp_found_list *list) {
  for (size_t i = PP_PROFILE_3_7; i <= PP_PROFILE_3_13; i++) {
    char name[64], title[64];
    snprintf(name, sizeof name, "objects:%s", pp_profiles[i].name);
    snprintf(title, sizeof title, "objects, profile %s", pp_profiles[i].name);
    add(list, name, title, NULL);
  }
}

static void add_mallocs(struct pp_found_list *list) {
  add(list, "libc", "the C library", NULL);
  for (size_t i = 0; i < sizeof known_mallocs / sizeof *known_mallocs; i++) {
    char *path = pp_library_search(known_mallocs[i].file);
    if (path != NULL)
      add(list, known_mallocs[i].file, known_mallocs[i].title, NULL);
    else if (known_mallocs[i].package != NULL)
      add(list, known_mallocs[i].file, known_mallocs[i].title,
          known_mallocs[i].package);
    free(path);
  }
}

/* True for libpython3.11.so, libpython3.7m.so.1.0 and the like; not for the
 * stub libpython3.so, nor for debug and free-threaded builds. */
static bool is_python_name(const char *name, int *minor) {
  int end;
  if (sscanf(name, "libpython3.%d%n", minor, &end) != 1) return false;
  const char *rest = name + end;
  if (*rest == 'm') /* 3.7's and older builds say that they have pymalloc */
    rest++;
  if (strncmp(rest, ".so", 3) != 0) return false;
  return *minor >= MINOR_FIRST && *minor <= MINOR_LAST;
}

/* The patch level, where a directory on the way is named after the release,
 * as in versions/3.11.7/lib. */
static int patch_of(const char *path, int minor) {
  char mark[32];
  snprintf(mark, sizeof mark, "3.%d.", minor);
  const char *at = strstr(path, mark);
  int patch;
  return at != NULL && sscanf(at + strlen(mark), "%d", &patch) == 1 ? patch
                                                                    : -1;
}

static bool is_python_file(const char *path) {
  static const char *const marks[] = {"PyObject_Malloc"};
  bool found[1];
  return pp_library_exports(path, marks, found, 1) && found[0];
}

static void consider(struct search *search, const char *path) {
  const char *name = strrchr(path, '/') + 1;
  struct python_file file;
  struct stat status;
  if (!is_python_name(name, &file.minor) || stat(path, &status) != 0) return;
  for (size_t i = 0; i < search->count; i++) {
    const struct python_file *other = &search->at[i];
    if (other->device == status.st_dev && other->inode == status.st_ino) return;
    /* The loader takes the first file of this name. */
    if (search->bare && strcmp(other->name, name) == 0) return;
  }
  if (!is_python_file(path)) return;
  file.device = status.st_dev;
  file.inode = status.st_ino;
  file.patch = patch_of(path, file.minor);
  file.name = copy(search->bare ? name : path);
  search->at = grow(search->at, search->count, sizeof *search->at);
  search->at[search->count++] = file;
}

static void consider_all(struct search *search, const char *directory) {
  char pattern[4096];
  glob_t paths;
  int length =
      snprintf(pattern, sizeof pattern, "%s/libpython3.*.so*", directory);
  if ((size_t)length >= sizeof pattern) return;
  if (glob(pattern, 0, NULL, &paths) != 0) return;
  for (size_t i = 0; i < paths.gl_pathc; i++)
    consider(search, paths.gl_pathv[i]);
  globfree(&paths);
}

static bool visit_directory(void *ctx, const char *directory) {
  consider_all(ctx, directory);
  return true;
}

/* Below a directory that a variable of the environment names. */
static void consider_below(struct search *search, const char *variable,
                           const char *below) {
  char directories[4096];
  const char *root = getenv(variable);
  if (root == NULL || *root == '\0') return;
  /* Cut short, it leaves no room for the names of files in it. */
  snprintf(directories, sizeof directories, "%s/%s", root, below);
  consider_all(search, directories);
}

static int by_version(const void *left, const void *right) {
  const struct python_file *a = left;
  const struct python_file *b = right;
  if (a->minor != b->minor) return a->minor - b->minor;
  if (a->patch != b->patch) return a->patch < b->patch ? -1 : 1;
  return strcmp(a->name, b->name);
}

static void add_pythons(struct pp_found_list *list) {
  struct search search = {.bare = true};
  pp_library_directories(&search, visit_directory);
  search.bare = false;
  consider_below(&search, "PYENV_ROOT", "versions/*/lib");
  consider_below(&search, "HOME", ".pyenv/versions/*/lib");
  consider_below(&search, "HOME", ".local/share/uv/python/*/lib");
  consider_all(&search, "/opt/*/lib");
  if (search.count > 0)
    qsort(search.at, search.count, sizeof *search.at, by_version);
  for (size_t i = 0; i < search.count; i++) {
    const struct python_file *file = &search.at[i];
    char title[64];
    if (file->patch < 0)
      snprintf(title, sizeof title, "CPython 3.%d", file->minor);
    else
      snprintf(title, sizeof title, "CPython 3.%d.%d", file->minor,
               file->patch);
    add(list, file->name, title, NULL);
    free(file->name);
  }
  if (search.count == 0)
    add(list, "libpython3.11.so.1.0", "CPython 3.11", "libpython3.11");
  free(search.at);
}

struct pp_found_list pp_discover(void) {
  struct pp_found_list list = {NULL, 0};
  add_references(&list);
  add_mallocs(&list);
  add_pythons(&list);
  add_objects(&list);
  return list;
}

void pp_found_list_free(struct pp_found_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    free(list->at[i].name);
    free(list->at[i].title);
    free(list->at[i].install);
  }
  free(list->at);
  list->at = NULL;
  list->count = 0;
}
