/* Reading the catalogue: a line a fault, six fields apart by tabs. */
#include "cli/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CATALOGUE "faults.tsv"

enum { FIELDS = 6, LINE_MAX_BYTES = 1024 };

const char *const fault_kind_names[FAULT_KIND_COUNT] = {
    "alloc", "malloc", "refused", "threads", "odd", "objects", "ops"};

static bool is_none(const char *field) {
  return strcmp(field, "-") == 0;
}

static bool read_kind(const char *field, enum fault_kind *kind) {
  for (int i = 0; i < FAULT_KIND_COUNT; i++) {
    if (strcmp(field, fault_kind_names[i]) != 0) continue;
    *kind = (enum fault_kind)i;
    return true;
  }
  return false;
}

static bool read_clause(const char *field, enum pp_clause *clause) {
  *clause = pp_clause_find(field);
  return *clause != PP_HOLDS || is_none(field);
}

/* What is wrong with a line, or NULL. */
static const char *read_line(char *line, const char *folder,
                             struct fault *fault) {
  char *fields[FIELDS];
  char *rest = line;
  line[strcspn(line, "\n")] = '\0';
  for (int i = 0; i < FIELDS; i++)
    fields[i] = strsep(&rest, "\t");
  if (fields[FIELDS - 1] == NULL || rest != NULL) return "expected six fields";
  if (!read_kind(fields[0], &fault->kind)) return "expected a kind of fault";
  if (strlen(fields[1]) >= sizeof fault->name) return "a name is too long";
  snprintf(fault->name, sizeof fault->name, "%s", fields[1]);
  if (!read_clause(fields[2], &fault->broken) ||
      !read_clause(fields[3], &fault->found))
    return "expected a clause";
  if ((fault->kind == FAULT_ODD) != (fault->broken == PP_HOLDS))
    return "expected a clause for a fault, and none for what is sound";
  fault->profile = pp_profile_find(fields[4]);
  if (fault->profile == NULL && !is_none(fields[4]))
    return "expected a profile";
  bool absolute = fields[5][0] == '/';
  int length = snprintf(fault->path, sizeof fault->path, "%s%s%s",
                        absolute ? "" : folder, absolute ? "" : "/", fields[5]);
  if (length >= (int)sizeof fault->path) return "a path is too long";
  return NULL;
}

/* A fault that stands twice would count twice. */
static bool stands_already(const struct faults *faults) {
  const struct fault *last = &faults->at[faults->count - 1];
  for (size_t i = 0; i + 1 < faults->count; i++)
    if (strcmp(faults->at[i].name, last->name) == 0) return true;
  return false;
}

static struct fault *grow(struct faults *faults) {
  size_t room = (faults->count + 1) * sizeof *faults->at;
  faults->at = realloc(faults->at, room);
  if (faults->at == NULL) abort();
  struct fault *fault = &faults->at[faults->count++];
  memset(fault, 0, sizeof *fault);
  return fault;
}

bool faults_read(const char *folder, struct faults *faults) {
  char path[512];
  char line[LINE_MAX_BYTES];
  const char *wrong = NULL;
  memset(faults, 0, sizeof *faults);
  snprintf(path, sizeof path, "%s/%s", folder, CATALOGUE);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    fprintf(stderr,
            "poolproof: there are no faults in %s; `./dev selftest` "
            "builds them\n",
            folder);
    return false;
  }
  while (wrong == NULL && fgets(line, sizeof line, file) != NULL) {
    wrong = read_line(line, folder, grow(faults));
    if (wrong == NULL && stands_already(faults))
      wrong = "the name stands already";
  }
  fclose(file);
  if (wrong == NULL && faults->count == 0) wrong = "expected a line";
  if (wrong == NULL) return true;
  fprintf(stderr, "poolproof: %s:%zu: %s\n", path, faults->count, wrong);
  faults_free(faults);
  return false;
}

void faults_free(struct faults *faults) {
  free(faults->at);
  memset(faults, 0, sizeof *faults);
}
