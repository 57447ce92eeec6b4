/* From what the user typed to a subject that can be called. What kind of thing
 * a shared object is, is read from its file; loading it is left to the worker,
 * and to the one loader for its kind. */
#include "check/subject.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/builds.h"

#define REFERENCE "reference"
#define OBJECTS "objects"
#define RUNNER "runner:"

static bool parse_profile(const char *profile, struct pp_subject_spec *spec,
                          char *why, size_t why_size) {
  if (*profile == '\0') return true;
  spec->profile = pp_profile_find(profile + 1);
  if (spec->profile != NULL) return true;
  size_t used = (size_t)snprintf(why, why_size, "no profile \"%s\"; there are",
                                 profile + 1);
  for (size_t i = 0; i < PP_PROFILE_COUNT && used < why_size; i++)
    used += (size_t)snprintf(why + used, why_size - used, " %s",
                             pp_profiles[i].name);
  return false;
}

/* A name with a slash is a path; any other is searched like the loader does.
 * NULL with a sentence in `why` when there is no such file. */
static char *find_file(const char *typed, char *why, size_t why_size) {
  if (strchr(typed, '/') != NULL) {
    if (access(typed, F_OK) == 0) return strdup(typed);
    snprintf(why, why_size, "there is no file %s", typed);
    return NULL;
  }
  char *path = *typed == '\0' ? NULL : pp_library_search(typed);
  if (path == NULL && access(typed, F_OK) == 0)
    snprintf(why, why_size,
             "%s is in none of the loader's directories; for the one here, "
             "type ./%s",
             typed, typed);
  else if (path == NULL)
    snprintf(why, why_size,
             "%s is neither \"reference\" nor \"libc\" nor a shared object "
             "in the loader's directories",
             typed);
  return path;
}

/* What stands behind the word, from a colon on; NULL: it is another word. */
static const char *behind(const char *typed, const char *word) {
  size_t length = strlen(word);
  if (strncmp(typed, word, length) != 0) return NULL;
  if (typed[length] != '\0' && typed[length] != ':') return NULL;
  return typed + length;
}

/* "reference:3.9" and its like; false: it is none of those. */
static bool is_built_in(const char *typed, struct pp_subject_spec *spec,
                        const char **profile) {
  *profile = behind(typed, REFERENCE);
  spec->kind = PP_SUBJECT_REFERENCE;
  if (*profile != NULL) return true;
  *profile = behind(typed, OBJECTS);
  spec->kind = PP_SUBJECT_OBJECTS;
  return *profile != NULL;
}

static bool find_runner(const char *path, struct pp_subject_spec *spec,
                        char *why, size_t why_size) {
  spec->kind = PP_SUBJECT_RUNNER;
  spec->apart = true;
  if (access(path, X_OK) != 0) {
    snprintf(why, why_size, "%s cannot be run: %s", path, strerror(errno));
    return false;
  }
  spec->path = strdup(path);
  if (spec->path == NULL) abort();
  return true;
}

bool pp_subject_parse(const char *typed, struct pp_subject_spec *spec,
                      char *why, size_t why_size) {
  enum { PLUGIN, PYTHON, OBJECT, HEAP, BUILD, MARKS = BUILD + PP_LEVEL_COUNT };
  const char *marks[MARKS] = {PP_SUBJECT_ENTRY, "PyObject_Malloc",
                              "pp_objects_none", "pp_objects_heap"};
  memcpy(&marks[BUILD], pp_reference_symbols, sizeof pp_reference_symbols);
  const char *profile;
  spec->name = typed;
  spec->path = NULL;
  if (is_built_in(typed, spec, &profile)) {
    return parse_profile(profile, spec, why, why_size);
  }
  if (strcmp(typed, "libc") == 0) {
    spec->kind = PP_SUBJECT_LIBC;
    return true;
  }
  if (strncmp(typed, RUNNER, strlen(RUNNER)) == 0)
    return find_runner(typed + strlen(RUNNER), spec, why, why_size);
  char *path = find_file(typed, why, why_size);
  if (path == NULL) return false;
  bool found[MARKS];
  char words[64];
  bool foreign = pp_library_foreign(path, words, sizeof words);
  if (foreign || !pp_library_exports(path, marks, found, MARKS)) {
    snprintf(why, why_size,
             "%s is not a shared object of this machine, or cut short%s%s",
             path, foreign ? ": " : "", words);
    free(path);
    return false;
  }
  spec->kind = PP_SUBJECT_MALLOC;
  for (int i = BUILD; i < MARKS; i++)
    if (found[i]) spec->kind = PP_SUBJECT_REFERENCE;
  if (found[OBJECT] || found[HEAP]) spec->kind = PP_SUBJECT_OBJECTS;
  if (found[PYTHON]) spec->kind = PP_SUBJECT_PYTHON;
  if (found[PLUGIN]) spec->kind = PP_SUBJECT_PLUGIN;
  spec->path = path;
  return true;
}

enum pp_load_result pp_subject_load(const struct pp_subject_spec *spec,
                                    struct pp_places *places,
                                    struct pp_loaded *loaded, char *why,
                                    size_t why_size) {
  memset(loaded, 0, sizeof *loaded);
  loaded->level = spec->level;
  switch (spec->kind) {
  case PP_SUBJECT_REFERENCE:
    return pp_load_reference(spec, places, loaded, why, why_size);
  case PP_SUBJECT_LIBC:
  case PP_SUBJECT_MALLOC: return pp_load_malloc(spec, loaded, why, why_size);
  case PP_SUBJECT_RUNNER: break; /* has itself: runner.c */
  case PP_SUBJECT_PYTHON:
    return pp_load_python(spec, places, loaded, why, why_size);
  case PP_SUBJECT_PLUGIN:
    return pp_load_plugin(spec, places, loaded, why, why_size);
  case PP_SUBJECT_OBJECTS: break; /* is no heap: objects/work.c */
  }
  snprintf(why, why_size, "there is no such kind of subject");
  return PP_LOAD_FAILED;
}
