/* The memory below an interpreter, and what it tells (SPEC.md, GRAPH): two
 * sources that write down each request before they hand it on, and three
 * events. */
#include "check/objects/side.h"

#include <stdlib.h>
#include <string.h>

#include "check/objects/model.h"
#include "check/pages.h"
#include "check/twin.h"

/* ---- addresses ---- */

enum { ADDRESSES_FIRST = 1024 };

static size_t home_of(const struct pp_addresses *map, uintptr_t address) {
  return (size_t)((uint64_t)address * UINT64_C(0x9e3779b97f4a7c15) >> 20) &
         (map->capacity - 1);
}

static size_t slot_of(const struct pp_addresses *map, uintptr_t address) {
  size_t at = home_of(map, address);
  while (map->at[at].address != 0) {
    if (map->at[at].address == address) break;
    at = (at + 1) & (map->capacity - 1);
  }
  return at;
}

bool pp_addresses_find(const struct pp_addresses *map, uintptr_t address,
                       uint64_t *value) {
  if (map->count == 0) return false;
  size_t at = slot_of(map, address);
  *value = map->at[at].value;
  return map->at[at].address != 0;
}

static void grow(struct pp_addresses *map) {
  struct pp_addresses former = *map;
  map->capacity = former.capacity == 0 ? ADDRESSES_FIRST : 2 * former.capacity;
  map->at = pp_pages(map->capacity * sizeof *map->at);
  for (size_t i = 0; i < former.capacity; i++) {
    uintptr_t address = former.at[i].address;
    if (address != 0) map->at[slot_of(map, address)] = former.at[i];
  }
  pp_pages_free(former.at, former.capacity * sizeof *former.at);
}

void pp_addresses_put(struct pp_addresses *map, uintptr_t address,
                      uint64_t value) {
  if (2 * (map->count + 1) > map->capacity) grow(map);
  size_t at = slot_of(map, address);
  if (map->at[at].address == 0) map->count++;
  map->at[at] = (struct pp_address_entry){address, value};
}

/* The entries behind it that were pushed on by it move up. */
bool pp_addresses_remove(struct pp_addresses *map, uintptr_t address,
                         uint64_t *value) {
  if (!pp_addresses_find(map, address, value)) return false;
  size_t mask = map->capacity - 1;
  size_t hole = slot_of(map, address);
  for (size_t at = (hole + 1) & mask; map->at[at].address != 0;
       at = (at + 1) & mask) {
    size_t home = home_of(map, map->at[at].address);
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    map->at[hole] = map->at[at];
    hole = at;
  }
  map->at[hole].address = 0;
  map->count--;
  return true;
}

/* ---- requests ---- */

static void note(struct pp_source_here *here, enum pp_request_call call,
                 uint64_t size) {
  struct pp_side *side = here->side;
  if (side->request_count < PP_REQUESTS_KEPT) {
    side->requests[side->request_count] =
        (struct pp_request){here->mem, call, size};
  }
  side->request_count++;
  side->requests_of_all++;
}

static bool refuses(struct pp_side *side) {
  if (side->refuse == 0) return false;
  if (side->refuse_after > 0) {
    side->refuse_after--;
    return false;
  }
  side->refuse--;
  side->refused++;
  return true;
}

static void *came(struct pp_side *side, void *block, uint64_t size) {
  if (block == NULL) return NULL;
  pp_addresses_put(&side->blocks, (uintptr_t)block, size);
  side->bytes += size;
  if (side->bytes > side->bytes_peak) side->bytes_peak = side->bytes;
  if (side->blocks.count > side->blocks_peak) {
    side->blocks_peak = side->blocks.count;
  }
  return block;
}

static uint64_t goes(struct pp_side *side, const void *block) {
  uint64_t size = 0;
  if (!pp_addresses_remove(&side->blocks, (uintptr_t)block, &size)) {
    side->misuse = "memory was given back that was not out";
  }
  side->bytes -= size;
  return size;
}

static void *source_malloc(void *ctx, size_t size) {
  struct pp_source_here *here = ctx;
  note(here, PP_REQUEST_MALLOC, size);
  if (refuses(here->side)) return NULL;
  return came(here->side, here->below.malloc(here->below.ctx, size), size);
}

static void *source_calloc(void *ctx, size_t count, size_t size) {
  struct pp_source_here *here = ctx;
  note(here, PP_REQUEST_CALLOC, count * size);
  if (refuses(here->side)) return NULL;
  return came(here->side, here->below.calloc(here->below.ctx, count, size),
              count * size);
}

static void *source_realloc(void *ctx, void *block, size_t size) {
  struct pp_source_here *here = ctx;
  note(here, PP_REQUEST_REALLOC, size);
  if (refuses(here->side)) return NULL;
  uint64_t former = 0;
  if (block != NULL) former = goes(here->side, block);
  if (here->side->misuse != NULL) return NULL;
  void *moved = here->below.realloc(here->below.ctx, block, size);
  if (moved == NULL && block != NULL) came(here->side, block, former);
  return came(here->side, moved, size);
}

static void source_free(void *ctx, void *block) {
  struct pp_source_here *here = ctx;
  if (block == NULL) return;
  note(here, PP_REQUEST_FREE, goes(here->side, block));
  if (here->side->misuse != NULL) return;
  here->below.free(here->below.ctx, block);
}

/* ---- the heap below ---- */

static void *heap_malloc(void *ctx, size_t size) {
  return pp_reference_none.malloc(ctx, size);
}

static void *heap_calloc(void *ctx, size_t count, size_t size) {
  return pp_reference_none.calloc(ctx, count, size);
}

static void *heap_realloc(void *ctx, void *block, size_t size) {
  return pp_reference_none.realloc(ctx, block, size);
}

static void heap_free(void *ctx, void *block) {
  pp_reference_none.free(ctx, block);
}

static bool open_heap(struct pp_side *side, const struct pp_profile *profile) {
  if (!pp_places_open(&side->places)) return false;
  side->heap_witness.broken = side->witness.broken;
  side->heap = pp_reference_none.create(
      pp_pages(pp_reference_none.heap_size(profile)), profile,
      &side->places.arenas, &side->places.system, &side->heap_witness);
  struct pp_system_source below = {.ctx = side->heap,
                                   .malloc = heap_malloc,
                                   .calloc = heap_calloc,
                                   .realloc = heap_realloc,
                                   .free = heap_free};
  side->sources[0].below = below;
  side->sources[1].below = below;
  return true;
}

/* ---- events ---- */

/* The number of the last event of a node, from 1; what it says itself may be of
 * a step before. */
static size_t event_of(const struct pp_side *side, const struct pp_node *node) {
  size_t number = node->told[side->number];
  if (number == 0 || number > side->event_count) return 0;
  return side->events[number - 1].node == node ? number : 0;
}

static void tell(struct pp_side *side, enum pp_event_kind kind,
                 struct pp_node *node) {
  if (side->event_count == side->event_capacity) {
    size_t capacity = 2 * side->event_capacity + 64;
    side->events = reallocarray(side->events, capacity, sizeof *side->events);
    if (side->events == NULL) abort();
    side->event_capacity = capacity;
  }
  size_t earlier = node == NULL ? 0 : event_of(side, node);
  side->events[side->event_count++] =
      (struct pp_event){.kind = kind, .node = node, .earlier = earlier};
  if (node != NULL) node->told[side->number] = side->event_count;
}

void pp_side_forget(struct pp_side *side, const struct pp_node *node) {
  size_t number = event_of(side, node);
  while (number > 0) {
    struct pp_event *event = &side->events[number - 1];
    event->node = NULL;
    number = event->earlier;
  }
}

static void on_finalize(void *ctx, struct pp_object *instance) {
  struct pp_side *side = ctx;
  struct pp_node *node = pp_side_node(side, instance);
  tell(side, PP_EVENT_FINALIZE, node);
  if (node == NULL || !side->resurrects(side, node)) return;
  side->events[side->event_count - 1].resurrected = true;
  side->objects->incref(side->interpreter, instance);
}

static void on_weakref_dead(void *ctx, struct pp_object *weakref) {
  struct pp_side *side = ctx;
  tell(side, PP_EVENT_WEAKREF, pp_side_node(side, weakref));
}

/* The address may be another object's before the step is over. */
static void on_dealloc(void *ctx, const struct pp_object *object) {
  struct pp_side *side = ctx;
  struct pp_node *node = pp_side_node(side, object);
  if (node == NULL) return;
  tell(side, PP_EVENT_DEALLOC, node);
  if (side->tells) node->died = true;
  pp_side_unbind(side, object);
}

/* What no program named is held by nobody: the dict of an instance. */
static uint64_t on_held(void *ctx, const struct pp_object *object) {
  const struct pp_node *node = pp_side_node(ctx, object);
  return node == NULL ? 0 : node->held;
}

/* ---- the side ---- */

static void open_sources(struct pp_side *side) {
  for (size_t i = 0; i < 2; i++) {
    struct pp_system_source *source = i == 0 ? &side->obj : &side->mem;
    side->sources[i].side = side;
    side->sources[i].mem = i == 1;
    *source = (struct pp_system_source){.ctx = &side->sources[i],
                                        .malloc = source_malloc,
                                        .calloc = source_calloc,
                                        .realloc = source_realloc,
                                        .free = source_free};
  }
}

bool pp_side_open(struct pp_side *side, const struct pp_objects *objects,
                  const struct pp_profile *profile,
                  const struct pp_system_source *obj,
                  const struct pp_system_source *mem,
                  void (*broken)(struct pp_witness *witness,
                                 enum pp_clause clause, const char *where)) {
  side->objects = objects;
  side->witness.broken = broken;
  open_sources(side);
  if (obj != NULL) {
    side->sources[0].below = *obj;
    side->sources[1].below = *mem;
  } else if (!open_heap(side, profile)) {
    return false;
  }
  static struct pp_object_events events[2];
  static struct pp_interpreter_options options[2];
  events[side->number] =
      (struct pp_object_events){.ctx = side,
                                .finalize = on_finalize,
                                .weakref_dead = on_weakref_dead,
                                .dealloc = on_dealloc,
                                .held = on_held};
  options[side->number] =
      (struct pp_interpreter_options){.profile = profile,
                                      .obj = &side->obj,
                                      .mem = &side->mem,
                                      .events = &events[side->number],
                                      .witness = &side->witness};
  size_t size = objects->interpreter_size(profile);
  side->memory = pp_pages(size);
  side->interpreter = objects->create(side->memory, &options[side->number]);
  return side->interpreter != NULL;
}

static void addresses_close(struct pp_addresses *map) {
  pp_pages_free(map->at, map->capacity * sizeof *map->at);
}

void pp_side_close(struct pp_side *side, const struct pp_profile *profile) {
  if (side->heap != NULL) {
    pp_reference_none.destroy(side->heap);
    pp_pages_free(side->heap, pp_reference_none.heap_size(profile));
    pp_places_close(&side->places);
  }
  pp_pages_free(side->memory, side->objects->interpreter_size(profile));
  addresses_close(&side->blocks);
  addresses_close(&side->objects_at);
  free(side->events);
  memset(side, 0, sizeof *side);
}

void pp_side_end(struct pp_side *side) {
  side->objects->destroy(side->interpreter);
  side->interpreter = NULL;
}

void pp_side_begin(struct pp_side *side) {
  side->request_count = 0;
  side->event_count = 0;
  side->refused = 0;
}

struct pp_node *pp_side_node(const struct pp_side *side,
                             const struct pp_object *object) {
  uint64_t value;
  if (object == NULL) return NULL;
  if (!pp_addresses_find(&side->objects_at, (uintptr_t)object, &value)) {
    return NULL;
  }
  return (struct pp_node *)(uintptr_t)value; /* NOLINT: it was one */
}

void pp_side_bind(struct pp_side *side, struct pp_object *object,
                  struct pp_node *node) {
  pp_addresses_put(&side->objects_at, (uintptr_t)object,
                   (uint64_t)(uintptr_t)node);
}

void pp_side_unbind(struct pp_side *side, const struct pp_object *object) {
  uint64_t value;
  pp_addresses_remove(&side->objects_at, (uintptr_t)object, &value);
}

bool pp_side_block(const struct pp_side *side, const void *start,
                   size_t *size) {
  uint64_t value;
  if (!pp_addresses_find(&side->blocks, (uintptr_t)start, &value)) return false;
  *size = value;
  return true;
}
