/* The switch of the mutants, for each translation unit its own: which of them
 * is on is said by the environment. It includes nothing, so that a source that
 * follows sees the headers as it would alone. */
#ifndef TOOLS_MUTATE_RUNTIME_H
#define TOOLS_MUTATE_RUNTIME_H

#ifdef __cplusplus
#define PP_M(number) 0
#else

/* The number of the mutant; 0 for none, -1 while it is recorded which of them
 * are reached. */
static int pp_mutant_;
static unsigned char *pp_mutants_reached_;

extern char *getenv(const char *name);
extern int open(const char *path, int flags, ...);
extern int close(int file);
extern void *mmap(void *address, unsigned long length, int protection,
                  int flags, int file, long offset);

#define PP_M(number)         \
  (pp_mutant_ == (number) || \
   (__builtin_expect(pp_mutant_ < 0, 0) && pp_mutant_reach_(number)))

__attribute__((unused, noinline)) static int pp_mutant_reach_(int number) {
  pp_mutants_reached_[number] = 1;
  return 0;
}

/* Before the constructors of the sources. */
__attribute__((constructor(101), unused)) static void pp_mutant_begin_(void) {
  enum { READ_WRITE = 2, PROT_BOTH = 3, MAP_TOGETHER = 1, ROOM = 1 << 20 };
  const char *digits = getenv("PP_MUTANT");
  const char *record = getenv("PP_MUTANTS_REACHED");
  for (; digits && *digits >= '0' && *digits <= '9'; digits++)
    pp_mutant_ = pp_mutant_ * 10 + (*digits - '0');
  if (!record) return;
  int file = open(record, READ_WRITE);
  if (file < 0) return;
  unsigned char *map =
      (unsigned char *)mmap((void *)0, ROOM, PROT_BOTH, MAP_TOGETHER, file, 0);
  close(file);
  if (map == (unsigned char *)-1) return;
  pp_mutants_reached_ = map;
  pp_mutant_ = -1;
}

#endif
#endif
