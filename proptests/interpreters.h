/* The fixture of the tests of objects: a host holds one interpreter over two
 * families of memory that do as the test says, and writes down what they were
 * asked for and which clause the interpreter finds broken. */
#ifndef PROPTESTS_INTERPRETERS_H
#define PROPTESTS_INTERPRETERS_H

#include <criterion/criterion.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "poolproof/objects.h"
#include "reference/objects/rules.h"

enum {
  PP_HOST_LOG = 1 << 16,    /* bytes of text */
  PP_HOST_FINALIZED = 1024, /* events of each kind that are written down */
  PP_HOST_MENDS = 16        /* places overwritten at once */
};

struct pp_host;

/* One family: OBJ or MEM. */
struct pp_family {
  struct pp_host *host;
  char letter; /* 'O' or 'M' */
  struct pp_system_source source;
  size_t live;       /* blocks that are out */
  size_t live_bytes; /* that were asked for */
  size_t left;       /* requests still granted; SIZE_MAX: all */
};

struct pp_host {
  struct pp_witness witness; /* first: broken() is given its address */
  const struct pp_profile *profile;
  const struct pp_object_rules *rules;
  const struct pp_objects *objects;
  struct pp_interpreter *interpreter;
  struct pp_family obj, mem;
  struct pp_object_events events;
  struct pp_interpreter_options options;

  /* What was asked since pp_host_mark, as "O+28 M>64 O-28": a letter for the
   * family, + malloc, 0 calloc, > realloc to, - free, and the bytes. */
  char log[PP_HOST_LOG];
  size_t log_length;

  /* What the interpreter told; a finalizer that is set is called, too. */
  struct pp_object *finalized[PP_HOST_FINALIZED];
  size_t finalized_count;
  struct pp_object *weakrefs_dead[PP_HOST_FINALIZED];
  size_t weakrefs_dead_count;
  size_t dealloc_count;
  void (*finalize)(struct pp_host *host, struct pp_object *instance);

  enum pp_clause told; /* what broken() was told */
  const char *where;
  bool armed;
  bool spoilt; /* a call did not return: the interpreter is not to be used */
  jmp_buf escape;
  struct {
    void *at;
    size_t size;
    uint8_t bytes[64];
  } mends[PP_HOST_MENDS];
  size_t mend_count;
};

/* Runs the body on a new host for each profile that the clause holds for, at
 * level heap; then checks that all is whole and, once the interpreter has
 * ended, that every block came back. The body gives back what it made. */
void pp_each_interpreter(enum pp_clause clause, void (*body)(struct pp_host *));
void pp_host_open(struct pp_host *host, const struct pp_profile *profile,
                  const struct pp_objects *objects);
void pp_host_close(struct pp_host *host);

/* A test of one clause on a host of each profile. */
#define ObjectTest(clause, name)                       \
  static void clause##_##name(struct pp_host *host);   \
  Test(clause, name) {                                 \
    pp_each_interpreter(PP_##clause, clause##_##name); \
  }                                                    \
  static void clause##_##name(struct pp_host *host)

#define SEE(fact) cr_assert(fact, "%s: not so: %s", host->profile->name, #fact)
#define SEE_EQ(seen, expected)                               \
  do {                                                       \
    intmax_t seen_ = (intmax_t)(seen);                       \
    intmax_t expected_ = (intmax_t)(expected);               \
    cr_assert(seen_ == expected_, "%s: %s is %jd, not %jd",  \
              host->profile->name, #seen, seen_, expected_); \
  } while (0)

/* True from this release on: pp_since(host, PP_PROFILE_3_11). */
bool pp_since(const struct pp_host *host, enum pp_profile_id profile);
/* One value for each release, 3.7 first. */
#define PP_OF_RELEASE(host, ...) \
  (((const intmax_t[]){__VA_ARGS__})[(host)->profile->id - PP_PROFILE_3_7])
#define PP_TEXT_OF_RELEASE(host, ...) \
  (((const char *const[]){__VA_ARGS__})[(host)->profile->id - PP_PROFILE_3_7])

/* ---- requests ---- */

void pp_host_mark(struct pp_host *host); /* begins a new log */
/* The log since then is this text. */
void pp_see_requests(struct pp_host *host, const char *expected);
/* Everything from the next request on is refused, until pp_grant. */
void pp_refuse_after(struct pp_host *host, size_t requests);
void pp_grant(struct pp_host *host);

/* ---- values, in few letters; each a new reference that must be had ---- */

struct pp_object *pp_number(struct pp_host *host, int64_t value);
struct pp_object *pp_text(struct pp_host *host, const char *ascii);
void pp_drop(struct pp_host *host, struct pp_object *object); /* decref */
uint64_t pp_count(const struct pp_host *host, const struct pp_object *object);
enum pp_type_id pp_kind(const struct pp_host *host,
                        const struct pp_object *object);
/* The bytes of a field of piece 0, as a number; the field must be there. */
uint64_t pp_seen_field(const struct pp_host *host,
                       const struct pp_object *object, const char *name);
bool pp_find_field(const struct pp_host *host, const struct pp_object *object,
                   const char *name, struct pp_field_info *field);
enum pp_clause pp_holds(const struct pp_host *host,
                        const struct pp_object *object);

/* ---- damage ---- */

/* Overwrites memory until pp_host_mend. */
void pp_spoil(struct pp_host *host, const void *at, const void *bytes,
              size_t size);
void pp_spoil_field(struct pp_host *host, const struct pp_object *object,
                    const char *name, uint64_t value);
void pp_host_mend(struct pp_host *host);
/* The predicate of the object tells this clause; then all is mended. */
void pp_see_object_told(struct pp_host *host, const struct pp_object *object,
                        enum pp_clause clause);
/* The clause that the act makes the interpreter tell, which is then spoilt. */
enum pp_clause pp_act_breaks(struct pp_host *host,
                             void (*act)(struct pp_host *, void *), void *arg);

#endif
