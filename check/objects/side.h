/* One interpreter at work: its build, the memory below it, what it asked that
 * memory for, and what it told its host. A program is performed on one or two
 * of these (check/objects/driver.h).
 *
 * Below the reference lies a heap of the same profile, on places of its own;
 * below a CPython its own families. Either way every request goes through here
 * and is written down, and can be refused. */
#ifndef CHECK_OBJECTS_SIDE_H
#define CHECK_OBJECTS_SIDE_H

#include "check/places.h"
#include "poolproof/objects.h"

struct pp_node;

enum pp_request_call {
  PP_REQUEST_MALLOC,
  PP_REQUEST_CALLOC,
  PP_REQUEST_REALLOC,
  PP_REQUEST_FREE
};

struct pp_request {
  bool mem; /* family: OBJ or MEM */
  enum pp_request_call call;
  uint64_t size; /* asked for; of a free: of the block that goes */
};

enum pp_event_kind { PP_EVENT_FINALIZE, PP_EVENT_WEAKREF, PP_EVENT_DEALLOC };

struct pp_event {
  enum pp_event_kind kind;
  struct pp_node *node; /* NULL: of an object that no program named */
  bool resurrected;     /* by its finalizer */
  size_t earlier;       /* number of the event of this node before, from 1 */
};

/* From an address to what is known of it; open addressing. */
struct pp_addresses {
  struct pp_address_entry {
    uintptr_t address; /* 0: vacant */
    uint64_t value;
  } * at;
  size_t capacity;
  size_t count;
};

enum {
  PP_REQUESTS_KEPT = 256, /* of one step; all are counted */
};

struct pp_side {
  const struct pp_objects *objects;
  struct pp_interpreter *interpreter;
  void *memory;              /* that it lives in */
  struct pp_witness witness; /* of the interpreter */
  void *owner;               /* the driver */
  unsigned number;           /* 0: the subject, 1: its twin */
  bool tells;                /* of deaths, for the graph */
  /* What the interpreter told since the last step. */
  struct pp_event *events;
  size_t event_count;
  size_t event_capacity;
  bool (*resurrects)(struct pp_side *side, struct pp_node *node);

  struct pp_system_source obj; /* what the interpreter is given */
  struct pp_system_source mem;
  struct pp_source_here {
    struct pp_side *side;
    bool mem;
    struct pp_system_source below;
  } sources[2];
  struct pp_places places;
  struct pp_heap *heap; /* NULL: there is none of ours below */
  struct pp_witness heap_witness;
  struct pp_addresses blocks; /* size of each that is out */
  uint64_t bytes;             /* of all of them */
  uint64_t bytes_peak;
  uint64_t blocks_peak;
  struct pp_addresses objects_at; /* node of each object */

  struct pp_request requests[PP_REQUESTS_KEPT];
  uint64_t request_count;
  uint64_t requests_of_all; /* steps, since the program began */
  uint64_t refuse_after;    /* requests, before the next are refused */
  uint64_t refuse;          /* so many */
  uint64_t refused;         /* in this step */
  const char *misuse;       /* a release of what was not out, or NULL */
};

/* Below: NULL for a heap of the profile. False when there is no memory. */
bool pp_side_open(struct pp_side *side, const struct pp_objects *objects,
                  const struct pp_profile *profile,
                  const struct pp_system_source *obj,
                  const struct pp_system_source *mem,
                  void (*broken)(struct pp_witness *witness,
                                 enum pp_clause clause, const char *where));
/* Ends the interpreter; what is out afterwards was not given back. */
void pp_side_end(struct pp_side *side);

/* Gives back all that the side took, and the heap below with it. */
void pp_side_close(struct pp_side *side, const struct pp_profile *profile);

/* Forgets requests and events: a step begins. */
void pp_side_begin(struct pp_side *side);

struct pp_node *pp_side_node(const struct pp_side *side,
                             const struct pp_object *object);
void pp_side_bind(struct pp_side *side, struct pp_object *object,
                  struct pp_node *node);
void pp_side_unbind(struct pp_side *side, const struct pp_object *object);

/* No event is of this node any more. */
void pp_side_forget(struct pp_side *side, const struct pp_node *node);

/* The size that was asked for where a block that is out begins there. */
bool pp_side_block(const struct pp_side *side, const void *start, size_t *size);

/* ---- addresses ---- */
bool pp_addresses_find(const struct pp_addresses *map, uintptr_t address,
                       uint64_t *value);
void pp_addresses_put(struct pp_addresses *map, uintptr_t address,
                      uint64_t value);
bool pp_addresses_remove(struct pp_addresses *map, uintptr_t address,
                         uint64_t *value);

#endif
