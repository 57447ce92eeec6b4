/* The table of states (SPEC.md, "What exhaust means by a state"): open
 * addressing over 32-bit numbers. A slot is empty, taken by somebody who is
 * about to fill it, or the number of a state plus one. */
#include "check/exhaust_table.h"

#include "check/pages.h"

#define EMPTY UINT32_C(0)
#define TAKEN UINT32_MAX

/* Bytes of a state, slots apart: key, link, its slot, and its rank while a
 * level is put into order. */
enum {
  PAGE = 4096,
  STATE_BYTES = sizeof(struct pp_key) + sizeof(uint64_t) + 3 * 4
};

static void *shared(size_t size) {
  void *pages = pp_pages_shared(size);
  madvise(pages, size, MADV_HUGEPAGE); /* where the kernel can */
  return pages;
}

bool pp_table_open(struct pp_table *table, uint64_t memory) {
  uint64_t slots = 1 << 10;
  memset(table, 0, sizeof *table);
  /* Not more than four of five slots are used. */
  for (;;) {
    uint64_t more = 2 * slots;
    uint64_t states = more / 2 + more / 10;
    if (more * 4 + states * STATE_BYTES > memory || more > TAKEN / 2) break;
    slots = more;
  }
  if (slots * 4 >= memory) return false;
  uint64_t states = (memory - slots * 4) / STATE_BYTES;
  if (states > slots / 5 * 4) states = slots / 5 * 4;
  if (states < 256) return false;
  table->slot_count = slots;
  table->capacity = states;
  table->keys = shared(states * sizeof *table->keys);
  void *links = shared(states * sizeof *table->links);
  table->links = links;
  table->saved_links = links;
  table->where = shared(states * sizeof *table->where);
  table->slots = table->slot_pages = shared(slots * sizeof *table->slots);
  table->count = table->count_page = shared(sizeof *table->count);
  return true;
}

void pp_table_close(struct pp_table *table) {
  pp_pages_free(table->keys, table->capacity * sizeof *table->keys);
  pp_pages_free(table->saved_links, table->capacity * sizeof *table->links);
  pp_pages_free(table->where, table->capacity * sizeof *table->where);
  pp_pages_free(table->slot_pages, table->slot_count * sizeof *table->slots);
  pp_pages_free(table->count_page, sizeof *table->count);
}

uint64_t pp_table_memory(const struct pp_table *table, uint64_t widest) {
  uint64_t state = sizeof(struct pp_key) + sizeof(uint64_t) + 4;
  uint64_t states = atomic_load(table->count);
  uint64_t slots = table->slot_count * 4;
  /* A state is the only one on its page, as long as they are few. */
  if (slots > states * PAGE) slots = states * PAGE;
  return slots + states * state + widest * 8;
}

uint64_t pp_key_hash(const struct pp_key *key) {
  uint64_t hash = key->word[0] * UINT64_C(0x9e3779b97f4a7c15);
  hash ^= hash >> 32;
  hash = (hash + key->word[1]) * UINT64_C(0xd6e8feb86659fd93);
  hash ^= hash >> 32;
  hash *= UINT64_C(0xd6e8feb86659fd93);
  return hash ^ hash >> 32;
}

static void keep_least(_Atomic uint64_t *link, uint64_t value) {
  uint64_t known = atomic_load_explicit(link, memory_order_relaxed);
  while (value < known) {
    if (atomic_compare_exchange_weak(link, &known, value)) return;
  }
}

/* The slot is ours. */
static bool append(struct pp_table *table, uint64_t slot,
                   const struct pp_arrival *arrival) {
  uint64_t number = atomic_fetch_add(table->count, 1);
  if (number >= table->capacity) {
    atomic_fetch_sub(table->count, 1);
    atomic_store(&table->slots[slot], EMPTY);
    return false;
  }
  table->keys[number] = arrival->key;
  atomic_store_explicit(&table->links[number], arrival->link,
                        memory_order_relaxed);
  table->where[number] = (uint32_t)slot;
  atomic_store_explicit(&table->slots[slot], (uint32_t)number + 1,
                        memory_order_release);
  return true;
}

static bool add(struct pp_table *table, const struct pp_arrival *arrival,
                uint64_t fresh) {
  uint64_t mask = table->slot_count - 1;
  for (uint64_t slot = arrival->hash & mask;; slot = (slot + 1) & mask) {
    uint32_t value =
        atomic_load_explicit(&table->slots[slot], memory_order_acquire);
    if (value == EMPTY) {
      if (atomic_compare_exchange_strong(&table->slots[slot], &value, TAKEN)) {
        return append(table, slot, arrival);
      }
    }
    while (value == TAKEN || value == EMPTY) {
      value = atomic_load_explicit(&table->slots[slot], memory_order_acquire);
      if (value == EMPTY) return false; /* another found no room */
    }
    uint64_t number = value - 1;
    if (!pp_key_equal(&table->keys[number], &arrival->key)) continue;
    if (number >= fresh) keep_least(&table->links[number], arrival->link);
    return true;
  }
}

bool pp_table_has(const struct pp_table *table,
                  const struct pp_arrival *arrival, uint64_t settled) {
  uint64_t mask = table->slot_count - 1;
  for (uint64_t slot = arrival->hash & mask;; slot = (slot + 1) & mask) {
    uint32_t value =
        atomic_load_explicit(&table->slots[slot], memory_order_acquire);
    if (value == EMPTY) return false;
    if (value > settled) continue; /* or is not filled yet */
    if (pp_key_equal(&table->keys[value - 1], &arrival->key)) return true;
  }
}

void pp_table_expect(const struct pp_table *table,
                     const struct pp_arrival *arrival) {
  __builtin_prefetch(&table->slots[arrival->hash & (table->slot_count - 1)]);
}

void pp_table_await(const struct pp_table *table,
                    const struct pp_arrival *arrivals, unsigned count) {
  uint64_t mask = table->slot_count - 1;
  for (unsigned i = 0; i < count; i++) {
    uint32_t value = atomic_load_explicit(
        &table->slots[arrivals[i].hash & mask], memory_order_relaxed);
    if (value != EMPTY && value != TAKEN) {
      __builtin_prefetch(&table->keys[value - 1]);
    }
  }
}

bool pp_table_add(struct pp_table *table, const struct pp_arrival *arrivals,
                  unsigned count, uint64_t fresh) {
  for (unsigned i = 0; i < count; i++) {
    if (!add(table, &arrivals[i], fresh)) return false;
  }
  return true;
}

/* ---- the order of a level ---- */

struct ranked {
  uint32_t *first; /* by parent: where its children begin */
  uint32_t *order; /* states of the level, from its start on */
};

/* By parent, which is dense, and then among the few that share one. */
static void sort(const struct pp_table *table, uint64_t parents, uint64_t start,
                 uint64_t count, const struct ranked *ranked) {
  uint64_t families = start - parents;
  for (uint64_t i = 0; i < count; i++) {
    ranked->first[(table->links[start + i] >> 32) - parents + 1]++;
  }
  for (uint64_t i = 0; i < families; i++) {
    ranked->first[i + 1] += ranked->first[i];
  }
  for (uint64_t i = 0; i < count; i++) {
    uint64_t family = (table->links[start + i] >> 32) - parents;
    ranked->order[ranked->first[family]++] = (uint32_t)i;
  }
  for (uint64_t i = 1; i < count; i++) {
    uint32_t moving = ranked->order[i];
    uint64_t link = table->links[start + moving];
    uint64_t at = i;
    for (; at > 0 && table->links[start + ranked->order[at - 1]] > link; at--) {
      ranked->order[at] = ranked->order[at - 1];
    }
    ranked->order[at] = moving;
  }
}

/* Along each cycle of the order; order[i] becomes i. */
static void permute(struct pp_table *table, uint64_t start, uint64_t count,
                    uint32_t *order) {
  for (uint64_t i = 0; i < count; i++) {
    struct pp_key key = table->keys[start + i];
    uint64_t link = table->links[start + i];
    uint64_t to = i;
    while (order[to] != i) {
      uint64_t from = order[to];
      table->keys[start + to] = table->keys[start + from];
      table->links[start + to] = table->links[start + from];
      order[to] = (uint32_t)to;
      to = from;
    }
    table->keys[start + to] = key;
    table->links[start + to] = link;
    order[to] = (uint32_t)to;
  }
}

void pp_table_settle(struct pp_table *table, uint64_t parents, uint64_t start) {
  uint64_t count = atomic_load(table->count) - start;
  size_t families = (start - parents + 2) * sizeof(uint32_t);
  struct ranked ranked = {.first = pp_pages(families),
                          .order = pp_pages(count * 4 + 4)};
  sort(table, parents, start, count, &ranked);
  for (uint64_t i = 0; i < count; i++) {
    uint32_t slot = table->where[start + ranked.order[i]];
    atomic_store_explicit(&table->slots[slot], (uint32_t)(start + i) + 1,
                          memory_order_relaxed);
  }
  permute(table, start, count, ranked.order);
  pp_pages_free(ranked.first, families);
  pp_pages_free(ranked.order, count * 4 + 4);
}

void pp_table_index(struct pp_table *table) {
  uint64_t mask = table->slot_count - 1;
  memset(table->slot_pages, 0, table->slot_count * sizeof *table->slots);
  uint64_t count = atomic_load(table->count);
  for (uint64_t number = 0; number < count; number++) {
    uint64_t slot = pp_key_hash(&table->keys[number]) & mask;
    while (atomic_load_explicit(&table->slots[slot], memory_order_relaxed) !=
           EMPTY) {
      slot = (slot + 1) & mask;
    }
    table->where[number] = (uint32_t)slot;
    atomic_store_explicit(&table->slots[slot], (uint32_t)number + 1,
                          memory_order_relaxed);
  }
}
