/* `poolproof show`: a trace as text, and as a C program that finds in an
 * allocator what the trace does, with a compiler and nothing of ours. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char folder[64];

static void enter_folder(void) {
  pp_folder_make(folder);
  cr_assert_eq(chdir(folder), 0);
}

static void leave_folder(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(show, .init = enter_folder, .fini = leave_folder);

static void put(const char *name, const char *text) {
  char path[128];
  pp_file_write(path, folder, name, text, strlen(text));
}

/* Runs it and holds what it wrote against what it should say. */
static void says(const char *const *argv, int status, const char *text) {
  struct pp_ran ran = pp_run(argv, NULL);
  cr_assert_eq(ran.status, status, "%s: %d\n%s%s", argv[0], ran.status, ran.out,
               ran.err);
  cr_assert_not_null(strstr(ran.status == 0 ? ran.out : ran.err, text),
                     "%s: %s%s", argv[0], ran.out, ran.err);
  pp_ran_free(&ran);
}

static void compile(const char *trace) {
  struct pp_ran ran = pp_run_poolproof(trace, "show", "--c", "-", NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  put("alone.c", ran.out);
  pp_ran_free(&ran);
  says((const char *[]){"cc", "-Wall", "-Wextra",
                        "-Wno-missing-field-"
                        "initializers",
                        "-Werror", "alone.c", "-o", "alone", NULL},
       0, "");
}

#define HEAD "poolproof-trace 1\n"

Test(show, text_is_the_trace) {
  static const char trace[] = HEAD "expect API-01\nmalloc 0 0x10\nburst 1 2 3\n"
                                   "tuple 4 5 6\nfree 0\n";
  struct pp_ran ran = pp_run_poolproof(trace, "show", "-", NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  cr_assert_str_eq(ran.out, HEAD "expect API-01\nmalloc 0 16\nburst 1 2 3\n"
                                 "tuple 4 5 6\nfree 0\n");
  pp_ran_free(&ran);
}

/* Each statement of the C family, against a libc that keeps all of them. */
Test(show, sound_allocator_passes) {
  compile(HEAD
          "expect API-12\nmalloc 0 0\nmalloc 0 100\ncalloc 1 3 5\n"
          "realloc 0 200\nrealloc 0 20\nreallocarray 1 7 9\nusable 1\n"
          "aligned_alloc 2 64 128\nposix_memalign 3 32 1\nfree_sized 0 20\n"
          "free_aligned_sized 2 64 128\nburst 10 20 48\nusable 10\n"
          "drain 10 10 2\ndrain 11 10 2\nburst 5 0 1\nmalloc 6 "
          "9223372036854775808\nrealloc 7 0\nfree 99\n");
  says((const char *[]){"./alone", NULL}, 0, "nothing was found broken");
}

/* A libc with one fault, told by a macro. */
static const char faulty[] =
    "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <errno.h>\n"
    "#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n"
    "#include <unistd.h>\n"
    "static char arena[1 << 24]; static size_t used;\n"
    "void *malloc(size_t n) {\n"
    "  if (n > 1 << 22) { errno = ENOMEM_ ; return 0; }\n"
    "  char *p = arena + used; used += (n + STEP_) & ~15ul; return p; }\n"
    "void free(void *p) { FREE_; (void)p; }\n"
    "void *calloc(size_t a, size_t n) {\n"
    "  size_t all; if (__builtin_mul_overflow(a, n, &all)) return 0;\n"
    "  char *p = malloc(all); ZERO_; return p; }\n"
    "void *realloc(void *old, size_t n) {\n"
    "  char *p = malloc(n); if (p && old) COPY_; return p; }\n"
    "void *reallocarray(void *p, size_t a, size_t n) {\n"
    "  return realloc(p, a * n); }\n"
    "int posix_memalign(void **out, size_t a, size_t n) {\n"
    "  (void)a; OUT_; return 0; }\n"
    "void *aligned_alloc(size_t a, size_t n) {\n"
    "  used = (used + a - 1) & ~(a - 1); return malloc(n); }\n"
    "size_t malloc_usable_size(void *p) { (void)p; return USABLE_; }\n";

struct fault {
  const char *macro; /* the one that is not as it should be */
  const char *trace;
  int status;
  const char *says;
};

static void builds(const struct fault *fault) {
  static const char *const sound[] = {
      "-DENOMEM_=ENOMEM",
      "-DSTEP_=31",
      "-DFREE_=",
      "-DZERO_=",
      "-DCOPY_=memmove(p,old,n)",
      "-DUSABLE_=n_",
      "-DOUT_=*out=malloc(n)",
  };
  const char *argv[17] = {"cc", "-w", "-shared", "-fPIC", "-fno-builtin"};
  size_t count = 5;
  for (size_t i = 0; i < COUNT(sound); i++) {
    size_t name = (size_t)(strchr(sound[i], '=') - sound[i]) + 1;
    bool other = strncmp(sound[i], fault->macro, name) == 0;
    argv[count++] = other ? fault->macro : sound[i];
  }
  argv[count++] = "-Dn_=((size_t)1<<20)";
  argv[count++] = "faulty.c";
  argv[count++] = "-o";
  argv[count] = "faulty.so";
  put("faulty.c", faulty);
  says(argv, 0, "");
}

Test(show, faulty_allocators_are_shown_alone) {
  static const struct fault faults[] = {
      {"-DNONE=", HEAD "malloc 0 1\nmalloc 1 1\nfree 0\n", 0,
       "nothing was found broken"},
      {"-DENOMEM_=0", HEAD "malloc 0 5000000\n", 1,
       "step 1: a request failed with errno 0"},
      {"-DSTEP_=0", HEAD "malloc 0 24\nmalloc 1 24\n", 1,
       "step 2: block 1 at 0x"},
      {"-DFREE_=errno=EINVAL", HEAD "malloc 0 1\nfree 0\n", 1,
       "step 2: free sets errno to 22"},
      {"-DFREE_=_exit(0)", HEAD "malloc 0 1\nfree 0\n", 0, ""},
      {"-DFREE_=__builtin_trap()", HEAD "malloc 0 1\nfree 0\n", -4, ""},
      {"-DZERO_=if(p)p[2]=7", HEAD "calloc 0 3 1\n", 1,
       "step 1: byte 2 of 3 from calloc is not zero"},
      {"-DCOPY_=memmove(p,old,n-1)", HEAD "malloc 0 9\nrealloc 0 9\n", 1,
       "step 2: byte 8 of block 0 at 0x"},
      {"-DUSABLE_=5", HEAD "malloc 0 9\nusable 0\n", 1,
       "step 2: 5 of 9 bytes are usable"},
      {"-DUSABLE_=64", HEAD "malloc 0 9\nmalloc 1 9\nusable 0\n", 1,
       "step 3: what is usable of block 0 reaches into 1"},
      {"-DOUT_=if(n)*out=malloc(n)", HEAD "posix_memalign 0 8 0\n", 1,
       "step 1: zero is answered, and no block"},
      {"-DNONE=", HEAD "posix_memalign 0 3 8\n", 1,
       "step 1: EINVAL is due, not 0"},
      {"-DNONE=", HEAD "reallocarray 0 9223372036854775808 2\n", 1,
       "step 1: 18446744073709551615 bytes are answered by 0x"},
  };
  for (size_t i = 0; i < COUNT(faults); i++) {
    builds(&faults[i]);
    compile(faults[i].trace);
    says((const char *[]){"env", "LD_PRELOAD=./faulty.so", "./alone", NULL},
         faults[i].status, faults[i].says);
  }
}

Test(show, what_no_program_can_do_is_told) {
  static const struct {
    const char *trace;
    const char *says;
  } rows[] = {
      {HEAD "malloc 0 1\narena-fail 1\n", "statement 2, arena-fail"},
      {HEAD "int 0 1 0\n", "statement 1, int"},
      {HEAD "malloc 1048577 1\n", "statement 1 has a block beyond 1048576"},
      {HEAD "burst 1 4294967295 1\n", "statement 1 has a block beyond"},
      {HEAD "drain 0 3 9000000\n", "statement 1 has a block"},
      {HEAD "nonsense\n", "2:1"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct pp_ran ran =
        pp_run_poolproof(rows[i].trace, "show", "--c", "-", NULL);
    cr_assert_eq(ran.status, 2, "row %zu: %d", i, ran.status);
    cr_assert_not_null(strstr(ran.err, rows[i].says), "row %zu: %s", i,
                       ran.err);
    cr_assert_str_empty(ran.out);
    pp_ran_free(&ran);
  }
}
