/* Refused memory (SPEC.md, API): the system calls by which an allocator gets
 * memory and gives it back fail when they are told to. The subject stays as it
 * is: a filter in the kernel turns each of these calls into a signal, and its
 * handler refuses the call or performs it.
 *
 * Only what the subject asks for in a call of the trace is counted, from the
 * first statement on; loading it, the engine's own calls and what is asked
 * after the last statement are always performed. */
#ifndef CHECK_REFUSALS_H
#define CHECK_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pp_memory_call {
  PP_CALL_MMAP,
  PP_CALL_MREMAP,
  PP_CALL_BRK, /* but for the question where the break is */
  PP_CALL_MUNMAP,
  PP_CALL_MADVISE,
  PP_CALL_MPROTECT,
  PP_MEMORY_CALLS
};

extern const char *const pp_memory_call_names[PP_MEMORY_CALLS];

enum pp_refuse {
  PP_REFUSE_NOTHING, /* calls are not even watched */
  PP_REFUSE_NONE,    /* they are counted, and all performed */
  PP_REFUSE_CALLS,   /* `count` calls from number `first` on */
  PP_REFUSE_EVERY,   /* each call whose number is a multiple of `every` */
  PP_REFUSE_RANDOM   /* `percent` of a hundred calls, as `seed` has it */
};

struct pp_refusals {
  enum pp_refuse which;
  uint64_t first; /* from 1 */
  uint64_t count;
  uint64_t every;
  uint64_t seed;
  uint64_t percent; /* 1 to 100 */
};

/* The numbers of the refused calls that are remembered: the last of them. */
enum { PP_REFUSED_KEPT = 8 };

/* What came of it; part of the report (check/report.h). */
struct pp_refused {
  uint64_t calls; /* of the subject, so far */
  uint64_t refused;
  uint64_t calls_of[PP_MEMORY_CALLS];
  uint64_t refused_of[PP_MEMORY_CALLS];
  uint64_t last[PP_REFUSED_KEPT]; /* of number n, at n % PP_REFUSED_KEPT */
  uint64_t nulls;  /* requests that failed after a refusal in their call */
  uint64_t silent; /* those of them without ENOMEM */
  bool deaf;       /* the subject keeps the signal from its handler */
};

/* Whether the call of this number, from 1, is refused. */
bool pp_refusals_hit(const struct pp_refusals *refusals, uint64_t number);

/* The options that say so, as " --refuse-call 3"; "" for none. */
void pp_refusals_text(const struct pp_refusals *refusals, char *text,
                      size_t size);

/* What the subject's calls are told by: where the worker is, as in
 * pp_report. */
struct pp_refusals_view {
  const volatile uint32_t *where;
  uint32_t subject; /* its value inside a call of the subject */
  struct pp_refused *refused;
};

/* Puts this process under the filter, for good. False, and why, where that
 * cannot be had. */
bool pp_refusals_open(const struct pp_refusals *refusals,
                      const struct pp_refusals_view *view, char *why,
                      size_t why_size);
/* The first statement begins, or the last one has ended: memory is back. */
void pp_refusals_begin(void);
void pp_refusals_end(void);

#endif
