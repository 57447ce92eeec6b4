/* Subjects that break a clause when they are told to: a plug-in over the C
 * library with one fault, or a heap of CPython's family that obeys another
 * profile than the one it claims. POOLPROOF_FAULT names which; without it the
 * plug-in is sound. One fault is only to be slow. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "poolproof/subject.h"

enum { LARGE = 1000 }; /* requests from here on meet the faults */

static const char *fault;
static void *kept;           /* the last large block, while it is live */
static unsigned beside;      /* frees of others since it was handed out */
static struct pp_heap *heap; /* of the impostor */
static struct pp_witness witness;

static int faulty(const char *name) {
  return fault != NULL && strcmp(fault, name) == 0;
}

/* Writes this many bytes, in lines of eight with their numbers, by turns to
 * standard output and standard error. */
static void print(unsigned bytes) {
  static unsigned line;
  char text[16];
  for (; bytes > 0; bytes -= 8) {
    snprintf(text, sizeof text, "%07u\n", line);
    int stream = line++ % 2 == 0 ? STDOUT_FILENO : STDERR_FILENO;
    if (write(stream, text, 8) != 8) abort();
  }
}

static void rest(long milliseconds) {
  nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

/* A process that stays, whatever it is told. */
static void leave_another(void) {
  if (fork() != 0) return;
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_IGN);
  for (;;)
    pause();
}

/* Ends its own output, and is seen to have done so before it goes on. */
static void close_output(void) {
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  rest(250);
}

/* True for one process of all, by a file that it makes. */
static int first_of_all(void) {
  int file = open(getenv("POOLPROOF_ONCE"), O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (file >= 0) close(file);
  return file >= 0;
}

/* Once, where a descriptor is named that waits for it. */
static void tell_ready(void) {
  const char *ready = getenv("POOLPROOF_READY");
  if (ready == NULL) return;
  if (write(atoi(ready), "", 1) != 1) abort();
  unsetenv("POOLPROOF_READY");
}

static void *plain_malloc(void *ctx, size_t size) {
  (void)ctx;
  if (faulty("prints")) print((unsigned)size);
  if (faulty("zero-is-null") && size == 0) return NULL; /* API-06: it may */
  if (faulty("read-only") && size >= LARGE)             /* API-02 */
    return mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (faulty("twice") && size >= LARGE && kept != NULL)
    return kept; /* two live blocks in one place: API-01 */
  if (faulty("interrupts")) raise(SIGINT);
  if (faulty("terminates")) raise(SIGTERM);
  if (faulty("reads") && read(STDIN_FILENO, &(char){0}, 1) != 0) abort();
  tell_ready();
  if (faulty("sleep")) rest(1);
  if (faulty("leaves")) leave_another();
  if (faulty("closes")) close_output();
  while (faulty("hangs") && size >= LARGE) /* API-36 */
    pause();
  void *block = malloc(size);
  if (size >= LARGE) kept = block;
  return block;
}

static void *plain_calloc(void *ctx, size_t count, size_t size) {
  (void)ctx;
  char *block = calloc(count, size);
  if (faulty("dirty") && block != NULL && count * size > LARGE)
    block[LARGE] = 1; /* API-09 */
  if (faulty("once") && block != NULL && count * size > LARGE)
    block[LARGE] = (char)first_of_all();
  return block;
}

static void *plain_realloc(void *ctx, void *block, size_t size) {
  (void)ctx;
  if (faulty("needs-a-block") && block == NULL) abort(); /* API-11 */
  char *moved = realloc(block, size);
  int calls = faulty("forgets-and-calls");
  if (!calls && !faulty("forgets")) return moved;
  if (block != NULL && moved != NULL && size > LARGE) {
    moved[0] ^= 1; /* API-12 */
    if (calls && !first_of_all()) kill(getppid(), SIGUSR1);
  }
  return moved;
}

static void plain_free(void *ctx, void *block) {
  (void)ctx;
  if (faulty("frees-blocks-alone") && block == NULL) abort(); /* API-07 */
  beside += kept != NULL && block != NULL && block != kept;
  if (block == kept) kept = NULL;
  if (kept == NULL) beside = 0;
  if (faulty("crash") && beside == 3) abort(); /* API-37 */
  free(block);
}

/* ---- the impostor ---- */

static void broken(struct pp_witness *self, enum pp_clause clause,
                   const char *where) {
  (void)self, (void)clause, (void)where;
  abort();
}

static int use_sources(void *ctx, const struct pp_arena_source *arenas,
                       const struct pp_system_source *system) {
  (void)ctx;
  const struct pp_profile *profile = pp_profile_find("3.8");
  void *memory = malloc(pp_reference_none.heap_size(profile));
  if (memory == NULL) return 1;
  witness.broken = broken;
  heap = pp_reference_none.create(memory, profile, arenas, system, &witness);
  return heap == NULL;
}

static void *family_malloc(void *ctx, size_t size) {
  (void)ctx;
  return pp_reference_none.malloc(heap, size);
}

static void *family_calloc(void *ctx, size_t count, size_t size) {
  (void)ctx;
  return pp_reference_none.calloc(heap, count, size);
}

static void *family_realloc(void *ctx, void *block, size_t size) {
  (void)ctx;
  return pp_reference_none.realloc(heap, block, size);
}

static void family_free(void *ctx, void *block) {
  (void)ctx;
  pp_reference_none.free(heap, block);
}

const struct pp_subject *poolproof_subject(void);

const struct pp_subject *poolproof_subject(void) {
  static const struct pp_subject plain = {
      .version = PP_SUBJECT_VERSION,
      .name = "faulty",
      .malloc = plain_malloc,
      .calloc = plain_calloc,
      .realloc = plain_realloc,
      .free = plain_free,
  };
  /* 3.8 releases an arena that 3.9 keeps: HEAP-13. */
  static const struct pp_subject impostor = {
      .version = PP_SUBJECT_VERSION,
      .name = "impostor",
      .malloc = family_malloc,
      .calloc = family_calloc,
      .realloc = family_realloc,
      .free = family_free,
      .profile = "3.9",
      .use_sources = use_sources,
  };
  fault = getenv("POOLPROOF_FAULT");
  if (faulty("aborts-in-loading")) abort();
  if (faulty("prints-in-loading")) print(1 << 17);
  return faulty("impostor") ? &impostor : &plain;
}
