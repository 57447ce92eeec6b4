/* The driver of programs: performs the statements of objects on an interpreter,
 * or on two side by side, with the graph (check/objects/model.h) beside it, and
 * holds them against each other after each call. */
#ifndef CHECK_OBJECTS_DRIVER_H
#define CHECK_OBJECTS_DRIVER_H

#include <setjmp.h>

#include "check/objects/model.h"
#include "check/report.h"

struct pp_objects_options {
  const struct pp_profile *profile;
  /* Statements from one look at everything to the next; 0: only at the end. */
  uint64_t walk_interval;
  /* The side that tells of deaths: the subject's, or, where that is a CPython,
   * its twin's. */
  unsigned teller;
  bool lays_aside; /* deep deallocation may leave something for later */
  bool ends; /* the subject can be ended, and then has given back everything */
};

enum { PP_TOUCHED_MAX = 4 };

/* What two interpreters differ in; told once the graph has had its say. */
struct pp_difference {
  enum pp_clause clause; /* PP_HOLDS: in nothing */
  char what[PP_WHAT_MAX];
};

struct pp_objects_driver {
  struct pp_side sides[PP_SIDES];
  unsigned side_count;
  struct pp_objects_options options;
  struct pp_model model;
  struct pp_report *report;
  bool has_call[PP_OP_KIND_COUNT];
  uint64_t until_walk;
  const struct pp_op *op; /* the statement under way */
  uint64_t binding;       /* the ID that is about to name something */
  bool binds;
  uint64_t brought_back;  /* by finalizers, so far */
  struct pp_node **aside; /* lost, and not gone yet */
  size_t aside_count;
  size_t aside_capacity;
  struct pp_node **died; /* in the call under way, as was told */
  size_t died_capacity;
  struct pp_node *empty;      /* the empty tuple */
  struct pp_node **operands;  /* of a tuple or a list */
  struct pp_object **objects; /* the same on the side under way */
  uint8_t *bytes;             /* what a str or bytes is made from */
  struct pp_node *touched[PP_TOUCHED_MAX];
  unsigned touched_count;
  bool refused;   /* memory, in the statement under way */
  uint64_t looks; /* at objects, so far */
  struct pp_difference difference;
  jmp_buf *stop;
};

/* The sides are open, and neither was asked for anything. */
void pp_objects_open(struct pp_objects_driver *driver,
                     const struct pp_objects_options *options,
                     struct pp_report *report);
/* Gives back what open and the program took, and the sides. */
void pp_objects_close(struct pp_objects_driver *driver);
/* Says in the report which clauses this run has oracles for. */
void pp_objects_arm(struct pp_objects_driver *driver, enum pp_level level);
/* Performs all statements, and ends the interpreters. False when a clause was
 * seen broken. */
bool pp_objects_drive(struct pp_objects_driver *driver,
                      struct pp_op_source *source);

/* ---- between the files of the driver ---- */

/* Records a finding and stops the run. */
void pp_objects_broken(struct pp_objects_driver *driver, enum pp_clause clause,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn));

#define PP_ORACLE_OF_OBJECTS(driver, clause, fact, ...)               \
  do {                                                                \
    (driver)->report->evaluated[PP_##clause]++;                       \
    if (!(fact)) pp_objects_broken(driver, PP_##clause, __VA_ARGS__); \
  } while (0)

/* Notes the first difference of a call, and tells it. */
void pp_objects_differ(struct pp_objects_driver *driver, enum pp_clause clause,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void pp_objects_tell_difference(struct pp_objects_driver *driver);

/* Counts what both interpreters agreed in; nothing where there is one. */
static inline void pp_objects_agreed(struct pp_objects_driver *driver,
                                     enum pp_agreed what) {
  if (driver->side_count > 1) driver->report->agreed[what]++;
}

/* One call, with its operands as nodes and numbers, for any side. */
struct pp_call {
  enum pp_op_kind kind;
  struct pp_node *target;
  struct pp_node *first;
  struct pp_node *second;
  uint64_t a;
  uint64_t b;
};

struct pp_answer {
  struct pp_object *object[PP_SIDES];
  int64_t number; /* a truth, or a count; the same on all sides */
  bool short_of_memory;
};

/* What the graph says of the answer. */
enum pp_expected { PP_MUST_NOT, PP_MUST_DO, PP_MAY_DO };

/* offers.c: which statements all sides have functions for. */
void pp_objects_find_calls(struct pp_objects_driver *driver);

/* calls.c: performs the call on every side, and holds what they say and ask
 * for against each other. */
struct pp_answer pp_objects_call(struct pp_objects_driver *driver,
                                 const struct pp_call *call);
/* Whether it did what was asked; a finding when it had to, or must not. */
bool pp_objects_did(struct pp_objects_driver *driver,
                    const struct pp_answer *answer, bool did,
                    enum pp_expected expected);
/* A bare incref or decref. */
void pp_objects_count(struct pp_objects_driver *driver, struct pp_node *node,
                      bool up);

/* settle.c: after a call, once the graph has been changed as it was. */
void pp_objects_settle(struct pp_objects_driver *driver);
/* After a full collection. */
void pp_objects_settle_collected(struct pp_objects_driver *driver,
                                 bool unhindered);

/* make.c, change.c: one statement each. */
void pp_objects_make(struct pp_objects_driver *driver, const struct pp_op *op);
void pp_objects_refer(struct pp_objects_driver *driver, const struct pp_op *op);
void pp_objects_change(struct pp_objects_driver *driver,
                       const struct pp_op *op);
void pp_objects_change_keys(struct pp_objects_driver *driver,
                            const struct pp_op *op);
void pp_objects_collector(struct pp_objects_driver *driver,
                          const struct pp_op *op);
/* The ID gives up all that it holds. */
void pp_objects_vacate(struct pp_objects_driver *driver, uint64_t id);
/* Gives up one reference. */
void pp_objects_drop(struct pp_objects_driver *driver, uint64_t id);
/* The node of an answer: known, or new and of this kind. */
struct pp_node *pp_objects_answered(struct pp_objects_driver *driver,
                                    const struct pp_answer *answer,
                                    enum pp_type_id type,
                                    struct pp_value value);
/* What an operand stands for. */
struct pp_node *pp_objects_operand(const struct pp_objects_driver *driver,
                                   uint64_t id);
void pp_objects_touch(struct pp_objects_driver *driver, struct pp_node *node);

/* look.c: one object, from outside; `whole`: however large it is. */
void pp_objects_look(struct pp_objects_driver *driver, struct pp_node *node,
                     bool whole);
/* compare.c: the same on both sides. */
void pp_objects_compare(struct pp_objects_driver *driver, struct pp_node *node,
                        bool whole);
void pp_objects_compare_collectors(struct pp_objects_driver *driver,
                                   bool whole);
void pp_objects_compare_requests(struct pp_objects_driver *driver);
void pp_objects_compare_events(struct pp_objects_driver *driver);

/* "int 12", for messages; lives until the fourth next call. */
const char *pp_node_text(const struct pp_node *node);

#endif
