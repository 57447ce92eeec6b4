/* A subject, loaded and ready to be called: the reference, a malloc family
 * out of a shared object, a CPython, or a plug-in. Whatever it is, the driver
 * sees a struct pp_subject (include/poolproof/subject.h) and these few facts.
 *
 * Loading happens in the worker, a process of its own; it may crash, hang or
 * exit there. */
#ifndef CHECK_SUBJECT_H
#define CHECK_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "check/op.h"
#include "check/places.h"
#include "poolproof/subject.h"

enum pp_subject_kind {
  PP_SUBJECT_REFERENCE, /* "reference[:PROFILE]", or a build of it as a .so */
  PP_SUBJECT_LIBC,      /* "libc" */
  PP_SUBJECT_MALLOC,    /* a .so with the malloc family */
  PP_SUBJECT_PYTHON,    /* a libpython3.*.so */
  PP_SUBJECT_RUNNER,    /* "runner:PROGRAM", linked with what it judges */
  PP_SUBJECT_PLUGIN,    /* a .so that exports poolproof_subject */
  PP_SUBJECT_OBJECTS    /* "objects[:PROFILE]", or a build of them as a .so */
};

/* What to load, as the command line says it. */
struct pp_subject_spec {
  const char *name;  /* "libc", "reference:3.9", a path; or its own, listed */
  const char *typed; /* as typed, where that is not its name, or NULL */
  enum pp_subject_kind kind;
  char *path;         /* of the shared object, malloc'ed, or NULL */
  const char *prefix; /* of the malloc family's symbols, "" for none */
  const struct pp_profile *profile; /* asked for, or NULL */
  bool apart;          /* in a program of its own: by LD_PRELOAD, or a runner */
  const char *against; /* objects: a libpython to hold them against, or NULL */
  enum pp_level level; /* of the reference, as subject and as twin */
  struct pp_witness *witness; /* of the reference as subject */
};

enum pp_load_result {
  PP_LOAD_OK,
  PP_LOAD_FAILED,     /* not there, not loadable, a symbol missing */
  PP_LOAD_UNSUPPORTED /* loads, but there is no profile to judge it by */
};

/* Filled in place, and to stay there: names in `calls` point into it. */
struct pp_loaded {
  /* One per domain, in the order of enum pp_domain. A subject without
   * families has only the first, and `domain` statements are skipped. */
  struct pp_subject calls[PP_DOMAIN_COUNT];
  unsigned domain_count;
  const struct pp_profile *profile; /* of the family, or NULL: no lock-step */
  unsigned arenas_before; /* arenas that are full and stay so: a heap that had
                             to be primed has them, and so must its twin */
  enum pp_level level;    /* asked for; of a build of the reference, its own */
  /* Ends the heap, once its blocks are forgotten; NULL: it lives on. */
  void (*end)(void *ctx);
  void *end_ctx;
  char title[128];  /* what it turned out to be: "CPython 3.11.2" */
  char version[32]; /* "3.11.2", "5.3.0", or "" where it does not say */
};

/* Fills name, kind and path from what the user typed, and profile when that
 * is part of the name; the rest comes from options and stays as it is. The
 * path, where there is one, is malloc'ed. False with a sentence in `why` when
 * it cannot be a subject. Nothing is loaded. */
bool pp_subject_parse(const char *typed, struct pp_subject_spec *spec,
                      char *why, size_t why_size);

/* Loads and, where needed, primes the subject on these places. On failure
 * `why` says what and how to cure it. */
enum pp_load_result pp_subject_load(const struct pp_subject_spec *spec,
                                    struct pp_places *places,
                                    struct pp_loaded *loaded, char *why,
                                    size_t why_size);

/* The RAW family on these places: their system source and what CPython adds to
 * it. A request for no bytes is one for a byte, and one for more than
 * PTRDIFF_MAX is refused. */
struct pp_system_source pp_raw_source(struct pp_places *places);

/* The kinds, one file each; called by pp_subject_load. */
enum pp_load_result pp_load_malloc(const struct pp_subject_spec *spec,
                                   struct pp_loaded *loaded, char *why,
                                   size_t why_size);
enum pp_load_result pp_load_python(const struct pp_subject_spec *spec,
                                   struct pp_places *places,
                                   struct pp_loaded *loaded, char *why,
                                   size_t why_size);
enum pp_load_result pp_load_plugin(const struct pp_subject_spec *spec,
                                   struct pp_places *places,
                                   struct pp_loaded *loaded, char *why,
                                   size_t why_size);
enum pp_load_result pp_load_reference(const struct pp_subject_spec *spec,
                                      struct pp_places *places,
                                      struct pp_loaded *loaded, char *why,
                                      size_t why_size);

#endif
