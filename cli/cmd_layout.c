/* poolproof layout: a value as CPython lays it out in memory, word by word,
 * and what a real one makes of it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/layout.h"
#include "cli/layout_python.h"

#define DEFAULT_PROFILE PP_PROFILE_3_13
#define INPUT_LIMIT ((size_t)1 << 24) /* bytes of a value */

/* The literal, or NULL after saying where it is wrong. */
static struct literal *read_value(struct pool *pool, const char *text) {
  struct literal_error error;
  struct literal *literal = literal_read(pool, text, &error);
  if (literal == NULL)
    fprintf(stderr, "poolproof layout: column %zu: %s\n", error.column,
            error.why);
  return literal;
}

/* All of standard input, where the value is "-"; a new string, or NULL. */
static char *read_input(void) {
  size_t room = 65536, used = 0;
  char *text = malloc(room);
  while (text != NULL && !pp_interrupted) {
    ssize_t count = read(STDIN_FILENO, text + used, room - used - 1);
    if (count <= 0) break;
    used += (size_t)count;
    if (used + 1 < room) continue;
    if (room >= INPUT_LIMIT) break;
    char *longer = realloc(text, room *= 2);
    if (longer == NULL) free(text);
    text = longer;
  }
  if (text == NULL || used + 1 >= INPUT_LIMIT) {
    fprintf(stderr, "poolproof layout: the value takes more than 16 MiB\n");
    free(text);
    return NULL;
  }
  text[used] = '\0';
  if (strlen(text) == used) return text;
  fprintf(stderr, "poolproof layout: byte %zu: a value has no NUL\n",
          strlen(text) + 1);
  free(text);
  return NULL;
}

static bool build(const struct literal *literal,
                  const struct pp_profile *profile, struct layout *layout) {
  const char *why;
  if (layout_build(literal, profile, layout, &why)) return true;
  fprintf(stderr, "poolproof layout: profile %s: %s\n", profile->name, why);
  layout_free(layout);
  return false;
}

/* Shows what there is; the exit code. */
static int report(const struct settings *settings, const char *value,
                  const struct pp_profile *profile, const struct layout *layout,
                  const struct layout *other, const char *title) {
  size_t differences = other == NULL ? 0 : layout_differences(layout, other);
  const char *json = settings->json;
  if (settings->size && other == NULL)
    printf("%zu\n", layout->getsizeof);
  else if (settings->size)
    printf("%zu %zu\n", layout->getsizeof, other->getsizeof);
  else if (json == NULL || strcmp(json, "-") != 0)
    layout_show(layout, other, title);
  if (settings->size && other != NULL)
    differences = layout->getsizeof != other->getsizeof;
  else if (differences > 0 && (json == NULL || strcmp(json, "-") != 0))
    printf("\n%zu difference%s\n", differences, differences == 1 ? "" : "s");
  if (json != NULL && !layout_write_json(json, value, profile, layout, other,
                                         title, differences))
    return EXIT_OWN_FAULT;
  return differences == 0 ? EXIT_CONFORMS : EXIT_VIOLATION;
}

static int compare(const struct settings *settings, const char *value,
                   const struct literal *literal) {
  static struct layout_python python;
  struct layout layout = {0}, other = {0};
  char title[80];
  int code = EXIT_NOT_LOADED;
  bool opened = layout_python_open(&python, settings->against, value);
  const struct pp_profile *profile = settings->profile;
  if (opened && profile == NULL) profile = python.profile;
  snprintf(title, sizeof title, "CPython %s", python.version);
  if (opened && !build(literal, profile, &layout)) {
    layout_python_close(&python);
    return EXIT_USAGE;
  }
  if (opened && layout_python_read(&python, &layout, &other))
    code = report(settings, value, profile, &layout, &other, title);
  else
    fprintf(stderr, "poolproof layout: %s: %s\n", settings->against,
            python.why);
  layout_free(&layout);
  layout_free(&other);
  layout_python_close(&python);
  return pp_interrupted ? EXIT_INTERRUPTED : code;
}

static int show(const struct settings *settings, const char *value,
                const struct literal *literal) {
  struct layout layout;
  const struct pp_profile *profile = settings->profile;
  if (profile == NULL) profile = &pp_profiles[DEFAULT_PROFILE];
  if (!build(literal, profile, &layout)) return EXIT_USAGE;
  int code = report(settings, value, profile, &layout, NULL, NULL);
  layout_free(&layout);
  return code;
}

static int lay_out(const struct settings *settings, const char *value) {
  struct pool pool = {0};
  int code = EXIT_USAGE;
  const struct literal *literal = read_value(&pool, value);
  if (literal != NULL && settings->against != NULL)
    code = compare(settings, value, literal);
  else if (literal != NULL)
    code = show(settings, value, literal);
  pool_free(&pool);
  return code;
}

static int run(const struct settings *settings, int count, char **arguments) {
  if (count != 1) {
    fprintf(stderr, "poolproof layout: one VALUE is wanted\n");
    return EXIT_USAGE;
  }
  if (strcmp(arguments[0], "-") != 0) return lay_out(settings, arguments[0]);
  char *value = read_input();
  int code = value == NULL ? EXIT_USAGE : lay_out(settings, value);
  free(value);
  return pp_interrupted ? EXIT_INTERRUPTED : code;
}

const struct command command_layout = {
    .name = "layout",
    .arguments = "VALUE [options]",
    .summary = "a Python value as it lies in memory, word by word",
    .options = "wzGJ",
    .details =
        "VALUE is written as in Python: [1, 2, 'a'], 2**120-1, b'\\x00', "
        "array('Q', [5]);\n"
        "- reads it from standard input.\n"
        "Prints the object in words of eight bytes: the offset, the word, its "
        "fields.\n"
        "Behind it come its buffers: the items of a list, the keys of a "
        "dict.\n"
        "With --against, a CPython makes the value too; words that mean "
        "another thing\n"
        "there are marked, and the exit code is 1. Addresses count by what "
        "lies there;\n"
        "hashes are shown and not compared. A VALUE like -5 goes behind --.",
    .run = run,
};
