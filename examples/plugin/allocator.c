/* A small allocator as a plug-in: blocks of power-of-two sizes with a free list
 * each, carved out of chunks that come from mmap. What is too large for that
 * gets a mapping of its own.
 *
 *     | size, next | the caller's bytes             |
 *     ^ header     ^ block                          ^ header + size
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <poolproof/subject.h>

struct header {
  size_t size;         /* of all of it, this header included */
  struct header *next; /* while it is free */
};

enum { SMALLEST = 5, LARGEST = 16, CHUNK = 1 << 20, PAGE = 4096 };

static struct header *freed[LARGEST + 1]; /* by the logarithm of the size */
static char *fresh, *fresh_end;           /* of the chunk under way */

static void *map(size_t size) {
  void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at != MAP_FAILED) return at;
  errno = ENOMEM;
  return NULL;
}

static unsigned class_of(size_t size) {
  unsigned bits = SMALLEST;
  while ((size_t)1 << bits < size)
    bits++;
  return bits;
}

static void *carve(size_t size) {
  if ((size_t)(fresh_end - fresh) < size) {
    char *chunk = map(CHUNK);
    if (chunk == NULL) return NULL;
    fresh = chunk;
    fresh_end = chunk + CHUNK;
  }
  fresh += size;
  return fresh - size;
}

static void *example_malloc(void *ctx, size_t size) {
  (void)ctx;
  struct header *header;
  if (size > PTRDIFF_MAX - sizeof *header - PAGE) {
    errno = ENOMEM;
    return NULL;
  }
  size += sizeof *header;
  if (size > (size_t)1 << LARGEST) {
    size = (size + PAGE - 1) / PAGE * PAGE;
    header = map(size);
  } else {
    unsigned bits = class_of(size);
    size = (size_t)1 << bits;
    header = freed[bits];
    if (header != NULL)
      freed[bits] = header->next;
    else
      header = carve(size);
  }
  if (header == NULL) return NULL;
  header->size = size;
  return header + 1;
}

static void example_free(void *ctx, void *block) {
  (void)ctx;
  if (block == NULL) return;
  struct header *header = (struct header *)block - 1;
  if (header->size > (size_t)1 << LARGEST) {
    munmap(header, header->size);
    return;
  }
  unsigned bits = class_of(header->size);
  header->next = freed[bits];
  freed[bits] = header;
}

static size_t example_usable_size(void *ctx, void *block) {
  if (block == NULL) return 0;
  (void)ctx;
  return ((struct header *)block - 1)->size - sizeof(struct header);
}

static void *example_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > PTRDIFF_MAX / size) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = example_malloc(ctx, count * size);
  if (block != NULL) memset(block, 0, count * size);
  return block;
}

static void *example_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL) return example_malloc(ctx, size);
  size_t room = example_usable_size(ctx, block);
  if (size <= room && size >= room / 4) return block;
  void *moved = example_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < room ? size : room);
  example_free(ctx, block);
  return moved;
}

const struct pp_subject *poolproof_subject(void) {
  static const struct pp_subject subject = {
      .version = PP_SUBJECT_VERSION,
      .name = "example",
      .malloc = example_malloc,
      .calloc = example_calloc,
      .realloc = example_realloc,
      .free = example_free,
      .usable_size = example_usable_size,
      .sets_errno = 1,
  };
  return &subject;
}
