/* What the tests of containers have in common: containers of small ints, and
 * sums over what was asked for. */
#ifndef PROPTESTS_OBJECTS_CONTAINERS_H
#define PROPTESTS_OBJECTS_CONTAINERS_H

#include <stdlib.h>

#include "proptests/interpreters.h"

enum { PP_MANY = 10000 };

/* Runs the body on a host of each profile of a clause whose checks are cheap,
 * for what takes long at level heap. */
static inline void pp_each_fast(enum pp_clause clause,
                                void (*body)(struct pp_host *)) {
  static struct pp_host host;
  for (unsigned i = 0; i < PP_PROFILE_COUNT; i++) {
    if ((pp_clause_texts[clause].profiles >> i & 1) == 0) continue;
    pp_host_open(&host, &pp_profiles[i], &pp_objects_cheap);
    body(&host);
    pp_host_close(&host);
  }
}

#define FastTest(clause, name)                       \
  static void clause##_##name(struct pp_host *host); \
  Test(clause, name) {                               \
    pp_each_fast(PP_##clause, clause##_##name);      \
  }                                                  \
  static void clause##_##name(struct pp_host *host)

/* How many blocks were asked for since the mark, and how many bytes in all. */
struct pp_sum {
  size_t requests, bytes;
};

static inline struct pp_sum pp_sum_of_log(struct pp_host *host) {
  struct pp_sum sum = {0, 0};
  for (const char *at = host->log; *at != '\0'; at++) {
    if (strchr("+0>", *at) == NULL) continue;
    if (at == host->log || strchr("OM", at[-1]) == NULL) continue;
    sum.requests++;
    sum.bytes += strtoull(at + 1, NULL, 10);
  }
  pp_host_mark(host);
  return sum;
}

#define SEE_SUM(expected_requests, expected_bytes) \
  do {                                             \
    struct pp_sum sum_ = pp_sum_of_log(host);      \
    SEE_EQ(sum_.requests, expected_requests);      \
    SEE_EQ(sum_.bytes, expected_bytes);            \
  } while (0)

/* A new list or tuple of so many times None. */
static inline struct pp_object *pp_nones(struct pp_host *host, bool list,
                                         size_t length) {
  struct pp_object *items[64] = {NULL};
  cr_assert(length <= 64);
  return list ? host->objects->list(host->interpreter, items, length)
              : host->objects->tuple(host->interpreter, items, length);
}

static inline void pp_append_times(struct pp_host *host,
                                   struct pp_object *sequence,
                                   struct pp_object *item, size_t times) {
  for (size_t i = 0; i < times; i++)
    SEE(host->objects->append(host->interpreter, sequence, item));
}

static inline void pp_pop_all(struct pp_host *host,
                              struct pp_object *sequence) {
  size_t length = host->objects->length(host->interpreter, sequence);
  while (length-- > 0)
    pp_drop(host, host->objects->pop(host->interpreter, sequence, length));
}

/* Overwrites a word of piece 1, a buffer, until pp_host_mend. */
static inline void pp_spoil_buffer(struct pp_host *host,
                                   const struct pp_object *object,
                                   size_t offset, uint64_t value, size_t size) {
  struct pp_piece_info piece;
  SEE(host->objects->piece(host->interpreter, object, 1, &piece));
  SEE(offset + size <= piece.size);
  pp_spoil(host, (const uint8_t *)piece.start + offset, &value, size);
}

static inline bool pp_tracked(const struct pp_host *host,
                              const struct pp_object *object) {
  return host->objects->is_tracked(host->interpreter, object);
}

#endif
