/* Claims of several threads at once: one bit for every byte that a live block
 * of any of them holds, as in the shadow of a single thread (blocks.h), but
 * each word is changed in one step. Two threads that are given the same byte
 * cannot both succeed, whoever comes first. */
#ifndef CHECK_CLAIMS_H
#define CHECK_CLAIMS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef _Atomic uint64_t pp_claims_word;

struct pp_claims {
  _Atomic(pp_claims_word *) *regions; /* one per GiB of the address space */
};

void pp_claims_open(struct pp_claims *claims);
void pp_claims_close(struct pp_claims *claims);

/* Claims the bytes, one where there is none. False when one of them was
 * claimed already, or lies outside of the address space: nothing is promised
 * about claims then. */
bool pp_claims_claim(struct pp_claims *claims, const void *address,
                     uint64_t size);
void pp_claims_release(struct pp_claims *claims, const void *address,
                       uint64_t size);

#endif
