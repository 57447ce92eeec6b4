/* What poolproof found in an allocator, without poolproof. Compile it with
 *     cc -Wall alone.c
 * and run it on the allocator, which for a shared object is
 *     LD_PRELOAD=./libmine.so ./a.out
 * It says what is broken and exits with 1, or ends as it was found to end, in a
 * crash or without a word; if nothing is broken, it says that, and exits with
 * 0. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum call {
  MALLOC,
  CALLOC,
  REALLOC,
  REALLOCARRAY,
  ALIGNED_ALLOC,
  POSIX_MEMALIGN,
  FREE,
  FREE_SIZED,
  FREE_ALIGNED_SIZED,
  USABLE
};

/* What is called, with which block, and the numbers of the call; as often, if
 * that is given, with blocks that are so far apart. */
static const struct step {
  enum call call;
  size_t block, a, b, times, apart;
} steps[] = {
    /* STEPS */
};

enum { BLOCKS = 1 };
static struct block {
  unsigned char *at;
  size_t size, aligned;
} blocks[BLOCKS];
static size_t live, peak, serial[BLOCKS], step;

/* From C23, where there are. */
void free_sized(void *, size_t) __attribute__((weak));
void free_aligned_sized(void *, size_t, size_t) __attribute__((weak));

/* No compiler knows what these are, and leaves out none. */
static void *(*volatile c_malloc)(size_t) = malloc;
static void *(*volatile c_calloc)(size_t, size_t) = calloc;
static void *(*volatile c_realloc)(void *, size_t) = realloc;
static void *(*volatile c_reallocarray)(void *, size_t, size_t) = reallocarray;
static void *(*volatile c_aligned)(size_t, size_t) = aligned_alloc;
static int (*volatile c_memalign)(void **, size_t, size_t) = posix_memalign;
static void (*volatile c_free)(void *) = free;
static size_t (*volatile c_usable)(void *) = malloc_usable_size;

/* Says it without a stream, which would allocate, and ends the program. */
static void broken(const char *format, ...) {
  static char text[512];
  va_list values;
  int used = snprintf(text, sizeof text, "step %zu: ", step + 1);
  va_start(values, format);
  used +=
      vsnprintf(text + used, sizeof text - 1 - (size_t)used, format, values);
  va_end(values);
  text[used++] = '\n';
  if (write(STDERR_FILENO, text, (size_t)used) != used) _exit(2);
  _exit(1);
}

static void hangs(int number) {
  (void)number;
  broken("the call does not return");
}

static void exits(void) {
  if (step < sizeof steps / sizeof *steps) broken("the call exits");
}

/* ---- contents ---- */

/* Of a large block the beginning. */
static size_t watched(size_t size) {
  return size < (size_t)1 << 24 ? size : (size_t)1 << 24;
}

static unsigned char byte_of(size_t block, size_t at) {
  return (unsigned char)(1 + serial[block] * 31 + at + (at >> 8) * 7);
}

static void put(size_t block, size_t from) {
  for (size_t i = from; i < watched(blocks[block].size); i++)
    blocks[block].at[i] = byte_of(block, i);
}

static void look(size_t block, size_t size) {
  for (size_t i = 0; i < watched(size); i++) {
    if (blocks[block].at[i] != byte_of(block, i))
      broken("byte %zu of block %zu at %p, of %zu bytes, has changed", i, block,
             (void *)blocks[block].at, blocks[block].size);
  }
}

/* ---- blocks ---- */

static size_t alignment_of_any(size_t size) {
  size_t alignment = _Alignof(max_align_t);
  while (alignment > 1 && alignment > size)
    alignment /= 2;
  return alignment;
}

static int apart(size_t one, size_t other) {
  uintptr_t a = (uintptr_t)blocks[one].at, b = (uintptr_t)blocks[other].at;
  return blocks[other].at == NULL || one == other ||
         a + (blocks[one].size ? blocks[one].size : 1) <= b ||
         b + (blocks[other].size ? blocks[other].size : 1) <= a;
}

/* The block lies there now; what was in it before is kept up to `kept`. */
static void lies(size_t block, void *at, size_t size, size_t kept) {
  if (size > PTRDIFF_MAX) broken("%zu bytes are answered by %p", size, at);
  blocks[block].at = at;
  blocks[block].size = size;
  if ((uintptr_t)at % alignment_of_any(size) != 0)
    broken("a block of %zu bytes lies at %p", size, at);
  for (size_t other = 0; other < BLOCKS; other++) {
    if (!apart(block, other))
      broken("block %zu at %p of %zu bytes overlaps block %zu at %p of %zu",
             block, at, size, other, (void *)blocks[other].at,
             blocks[other].size);
  }
  look(block, kept);
  put(block, kept);
  live += size < 64 ? 64 : size;
  if (live > peak) peak = live;
}

static void gone(size_t block) {
  size_t size = blocks[block].size;
  if (blocks[block].at == NULL) return;
  live -= size < 64 ? 64 : size;
  blocks[block] = (struct block){0};
}

/* A request failed: errno says so, and what is small is not refused. */
static void refused(size_t size, int error) {
  if (error != ENOMEM) broken("a request failed with errno %d", error);
  if (size <= (size_t)1 << 20 && live < (size_t)512 << 20)
    broken("a request of %zu bytes is refused", size);
}

static void release(const struct step *now, int aligned) {
  struct block *block = &blocks[now->block];
  void *at = block->at;
  if (at != NULL) look(now->block, block->size);
  size_t size = block->size, wanted = block->aligned;
  gone(now->block);
  errno = EDOM;
  if (now->call == FREE_SIZED && free_sized && wanted == 0 && now->a == size)
    free_sized(at, now->a);
  else if (aligned && free_aligned_sized && wanted == now->a && now->b == size)
    free_aligned_sized(at, now->a, now->b);
  else
    c_free(at);
  if (errno != EDOM) broken("free sets errno to %d", errno);
}

/* ---- calls ---- */

static void begin(const struct step *now) {
  struct step old = {.call = FREE, .block = now->block};
  if (blocks[now->block].at != NULL) release(&old, 0);
  serial[now->block] = step + 1;
}

static void request(const struct step *now) {
  size_t a = now->a, b = now->b, size = a;
  int wraps = b != 0 && a > SIZE_MAX / b;
  begin(now);
  errno = 0;
  void *at = now->call == MALLOC ? c_malloc(a) : c_calloc(a, b);
  int error = errno;
  if (now->call == CALLOC) size = wraps ? SIZE_MAX : a * b;
  if (at == NULL) {
    if (size > 0) refused(size, error);
    return;
  }
  if (size > PTRDIFF_MAX) broken("%zu bytes are answered by %p", size, at);
  for (size_t i = 0; now->call == CALLOC && i < watched(size); i++) {
    if (((unsigned char *)at)[i] != 0)
      broken("byte %zu of %zu from calloc is not zero", i, size);
  }
  lies(now->block, at, size, 0);
}

static void request_aligned(const struct step *now) {
  size_t alignment = now->a, size = now->b;
  int valid = alignment != 0 && (alignment & (alignment - 1)) == 0, error = 0;
  void *none = &none, *at[3] = {none, none, none};
  begin(now);
  errno = 0;
  if (now->call == ALIGNED_ALLOC) {
    at[1] = c_aligned(alignment, size);
    if (at[1] == NULL) error = errno ? errno : -1;
    if (!valid && at[1] != NULL) broken("alignment %zu is served", alignment);
  } else {
    valid = valid && alignment % sizeof(void *) == 0;
    error = c_memalign(&at[1], alignment, size);
    if (!valid && error != EINVAL) broken("EINVAL is due, not %d", error);
    if (error != 0 && at[1] != none) broken("the out-parameter is written");
    if (error == 0 && at[1] == none) broken("zero is answered, and no block");
    if (at[0] != none || at[2] != none) broken("a neighbour is written");
  }
  if (error == 0 && at[1] != NULL) {
    if (valid && (uintptr_t)at[1] % alignment != 0)
      broken("%p is not aligned to %zu", at[1], alignment);
    lies(now->block, at[1], size, 0);
    blocks[now->block].aligned = alignment;
  } else if (valid && size > 0 && alignment <= (size_t)1 << 20) {
    refused(size, error);
  }
}

static void resize(const struct step *now) {
  size_t a = now->a, b = now->b, block = now->block, size = a;
  int wraps = b != 0 && a > SIZE_MAX / b;
  struct block old = blocks[block];
  if (now->call == REALLOCARRAY) size = wraps ? SIZE_MAX : a * b;
  if (old.at != NULL) look(block, old.size);
  if (old.at == NULL) serial[block] = step + 1;
  errno = 0;
  void *at = now->call == REALLOC ? c_realloc(old.at, a)
                                  : c_reallocarray(old.at, a, b);
  int error = errno;
  if (at == NULL && old.at == NULL && now->call == REALLOC) {
    c_free(at = c_malloc(a));
    if (at != NULL) broken("realloc of null is null, and malloc is not");
  }
  if (at != NULL) {
    gone(block);
    lies(block, at, size, old.size < size ? old.size : size);
    if (c_usable(at) < size) broken("the usable size is below %zu", size);
  } else if (size == 0) {
    gone(block); /* which it may */
  } else {
    if (old.at != NULL) look(block, old.size);
    refused(size, error);
  }
}

static void ask(const struct step *now) {
  struct block *block = &blocks[now->block];
  if (block->at == NULL) return;
  size_t usable = c_usable(block->at), size = block->size;
  if (usable < size) broken("%zu of %zu bytes are usable", usable, size);
  if (usable != c_usable(block->at)) broken("the usable size changes");
  block->size = usable; /* it is ours, then */
  for (size_t other = 0; other < BLOCKS; other++) {
    if (!apart(now->block, other))
      broken("what is usable of block %zu reaches into %zu", now->block, other);
  }
  put(now->block, size);
  block->size = size;
}

static void take(const struct step *now) {
  switch (now->call) {
  case MALLOC:
  case CALLOC: request(now); break;
  case REALLOC:
  case REALLOCARRAY: resize(now); break;
  case ALIGNED_ALLOC:
  case POSIX_MEMALIGN: request_aligned(now); break;
  case FREE:
  case FREE_SIZED: release(now, 0); break;
  case FREE_ALIGNED_SIZED: release(now, 1); break;
  case USABLE: ask(now); break;
  }
}

/* When all is free, as much can be had again. */
static void take_again(void) {
  void **chain = NULL;
  for (size_t got = 0; got < peak && got < (size_t)64 << 20; got += 256) {
    void **block = c_malloc(256);
    if (block == NULL) broken("%zu bytes can be had again of %zu", got, peak);
    *block = chain;
    chain = block;
  }
  while (chain != NULL) {
    void **next = *chain;
    c_free(chain);
    chain = next;
  }
}

static size_t resident(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (size_t)usage.ru_maxrss << 10;
}

static void bound(size_t before) {
  if (resident() - before > 8 * peak + ((size_t)64 << 20))
    broken("%zu bytes are resident, and %zu were live", resident(), peak);
}

int main(void) {
  static const char fine[] = "nothing was found broken\n";
  size_t before = resident();
  signal(SIGALRM, hangs);
  atexit(exits);
  for (step = 0; step < sizeof steps / sizeof *steps; step++) {
    struct step now = steps[step];
    do {
      alarm(10);
      take(&now);
      now.block += now.apart;
    } while (now.times > 0 && --now.times > 0);
    bound(before);
  }
  if (live == 0) take_again();
  bound(before);
  alarm(0);
  for (size_t i = 0; i < BLOCKS; i++) {
    if (blocks[i].at != NULL) look(i, blocks[i].size);
  }
  return write(STDOUT_FILENO, fine, sizeof fine - 1) < 0;
}
