/* Where the loader looks for a bare name: LD_LIBRARY_PATH, the directories of
 * /etc/ld.so.conf and of the files that it includes, and the built-in ones.
 * The loader's own cache says the same in a form that is private to it. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/library.h"

#define SPACE " \t\r\n"

/* Files that include files that include files. */
#define CONF_DEPTH 4

struct walk {
  void *ctx;
  bool (*visit)(void *ctx, const char *directory);
};

/* The list, if any, is cut into pieces where it stands. */
static bool walk_list(const struct walk *walk, char *list) {
  char *rest = list;
  char *directory;
  while ((directory = strsep(&rest, ":;")) != NULL)
    if (*directory != '\0' && !walk->visit(walk->ctx, directory)) return false;
  return true;
}

static bool walk_environment(const struct walk *walk) {
  const char *value = getenv("LD_LIBRARY_PATH");
  char *list = value != NULL ? strdup(value) : NULL;
  bool on = walk_list(walk, list);
  free(list);
  return on;
}

static bool walk_conf(const struct walk *walk, const char *path, int depth);

/* A pattern without a slash in front is one below the folder of its file. */
static bool walk_included(const struct walk *walk, const char *from,
                          const char *pattern, int depth) {
  char full[4096];
  const char *slash = strrchr(from, '/');
  int folder = *pattern == '/' || slash == NULL ? 0 : (int)(slash - from) + 1;
  int length = snprintf(full, sizeof full, "%.*s%s", folder, from, pattern);
  if ((size_t)length >= sizeof full) return true;
  glob_t paths;
  bool on = true;
  if (depth == 0 || glob(full, 0, NULL, &paths) != 0) return true;
  for (size_t i = 0; on && i < paths.gl_pathc; i++)
    on = walk_conf(walk, paths.gl_pathv[i], depth - 1);
  globfree(&paths);
  return on;
}

static bool walk_line(const struct walk *walk, const char *from, char *line,
                      int depth) {
  line[strcspn(line, "#")] = '\0';
  char *rest = line + strspn(line, SPACE);
  const char *word = strsep(&rest, SPACE);
  if (*word == '/') return walk->visit(walk->ctx, word);
  if (strcmp(word, "include") != 0) return true;
  while ((word = strsep(&rest, SPACE)) != NULL)
    if (!walk_included(walk, from, word, depth)) return false;
  return true;
}

static bool walk_conf(const struct walk *walk, const char *path, int depth) {
  FILE *file = fopen(path, "re");
  if (file == NULL) return true;
  char *line = NULL;
  size_t capacity = 0;
  bool on = true;
  while (on && getline(&line, &capacity, file) >= 0)
    on = walk_line(walk, path, line, depth);
  free(line);
  fclose(file);
  return on;
}

bool pp_library_conf(const char *path, void *ctx,
                     bool (*visit)(void *ctx, const char *directory)) {
  struct walk walk = {ctx, visit};
  return walk_conf(&walk, path, CONF_DEPTH);
}

void pp_library_directories(void *ctx,
                            bool (*visit)(void *ctx, const char *directory)) {
  static const char *const built_in[] = {"/lib64", "/usr/lib64", "/lib",
                                         "/usr/lib", "/usr/local/lib"};
  struct walk walk = {ctx, visit};
  if (!walk_environment(&walk)) return;
  if (!pp_library_conf("/etc/ld.so.conf", ctx, visit)) return;
  for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
    if (!visit(ctx, built_in[i])) return;
}

struct wanted {
  const char *name;
  char *path;
};

static bool look(void *ctx, const char *directory) {
  struct wanted *wanted = ctx;
  char path[4096];
  int length = snprintf(path, sizeof path, "%s/%s", directory, wanted->name);
  if ((size_t)length >= sizeof path) return true;
  if (access(path, R_OK) != 0) return true;
  wanted->path = strdup(path);
  return false;
}

char *pp_library_search(const char *name) {
  struct wanted wanted = {.name = name};
  pp_library_directories(&wanted, look);
  return wanted.path;
}
