/* API-35: of a heap of a fixed size, the padding behind each block that is
 * freed is lost. After linked_list_allocator 66, whose heap dwindled because
 * free did not know of the padding. Found as API-33, because a history wants
 * more than the heap has; a trace of two statements does not. */
#include "mutants/mallocs/sound.h"

#define HEAP_BYTES ((size_t)1 << 20)

static void faulty_free(void *ctx, void *block) {
  sound_free(ctx, block);
  if (block != NULL) sound_in_use += SOUND_OVERHEAD;
}

SUBJECT("padding lost", subject.free = faulty_free, sound_limit = HEAP_BYTES)
