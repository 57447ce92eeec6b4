/* Misuse: what an allocator makes of calls that no program may make. Nothing
 * is promised about them, so none of it is a violation; but allocators differ
 * in how much of it they stop, and that is worth knowing. */
#ifndef CHECK_MISUSE_H
#define CHECK_MISUSE_H

#include "check/worker.h"

enum pp_misuse {
  PP_MISUSE_FREE_TWICE,
  PP_MISUSE_FREE_TWICE_APART, /* with another block freed between */
  PP_MISUSE_FREE_INSIDE,      /* a pointer into a block */
  PP_MISUSE_FREE_STACK,       /* a pointer to what is no block at all */
  PP_MISUSE_WRITE_AFTER_FREE,
  PP_MISUSE_WRITE_BEYOND, /* one byte behind a block, all of which is used */
  PP_MISUSE_COUNT
};

extern const char *const pp_misuse_names[PP_MISUSE_COUNT];

/* What came of it. */
enum pp_misuse_end {
  PP_MISUSE_UNKNOWN,  /* not asked, or it could not be loaded */
  PP_MISUSE_SILENT,   /* nothing, as far as well-formed calls behind it tell */
  PP_MISUSE_DETECTED, /* it ended the process: at once, or with words or an
                         abort later */
  PP_MISUSE_CORRUPTS, /* well-formed calls behind it break a clause */
  PP_MISUSE_ENDS
};

extern const char *const pp_misuse_end_names[PP_MISUSE_ENDS];

struct pp_misused {
  enum pp_misuse_end end;
  enum pp_clause clause; /* that is broken then, or else PP_HOLDS */
  char words[160];       /* how it ended and what it said, or "" */
};

/* Makes each misuse in a worker of its own, of a subject that is a malloc
 * family without a profile; others are left UNKNOWN, and one that fails without
 * misuse is. */
void pp_misuse_judge(const struct pp_subject_spec *spec, double silence_seconds,
                     struct pp_misused misused[PP_MISUSE_COUNT]);

#endif
