/* Running a program on every CPython that is found. */
#include "proptests/pythons.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check/discover.h"

/* ---- what is asked for, as text: " O+28 M~64 O-" ---- */

struct pythons pp_pythons = {.objects = &pp_objects_python};

static void note(const struct pp_system_source *source, char call,
                 size_t size) {
  size_t used = strlen(pp_pythons.requests);
  if (used > sizeof pp_pythons.requests - 64) return;
  char family = source == &pp_pythons.python.obj ? 'O' : 'M';
  if (call == '-')
    snprintf(pp_pythons.requests + used, 64, " %c-", family);
  else
    snprintf(pp_pythons.requests + used, 64, " %c%c%zu", family, call, size);
}

static void *noted_malloc(void *ctx, size_t size) {
  struct pp_system_source *source = ctx;
  note(source, '+', size);
  return pp_pythons.refusing ? NULL : source->malloc(source->ctx, size);
}

static void *noted_calloc(void *ctx, size_t count, size_t size) {
  struct pp_system_source *source = ctx;
  note(source, '*', count * size);
  return pp_pythons.refusing ? NULL : source->calloc(source->ctx, count, size);
}

static void *noted_realloc(void *ctx, void *block, size_t size) {
  struct pp_system_source *source = ctx;
  note(source, '~', size);
  return pp_pythons.refusing ? NULL : source->realloc(source->ctx, block, size);
}

static void noted_free(void *ctx, void *block) {
  struct pp_system_source *source = ctx;
  note(source, '-', 0);
  source->free(source->ctx, block);
}

bool pp_pythons_asked(const char *expected) {
  bool same = strcmp(pp_pythons.requests, expected) == 0;
  if (same) pp_pythons.requests[0] = '\0';
  return same;
}

/* ---- each pp_pythons.interpreter, in a process of its own ---- */

static void finalize(void *ctx, struct pp_object *instance) {
  (void)ctx;
  pp_pythons.last_finalized = instance;
  pp_pythons.finalized++;
}

static void weakref_dead(void *ctx, struct pp_object *weakref) {
  (void)ctx;
  pp_pythons.last_dead = weakref;
  pp_pythons.dead++;
}

static void perform(const char *path, void (*body)(void)) {
  static const struct pp_object_events events = {.finalize = finalize,
                                                 .weakref_dead = weakref_dead};
  char why[1000] = "";
  if (pp_objects_python_open(path, &pp_pythons.python, why, sizeof why) !=
      PP_LOAD_OK) {
    fprintf(stderr, "%s: %s\n", path, why);
    _exit(1);
  }
  HOLDS(sscanf(pp_pythons.python.version, "3.%d", &pp_pythons.minor) == 1);
  struct pp_system_source obj = {&pp_pythons.python.obj, noted_malloc,
                                 noted_calloc, noted_realloc, noted_free};
  struct pp_system_source mem = {&pp_pythons.python.mem, noted_malloc,
                                 noted_calloc, noted_realloc, noted_free};
  struct pp_interpreter_options options = {.profile = pp_pythons.python.profile,
                                           .obj = &obj,
                                           .mem = &mem,
                                           .events = &events};
  for (int i = 0; i < 2; i++) { /* the second is like the first */
    pp_pythons.round = i;
    pp_pythons.finalized = pp_pythons.dead = 0;
    pp_pythons.interpreter = pp_objects_python.create(NULL, &options);
    HOLDS(pp_pythons.interpreter != NULL);
    pp_pythons.requests[0] = '\0'; /* its classes are the program's */
    body();
    pp_objects_python.destroy(pp_pythons.interpreter);
    pp_pythons.requests[0] = '\0';
  }
  _exit(0);
}

void pp_each_python(void (*body)(void)) {
  struct pp_found_list found = pp_discover();
  unsigned met = 0;
  for (size_t i = 0; i < found.count; i++) {
    int release;
    if (found.at[i].install != NULL ||
        sscanf(found.at[i].title, "CPython 3.%d", &release) != 1 || release < 7)
      continue;
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) perform(found.at[i].name, body);
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status), "%s", found.at[i].name);
    cr_assert_eq(WEXITSTATUS(status), 0, "%s", found.at[i].name);
    met++;
  }
  pp_found_list_free(&found);
  if (met == 0) cr_skip_test("no CPython was found");
}

/* ---- what programs are made of ---- */

struct pp_object *pp_pythons_text(const char *ascii) {
  uint32_t points[64];
  size_t length = strlen(ascii);
  for (size_t i = 0; i < length; i++)
    points[i] = (uint32_t)ascii[i];
  return pp_objects_python.string(pp_pythons.interpreter, points, length);
}

struct pp_object *pp_pythons_number(uint32_t value) {
  return pp_objects_python.integer(pp_pythons.interpreter, false, &value, 1);
}

void pp_pythons_drop(struct pp_object *object) {
  pp_objects_python.decref(pp_pythons.interpreter, object);
}
