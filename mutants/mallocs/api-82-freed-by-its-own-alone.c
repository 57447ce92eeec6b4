/* API-82: a block that another thread frees is looked for among the blocks of
 * that thread, and when it is not there the program is ended. After allocators
 * whose heaps of a thread assert that a block is theirs. */
#include <stdlib.h>

#include "mutants/mallocs/locked.h"

static _Thread_local struct sound_chunk self;

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = locked_malloc(ctx, size);
  if (block != NULL) sound_head_of(block)->chunk->next = &self;
  return block;
}

static void faulty_free(void *ctx, void *block) {
  const struct sound_chunk *owner = NULL;
  if (block != NULL) owner = sound_head_of(block)->chunk->next;
  if (owner != NULL && owner != &self) abort();
  locked_free(ctx, block);
}

LOCKED_SUBJECT("freed by its own alone", subject.malloc = faulty_malloc;
               subject.free = faulty_free)
