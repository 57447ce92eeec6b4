/* API-87: nothing is done about the lock when the program forks, and who holds
 * it then is not there in the child to leave it. After every allocator that
 * came without handlers of pthread_atfork. It is held for longer now and then,
 * as it is where memory is taken from the system. */
#include <sched.h>

#include "mutants/mallocs/locked.h"

enum { ONE_IN = 4 };

static void *faulty_malloc(void *ctx, size_t size) {
  static unsigned calls;
  take_lock();
  void *block = sound_malloc(ctx, size);
  if (++calls % ONE_IN == 0) sched_yield();
  leave_lock();
  return block;
}

SUBJECT("locked in the child", take_locks(&subject);
        subject.malloc = faulty_malloc)
