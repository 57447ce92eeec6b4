/* Programs as a test runs them: poolproof the way a user meets it, and others
 * beside it. What a program writes is kept apart for its two streams, and both
 * are small enough to be held in memory. */
#ifndef PROPTESTS_PROGRAMS_H
#define PROPTESTS_PROGRAMS_H

#include <stddef.h>
#include <sys/types.h>

/* How a program ended, and what it wrote. Both texts end with a NUL that is
 * not counted; pp_ran_free frees them. */
struct pp_ran {
  int status; /* the exit status, or the signal as a negative number */
  char *out;
  size_t out_size;
  char *err;
  size_t err_size;
};

/* Runs a program to its end. argv[0] is searched like a shell does; standard
 * input is the text `input`, empty when it is NULL. Fails the test when the
 * program cannot be started. */
struct pp_ran pp_run(const char *const *argv, const char *input);
void pp_ran_free(struct pp_ran *ran);

/* pp_run for `$POOLPROOF ARGUMENTS...`; the last one is followed by NULL. */
struct pp_ran pp_run_poolproof(const char *input, ...)
    __attribute__((sentinel));

/* A program under way, the leader of a process group of its own. */
struct pp_started {
  pid_t pid;
  int out; /* descriptors of what it writes */
  int err;
};

/* Starts a program, or ends the wait for it. */
struct pp_started pp_start(const char *const *argv, const char *input);
struct pp_ran pp_finish(struct pp_started *started);

/* Waits until the program handles this signal, and some seconds at most: sent
 * before, it would end a program that has only begun. */
void pp_await_handler(pid_t pid, int number);

/* What the environment says, which has to say something. */
const char *pp_setting(const char *name);

/* A fresh folder for the test, and its end with all that is in it. */
void pp_folder_make(char path[64]);
void pp_folder_remove(const char *path);

/* A text into a file of the folder, whose path is then in `path`. */
void pp_file_write(char path[128], const char *folder, const char *name,
                   const void *bytes, size_t size);

/* How often a text occurs in another. */
size_t pp_occurrences(const char *text, const char *part);

#endif
