/* Replays a trace on a CPython and prints where every block came to lie:
 *
 *     replayer /path/to/libpython3.X.so TRACE
 *
 * This program stands alone. It has its own reader of the text form, its own
 * arenas and its own notion of what a statement means, all taken from SPEC.md
 * (OPS) and none from the engine, so that the engine's placements have a
 * witness who was told nothing. It checks nothing, and believes its input. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* One arena in each stride. The region begins where a node of the radix map
 * begins, so that its nodes are asked for when the engine's arenas would. */
#define STRIDE ((uintptr_t)1 << 21)
#define STRIDES ((uintptr_t)1 << 12)
#define REGION_ALIGNMENT ((uintptr_t)1 << 36)

struct raw_hooks { /* PyMemAllocatorEx */
  void *ctx;
  void *(*malloc)(void *ctx, size_t size);
  void *(*calloc)(void *ctx, size_t count, size_t size);
  void *(*realloc)(void *ctx, void *block, size_t size);
  void (*free)(void *ctx, void *block);
};

struct arena_hooks { /* PyObjectArenaAllocator */
  void *ctx;
  void *(*alloc)(void *ctx, size_t size);
  void (*free)(void *ctx, void *arena, size_t size);
};

/* ---- the sources ---- */

static uintptr_t region;
static struct {
  uintptr_t base; /* 0: no arena */
  size_t size;
  long ordinal; /* below 0: from before the trace */
} arenas[STRIDES];
static unsigned vacant[STRIDES]; /* strides given back, the last on top */
static unsigned vacant_count, used_count;
static long next_ordinal;
static uint64_t skew, arena_fail, system_fail, refusals;

static void *arena_alloc(void *ctx, size_t size) {
  (void)ctx;
  if (arena_fail > 0) {
    arena_fail--;
    refusals++;
    return NULL;
  }
  unsigned i = vacant_count > 0 ? vacant[--vacant_count] : used_count++;
  if (i >= STRIDES || size > STRIDE - skew) abort();
  arenas[i].base = region + i * STRIDE + skew;
  arenas[i].size = size;
  arenas[i].ordinal = next_ordinal++;
  return (void *)arenas[i].base;
}

static void arena_free(void *ctx, void *arena, size_t size) {
  uintptr_t i = ((uintptr_t)arena - region) / STRIDE;
  (void)ctx;
  if (i >= STRIDES || arenas[i].base != (uintptr_t)arena ||
      arenas[i].size != size)
    abort();
  arenas[i].base = 0;
  vacant[vacant_count++] = (unsigned)i;
}

static int system_refuses(void) {
  if (system_fail == 0) return 0;
  system_fail--;
  return 1;
}

static void *raw_malloc(void *ctx, size_t size) {
  (void)ctx;
  return system_refuses() ? NULL : malloc(size > 0 ? size : 1);
}

static void *raw_calloc(void *ctx, size_t count, size_t size) {
  (void)ctx;
  if (count == 0 || size == 0) count = size = 1;
  return system_refuses() ? NULL : calloc(count, size);
}

static void *raw_realloc(void *ctx, void *block, size_t size) {
  (void)ctx;
  return system_refuses() ? NULL : realloc(block, size > 0 ? size : 1);
}

static void raw_free(void *ctx, void *block) {
  (void)ctx;
  free(block);
}

/* ---- the interpreter ---- */

static struct family {
  const char *name;
  const char *prefix;
  void *(*malloc)(size_t size);
  void *(*calloc)(size_t count, size_t size);
  void *(*realloc)(void *block, size_t size);
  void (*free)(void *block);
} families[] = {{.name = "obj", .prefix = "PyObject_"},
                {.name = "mem", .prefix = "PyMem_"},
                {.name = "raw", .prefix = "PyMem_Raw"}};

static void find(void *library, const char *prefix, const char *name,
                 void *function) {
  char symbol[64];
  snprintf(symbol, sizeof symbol, "%s%s", prefix, name);
  void *found = dlsym(library, symbol);
  if (found == NULL) {
    fprintf(stderr, "replayer: no %s\n", symbol);
    exit(3);
  }
  memcpy(function, &found, sizeof found);
}

/* From 3.12 on there is no heap without an interpreter, and none is empty.
 * Whatever its arenas have left is taken, while no new one is to be had. */
static void start_and_fill(void *library) {
  void (*initialize)(int signals);
  find(library, "Py_", "InitializeEx", &initialize);
  int *no_site = dlsym(library, "Py_NoSiteFlag");
  if (no_site != NULL)
    *no_site = 1; /* the less it does, the sooner it is there */
  initialize(0);
  arena_fail = UINT64_MAX;
  for (size_t size = 16; size <= 512; size += 16) {
    void *block = NULL;
    for (uint64_t before = refusals; refusals == before;)
      block = families[0].malloc(size);
    families[0].free(block); /* that one was the system's */
  }
  for (unsigned i = 0; i < used_count; i++)
    arenas[i].ordinal = -1;
  arena_fail = 0;
  next_ordinal = 0;
}

static void load(const char *path) {
  const char *(*version)(void);
  void (*set_raw)(int domain, struct raw_hooks *hooks);
  void (*set_arenas)(struct arena_hooks * hooks);
  struct raw_hooks raw = {NULL, raw_malloc, raw_calloc, raw_realloc, raw_free};
  struct arena_hooks arena = {NULL, arena_alloc, arena_free};
  unsetenv("PYTHONMALLOC");
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "replayer: %s\n", dlerror());
    exit(3);
  }
  for (int i = 0; i < 3; i++) {
    find(library, families[i].prefix, "Malloc", &families[i].malloc);
    find(library, families[i].prefix, "Calloc", &families[i].calloc);
    find(library, families[i].prefix, "Realloc", &families[i].realloc);
    find(library, families[i].prefix, "Free", &families[i].free);
  }
  find(library, "Py_", "GetVersion", &version);
  find(library, "PyMem_", "SetAllocator", &set_raw);
  find(library, "PyObject_", "SetArenaAllocator", &set_arenas);
  set_raw(0, &raw);
  set_arenas(&arena);
  if (strtol(version() + 2, NULL, 10) >= 12) start_and_fill(library);
}

/* ---- IDs ---- */

struct block {
  uint64_t id;
  void *address; /* NULL: the ID is null */
  struct family *family;
  int taken; /* this entry of the table is some ID's, for ever */
};

static struct block *table;
static size_t table_size, table_used;

static struct block *entry(uint64_t id) {
  size_t at = id * UINT64_C(0x9e3779b97f4a7c15) % table_size;
  while (table[at].taken && table[at].id != id)
    at = (at + 1) % table_size;
  return &table[at];
}

static void grow(void) {
  struct block *former = table;
  size_t count = table_size;
  table_size = count > 0 ? 2 * count : 1 << 16;
  table = calloc(table_size, sizeof *table);
  if (table == NULL) abort();
  for (size_t i = 0; i < count; i++) {
    if (former[i].taken) *entry(former[i].id) = former[i];
  }
  free(former);
}

/* Valid until the next ID that was never met. */
static struct block *slot(uint64_t id) {
  if (table_size > 0 && entry(id)->taken) return entry(id);
  if (table_used * 2 >= table_size) grow();
  struct block *fresh = entry(id);
  fresh->taken = 1;
  fresh->id = id;
  table_used++;
  return fresh;
}

/* ---- statements ---- */

static struct family *family = families;

static void give_back(uint64_t id) {
  struct block *block = slot(id);
  struct family *owner = block->address != NULL ? block->family : family;
  owner->free(block->address);
  block->address = NULL;
}

static void came(uint64_t id, void *address) {
  uintptr_t i = ((uintptr_t)address - region) / STRIDE;
  if (address == NULL)
    printf("%lu null\n", id);
  else if (i < STRIDES && arenas[i].ordinal >= 0 &&
           (uintptr_t)address - arenas[i].base < arenas[i].size)
    printf("%lu %ld 0x%lx\n", id, arenas[i].ordinal,
           (uintptr_t)address - arenas[i].base);
  else
    printf("%lu raw\n", id);
}

static void request(uint64_t id, uint64_t count, uint64_t size, int zeroed) {
  struct block *block = slot(id);
  if (block->address != NULL) give_back(id);
  block->address = zeroed ? family->calloc(count, size) : family->malloc(size);
  block->family = family;
  came(id, block->address);
}

static void resize(uint64_t id, uint64_t size) {
  struct block *block = slot(id);
  if (block->address == NULL) block->family = family;
  void *moved = block->family->realloc(block->address, size);
  if (moved != NULL) block->address = moved;
  came(id, moved);
}

/* A statement that CPython has no call for is passed over. */
static void perform(const char *word, const char *name, const uint64_t *n) {
  if (strcmp(word, "malloc") == 0)
    request(n[0], 1, n[1], 0);
  else if (strcmp(word, "calloc") == 0)
    request(n[0], n[1], n[2], 1);
  else if (strcmp(word, "realloc") == 0)
    resize(n[0], n[1]);
  else if (strcmp(word, "free") == 0)
    give_back(n[0]);
  else if (strcmp(word, "burst") == 0)
    for (uint64_t i = 0; i < n[1]; i++)
      request(n[0] + i, 1, n[2], 0);
  else if (strcmp(word, "drain") == 0)
    for (uint64_t i = 0; i < n[1]; i++)
      give_back(n[0] + i * n[2]);
  else if (strcmp(word, "arena-skew") == 0)
    skew = n[0];
  else if (strcmp(word, "arena-fail") == 0)
    arena_fail = n[0];
  else if (strcmp(word, "system-fail") == 0)
    system_fail = n[0];
  else if (strcmp(word, "domain") == 0)
    for (int i = 0; i < 3; i++)
      family = strcmp(name, families[i].name) == 0 ? &families[i] : family;
}

int main(int argc, char **argv) {
  char line[8192];
  FILE *trace = argc == 3 ? fopen(argv[2], "r") : NULL;
  if (trace == NULL) {
    fprintf(stderr, "usage: replayer LIBPYTHON TRACE\n");
    return 2;
  }
  char *space =
      mmap(NULL, REGION_ALIGNMENT + STRIDES * STRIDE, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space == MAP_FAILED) abort();
  region = ((uintptr_t)space | (REGION_ALIGNMENT - 1)) + 1;
  load(argv[1]);
  while (fgets(line, sizeof line, trace) != NULL) {
    char word[32] = "", names[3][32] = {"", "", ""};
    uint64_t numbers[3];
    line[strcspn(line, "#\r\n")] = '\0';
    sscanf(line, "%31s %31s %31s %31s", word, names[0], names[1], names[2]);
    for (int i = 0; i < 3; i++)
      numbers[i] =
          strtoull(names[i], NULL, strncmp(names[i], "0x", 2) == 0 ? 16 : 10);
    perform(word, names[0], numbers);
  }
  fclose(trace);
  fflush(stdout);
  _Exit(ferror(stdout) != 0); /* without the interpreter's own end */
}
