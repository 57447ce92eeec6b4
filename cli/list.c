/* Lists of allocators. A path may have spaces in it, a name has none; what is
 * there twice, or only half, is a mistake of whoever wrote it, and is named
 * with its line before anything is judged. */
#include "cli/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPACE " \t\r\n"

enum { NAME_MOST = 127, PATH_MOST = 1023 };

static void *there(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

static bool refuse(const char *path, size_t line, const char *why) {
  fprintf(stderr, "poolproof: %s:%zu: %s\n", path, line, why);
  return false;
}

/* Cuts the comment off, which begins a line or follows a space, and then the
 * space around what is left. */
static char *content(char *line) {
  for (char *at = strchr(line, '#'); at != NULL; at = strchr(at + 1, '#')) {
    if (at != line && strchr(SPACE, at[-1]) == NULL) continue;
    *at = '\0';
    break;
  }
  line += strspn(line, SPACE);
  size_t length = strlen(line);
  while (length > 0 && strchr(SPACE, line[length - 1]) != NULL)
    length--;
  line[length] = '\0';
  return line;
}

static bool has(const struct list *list, const char *name) {
  for (size_t i = 0; i < list->count; i++) {
    if (strcmp(list->at[i].name, name) == 0) return true;
  }
  return false;
}

/* NULL: this line is one, or says nothing. */
static const char *read_line(struct list *list, char *line) {
  char *name = content(line);
  if (*name == '\0') return NULL;
  char *end = name + strcspn(name, SPACE);
  char *typed = end + strspn(end, SPACE);
  if (*typed == '\0') return "expected NAME PATH; there is no path";
  *end = '\0';
  if (strlen(name) > NAME_MOST) return "the name is too long";
  if (strlen(typed) > PATH_MOST) return "the path is too long";
  if (has(list, name)) return "there is a subject of this name already";
  list->at = there(reallocarray(list->at, list->count + 1, sizeof *list->at));
  list->at[list->count++] =
      (struct listed){there(strdup(name)), there(strdup(typed))};
  return NULL;
}

static bool read_lines(FILE *file, const char *path, struct list *list) {
  char *line = NULL;
  size_t capacity = 0, number = 0;
  ssize_t length;
  const char *why = NULL;
  errno = 0;
  while (why == NULL && (length = getline(&line, &capacity, file)) >= 0) {
    number++;
    why = strlen(line) < (size_t)length ? "a byte of zero is no text"
                                        : read_line(list, line);
  }
  free(line);
  if (why != NULL) return refuse(path, number, why);
  if (ferror(file)) return refuse(path, number + 1, strerror(errno));
  if (list->count == 0) return refuse(path, number, "it names no subject");
  return true;
}

bool list_read(const char *path, struct list *list) {
  *list = (struct list){0};
  FILE *file = fopen(path, "re");
  if (file == NULL) {
    fprintf(stderr, "poolproof: %s: %s\n", path, strerror(errno));
    return false;
  }
  bool good = read_lines(file, path, list);
  fclose(file);
  if (!good) list_free(list);
  return good;
}

void list_free(struct list *list) {
  for (size_t i = 0; i < list->count; i++) {
    free(list->at[i].name);
    free(list->at[i].typed);
  }
  free(list->at);
  *list = (struct list){0};
}
