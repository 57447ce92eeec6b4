/* Hostile: not a fault of a malloc, but the ways in which what is loaded into a
 * process can end it, hold it up or take it along. ACT says what is done, and
 * LOADING whether a constructor does it, or malloc. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "mutants/mallocs/sound.h"

enum act {
  CRASH,
  ABORT,
  LOOP,
  LOOP_DEAF, /* with all signals blocked */
  STOP,
  EXIT,
  EXIT_AT_ONCE,
  FLOOD,
  CLOSE,    /* all descriptors, and goes on */
  DEPART,   /* goes on in a child, and ends */
  MULTIPLY, /* goes on in a child as well */
  OVERFLOW
};

static volatile int for_ever = 1;

static void loop(void) {
  while (for_ever)
    continue;
}

static void loop_deaf(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  loop();
}

static void flood(void) {
  static char page[4096];
  memset(page, 'x', sizeof page);
  while (write(STDOUT_FILENO, page, sizeof page) > 0 || for_ever)
    continue;
}

static void close_all(void) {
  for (int i = 0; i < 1024; i++)
    close(i);
}

static int overflow(volatile int depth) { // NOLINT(misc-no-recursion): it is
  volatile char frame[4096];              // meant to have no bound
  frame[0] = (char)depth;
  if (for_ever) depth += overflow(depth + 1);
  return depth + frame[0];
}

static void act(enum act what) {
  switch (what) {
  case CRASH: raise(SIGSEGV); return;
  case ABORT: abort();
  case LOOP: loop(); return;
  case LOOP_DEAF: loop_deaf(); return;
  case STOP: raise(SIGSTOP); return;
  case EXIT: exit(0);
  case EXIT_AT_ONCE: _exit(0);
  case FLOOD: flood(); return;
  case CLOSE: close_all(); return;
  case DEPART:
    if (fork() != 0) _exit(0);
    loop_deaf();
    return;
  case MULTIPLY: fork(); return;
  case OVERFLOW: overflow(0); return;
  }
}

__attribute__((constructor)) static void construct(void) {
  if (LOADING) act(ACT);
}

static void *hostile_malloc(void *ctx, size_t size) {
  static bool done;
  if (!LOADING && !done) {
    done = true;
    act(ACT);
  }
  return sound_malloc(ctx, size);
}

SUBJECT("hostile", subject.malloc = hostile_malloc)
