/* What is equal to what, and what a dict or a set has (SPEC.md, GRAPH and
 * DICT). Every number that a program can make is a sign, an odd whole number
 * of 64 bits and a power of two, so that an int and a double are compared
 * exactly and without arithmetic:
 *
 *     value.a   the odd whole number; 0 for zero, whatever its sign
 *     value.b   the power of two, shifted left by one, and the sign
 */
#include <stdlib.h>
#include <string.h>

#include "check/objects/model.h"
#include "check/op.h"

enum { DIGIT_BITS = 30, ENTRIES_FIRST = 8 };

#define INFINITE_POWER 5000 /* beyond that of any double */
#define NAN_POWER 6000

static struct pp_value number(bool negative, uint64_t magnitude,
                              int64_t power) {
  if (magnitude == 0) return (struct pp_value){0, 0};
  while (magnitude % 2 == 0) {
    magnitude /= 2;
    power++;
  }
  return (struct pp_value){magnitude, (uint64_t)power << 1 | negative};
}

struct pp_value pp_model_int(uint64_t magnitude, uint64_t shift) {
  uint64_t digits = pp_op_items(shift / 2);
  return number(shift % 2 == 1, magnitude, (int64_t)(digits * DIGIT_BITS));
}

static struct pp_value of_double(uint64_t bits) {
  enum { MANTISSA_BITS = 52, EXPONENT_MOST = 2047, BIAS = 1075 };
  uint64_t exponent = bits >> MANTISSA_BITS & EXPONENT_MOST;
  uint64_t fraction = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
  bool negative = bits >> 63;
  if (exponent == EXPONENT_MOST) {
    return number(negative, 1, fraction == 0 ? INFINITE_POWER : NAN_POWER);
  }
  if (exponent == 0) return number(negative, fraction, 1 - BIAS);
  return number(negative, fraction | UINT64_C(1) << MANTISSA_BITS,
                (int64_t)exponent - BIAS);
}

static bool is_nan(struct pp_value value) {
  return value.b >> 1 == NAN_POWER && value.a == 1;
}

/* The real and the imaginary part of a number; false: it is none. */
static bool parts_of(const struct pp_node *node, struct pp_value parts[2]) {
  parts[1] = (struct pp_value){0, 0};
  switch (node->type) {
  case PP_TYPE_BOOL: parts[0] = number(false, node->value.a, 0); return true;
  case PP_TYPE_INT: parts[0] = node->value; return true;
  case PP_TYPE_FLOAT: parts[0] = of_double(node->value.a); return true;
  case PP_TYPE_COMPLEX:
    parts[0] = of_double(node->value.a);
    parts[1] = of_double(node->value.b);
    return true;
  default: return false;
  }
}

static bool same(struct pp_value left, struct pp_value right) {
  return left.a == right.a && left.b == right.b;
}

bool pp_model_equal(const struct pp_node *left, const struct pp_node *right) {
  struct pp_value a[2], b[2];
  if (left == right) return true;
  if (parts_of(left, a)) {
    if (!parts_of(right, b)) return false;
    return same(a[0], b[0]) && same(a[1], b[1]);
  }
  if (left->type != right->type) return false;
  if (left->type == PP_TYPE_STR || left->type == PP_TYPE_BYTES) {
    return same(left->value, right->value);
  }
  if (left->type != PP_TYPE_TUPLE || left->count != right->count) return false;
  for (size_t i = 0; i < left->count; i++) {
    if (!pp_model_equal(left->items[i], right->items[i])) return false;
  }
  return true;
}

/* ---- what may be a key ---- */

static int number_is_key(const struct pp_node *node) {
  struct pp_value parts[2];
  parts_of(node, parts);
  return is_nan(parts[0]) || is_nan(parts[1]) ? -1 : 1;
}

static int tuple_is_key(const struct pp_node *node, bool compared) {
  int worst = 1;
  if (node->parts > PP_KEY_PARTS_MAX) return -1;
  for (size_t i = 0; i < node->count; i++) {
    int is = pp_model_is_key(node->items[i], compared);
    if (is < 0) return -1;
    if (is == 0) worst = 0;
  }
  return worst;
}

int pp_model_is_key(const struct pp_node *node, bool compared) {
  switch (node->type) {
  case PP_TYPE_BOOL:
  case PP_TYPE_STR:
  case PP_TYPE_BYTES: return 1;
  case PP_TYPE_INT:
  case PP_TYPE_FLOAT:
  case PP_TYPE_COMPLEX: return number_is_key(node);
  case PP_TYPE_NONE:
  case PP_TYPE_ELLIPSIS:
  case PP_TYPE_NOT_IMPLEMENTED:
  case PP_TYPE_INSTANCE: return compared ? -1 : 1;
  case PP_TYPE_WEAKREF: return -1;
  case PP_TYPE_TUPLE: return tuple_is_key(node, compared);
  default: return 0;
  }
}

static uint64_t mixed(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
  return hash ^ hash >> 32;
}

static uint64_t hash_of(const struct pp_node *node) {
  struct pp_value parts[2];
  uint64_t hash = 0;
  if (parts_of(node, parts)) {
    hash = mixed(mixed(1, parts[0].a), parts[0].b);
    return mixed(mixed(hash, parts[1].a), parts[1].b);
  }
  hash = mixed(2, node->type);
  if (node->type == PP_TYPE_STR || node->type == PP_TYPE_BYTES) {
    return mixed(mixed(hash, node->value.a), node->value.b);
  }
  if (node->type != PP_TYPE_TUPLE) return mixed(hash, node->serial);
  for (size_t i = 0; i < node->count; i++) {
    hash = mixed(hash, hash_of(node->items[i]));
  }
  return hash;
}

/* ---- entries ---- */

static struct pp_entry *slot_of(const struct pp_node *node, uint64_t hash,
                                const struct pp_node *key) {
  size_t mask = node->capacity - 1;
  size_t at = (size_t)hash & mask;
  while (node->entries[at].key != NULL) {
    struct pp_entry *entry = &node->entries[at];
    if (entry->hash == hash && pp_model_equal(entry->key, key)) break;
    at = (at + 1) & mask;
  }
  return &node->entries[at];
}

struct pp_entry *pp_model_find(const struct pp_node *node,
                               const struct pp_node *key) {
  if (node->entries == NULL) return NULL;
  struct pp_entry *entry = slot_of(node, hash_of(key), key);
  return entry->key == NULL ? NULL : entry;
}

static void make_room(struct pp_node *node) {
  struct pp_entry *former = node->entries;
  size_t count = node->capacity;
  if (4 * (node->count + 1) <= 3 * node->capacity) return;
  node->capacity = count == 0 ? ENTRIES_FIRST : 2 * count;
  node->entries = calloc(node->capacity, sizeof *node->entries);
  if (node->entries == NULL) abort();
  for (size_t i = 0; i < count; i++) {
    if (former[i].key == NULL) continue;
    *slot_of(node, former[i].hash, former[i].key) = former[i];
  }
  free(former);
}

bool pp_model_put(struct pp_model *model, struct pp_node *node,
                  struct pp_node *key, struct pp_node *value) {
  make_room(node);
  uint64_t hash = hash_of(key);
  struct pp_entry *entry = slot_of(node, hash, key);
  bool fresh = entry->key == NULL;
  struct pp_node *former = entry->value;
  if (value != NULL) pp_model_link(model, value);
  if (fresh) {
    pp_model_link(model, key);
    *entry = (struct pp_entry){hash, key, value};
    node->count++;
  } else {
    entry->value = value;
    if (former != NULL) pp_model_unlink(model, former);
  }
  return fresh;
}

bool pp_model_remove(struct pp_model *model, struct pp_node *node,
                     const struct pp_node *key) {
  struct pp_entry *entry = pp_model_find(node, key);
  if (entry == NULL) return false;
  struct pp_entry gone = *entry;
  size_t mask = node->capacity - 1;
  size_t hole = (size_t)(entry - node->entries);
  for (size_t at = (hole + 1) & mask; node->entries[at].key != NULL;
       at = (at + 1) & mask) {
    size_t home = (size_t)node->entries[at].hash & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    node->entries[hole] = node->entries[at];
    hole = at;
  }
  node->entries[hole].key = NULL;
  node->count--;
  pp_model_unlink(model, gone.key);
  if (gone.value != NULL) pp_model_unlink(model, gone.value);
  return true;
}
