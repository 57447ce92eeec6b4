/* Random numbers that are the same on every machine: splitmix64, a published
 * generator whose whole state is one word (Steele, Lea, Flood 2014). */
#ifndef CHECK_RANDOM_H
#define CHECK_RANDOM_H

#include <stdint.h>

struct pp_random {
  uint64_t state;
};

static inline uint64_t pp_random_next(struct pp_random *random) {
  uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

/* 0 <= result < limit; limit > 0. The bias is below 2^-32 for the limits that
 * are used here. */
static inline uint64_t pp_random_below(struct pp_random *random,
                                       uint64_t limit) {
  if (limit >> 32 != 0) return pp_random_next(random) % limit;
  return (pp_random_next(random) >> 32) * limit >> 32;
}

/* low <= result <= high. */
static inline uint64_t pp_random_between(struct pp_random *random, uint64_t low,
                                         uint64_t high) {
  return low + pp_random_below(random, high - low + 1);
}

/* True one time in n. */
static inline int pp_random_one_in(struct pp_random *random, uint64_t n) {
  return pp_random_below(random, n) == 0;
}

/* An independent stream for one part of a run. */
static inline struct pp_random pp_random_split(uint64_t seed, uint64_t part) {
  struct pp_random random = {seed ^ part * UINT64_C(0xd1342543de82ef95)};
  random.state = pp_random_next(&random);
  return random;
}

#endif
