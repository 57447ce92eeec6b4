/* Inputs that are statements: a record that says how to perform them, and then
 * a record each (check/trace.h, the fuzz form).
 *
 *     0         1                2         3 ...  7 | 8 ...
 *   +---------+----------------+---------+---------+-----------
 *   | profile | 80: all bytes  | 1: with | nothing | statements
 *   |         | 70: walks,     | a twin  |         |
 *   |         | 0f: how often  | 2: many |         |
 *   +---------+----------------+---------+---------+-----------
 */
#ifndef FUZZ_STATEMENTS_H
#define FUZZ_STATEMENTS_H

#include "check/trace.h"
#include "fuzz/fuzz.h"
#include "poolproof/reference.h"

enum {
  PP_FUZZ_STATEMENTS = 4096, /* of an input, at most */
  PP_FUZZ_SEED = 64          /* of a seed */
};

/* A row of the profiles that a harness chooses from. */
struct pp_fuzz_profiles {
  enum pp_profile_id first;
  unsigned count;
};
extern const struct pp_fuzz_profiles pp_fuzz_of_heaps;
extern const struct pp_fuzz_profiles pp_fuzz_of_objects;

struct pp_fuzz_program {
  const struct pp_profile *profile;
  bool full;     /* whole blocks are written and looked at */
  bool twin;     /* objects: in lock-step */
  bool many;     /* thousands of calls are allowed, and not hundreds */
  unsigned walk; /* statements from one walk to the next; 0: no walks */
  struct pp_op *at;
  size_t count;
};

/* What an input says, as far as it is worth its time: statements behind those
 * that use up what an input may cost are left out. Lives until the next. */
struct pp_fuzz_program pp_fuzz_read(const struct pp_fuzz_profiles *profiles,
                                    const uint8_t *data, size_t size);

/* The input that says this; false when the statements do not fit records. */
bool pp_fuzz_write(const struct pp_fuzz_profiles *profiles, const char *name,
                   const struct pp_fuzz_program *program, void *ctx,
                   pp_fuzz_give *give);

/* Gives statements that come from a source, some for each input. */
void pp_fuzz_cut(const struct pp_fuzz_profiles *profiles, const char *name,
                 const struct pp_fuzz_program *program,
                 struct pp_op_source *source, size_t inputs, void *ctx,
                 pp_fuzz_give *give);

/* Gives generated histories: for heaps of each profile, for any malloc, and for
 * objects of each profile. They begin with the edges. */
void pp_fuzz_seeds_of_heaps(const struct pp_fuzz_profiles *profiles, void *ctx,
                            pp_fuzz_give *give);
void pp_fuzz_seeds_of_any(void *ctx, pp_fuzz_give *give);
void pp_fuzz_seeds_of_objects(const struct pp_fuzz_profiles *profiles,
                              void *ctx, pp_fuzz_give *give);

/* A trace, for each profile that it may be performed on. */
void pp_fuzz_each_profile(const struct pp_fuzz_profiles *profiles,
                          const char *name, const struct pp_op *ops,
                          size_t count, void *ctx, pp_fuzz_give *give);

/* Writes the program as a trace, and before it what `poolproof replay` wants to
 * know: the subject, "" for none, and whether the profile is part of it. */
void pp_fuzz_print(const struct pp_fuzz_program *program, FILE *out,
                   const char *subject, bool profile);

#endif
