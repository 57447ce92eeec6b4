/* A search as a file (SPEC.md, "What exhaust means by a state"): what it is a
 * search of, how far it is, and the states with their links. Whatever is not
 * exactly that, by length and by checksum, is refused. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/exhaust_search.h"

#define MAGIC "pp-exhaust 1\n"

struct head {
  char magic[16];
  uint64_t of; /* what is searched, as one number */
  struct pp_exhaust_progress progress;
  uint64_t states;
};

static uint64_t mix(uint64_t sum, const void *bytes, size_t size) {
  const uint8_t *at = bytes;
  for (; size >= 8; size -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    sum ^= sum >> 29;
  }
  for (; size > 0; size--)
    sum = (sum ^ *at++) * UINT64_C(0x100000001b3);
  return sum;
}

/* The geometry and the rules; not its name, nor the jobs. */
static uint64_t identity(const struct pp_exhaust *search) {
  const struct pp_exhaust_geometry *geometry = search->options.geometry;
  struct pp_profile profile = *geometry->profile;
  const uint64_t numbers[] = {
      (uint64_t)profile.id,     profile.alignment_shift,
      profile.class_count,      profile.pool_bits,
      profile.arena_bits,       (uint64_t)profile.map,
      profile.rightmost_table,  profile.keeps_rightmost,
      profile.zero_never_fails, geometry->classes,
      geometry->arenas,         geometry->system_blocks,
      search->lockstep,         PP_CLAUSE_COUNT,
  };
  uint64_t sum = mix(1, numbers, sizeof numbers);
  return mix(sum, geometry->skews, geometry->arenas * sizeof(uint16_t));
}

static uint64_t checksum(const struct head *head,
                         const struct pp_exhaust *search) {
  uint64_t sum = mix(2, head, sizeof *head);
  sum = mix(sum, search->table.keys, head->states * sizeof *search->table.keys);
  return mix(sum, search->table.saved_links,
             head->states * sizeof *search->table.links);
}

static bool put(FILE *file, const void *bytes, size_t size) {
  return fwrite(bytes, 1, size, file) == size;
}

static bool write_all(const struct pp_exhaust *search, FILE *file) {
  struct head head;
  memset(&head, 0, sizeof head);
  memcpy(head.magic, MAGIC, sizeof MAGIC);
  head.of = identity(search);
  head.progress = search->progress;
  head.states = search->progress.states;
  uint64_t sum = checksum(&head, search);
  return put(file, &head, sizeof head) &&
         put(file, search->table.keys,
             head.states * sizeof *search->table.keys) &&
         put(file, search->table.saved_links,
             head.states * sizeof *search->table.links) &&
         put(file, &sum, sizeof sum);
}

/* A file beside the one that is meant; its name is the caller's to free. */
static int make_fresh(const char *path, char **fresh) {
  size_t length = strlen(path) + sizeof ".XXXXXX";
  *fresh = malloc(length);
  if (*fresh == NULL) abort();
  snprintf(*fresh, length, "%s.XXXXXX", path);
  return mkstemp(*fresh);
}

bool pp_exhaust_can_save(const char *path, char *why, size_t why_size) {
  struct stat known;
  bool folder = stat(path, &known) == 0 && S_ISDIR(known.st_mode);
  char *fresh;
  int descriptor = make_fresh(path, &fresh);
  if (descriptor >= 0) {
    close(descriptor);
    unlink(fresh);
  }
  if (folder || descriptor < 0) {
    snprintf(why, why_size, "%s: %s", path, strerror(folder ? EISDIR : errno));
  }
  free(fresh);
  return !folder && descriptor >= 0;
}

bool pp_exhaust_save(struct pp_exhaust *search, const char *path, char *why,
                     size_t why_size) {
  char *fresh;
  int descriptor = make_fresh(path, &fresh);
  FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
  bool written = file != NULL && write_all(search, file);
  if (file != NULL) written = fclose(file) == 0 && written;
  if (written) written = rename(fresh, path) == 0;
  if (!written) {
    snprintf(why, why_size, "%s: %s", path, strerror(errno));
    if (descriptor >= 0) unlink(fresh);
  }
  free(fresh);
  return written;
}

/* ---- reading ---- */

static bool get(FILE *file, void *bytes, size_t size) {
  return fread(bytes, 1, size, file) == size;
}

static bool is_sound(const struct head *head) {
  const struct pp_exhaust_progress *progress = &head->progress;
  return head->states > 0 && head->states == progress->states &&
         progress->level_start <= progress->position &&
         progress->position <= progress->level_end &&
         progress->level_end <= head->states;
}

static const char *read_all(struct pp_exhaust *search, FILE *file) {
  struct head head;
  uint64_t sum;
  struct pp_table *table = &search->table;
  if (!get(file, &head, sizeof head)) return "it is too short";
  if (memcmp(head.magic, MAGIC, sizeof MAGIC) != 0) {
    return "it is not the state of a search by this version";
  }
  if (head.of != identity(search)) return "it is the state of another search";
  if (!is_sound(&head)) return "it is damaged";
  if (head.states > table->capacity) {
    return "it does not fit into the memory allowed";
  }
  if (!get(file, table->keys, head.states * sizeof *table->keys) ||
      !get(file, table->saved_links, head.states * sizeof *table->links) ||
      !get(file, &sum, sizeof sum)) {
    return "it was cut short";
  }
  if (fgetc(file) != EOF) return "something follows its end";
  if (sum != checksum(&head, search)) return "it is damaged";
  search->progress = head.progress;
  atomic_store(table->count, head.states);
  return NULL;
}

bool pp_exhaust_load(struct pp_exhaust *search, const char *path, char *why,
                     size_t why_size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    snprintf(why, why_size, "%s: %s", path, strerror(errno));
    return false;
  }
  const char *trouble = read_all(search, file);
  fclose(file);
  if (trouble != NULL) {
    snprintf(why, why_size, "%s: %s", path, trouble);
    return false;
  }
  pp_table_index(&search->table);
  return true;
}
