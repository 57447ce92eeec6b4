/* Histories in files (SPEC.md, OPS): the operations as they are in memory, for
 * the same build to read. When the file is full it begins anew, and tells that
 * its heap is older than it is. */
#include "fuzz/history.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/trace.h"

enum { ROOM = 1 << 20, PATH_ROOM = 4096 };

struct history {
  char magic[8];
  uint64_t count;
  uint64_t lost; /* operations before the first */
  struct pp_op at[ROOM];
};

static const char magic[8] = "pp-hist";

static struct history *open_history(void) {
  const char *folder = getenv("POOLPROOF_HISTORY");
  char path[PATH_ROOM];
  if (folder == NULL || *folder == '\0') return NULL;
  snprintf(path, sizeof path, "%s/%ld.history", folder, (long)getpid());
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return NULL;
  struct history *history = MAP_FAILED;
  if (ftruncate(file, sizeof *history) == 0)
    history = mmap(NULL, sizeof *history, PROT_READ | PROT_WRITE, MAP_SHARED,
                   file, 0);
  close(file);
  if (history == MAP_FAILED) return NULL;
  memcpy(history->magic, magic, sizeof magic);
  return history;
}

/* NULL: none is kept. */
static struct history *the_history(void) {
  static struct history *history;
  static bool asked;
  if (!asked) history = open_history();
  asked = true;
  return history;
}

void pp_fuzz_history(const struct pp_op *op) {
  struct history *history = the_history();
  if (history == NULL) return;
  if (history->count == ROOM) {
    history->lost += ROOM;
    history->count = 0;
  }
  history->at[history->count] = *op;
  history->count++;
}

bool pp_fuzz_history_print(const char *path, FILE *out) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const struct history *history =
      mmap(NULL, sizeof *history, PROT_READ, MAP_PRIVATE, file, 0);
  bool whole = lseek(file, 0, SEEK_END) == (off_t)sizeof *history;
  close(file);
  if (history == MAP_FAILED || !whole) return false;
  if (memcmp(history->magic, magic, sizeof magic) != 0) return false;
  if (history->lost > 0)
    fprintf(out, "# %llu operations before these were lost\n",
            (unsigned long long)history->lost);
  pp_trace_print(out, history->at, (size_t)history->count);
  return true;
}
