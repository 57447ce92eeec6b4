/* Freeing a large block changes errno where the system refuses to take memory
 * back, and POSIX.1-2024 wants free to keep it. Run it with the allocator in
 * LD_PRELOAD; it exits 0 when a free changes errno, 1 when none does, and 2
 * when nothing can be refused here. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { ROUNDS = 4, BLOCKS = 20, BYTES = 40 << 20 };

/* Called through a pointer that the compiler cannot see through: it may assume
 * that free leaves errno alone. */
static void (*volatile call_free)(void *) = free;

/* From here on, madvise and munmap fail with ENOMEM. */
static int refuse(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_munmap, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOMEM),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* How many of the frees change errno. */
static int take_and_free(void) {
  void *volatile blocks[BLOCKS];
  int changed = 0;
  for (int i = 0; i < BLOCKS; i++)
    blocks[i] = malloc(BYTES);
  for (int i = 0; i < BLOCKS; i++) {
    errno = EDOM;
    call_free(blocks[i]);
    if (errno != EDOM) changed++;
  }
  return changed;
}

int main(void) {
  int changed = 0;
  take_and_free();
  if (!refuse()) {
    perror("seccomp");
    return 2;
  }
  for (int i = 0; i < ROUNDS; i++)
    changed += take_and_free();
  printf("%d of %d frees changed errno\n", changed, ROUNDS * BLOCKS);
  return changed > 0 ? 0 : 1;
}
