/* After a call (SPEC.md, GRAPH-02 to GRAPH-06): what the interpreter told is
 * held against the graph, which has been changed as the call says. What nothing
 * refers to must be gone; what is gone besides must be out of reach. */
#include <stdlib.h>

#include "check/driver.h"
#include "check/objects/driver.h"

static const struct pp_side *teller_of(const struct pp_objects_driver *driver) {
  return &driver->sides[driver->options.teller];
}

/* ---- what was told ---- */

static void note_finalized(struct pp_objects_driver *driver,
                           const struct pp_event *event) {
  struct pp_node *node = event->node;
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_05, node != NULL,
                       "a finalizer ran for an object that is not there");
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_05, node->finalizer != 0,
                       "a finalizer ran for %s, which has none",
                       pp_node_text(node));
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_05, !node->finalized,
                       "the finalizer of %s ran again", pp_node_text(node));
  node->finalized = true;
  pp_objects_agreed(driver, PP_AGREED_FINALIZERS);
  if (!event->resurrected) return;
  pp_objects_agreed(driver, PP_AGREED_RESURRECTIONS);
  driver->brought_back++;
  pp_model_bind(&driver->model, node->home, node);
  /* Weak references that were garbage with it were cleared unseen. */
  for (size_t i = 0; i < driver->model.live_count; i++)
    driver->model.live[i]->uncertain = true;
}

static void note_weakref_dead(struct pp_objects_driver *driver,
                              const struct pp_event *event) {
  struct pp_node *node = event->node;
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_06, node != NULL,
                       "a callback was called of a weak reference that is not "
                       "there");
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_06, node->callback, "%s has no callback",
                       pp_node_text(node));
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_06, node->referent != NULL,
                       "the callback of %s was called again",
                       pp_node_text(node));
  node->callback = false;
  pp_objects_agreed(driver, PP_AGREED_CALLBACKS);
}

static void note_events(struct pp_objects_driver *driver,
                        const struct pp_side *side) {
  for (size_t i = 0; i < side->event_count; i++) {
    if (side->events[i].kind == PP_EVENT_FINALIZE) {
      note_finalized(driver, &side->events[i]);
    } else if (side->events[i].kind == PP_EVENT_WEAKREF) {
      note_weakref_dead(driver, &side->events[i]);
    }
  }
}

/* ---- what is gone ---- */

static void forget(struct pp_objects_driver *driver, struct pp_node *node) {
  driver->report->ticks++;
  for (unsigned i = 0; i < driver->side_count; i++) {
    struct pp_side *side = &driver->sides[i];
    if (pp_side_node(side, node->at[i]) == node) {
      pp_side_unbind(side, node->at[i]);
    }
    pp_side_forget(side, node);
  }
  for (unsigned i = 0; i < driver->touched_count; i++) {
    if (driver->touched[i] != node) continue;
    driver->touched[i] = driver->touched[--driver->touched_count];
    i--;
  }
  pp_model_free(&driver->model, node);
}

/* A weak reference that survives its referent was told of, if it wanted to. */
static void check_weak(struct pp_objects_driver *driver,
                       const struct pp_node *node) {
  for (const struct pp_node *weak = node->weak; weak != NULL;
       weak = weak->next_weak) {
    if (weak->died || weak->uncertain) continue;
    if (driver->refused) continue; /* several take memory */
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_06, !weak->callback,
                         "%s is gone; %s was not called back",
                         pp_node_text(node), pp_node_text(weak));
  }
}

static void release(struct pp_objects_driver *driver, struct pp_node *node) {
  PP_ORACLE_OF_OBJECTS(
      driver, GRAPH_05, node->finalizer == 0 || node->finalized,
      "%s is gone; its finalizer did not run", pp_node_text(node));
  check_weak(driver, node);
  pp_model_release(&driver->model, node);
}

/* True when it waits for the end of another object. */
static bool is_laid_aside(struct pp_objects_driver *driver,
                          struct pp_node *node) {
  if (!driver->options.lays_aside || node->died) return false;
  if (node->type < PP_TYPE_TUPLE) return false;
  if (driver->aside_count == driver->aside_capacity) {
    driver->aside_capacity = 2 * driver->aside_capacity + 64;
    driver->aside = reallocarray(driver->aside, driver->aside_capacity,
                                 sizeof(struct pp_node *));
    if (driver->aside == NULL) abort();
  }
  driver->aside[driver->aside_count++] = node;
  return true;
}

static void take_up_aside(struct pp_objects_driver *driver) {
  size_t count = driver->aside_count;
  driver->aside_count = 0;
  for (size_t i = 0; i < count; i++) {
    pp_model_link(&driver->model, driver->aside[i]);
    pp_model_unlink(&driver->model, driver->aside[i]);
  }
}

/* Those that lost their last reference, and what they alone referred to. */
static void settle_lost(struct pp_objects_driver *driver) {
  struct pp_node *node;
  while ((node = pp_model_next_lost(&driver->model)) != NULL) {
    if (node->shared || is_laid_aside(driver, node)) continue;
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_03, node->died,
                         "nothing refers to %s, and it is still there",
                         pp_node_text(node));
    release(driver, node);
    forget(driver, node);
  }
}

static size_t collect_died(struct pp_objects_driver *driver,
                           const struct pp_side *side) {
  size_t count = 0;
  if (side->event_count > driver->died_capacity) {
    driver->died_capacity = 2 * side->event_count;
    driver->died = reallocarray(driver->died, driver->died_capacity,
                                sizeof(struct pp_node *));
    if (driver->died == NULL) abort();
  }
  for (size_t i = 0; i < side->event_count; i++) {
    const struct pp_event *event = &side->events[i];
    if (event->kind == PP_EVENT_DEALLOC && event->node != NULL) {
      driver->died[count++] = event->node;
    }
  }
  return count;
}

/* Whole cycles: out of reach, and nothing that stays refers to them. */
static void settle_cycles(struct pp_objects_driver *driver) {
  const struct pp_side *side = teller_of(driver);
  if (side->event_count == 0) return;
  size_t count = collect_died(driver, side);
  struct pp_node **died = driver->died;
  if (count > 0) pp_model_mark(&driver->model, false);
  for (size_t i = 0; i < count; i++) {
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_02,
                         !pp_model_reached(&driver->model, died[i]),
                         "%s is gone, and was in use", pp_node_text(died[i]));
  }
  for (size_t i = 0; i < count; i++)
    release(driver, died[i]);
  for (size_t i = 0; i < count; i++) {
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_02, pp_node_references(died[i]) == 0,
                         "%s is gone, and is still referred to",
                         pp_node_text(died[i]));
    /* One that waits among the lost goes with them. */
    if (!died[i]->waiting) forget(driver, died[i]);
  }
}

static bool is_finalized_now(const struct pp_event *event) {
  return event->kind == PP_EVENT_FINALIZE && event->node != NULL;
}

/* What finalizers brought back counts as out of reach for a while. */
static void hide_brought_back(const struct pp_side *side, bool hide) {
  for (size_t i = 0; i < side->event_count; i++) {
    const struct pp_event *event = &side->events[i];
    if (!is_finalized_now(event) || !event->resurrected) continue;
    event->node->held += hide ? UINT64_MAX : 1;
  }
}

/* A finalizer runs for what is gone, or out of reach but for what finalizers
 * bring back. */
static void check_finalized(struct pp_objects_driver *driver) {
  const struct pp_side *side = teller_of(driver);
  bool any = false;
  for (size_t i = 0; i < side->event_count; i++) {
    if (is_finalized_now(&side->events[i])) any = true;
  }
  if (!any) return;
  hide_brought_back(side, true);
  pp_model_mark(&driver->model, false);
  hide_brought_back(side, false);
  for (size_t i = 0; i < side->event_count; i++) {
    const struct pp_event *event = &side->events[i];
    if (!is_finalized_now(event)) continue;
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_05,
                         !pp_model_reached(&driver->model, event->node),
                         "the finalizer of %s ran while it was in use",
                         pp_node_text(event->node));
  }
}

static void check_memory(struct pp_objects_driver *driver) {
  for (unsigned i = 0; i < driver->side_count; i++) {
    const struct pp_side *side = &driver->sides[i];
    driver->report->finding.ours = i > 0;
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_18, side->misuse == NULL, "%s",
                         side->misuse);
  }
  driver->report->finding.ours = false;
}

void pp_objects_settle(struct pp_objects_driver *driver) {
  check_memory(driver);
  pp_objects_compare_events(driver);
  note_events(driver, teller_of(driver));
  take_up_aside(driver);
  settle_lost(driver);
  settle_cycles(driver);
  check_finalized(driver);
  /* What a cycle alone referred to went with it. */
  settle_lost(driver);
  pp_objects_tell_difference(driver);
  pp_objects_compare_requests(driver);
}

void pp_objects_settle_collected(struct pp_objects_driver *driver,
                                 bool unhindered) {
  if (!unhindered || driver->aside_count > 0) return;
  pp_model_mark(&driver->model, true);
  for (size_t i = 0; i < driver->model.live_count; i++) {
    const struct pp_node *node = driver->model.live[i];
    PP_ORACLE_OF_OBJECTS(
        driver, GRAPH_04, pp_model_reached(&driver->model, node),
        "%s is out of reach, and still there", pp_node_text(node));
  }
}
