/* Graphs of objects and the order in which they die. */
#include "proptests/graphs.h"

#include <stdio.h>

enum { MOST = 400, LONG = 25 };

struct pp_object *pp_list(struct pp_host *host) {
  struct pp_object *list = host->objects->list(host->interpreter, NULL, 0);
  cr_assert_not_null(list);
  return list;
}

struct pp_object *pp_long_tuple(struct pp_host *host, struct pp_object *item) {
  struct pp_object *items[LONG] = {item};
  struct pp_object *tuple =
      host->objects->tuple(host->interpreter, items, LONG);
  cr_assert_not_null(tuple);
  return tuple;
}

struct pp_object *pp_thing(struct pp_host *host, bool finalizer) {
  struct pp_object *instance =
      host->objects->instance(host->interpreter, finalizer);
  cr_assert_not_null(instance);
  return instance;
}

void pp_put(struct pp_host *host, struct pp_object *list,
            struct pp_object *item) {
  SEE(host->objects->append(host->interpreter, list, item));
}

void pp_attribute(struct pp_host *host, struct pp_object *instance,
                  unsigned number, struct pp_object *value) {
  SEE(host->objects->set_attribute(host->interpreter, instance, number, value));
}

int64_t pp_collect(struct pp_host *host, unsigned generation) {
  return host->objects->collect(host->interpreter, generation);
}

bool pp_tracked(struct pp_host *host, const struct pp_object *object) {
  return host->objects->is_tracked(host->interpreter, object);
}

/* ---- who died, and who is where ---- */

struct sequence {
  const struct pp_object *known[MOST];
  size_t known_count;
  int seen[MOST];
  size_t seen_count;
  char text[4096];
};

static struct sequence deaths, members;

static void begin(struct sequence *sequence, struct pp_object *const *objects,
                  size_t count) {
  cr_assert(count <= MOST);
  for (size_t i = 0; i < count; i++)
    sequence->known[i] = objects[i];
  sequence->known_count = count;
  sequence->seen_count = 0;
}

static void see(struct sequence *sequence, const struct pp_object *object) {
  for (size_t i = 0; i < sequence->known_count; i++) {
    if (sequence->known[i] != object) continue;
    sequence->known[i] = NULL; /* its address may be another's from here on */
    sequence->seen[sequence->seen_count++] = (int)i;
    return;
  }
}

static const char *write_down(struct sequence *sequence) {
  char *text = sequence->text;
  *text = '\0';
  for (size_t i = 0; i < sequence->seen_count;) {
    size_t last = i;
    while (last + 1 < sequence->seen_count &&
           sequence->seen[last + 1] == sequence->seen[last] + 1)
      last++;
    if (last - i < 2) last = i;
    text += sprintf(text, last == i ? "%s%d" : "%s%d..%d", i == 0 ? "" : " ",
                    sequence->seen[i], sequence->seen[last]);
    i = last + 1;
  }
  return sequence->text;
}

static void on_dealloc(void *ctx, const struct pp_object *object) {
  (void)ctx;
  see(&deaths, object);
}

void pp_deaths_begin(struct pp_host *host, struct pp_object *const *objects,
                     size_t count) {
  begin(&deaths, objects, count);
  host->events.dealloc = on_dealloc;
}

const char *pp_deaths(void) {
  return write_down(&deaths);
}

static bool on_member(void *ctx, struct pp_object *object) {
  (void)ctx;
  see(&members, object);
  return true;
}

const char *pp_generation(struct pp_host *host, unsigned generation,
                          struct pp_object *const *objects, size_t count) {
  begin(&members, objects, count);
  host->objects->visit_generation(host->interpreter, generation, NULL,
                                  on_member);
  return write_down(&members);
}
