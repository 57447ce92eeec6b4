/* Shared objects: loading one, taking symbols out of it and out of nothing
 * else, and reading what a file exports without loading it. */
#ifndef CHECK_LIBRARY_H
#define CHECK_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link_map;

struct pp_library {
  void *handle;
  const struct link_map *map;
  char path[4096]; /* of the file itself, symbolic links resolved */
};

/* Loads with all symbols resolved and none of them made global. On failure
 * `why` says what the loader said and, where there is one, the cure. */
bool pp_library_open(const char *path, struct pp_library *library, char *why,
                     size_t why_size);

/* Lets objects that are loaded later take its symbols, as those of its standard
 * library do that a CPython loads when they are imported. */
bool pp_library_make_global(const struct pp_library *library);

/* A symbol that this very object defines, or NULL. dlsym alone goes on to the
 * object's dependencies: a malloc family without reallocarray would get that
 * of libc, and two heaps would be mixed. */
void *pp_library_symbol(const struct pp_library *library, const char *name);

/* A function out of the library, as a pointer of the type that `out` points
 * to; C has no cast for it. False, with *out NULL, when there is none. */
bool pp_library_function(const struct pp_library *library, const char *name,
                         void *out);

/* What the file exports: found[i] becomes true when the dynamic symbol
 * names[i] is defined. False when it is no shared object of this machine.
 * Nothing of the file is trusted or run. */
bool pp_library_exports(const char *path, const char *const *names, bool *found,
                        size_t count);

/* What makes a file none of this machine's shared objects, as "it is built for
 * AArch64"; false, and no words, when it is one. */
bool pp_library_foreign(const char *path, char *words, size_t size);

/* Thread-local storage of the file: its bytes, and whether all of them have to
 * be there when the process starts, or come from what little glibc keeps aside.
 * False as for pp_library_exports. */
bool pp_library_storage(const char *path, uint64_t *bytes, bool *is_static);

/* Visits the directories that the loader searches, in its order; some may
 * come twice and some may not exist. Ends when visit answers false. */
void pp_library_directories(void *ctx,
                            bool (*visit)(void *ctx, const char *directory));

/* The part of them that such a file as /etc/ld.so.conf names, and the files
 * that it includes; false when visit has ended it. */
bool pp_library_conf(const char *path, void *ctx,
                     bool (*visit)(void *ctx, const char *directory));

/* The file that a bare name stands for, malloc'ed, or NULL. */
char *pp_library_search(const char *name);

#endif
