/* Loading of shared objects. Every symbol is checked to come from the object
 * that was asked for, and an error of the loader that has a known cure is
 * passed on together with it. */
#include "check/library.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/static_tls.h"

/* A library that calls its own malloc must get it, and not the C library's,
 * which comes first in the order of lookup: under LD_PRELOAD, where allocators
 * live otherwise, it would. Address sanitizers refuse the flag. */
#if defined(__SANITIZE_ADDRESS__)
#define PP_OWN_SYMBOLS_FIRST 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PP_OWN_SYMBOLS_FIRST 0
#endif
#endif
#ifndef PP_OWN_SYMBOLS_FIRST
#define PP_OWN_SYMBOLS_FIRST RTLD_DEEPBIND
#endif

/* What cures a trouble of the loader, or "". */
static const char *cure_of(const char *error) {
  if (strstr(error, "static TLS") != NULL)
    return "; run with GLIBC_TUNABLES=" PP_STATIC_TLS_TUNABLE
           ", or judge it with --preload";
  if (strstr(error, "cannot open shared object file") != NULL)
    return "; install what brings it, or name its folder in LD_LIBRARY_PATH";
  if (strstr(error, "position-independent executable") != NULL)
    return "; a program is judged as runner:PROGRAM, see tools/build-runner";
  return "";
}

bool pp_library_open(const char *path, struct pp_library *library, char *why,
                     size_t why_size) {
  void *map = NULL;
  library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | PP_OWN_SYMBOLS_FIRST);
  if (library->handle == NULL ||
      dlinfo(library->handle, RTLD_DI_LINKMAP, &map) != 0) {
    const char *error = dlerror();
    if (error == NULL) error = "cannot be loaded";
    snprintf(why, why_size, "%s%s", error, cure_of(error));
    return false;
  }
  library->map = map;
  char *real = realpath(library->map->l_name, NULL);
  snprintf(library->path, sizeof library->path, "%s",
           real != NULL ? real : library->map->l_name);
  free(real);
  return true;
}

bool pp_library_make_global(const struct pp_library *library) {
  return dlopen(library->path, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) != NULL;
}

void *pp_library_symbol(const struct pp_library *library, const char *name) {
  void *symbol = dlsym(library->handle, name);
  if (symbol == NULL) return NULL;
  Dl_info info;
  void *map = NULL;
  if (dladdr1(symbol, &info, &map, RTLD_DL_LINKMAP) == 0) return NULL;
  return map == library->map ? symbol : NULL;
}

bool pp_library_function(const struct pp_library *library, const char *name,
                         void *out) {
  void *symbol = pp_library_symbol(library, name);
  memcpy(out, &symbol, sizeof symbol);
  return symbol != NULL;
}
