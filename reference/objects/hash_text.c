/* The hash of text and bytes: SipHash, by Aumasson and Bernstein (2012), of so
 * many rounds as the profile has (SPEC.md, HASH). */
#include <limits.h>

#include "reference/objects/hash.h"
#include "reference/objects/object.h"

enum {
  WORD_BITS = 64,
  /* of the four words, by turns */
  ROTATION_1 = 13,
  ROTATION_2 = 16,
  ROTATION_3 = 17,
  ROTATION_4 = 21,
  HALF = 32,
  FINALIZATION = 0xff,
  LENGTH_SHIFT = 56 /* of its low byte, in the last word */
};

/* "somepseudorandomlygeneratedbytes" */
#define BEGIN_0 UINT64_C(0x736f6d6570736575)
#define BEGIN_1 UINT64_C(0x646f72616e646f6d)
#define BEGIN_2 UINT64_C(0x6c7967656e657261)
#define BEGIN_3 UINT64_C(0x7465646279746573)

struct state {
  uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t word, unsigned bits) {
  return word << bits | word >> (WORD_BITS - bits);
}

static void rounds(struct state *s, unsigned count) {
  while (count-- > 0) {
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, ROTATION_1) ^ s->v0;
    s->v3 = rotate(s->v3, ROTATION_2) ^ s->v2;
    s->v0 = rotate(s->v0, HALF);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, ROTATION_3) ^ s->v2;
    s->v3 = rotate(s->v3, ROTATION_4) ^ s->v0;
    s->v2 = rotate(s->v2, HALF);
  }
}

static void compress(struct state *s, uint64_t word, unsigned count) {
  s->v3 ^= word;
  rounds(s, count);
  s->v0 ^= word;
}

int64_t pp_hash_bytes(const struct pp_interpreter *interpreter,
                      const uint8_t *bytes, size_t length) {
  if (length == 0) return 0;
  struct pp_witness *witness = interpreter->witness;
  const uint64_t *key = interpreter->options.hash_key;
  unsigned each = interpreter->rules->hash_rounds;
  PP_REQUIRE(witness, HASH_03, bytes != NULL);
  PP_REQUIRE(witness, HASH_03, each > 0);
  struct state s = {
      key[0] ^ BEGIN_0,
      key[1] ^ BEGIN_1,
      key[0] ^ BEGIN_2,
      key[1] ^ BEGIN_3,
  };
  size_t whole = length & ~(size_t)(PP_WORD_SIZE - 1);
  for (size_t i = 0; i < whole; i += PP_WORD_SIZE)
    compress(&s, pp_word_read(bytes + i), each);
  uint64_t last = (uint64_t)length << LENGTH_SHIFT;
  for (size_t i = whole; i < length; i++)
    last |= (uint64_t)bytes[i] << (i - whole) * CHAR_BIT;
  PP_ENSURE(witness, HASH_03, last >> LENGTH_SHIFT == (length & UINT8_MAX));
  compress(&s, last, each);
  s.v2 ^= FINALIZATION;
  rounds(&s, each + 2);
  uint64_t hash = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  if (hash == UINT64_MAX) hash--; /* -1 says that there is none */
  PP_ENSURE(witness, HASH_01, hash != UINT64_MAX);
  return (int64_t)hash;
}
