/* Refused memory (SPEC.md, API): the filter, the handler of its signal, and
 * the one place from which the filter lets these calls through. */
#include "check/refusals.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check/random.h"

const char *const pp_memory_call_names[PP_MEMORY_CALLS] = {
    "mmap", "mremap", "brk", "munmap", "madvise", "mprotect"};

bool pp_refusals_hit(const struct pp_refusals *refusals, uint64_t number) {
  struct pp_random random = {.state = refusals->seed ^ number << 20};
  switch (refusals->which) {
  case PP_REFUSE_CALLS:
    return number >= refusals->first &&
           number - refusals->first < refusals->count;
  case PP_REFUSE_EVERY: return number % refusals->every == 0;
  case PP_REFUSE_RANDOM:
    return pp_random_below(&random, 100) < refusals->percent;
  default: return false;
  }
}

void pp_refusals_text(const struct pp_refusals *refusals, char *text,
                      size_t size) {
  text[0] = '\0';
  if (refusals->which == PP_REFUSE_EVERY) {
    snprintf(text, size, " --refuse-every %" PRIu64, refusals->every);
  } else if (refusals->which == PP_REFUSE_RANDOM) {
    snprintf(text, size, " --refuse-random %" PRIu64 ":%" PRIu64,
             refusals->seed, refusals->percent);
  } else if (refusals->which == PP_REFUSE_CALLS && refusals->count == 1) {
    snprintf(text, size, " --refuse-call %" PRIu64, refusals->first);
  } else if (refusals->which == PP_REFUSE_CALLS) {
    snprintf(text, size, " --refuse-call %" PRIu64 ":%" PRIu64, refusals->first,
             refusals->count);
  }
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED_BY_A_SANITIZER 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define WATCHED_BY_A_SANITIZER 1
#endif

#if !defined(__x86_64__) || defined(WATCHED_BY_A_SANITIZER)

bool pp_refusals_open(const struct pp_refusals *refusals,
                      const struct pp_refusals_view *view, char *why,
                      size_t why_size) {
  (void)refusals;
  (void)view;
#ifdef WATCHED_BY_A_SANITIZER
  snprintf(why, why_size,
           "memory cannot be refused by a poolproof that was built with "
           "AddressSanitizer, which maps memory itself");
#else
  snprintf(why, why_size,
           "memory can be refused on x86-64 alone, and this is another "
           "machine");
#endif
  return false;
}

void pp_refusals_begin(void) {}

void pp_refusals_end(void) {}

#else

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* A system call like any other, but made at an address that the filter knows;
 * it leaves errno alone. */
long pp_refusals_gate(long number, const long arguments[6])
    __attribute__((visibility("hidden")));
extern const char pp_refusals_passed[] __attribute__((visibility("hidden")));

__asm__(".pushsection .text\n"
        ".hidden pp_refusals_gate\n"
        ".hidden pp_refusals_passed\n"
        ".globl pp_refusals_gate\n"
        ".globl pp_refusals_passed\n"
        ".type pp_refusals_gate, @function\n"
        "pp_refusals_gate:\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %r11\n"
        "  mov 0(%r11), %rdi\n"
        "  mov 8(%r11), %rsi\n"
        "  mov 16(%r11), %rdx\n"
        "  mov 24(%r11), %r10\n"
        "  mov 32(%r11), %r8\n"
        "  mov 40(%r11), %r9\n"
        "  syscall\n"
        "pp_refusals_passed:\n"
        "  ret\n"
        ".size pp_refusals_gate, .-pp_refusals_gate\n"
        ".popsection\n");

static const int call_numbers[PP_MEMORY_CALLS] = {
    [PP_CALL_MMAP] = SYS_mmap,       [PP_CALL_MREMAP] = SYS_mremap,
    [PP_CALL_BRK] = SYS_brk,         [PP_CALL_MUNMAP] = SYS_munmap,
    [PP_CALL_MADVISE] = SYS_madvise, [PP_CALL_MPROTECT] = SYS_mprotect};

/* In a page that a process forked by the subject finds empty: its calls are
 * performed, and not counted. */
struct state {
  struct pp_refusals refusals;
  struct pp_refusals_view view;
  bool counting;
};

static struct state *state;

/* A refused brk answers where the break is; the others an error. */
static long refused(enum pp_memory_call call) {
  static const long nowhere[6] = {0};
  if (call == PP_CALL_BRK) return pp_refusals_gate(SYS_brk, nowhere);
  return -ENOMEM;
}

static bool is_asked_for(enum pp_memory_call call, const long arguments[6]) {
  if (!state->counting || *state->view.where != state->view.subject)
    return false;
  return call != PP_CALL_BRK || arguments[0] != 0;
}

/* Counts the call; true when it is to be refused. */
static bool is_refused(enum pp_memory_call call) {
  struct pp_refused *count = state->view.refused;
  uint64_t number = __atomic_add_fetch(&count->calls, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&count->calls_of[call], 1, __ATOMIC_RELAXED);
  if (!pp_refusals_hit(&state->refusals, number)) return false;
  uint64_t nth = __atomic_fetch_add(&count->refused, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&count->refused_of[call], 1, __ATOMIC_RELAXED);
  count->last[nth % PP_REFUSED_KEPT] = number;
  return true;
}

static long answer(long number, const long arguments[6]) {
  for (int call = 0; call < PP_MEMORY_CALLS; call++) {
    if (call_numbers[call] != number) continue;
    if (!is_asked_for((enum pp_memory_call)call, arguments)) break;
    if (is_refused((enum pp_memory_call)call))
      return refused((enum pp_memory_call)call);
  }
  return pp_refusals_gate(number, arguments);
}

static void on_call(int signal_number, siginfo_t *info, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const long arguments[6] = {registers[REG_RDI], registers[REG_RSI],
                             registers[REG_RDX], registers[REG_R10],
                             registers[REG_R8],  registers[REG_R9]};
  (void)signal_number;
  registers[REG_RAX] = answer(info->si_syscall, arguments);
}

#define LOAD(member) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define IS(value, then, otherwise) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), then, otherwise)

/* To the handler with the six calls, but from the gate and from programs of
 * another architecture. */
static bool install(void) {
  const uint64_t passed = (uint64_t)(uintptr_t)pp_refusals_passed;
  struct sock_filter filter[] = {
      LOAD(arch),
      IS(AUDIT_ARCH_X86_64, 0, 11),
      LOAD(instruction_pointer),
      IS(passed, 0, 2),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
               offsetof(struct seccomp_data, instruction_pointer) + 4),
      IS(passed >> 32, 7, 0),
      LOAD(nr),
      IS(SYS_mmap, 6, 0),
      IS(SYS_mremap, 5, 0),
      IS(SYS_brk, 4, 0),
      IS(SYS_munmap, 3, 0),
      IS(SYS_madvise, 2, 0),
      IS(SYS_mprotect, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
  };
  struct sock_fprog program = {.len = sizeof filter / sizeof *filter,
                               .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool pp_refusals_open(const struct pp_refusals *refusals,
                      const struct pp_refusals_view *view, char *why,
                      size_t why_size) {
  struct sigaction action = {.sa_sigaction = on_call,
                             .sa_flags = SA_SIGINFO | SA_NODEFER};
  state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (state != MAP_FAILED &&
      madvise(state, sizeof *state, MADV_WIPEONFORK) == 0) {
    state->refusals = *refusals;
    state->view = *view;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGSYS);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* as our parent left it */
    if (sigaction(SIGSYS, &action, NULL) == 0 && install()) return true;
  }
  snprintf(why, why_size,
           "memory cannot be refused here, for the kernel gives no filter "
           "(seccomp): %s",
           strerror(errno));
  return false;
}

void pp_refusals_begin(void) {
  if (state != NULL) state->counting = true;
}

void pp_refusals_end(void) {
  if (state != NULL) state->counting = false;
}

#endif
