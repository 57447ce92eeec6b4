/* A subject that does what a test tells it, and the driver on it, in the
 * test's own process: each statement is a step, and what the driver saw, what
 * it said of it and what it called are there to be looked at. */
#ifndef PROPTESTS_SCRIPTED_H
#define PROPTESTS_SCRIPTED_H

#include "check/driver.h"

struct pp_script {
  /* Of the next request alone, where `told`: its answer. */
  bool told;
  void *address;
  int error;            /* errno, or what posix_memalign answers; 0: none */
  void *before, *after; /* written beside the out-parameter, or NULL */
  bool spares_out;      /* the out-parameter is left alone */
  uint8_t *spoils;      /* a byte that the call changes, or NULL */
  /* Until they are changed. */
  bool cramped;          /* blocks get as many bytes as their distance */
  int error_of_free;     /* the errno that a free leaves behind; 0: none */
  size_t usable[2];      /* what is said at first, and when asked again */
  bool usable_told;      /* that, and not the size */
  size_t usable_of_null; /* what is said of null */
  uint64_t refused_from; /* the request of this number fails, and all others */

  /* What was called last, with what, and where the driver said it was. */
  enum pp_op_kind call;
  void *block;
  size_t a, b;
  enum pp_where where;
  enum pp_clause stake;
  uint64_t requests, frees; /* so far */
  uint64_t asked;           /* bytes, by malloc, so far */
  uint64_t unannounced;     /* calls while the driver said it was elsewhere */

  uint8_t *memory; /* what blocks are taken from, zeroed and PP_SCRIPT_BYTES */
  size_t used;     /* of that, so far */

  struct pp_loaded subject; /* all calls, no profile, errno set */
  struct pp_report report;
  struct pp_driver driver;
};

enum { PP_SCRIPT_BYTES = 1 << 26 };

extern struct pp_script pp_script;

/* With all looked at. */
void pp_script_open(void);
void pp_script_close(void);
void pp_script_again(void); /* from the beginning */

/* In the middle of the memory, where no block lies by itself. */
uint8_t *pp_script_at(size_t offset);
/* The driver holds this byte for one of a block. */
bool pp_script_claimed(const uint8_t *address);

/* One statement, and the end of a trace. False when a clause is broken. */
bool pp_script_step(enum pp_op_kind kind, uint64_t id, uint64_t a, uint64_t b);
bool pp_script_end(void);

/* The next request is answered by this. */
void pp_script_answer(void *address, int error);

/* The block that an ID names, which it has to. */
struct pp_block *pp_script_block(uint64_t id);

/* The last step found this clause broken, in these words. */
void pp_script_broke(enum pp_clause clause, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* How often a clause was evaluated since the last time this was asked. */
uint64_t pp_script_evaluated(enum pp_clause clause);

#endif
