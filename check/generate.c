/* The generator of histories (SPEC.md, OPS-14). Phases follow one another: the
 * heap grows to a target, churns there, and shrinks in one of several orders,
 * so that pools fill, empty and change class and arenas come, go and change
 * places. Weights are drawn anew for each history and each phase: a mix that
 * never frees, or only ever uses one class, finds what an even mix does not. */
#include "check/generate.h"

#include "check/pages.h"

enum { USABLE_ONE_IN = 48 };
#define REFUSED_WITHIN 64 /* sizes this close to the limits are refused */
#define REFUSED_FAR 16384 /* and these, which wrap with an alignment added */

/* ---- live IDs ---- */

static bool is_live(const struct pp_generator *g, uint32_t id) {
  return g->position[id] < g->live_count;
}

static void put(struct pp_generator *g, uint32_t id, uint32_t position) {
  uint32_t other = g->ids[position];
  g->ids[g->position[id]] = other;
  g->position[other] = g->position[id];
  g->ids[position] = id;
  g->position[id] = position;
}

static void take(struct pp_generator *g, uint32_t id, uint64_t size) {
  put(g, id, g->live_count++);
  g->sizes[id] = size;
  g->taken[id] = g->emitted;
  g->origin[id] = 0;
  g->live_bytes += size;
}

static void drop(struct pp_generator *g, uint32_t id) {
  put(g, id, --g->live_count);
  g->live_bytes -= g->sizes[id];
}

/* A vacant ID; there is one, for targets stay below PP_GENERATE_IDS. */
static uint32_t fresh_id(struct pp_generator *g) {
  return g->ids[g->live_count];
}

static uint32_t some_id(struct pp_generator *g) {
  return g->ids[pp_random_below(&g->random, g->live_count)];
}

/* ---- statements ---- */

static struct pp_op statement(enum pp_op_kind kind, uint64_t id, uint64_t a,
                              uint64_t b) {
  return (struct pp_op){.kind = kind, .id = id, .a = a, .b = b};
}

static bool any_malloc(const struct pp_generator *g) {
  return g->options.profile == NULL;
}

static void becomes(struct pp_generator *g, uint32_t id, uint64_t size) {
  g->live_bytes += size - g->sizes[id];
  g->sizes[id] = size;
}

/* A size as a product: few large parts, or, of any malloc, many small ones. */
static struct pp_op product(struct pp_generator *g, enum pp_op_kind kind,
                            uint32_t id, uint64_t size) {
  uint64_t count = pp_random_between(&g->random, 1, 8);
  uint64_t each = size / count;
  becomes(g, id, count * each);
  if (any_malloc(g) && pp_random_one_in(&g->random, 3)) {
    return statement(kind, id, each, count);
  }
  return statement(kind, id, count, each);
}

/* Few alignments are of more than two pages: each costs address space. */
static struct pp_op aligned(struct pp_generator *g, uint32_t id,
                            uint64_t size) {
  struct pp_random *random = &g->random;
  uint8_t bits = (uint8_t)pp_random_between(random, 3, 13);
  if (pp_random_one_in(random, 64)) {
    bits = (uint8_t)pp_random_between(random, 14, 20);
  }
  bool posix = !pp_random_one_in(random, 2);
  g->origin[id] = posix ? PP_ORIGIN_OTHER : bits;
  if (!posix && pp_random_one_in(random, 8)) {
    size = UINT64_C(1) << bits; /* size and alignment the same */
    becomes(g, id, size);
  }
  return statement(posix ? PP_OP_POSIX_MEMALIGN : PP_OP_ALIGNED_ALLOC, id,
                   UINT64_C(1) << bits, size);
}

static struct pp_op request(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  uint32_t id = fresh_id(g);
  uint64_t size = pp_generate_size(g);
  take(g, id, size);
  if (pp_random_below(random, 100) < g->weight_calloc) {
    return product(g, PP_OP_CALLOC, id, size);
  }
  if (any_malloc(g) && pp_random_below(random, 100) < g->weight_aligned) {
    return aligned(g, id, size);
  }
  return statement(PP_OP_MALLOC, id, size, 0);
}

/* The live ID to free, in the order of the phase. Looking at a few and taking
 * the oldest or newest of them is as good as an exact order, and cheaper. */
static uint32_t victim(struct pp_generator *g) {
  uint32_t best = some_id(g);
  if (g->shrink_order == 0) return best;
  for (unsigned i = 0; i < 8; i++) {
    uint32_t other = some_id(g);
    bool older = g->taken[other] < g->taken[best];
    if (older == (g->shrink_order == 1)) best = other;
  }
  return best;
}

/* A plain free follows a sized one: a subject that has none skips it, and one
 * that has is then asked to free null. */
static struct pp_op release(struct pp_generator *g) {
  uint32_t id = victim(g);
  uint64_t size = g->sizes[id];
  uint8_t bits = g->origin[id];
  struct pp_op plain = statement(PP_OP_FREE, id, 0, 0);
  drop(g, id);
  if (!any_malloc(g) || bits == PP_ORIGIN_OTHER) return plain;
  if (!pp_random_one_in(&g->random, 8)) return plain;
  g->after = plain;
  if (bits == 0) return statement(PP_OP_FREE_SIZED, id, size, 0);
  return statement(PP_OP_FREE_ALIGNED_SIZED, id, UINT64_C(1) << bits, size);
}

static struct pp_op resize(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  uint32_t id = some_id(g);
  uint64_t size = g->sizes[id];
  switch (pp_random_below(random, 6)) {
  case 0: size = pp_generate_size(g); break;
  case 1: size = pp_generate_edge(g); break;
  case 2: size = size * 3 / 4 + pp_random_below(random, 3); break;
  case 3: size = size + pp_random_between(random, 1, 40); break;
  case 4: size = size - pp_random_below(random, size / 4 + 1); break;
  default: size = size + size / 8 + 6; break;
  }
  if (size == 0 && any_malloc(g)) size = 1;
  size = pp_generate_at_most(g, size, g->sizes[id]);
  becomes(g, id, size);
  g->origin[id] = 0;
  if (any_malloc(g) && size >= 8 && pp_random_one_in(random, 4)) {
    return product(g, PP_OP_REALLOCARRAY, id, size);
  }
  return statement(PP_OP_REALLOC, id, size, 0);
}

/* What nobody can have, of calls that CPython's family is without. */
static struct pp_op refused(struct pp_generator *g, uint32_t id) {
  struct pp_random *random = &g->random;
  uint64_t huge = UINT64_MAX - pp_random_below(random, REFUSED_FAR);
  uint64_t alignment = UINT64_C(1) << pp_random_between(random, 4, 13);
  uint32_t vacant = fresh_id(g);
  switch (pp_random_below(random, 5)) {
  case 0: return statement(PP_OP_ALIGNED_ALLOC, vacant, alignment, huge);
  case 1: return statement(PP_OP_POSIX_MEMALIGN, vacant, alignment, huge);
  case 2: return statement(PP_OP_MALLOC, vacant, huge, 0);
  case 3: return statement(PP_OP_REALLOC, id, huge, 0);
  default: return statement(PP_OP_REALLOCARRAY, id, huge / 2, 3);
  }
}

/* What is asked seldom: refusals, misfits, changes of the weather. */
static struct pp_op oddity(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  uint64_t huge = UINT64_MAX - pp_random_below(random, REFUSED_WITHIN);
  uint32_t id = g->live_count > 0 ? some_id(g) : 0;
  if (any_malloc(g) && pp_random_one_in(random, 3)) return refused(g, id);
  switch (pp_random_below(random, any_malloc(g) ? 5 : 10)) {
  case 0: return statement(PP_OP_MALLOC, fresh_id(g), huge, 0);
  case 1: return statement(PP_OP_REALLOC, id, huge, 0);
  case 2:
    return statement(PP_OP_CALLOC, fresh_id(g), huge / 2,
                     2 + pp_random_below(random, 5));
  case 3: return statement(PP_OP_FREE, fresh_id(g), 0, 0);
  case 4: return statement(PP_OP_USABLE, id, 0, 0);
  case 5: return statement(PP_OP_DOMAIN, 0, PP_DOMAIN_MEM, 0);
  case 6: return statement(PP_OP_DOMAIN, 0, PP_DOMAIN_OBJ, 0);
  case 7:
    return statement(
        PP_OP_ARENA_SKEW, 0,
        PP_SKEW_STEP * pp_random_below(random, PP_SKEW_BASE / PP_SKEW_STEP), 0);
  case 8:
    return statement(PP_OP_ARENA_FAIL, 0, pp_random_between(random, 1, 40), 0);
  default:
    return statement(PP_OP_SYSTEM_FAIL, 0, pp_random_between(random, 1, 3), 0);
  }
}

/* Many at once, of one size: neighbours in pools and in the ID space. */
static struct pp_op many(struct pp_generator *g, uint64_t most) {
  uint64_t count = pp_random_between(&g->random, 1, most);
  uint64_t size = pp_generate_size(g);
  uint32_t first = fresh_id(g);
  uint32_t end = first;
  if (size > 4096) count = 1;
  while (end - first < count && end < PP_GENERATE_IDS && !is_live(g, end)) {
    end++;
  }
  for (uint32_t id = first; id < end; id++)
    take(g, id, size);
  return statement(PP_OP_BURST, first, end - first, size);
}

/* ---- phases ---- */

static uint64_t class_size(struct pp_generator *g) {
  g->mix = PP_SIZES_SMALL;
  return pp_generate_size(g);
}

static void draw_mix(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  g->size_a = class_size(g);
  g->size_b = class_size(g);
  g->mix = (enum pp_size_mix)pp_random_below(random, PP_SIZES_COUNT);
  g->weight_calloc = (unsigned)pp_random_below(random, 30);
  g->weight_realloc = (unsigned)pp_random_below(random, 30);
  g->weight_aligned = (unsigned)pp_random_below(random, 20);
  g->weight_odd =
      (unsigned)pp_random_below(random, pp_generate_is_scaled(g) ? 32 : 4);
  g->shrink_order = (unsigned)pp_random_below(random, 3);
}

static void begin_growth(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  uint64_t left = g->options.operations > g->emitted
                      ? g->options.operations - g->emitted
                      : 0;
  uint64_t most = left / 3;
  if (most > pp_generate_live_most(g)) most = pp_generate_live_most(g);
  if (most < 16) most = 16;
  /* Every magnitude of target is as likely as any other. */
  unsigned bits = 4;
  while ((UINT64_C(2) << bits) <= most)
    bits++;
  uint64_t target = UINT64_C(1) << pp_random_between(random, 4, bits);
  target += pp_random_below(random, target);
  g->target = (uint32_t)(target < most ? target : most);
  g->phase = PP_PHASE_GROW;
  draw_mix(g);
}

static void begin_next(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  if (g->emitted >= g->options.operations) {
    g->phase = PP_PHASE_END;
    return;
  }
  switch (g->phase) {
  case PP_PHASE_GROW:
    g->phase = PP_PHASE_CHURN;
    g->phase_left = pp_random_below(random, 2 * (uint64_t)g->target + 1);
    if (pp_random_one_in(random, 2)) draw_mix(g);
    break;
  case PP_PHASE_CHURN:
    g->phase = PP_PHASE_SHRINK;
    g->target = (uint32_t)pp_random_below(random, g->live_count / 2 + 1);
    if (pp_random_one_in(random, 3)) g->target = 0;
    g->shrink_order = (unsigned)pp_random_below(random, 3);
    break;
  default: begin_growth(g); break;
  }
}

static bool phase_is_over(const struct pp_generator *g) {
  switch (g->phase) {
  case PP_PHASE_GROW: return g->live_count >= g->target;
  case PP_PHASE_CHURN: return g->phase_left == 0;
  case PP_PHASE_SHRINK: return g->live_count <= g->target;
  default: return false;
  }
}

static struct pp_op grow(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  uint64_t room = g->target - g->live_count;
  if (room > 8 && pp_random_one_in(random, 20)) {
    return many(g, room < PP_GENERATE_BURST ? room : PP_GENERATE_BURST);
  }
  if (g->live_count > 0 && pp_random_one_in(random, 8)) return release(g);
  return request(g);
}

static struct pp_op shrink(struct pp_generator *g) {
  if (pp_random_one_in(&g->random, 12)) return request(g);
  return release(g);
}

static struct pp_op churn(struct pp_generator *g) {
  g->phase_left--;
  if (g->live_count < g->target && g->live_count < PP_GENERATE_IDS - 1) {
    if (pp_random_one_in(&g->random, 2)) return request(g);
  }
  return g->live_count > 0 ? release(g) : request(g);
}

static struct pp_op draw(struct pp_generator *g) {
  struct pp_random *random = &g->random;
  if (pp_random_below(random, 400) < g->weight_odd) return oddity(g);
  if (g->live_count > 0 && pp_random_below(random, 100) < g->weight_realloc) {
    return resize(g);
  }
  if (any_malloc(g) && g->live_count > 0 &&
      pp_random_one_in(random, USABLE_ONE_IN)) {
    return statement(PP_OP_USABLE, some_id(g), 0, 0);
  }
  switch (g->phase) {
  case PP_PHASE_GROW: return grow(g);
  case PP_PHASE_CHURN: return churn(g);
  default: return shrink(g);
  }
}

static uint64_t calls_of(const struct pp_op *op) {
  return op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN ? op->a : 1;
}

/* A free that is no longer owed is all zeros, which is a malloc. */
static bool owed(struct pp_generator *g, struct pp_op *op) {
  *op = g->after;
  g->after = (struct pp_op){0};
  return op->kind == PP_OP_FREE;
}

static bool next(struct pp_generator *g, struct pp_op *op) {
  if (owed(g, op)) return true;
  if (g->phase == PP_PHASE_EDGES) {
    if (pp_generate_opening(g, op)) return true;
    begin_growth(g);
  }
  while (phase_is_over(g))
    begin_next(g);
  if (g->emitted >= g->options.operations) g->phase = PP_PHASE_END;
  if (g->phase == PP_PHASE_END) {
    if (g->live_count == 0) return false;
    *op = release(g);
    return true;
  }
  *op = draw(g);
  return true;
}

static size_t fill(struct pp_op_source *source, struct pp_op *ops, size_t max) {
  struct pp_generator *g = (struct pp_generator *)source;
  size_t count = 0;
  while (count < max && next(g, &ops[count])) {
    if (!any_malloc(g) || g->phase != PP_PHASE_EDGES) {
      g->emitted += calls_of(&ops[count]);
    }
    count++;
  }
  return count;
}

#define FOR_EACH_ID(array) (PP_GENERATE_IDS * sizeof *(array))

void pp_generator_open(struct pp_generator *g,
                       const struct pp_generate_options *options) {
  *g = (struct pp_generator){.source = {fill}, .options = *options};
  g->random = pp_random_split(options->seed, options->round);
  g->ids = pp_pages(FOR_EACH_ID(g->ids));
  g->position = pp_pages(FOR_EACH_ID(g->position));
  g->sizes = pp_pages(FOR_EACH_ID(g->sizes));
  g->taken = pp_pages(FOR_EACH_ID(g->taken));
  g->origin = pp_pages(FOR_EACH_ID(g->origin));
  g->large = options->profile == NULL && options->round % 2 == 1;
  for (uint32_t i = 0; i < PP_GENERATE_IDS; i++) {
    g->ids[i] = i;
    g->position[i] = i;
  }
}

void pp_generator_close(struct pp_generator *g) {
  pp_pages_free(g->ids, FOR_EACH_ID(g->ids));
  pp_pages_free(g->position, FOR_EACH_ID(g->position));
  pp_pages_free(g->sizes, FOR_EACH_ID(g->sizes));
  pp_pages_free(g->taken, FOR_EACH_ID(g->taken));
  pp_pages_free(g->origin, FOR_EACH_ID(g->origin));
}
