/* A plug-in as a subject: a shared object that fills in struct pp_subject
 * itself. What it says of itself is checked before any of it is called. */
#include <stdio.h>
#include <string.h>

#include "check/library.h"
#include "check/subject.h"

static bool is_complete(const struct pp_subject *subject, char *why,
                        size_t why_size) {
  if (subject->version != PP_SUBJECT_VERSION) {
    snprintf(why, why_size,
             "it was built for version %u of subject.h, this is version %d",
             subject->version, PP_SUBJECT_VERSION);
    return false;
  }
  const char *missing = NULL;
  if (subject->malloc == NULL) missing = "malloc";
  if (subject->calloc == NULL) missing = "calloc";
  if (subject->realloc == NULL) missing = "realloc";
  if (subject->free == NULL) missing = "free";
  if (subject->name == NULL) missing = "name";
  if (missing != NULL)
    snprintf(why, why_size, "its struct pp_subject has no %s", missing);
  return missing == NULL;
}

/* Hands our sources to one that claims to be of CPython's family. */
static enum pp_load_result bind_sources(const struct pp_subject *subject,
                                        const struct pp_subject_spec *spec,
                                        struct pp_places *places,
                                        struct pp_loaded *loaded, char *why,
                                        size_t why_size) {
  loaded->profile = spec->profile;
  if (loaded->profile == NULL)
    loaded->profile = pp_profile_find(subject->profile);
  if (loaded->profile == NULL) {
    snprintf(why, why_size, "there is no profile \"%s\"", subject->profile);
    return PP_LOAD_UNSUPPORTED;
  }
  if (subject->use_sources == NULL) {
    snprintf(why, why_size, "it has the profile \"%s\" but no use_sources",
             subject->profile);
    return PP_LOAD_FAILED;
  }
  int status =
      subject->use_sources(subject->ctx, &places->arenas, &places->system);
  if (status != 0) {
    snprintf(why, why_size, "its use_sources answered %d", status);
    return PP_LOAD_FAILED;
  }
  return PP_LOAD_OK;
}

/* A name that ends with a number, as "bump 1.2", ends with a version. */
static void read_version(const char *name, char *version, size_t size) {
  const char *space = strrchr(name, ' ');
  bool is_version = space != NULL && space[1] >= '0' && space[1] <= '9';
  snprintf(version, size, "%s", is_version ? space + 1 : "");
}

enum pp_load_result pp_load_plugin(const struct pp_subject_spec *spec,
                                   struct pp_places *places,
                                   struct pp_loaded *loaded, char *why,
                                   size_t why_size) {
  static struct pp_library library;
  pp_subject_entry *entry;
  if (!pp_library_open(spec->path, &library, why, why_size))
    return PP_LOAD_FAILED;
  if (!pp_library_function(&library, PP_SUBJECT_ENTRY, &entry)) {
    snprintf(why, why_size, "%s has no %s of its own", spec->path,
             PP_SUBJECT_ENTRY);
    return PP_LOAD_FAILED;
  }
  const struct pp_subject *subject = entry();
  if (subject == NULL) {
    snprintf(why, why_size, "its %s answered NULL", PP_SUBJECT_ENTRY);
    return PP_LOAD_FAILED;
  }
  if (!is_complete(subject, why, why_size)) return PP_LOAD_FAILED;
  snprintf(loaded->title, sizeof loaded->title, "%s", subject->name);
  read_version(subject->name, loaded->version, sizeof loaded->version);
  loaded->calls[0] = *subject;
  loaded->domain_count = 1;
  bool wants_sources = subject->profile != NULL;
  if (spec->profile != NULL && subject->use_sources != NULL)
    wants_sources = true;
  if (!wants_sources) return PP_LOAD_OK;
  return bind_sources(subject, spec, places, loaded, why, why_size);
}
