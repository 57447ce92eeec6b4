/* The graph: nodes, names and references (SPEC.md, GRAPH). Nothing here
 * recurs: programs make chains that are longer than a stack. */
#include "check/objects/model.h"

#include <stdlib.h>
#include <string.h>

const char pp_array_codes[PP_ARRAY_CODES + 1] = "bBhHiIlLqQfd";

enum { NAMES_FIRST = 1024 };

static void *grown(void *at, size_t capacity, size_t size) {
  void *more = reallocarray(at, capacity, size);
  if (more == NULL) abort();
  return more;
}

void pp_model_open(struct pp_model *model) {
  memset(model, 0, sizeof *model);
  model->name_capacity = NAMES_FIRST;
  model->names = calloc(NAMES_FIRST, sizeof *model->names);
  if (model->names == NULL) abort();
}

void pp_model_close(struct pp_model *model) {
  for (size_t i = 0; i < model->live_count; i++) {
    free(model->live[i]->items);
    free(model->live[i]->entries);
    free(model->live[i]);
  }
  free(model->live);
  free(model->names);
  free(model->queue);
  free(model->stack);
  memset(model, 0, sizeof *model);
}

/* ---- names ---- */

static size_t home_of(const struct pp_model *model, uint64_t id) {
  return (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 20) &
         (model->name_capacity - 1);
}

static size_t slot_of(const struct pp_model *model, uint64_t id) {
  size_t at = home_of(model, id);
  while (model->names[at].node != NULL) {
    if (model->names[at].id == id) break;
    at = (at + 1) & (model->name_capacity - 1);
  }
  return at;
}

struct pp_name *pp_model_name(const struct pp_model *model, uint64_t id) {
  struct pp_name *name = &model->names[slot_of(model, id)];
  return name->node == NULL ? NULL : name;
}

struct pp_node *pp_model_named(const struct pp_model *model, uint64_t id) {
  const struct pp_name *name = pp_model_name(model, id);
  return name == NULL ? NULL : name->node;
}

static void grow_names(struct pp_model *model) {
  struct pp_name *former = model->names;
  size_t count = model->name_capacity;
  model->name_capacity *= 2;
  model->names = calloc(model->name_capacity, sizeof *model->names);
  if (model->names == NULL) abort();
  for (size_t i = 0; i < count; i++) {
    if (former[i].node != NULL) {
      model->names[slot_of(model, former[i].id)] = former[i];
    }
  }
  free(former);
}

void pp_model_bind(struct pp_model *model, uint64_t id, struct pp_node *node) {
  if (2 * (model->name_count + 1) > model->name_capacity) grow_names(model);
  model->names[slot_of(model, id)] = (struct pp_name){id, node, 1};
  model->name_count++;
  node->held++;
}

static void forget_name(struct pp_model *model, struct pp_name *name) {
  size_t mask = model->name_capacity - 1;
  size_t hole = (size_t)(name - model->names);
  for (size_t at = (hole + 1) & mask; model->names[at].node != NULL;
       at = (at + 1) & mask) {
    size_t home = home_of(model, model->names[at].id);
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    model->names[hole] = model->names[at];
    hole = at;
  }
  model->names[hole].node = NULL;
  model->name_count--;
}

static void lost(struct pp_model *model, struct pp_node *node) {
  if (pp_node_references(node) > 0 || node->waiting) return;
  if (model->queue_count == model->queue_capacity) {
    model->queue_capacity = 2 * model->queue_capacity + 64;
    model->queue =
        grown(model->queue, model->queue_capacity, sizeof(struct pp_node *));
  }
  node->waiting = true;
  model->queue[model->queue_count++] = node;
}

void pp_model_drop(struct pp_model *model, uint64_t id, uint64_t count) {
  struct pp_name *name = pp_model_name(model, id);
  struct pp_node *node = name->node;
  name->held -= count;
  node->held -= count;
  if (name->held == 0) forget_name(model, name);
  lost(model, node);
}

struct pp_node *pp_model_next_lost(struct pp_model *model) {
  while (model->queue_count > 0) {
    struct pp_node *node = model->queue[--model->queue_count];
    node->waiting = false;
    if (pp_node_references(node) == 0) return node;
  }
  return NULL;
}

/* ---- objects ---- */

struct pp_node *pp_model_new(struct pp_model *model, enum pp_type_id type,
                             struct pp_value value) {
  struct pp_node *node = calloc(1, sizeof *node);
  if (node == NULL) abort();
  if (model->live_count == model->live_capacity) {
    model->live_capacity = 2 * model->live_capacity + 64;
    model->live =
        grown(model->live, model->live_capacity, sizeof(struct pp_node *));
  }
  node->type = type;
  node->value = value;
  node->parts = 1;
  node->serial = model->serial++;
  node->place = (uint32_t)model->live_count;
  model->live[model->live_count++] = node;
  return node;
}

void pp_model_link(struct pp_model *model, struct pp_node *node) {
  node->inward++;
  model->links++;
}

void pp_model_unlink(struct pp_model *model, struct pp_node *node) {
  node->inward--;
  model->links--;
  lost(model, node);
}

void pp_model_each(const struct pp_node *node, void *ctx,
                   void (*visit)(void *ctx, struct pp_node *referred)) {
  if (node->entries == NULL) {
    for (size_t i = 0; i < node->count; i++) {
      if (node->items[i] != NULL) visit(ctx, node->items[i]);
    }
    return;
  }
  for (size_t i = 0; i < node->capacity; i++) {
    if (node->entries[i].key == NULL) continue;
    visit(ctx, node->entries[i].key);
    if (node->entries[i].value != NULL) visit(ctx, node->entries[i].value);
  }
}

static void unlink_one(void *ctx, struct pp_node *referred) {
  pp_model_unlink(ctx, referred);
}

static void forget_referent(struct pp_node *node) {
  struct pp_node **link = &node->referent->weak;
  while (*link != node)
    link = &(*link)->next_weak;
  *link = node->next_weak;
  node->referent = NULL;
}

void pp_model_empty(struct pp_model *model, struct pp_node *node) {
  pp_model_each(node, model, unlink_one);
  free(node->items);
  free(node->entries);
  node->items = NULL;
  node->entries = NULL;
  node->count = 0;
  node->capacity = 0;
}

void pp_model_release(struct pp_model *model, struct pp_node *node) {
  pp_model_empty(model, node);
  if (node->type == PP_TYPE_WEAKREF && node->referent != NULL) {
    forget_referent(node);
  }
  while (node->weak != NULL) {
    struct pp_node *weak = node->weak;
    node->weak = weak->next_weak;
    weak->referent = NULL;
  }
}

void pp_model_free(struct pp_model *model, struct pp_node *node) {
  struct pp_node *last = model->live[--model->live_count];
  model->live[node->place] = last;
  last->place = node->place;
  free(node);
}

/* ---- what is reached ---- */

struct search {
  struct pp_model *model;
  size_t count;
};

static void reach(void *ctx, struct pp_node *node) {
  struct search *search = ctx;
  struct pp_model *model = search->model;
  if (pp_model_reached(model, node)) return;
  node->visits = model->visits;
  if (search->count == model->stack_capacity) {
    model->stack_capacity = 2 * model->stack_capacity + 64;
    model->stack =
        grown(model->stack, model->stack_capacity, sizeof(struct pp_node *));
  }
  model->stack[search->count++] = node;
}

void pp_model_mark(struct pp_model *model, bool frozen) {
  struct search search = {.model = model};
  model->visits++;
  for (size_t i = 0; i < model->live_count; i++) {
    struct pp_node *node = model->live[i];
    if (node->held > 0 || node->shared || (frozen && node->frozen)) {
      reach(&search, node);
    }
    while (search.count > 0) {
      pp_model_each(model->stack[--search.count], &search, reach);
    }
  }
}

/* ---- items ---- */

void pp_model_resize(struct pp_node *node, size_t at, size_t gone,
                     size_t come) {
  size_t count = node->count - gone + come;
  if (count > node->capacity) {
    node->capacity = count + count / 2 + 4;
    node->items = grown(node->items, node->capacity, sizeof(struct pp_node *));
  }
  if (node->count > at + gone) {
    memmove(node->items + at + come, node->items + at + gone,
            (node->count - at - gone) * sizeof(struct pp_node *));
  }
  node->count = count;
}
