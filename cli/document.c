/* Documents: a file is replaced in one step when all of it has been written,
 * so that nobody reads half of one. A pipe, a device or a link stays what it
 * is, and is written to. */
#include "cli/document.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool put(FILE *out, const char *text, size_t length) {
  bool written = fwrite(text, 1, length, out) == length;
  return fflush(out) == 0 && written;
}

static bool put_and_close(FILE *out, const char *text, size_t length) {
  if (out == NULL) return false;
  bool written = put(out, text, length);
  return fclose(out) == 0 && written;
}

/* Beside the file, and then in its place. */
static bool replace(const char *path, const char *text, size_t length) {
  size_t size = strlen(path) + sizeof ".XXXXXX";
  char *fresh = malloc(size);
  if (fresh == NULL) return false;
  snprintf(fresh, size, "%s.XXXXXX", path);
  int file = mkstemp(fresh);
  bool made = file >= 0;
  bool written = made && fchmod(file, 0644) == 0;
  FILE *out = made ? fdopen(file, "w") : NULL;
  if (made && out == NULL) close(file);
  written = put_and_close(out, text, length) && written;
  if (written) written = rename(fresh, path) == 0;
  int error = errno;
  if (made && !written) remove(fresh);
  free(fresh);
  errno = error;
  return written;
}

static bool write_text(const char *path, const char *text, size_t length) {
  struct stat known;
  if (strcmp(path, "-") == 0) return put(stdout, text, length);
  if (lstat(path, &known) == 0 && !S_ISREG(known.st_mode)) {
    return put_and_close(fopen(path, "we"), text, length);
  }
  return replace(path, text, length);
}

bool can_write_document(const char *path) {
  struct stat known;
  if (strcmp(path, "-") == 0) return true;
  if (stat(path, &known) == 0 && !S_ISREG(known.st_mode)) {
    if (access(path, W_OK) == 0 && !S_ISDIR(known.st_mode)) return true;
    fprintf(stderr, "poolproof: %s: %s\n", path,
            strerror(S_ISDIR(known.st_mode) ? EISDIR : errno));
    return false;
  }
  size_t size = strlen(path) + sizeof ".XXXXXX";
  char *fresh = malloc(size);
  if (fresh == NULL) abort();
  snprintf(fresh, size, "%s.XXXXXX", path);
  int file = mkstemp(fresh);
  if (file < 0) fprintf(stderr, "poolproof: %s: %s\n", path, strerror(errno));
  if (file >= 0) {
    close(file);
    remove(fresh);
  }
  free(fresh);
  return file >= 0;
}

bool write_whole(const char *path, const char *text, size_t length) {
  errno = 0;
  if (write_text(path, text, length)) return true;
  fprintf(stderr, "poolproof: %s: %s\n", path,
          errno == 0 ? "not all was written" : strerror(errno));
  return false;
}

bool write_document(const char *path, const struct json_t *document) {
  char *text = json_dumps(document, JSON_INDENT(2));
  if (text == NULL) abort();
  size_t length = strlen(text);
  text[length] = '\n'; /* instead of the NUL */
  bool written = write_whole(path, text, length + 1);
  free(text);
  return written;
}

bool make_folder(const char *path) {
  struct stat known;
  if (mkdir(path, 0777) == 0) return true;
  if (errno == EEXIST && stat(path, &known) == 0) {
    if (S_ISDIR(known.st_mode)) return true;
    errno = ENOTDIR;
  }
  fprintf(stderr, "poolproof: %s: %s\n", path, strerror(errno));
  return false;
}
