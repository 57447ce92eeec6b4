/* Between an interpreter and its memory: the hooks of its OBJ and MEM
 * families, which send a program's requests to the sources of the options and
 * all others to the families as they were, and a table of the blocks that
 * came from a source, so that they go back there. */
#include <stdio.h>
#include <stdlib.h>

#include "check/objects/python_inside.h"

/* PEP 445's numbers of the domains. */
enum { PYTHON_MEM = 1, PYTHON_OBJ = 2 };

/* What an int of one digit takes: 24 bytes and a digit. */
enum { SIZE_OF_SMALL_INT = 28 };

struct family {
  struct pp_system_source own;             /* of the interpreter */
  const struct pp_system_source **program; /* of the options */
};

struct block {
  const void *at; /* NULL: vacant */
  size_t size;
  const struct pp_system_source *source; /* that it came from */
};

static struct {
  struct family obj, mem;
  enum pp_python_asker asker;
  struct block *blocks; /* linear probing */
  size_t count, capacity;
} state;

/* ---- the table of blocks ---- */

static size_t home_of(const void *block) {
  uint64_t mixed = (uint64_t)(uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(mixed >> 32) & (state.capacity - 1);
}

/* Where it is, or would be. */
static size_t slot_of(const void *block) {
  size_t slot = home_of(block);
  while (state.blocks[slot].at != NULL && state.blocks[slot].at != block)
    slot = (slot + 1) & (state.capacity - 1);
  return slot;
}

static void grow(void) {
  struct block *former = state.blocks;
  size_t count = state.capacity;
  state.capacity = count == 0 ? 1024 : 2 * count;
  state.blocks = calloc(state.capacity, sizeof *state.blocks);
  if (state.blocks == NULL) {
    fputs("poolproof: out of memory\n", stderr);
    abort();
  }
  for (size_t i = 0; i < count; i++)
    if (former[i].at != NULL) state.blocks[slot_of(former[i].at)] = former[i];
  free(former);
}

static void enter(const void *block, size_t size,
                  const struct pp_system_source *source) {
  if (block == NULL) return;
  if (2 * (state.count + 1) > state.capacity) grow();
  struct block *slot = &state.blocks[slot_of(block)];
  if (slot->at == NULL) state.count++;
  *slot = (struct block){block, size, source};
}

/* Closes the gap, so that every block is found from its home on. */
static void leave(const void *block) {
  size_t gap = slot_of(block);
  size_t next = gap;
  for (;;) {
    next = (next + 1) & (state.capacity - 1);
    if (state.blocks[next].at == NULL) break;
    size_t home = home_of(state.blocks[next].at);
    size_t from_home = (next - home) & (state.capacity - 1);
    size_t from_gap = (next - gap) & (state.capacity - 1);
    if (from_home < from_gap) continue;
    state.blocks[gap] = state.blocks[next];
    gap = next;
  }
  state.blocks[gap].at = NULL;
  state.count--;
}

/* Where a block came from; NULL: it is not the program's. */
static const struct pp_system_source *source_of(const void *block) {
  if (state.capacity == 0) return NULL;
  const struct block *slot = &state.blocks[slot_of(block)];
  return slot->at == NULL ? NULL : slot->source;
}

size_t pp_python_block_size(const void *block) {
  return source_of(block) != NULL ? state.blocks[slot_of(block)].size : 0;
}

/* ---- the hooks ---- */

/* No other request of a collection has the size of an int. */
static bool is_glue(size_t size) {
  if (state.asker == PP_PYTHON_ITSELF) return true;
  return state.asker == PP_PYTHON_COLLECTION && size == SIZE_OF_SMALL_INT;
}

static void *hook_malloc(void *ctx, size_t size) {
  const struct family *family = ctx;
  if (is_glue(size)) return family->own.malloc(family->own.ctx, size);
  const struct pp_system_source *source = *family->program;
  void *block = source->malloc(source->ctx, size);
  enter(block, size, source);
  return block;
}

static void *hook_calloc(void *ctx, size_t count, size_t size) {
  const struct family *family = ctx;
  if (is_glue(count * size))
    return family->own.calloc(family->own.ctx, count, size);
  const struct pp_system_source *source = *family->program;
  void *block = source->calloc(source->ctx, count, size);
  enter(block, count * size, source);
  return block;
}

static void *hook_realloc(void *ctx, void *block, size_t size) {
  const struct family *family = ctx;
  const struct pp_system_source *source = NULL;
  if (block != NULL)
    source = source_of(block);
  else if (!is_glue(size))
    source = *family->program;
  if (source == NULL) return family->own.realloc(family->own.ctx, block, size);
  void *moved = source->realloc(source->ctx, block, size);
  if (moved == NULL) return NULL;
  if (block != NULL) leave(block);
  enter(moved, size, source);
  return moved;
}

static void hook_free(void *ctx, void *block) {
  const struct family *family = ctx;
  if (block == NULL) return;
  const struct pp_system_source *source = source_of(block);
  if (source == NULL) {
    family->own.free(family->own.ctx, block);
    return;
  }
  leave(block);
  source->free(source->ctx, block);
}

static void hook_family(int domain, struct family *family,
                        struct pp_system_source *own,
                        const struct pp_system_source **program) {
  pp_python.PyMem_GetAllocator(domain, &family->own);
  *own = family->own;
  family->program = program;
  struct pp_system_source hook = {.ctx = family,
                                  .malloc = hook_malloc,
                                  .calloc = hook_calloc,
                                  .realloc = hook_realloc,
                                  .free = hook_free};
  pp_python.PyMem_SetAllocator(domain, &hook);
}

void pp_python_hook(void) {
  pp_python.options.obj = &pp_python.opened.obj;
  pp_python.options.mem = &pp_python.opened.mem;
  hook_family(PYTHON_OBJ, &state.obj, &pp_python.opened.obj,
              &pp_python.options.obj);
  hook_family(PYTHON_MEM, &state.mem, &pp_python.opened.mem,
              &pp_python.options.mem);
}

enum pp_python_asker pp_python_ask(enum pp_python_asker asker) {
  enum pp_python_asker before = state.asker;
  state.asker = asker;
  return before;
}
