/* What a program of object operations means, as a plain graph: what each ID
 * names, what each object is, what refers to what, and so how often each is
 * referred to. It knows nothing of bytes, free lists or generations: it is what
 * a host of an interpreter can rely on (SPEC.md, GRAPH). */
#ifndef CHECK_OBJECTS_MODEL_H
#define CHECK_OBJECTS_MODEL_H

#include "check/objects/side.h"

enum {
  PP_SIDES = 2,
  PP_KEY_PARTS_MAX = 1024, /* of a tuple that is a key */
  PP_ARRAY_CODES = 12
};

extern const char pp_array_codes[PP_ARRAY_CODES + 1];

/* What an immutable object is, or how long a mutable one; two numbers, as the
 * statement that made it had them, made plain. */
struct pp_value {
  uint64_t a;
  uint64_t b;
};

/* Of a dict and a set, open addressing; of a list, a tuple and an instance,
 * items alone. */
struct pp_entry {
  uint64_t hash;
  struct pp_node *key;   /* NULL: vacant */
  struct pp_node *value; /* of a set: NULL */
};

struct pp_node {
  enum pp_type_id type;
  struct pp_value value;
  struct pp_object *at[PP_SIDES];
  uint64_t base[PP_SIDES]; /* references that are none of the program's */
  uint64_t home;           /* the ID that it was made for */
  uint64_t held;           /* references of IDs */
  uint64_t inward;         /* of other objects */
  uint64_t serial;         /* objects before it in the program */
  size_t told[PP_SIDES];   /* number of its last event of a side, from 1 */
  uint32_t place;          /* in the model's array of live ones */
  uint32_t visits;         /* marks of the last search that reached it */
  bool shared;             /* was there before the program named it */
  bool undying;            /* its count does not change */
  bool died;               /* the interpreter says so; not reckoned with yet */
  bool waiting;            /* in the queue of those that nothing may refer to */
  bool finalized;
  bool frozen;
  uint8_t finalizer; /* of an instance: 0, 1, 2 */
  bool uncertain;    /* it may have been cleared without a call */
  bool callback;     /* of a weak reference */
  bool grown;        /* it was large, and has not been empty since */
  uint64_t parts;    /* of a tuple as a key */
  struct pp_node **items;
  size_t count; /* items, entries in use */
  size_t capacity;
  struct pp_entry *entries;
  struct pp_node *referent; /* of a weak reference; NULL: dead */
  struct pp_node *weak;     /* first weak reference to it */
  struct pp_node *next_weak;
};

struct pp_name {
  uint64_t id;
  struct pp_node *node; /* NULL: vacant */
  uint64_t held;
};

struct pp_model {
  struct pp_node **live;
  size_t live_count;
  size_t live_capacity;
  struct pp_name *names;
  size_t name_count;
  size_t name_capacity;
  struct pp_node **queue; /* nothing refers to them any more */
  size_t queue_count;
  size_t queue_capacity;
  struct pp_node **stack; /* of a search */
  size_t stack_capacity;
  struct pp_node *none; /* what an ID that names nothing stands for */
  uint32_t visits;
  uint64_t serial;
  uint64_t links; /* references between live objects */
};

void pp_model_open(struct pp_model *model);
void pp_model_close(struct pp_model *model);

/* ---- names ---- */
/* The name of an ID; NULL when it names nothing. */
struct pp_name *pp_model_name(const struct pp_model *model, uint64_t id);
struct pp_node *pp_model_named(const struct pp_model *model, uint64_t id);
/* The ID, which names nothing, gets one reference. */
void pp_model_bind(struct pp_model *model, uint64_t id, struct pp_node *node);
/* The ID gives up this many references; with the last it names nothing. */
void pp_model_drop(struct pp_model *model, uint64_t id, uint64_t count);

/* ---- objects ---- */
struct pp_node *pp_model_new(struct pp_model *model, enum pp_type_id type,
                             struct pp_value value);
/* It is gone: what it referred to loses a reference. */
void pp_model_release(struct pp_model *model, struct pp_node *node);
/* It refers to nothing any more. */
void pp_model_empty(struct pp_model *model, struct pp_node *node);
void pp_model_free(struct pp_model *model, struct pp_node *node);
void pp_model_link(struct pp_model *model, struct pp_node *node);
void pp_model_unlink(struct pp_model *model, struct pp_node *node);
/* Next of those that lost their last reference; NULL: there is none. */
struct pp_node *pp_model_next_lost(struct pp_model *model);

static inline uint64_t pp_node_references(const struct pp_node *node) {
  return node->held + node->inward;
}

/* Calls for each reference of a node; the order is nobody's. */
void pp_model_each(const struct pp_node *node, void *ctx,
                   void (*visit)(void *ctx, struct pp_node *referred));
/* Marks all that IDs reach; frozen ones too where that is asked for. */
void pp_model_mark(struct pp_model *model, bool frozen);
static inline bool pp_model_reached(const struct pp_model *model,
                                    const struct pp_node *node) {
  return node->visits == model->visits;
}

/* ---- items of lists, tuples and instances ---- */
/* Items from `at` on move by so many places, up or down; what is pushed out
 * is not unlinked, and what comes is not linked. */
void pp_model_resize(struct pp_node *node, size_t at, size_t gone, size_t come);

/* ---- keys (keys.c) ---- */
/* Whether it may be a key: 1, is refused as one: 0, or is not to be asked
 * for: -1. `compared`: two interpreters are. */
int pp_model_is_key(const struct pp_node *node, bool compared);
bool pp_model_equal(const struct pp_node *left, const struct pp_node *right);
struct pp_entry *pp_model_find(const struct pp_node *node,
                               const struct pp_node *key);
/* True when the key is new; links what comes, and unlinks what goes. */
bool pp_model_put(struct pp_model *model, struct pp_node *node,
                  struct pp_node *key, struct pp_node *value);
bool pp_model_remove(struct pp_model *model, struct pp_node *node,
                     const struct pp_node *key);

/* Numbers as sign, odd whole number and power of two. */
struct pp_value pp_model_int(uint64_t magnitude, uint64_t shift);

#endif
