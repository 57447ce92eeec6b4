/* A search as a file: it goes on from there as if it had never ended, and what
 * is not the file of this very search is refused. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proptests/programs.h"
#include "proptests/searched.h"

static char folder[64], path[128];
static struct pp_exhaust_geometry geometry;
static struct pp_exhaust *search;

static void open_search(void) {
  pp_folder_make(folder);
  snprintf(path, sizeof path, "%s/state", folder);
  geometry = pp_searched_geometry("tiny, 3 arenas, 1 class", 1);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  search = pp_searched_open(&options);
  pp_searched_levels(search, 3);
  search->progress.transitions = 77;
  search->progress.position = search->progress.level_start;
}

static void close_search(void) {
  pp_exhaust_close(search);
  pp_folder_remove(folder);
}

TestSuite(exhaust_file, .init = open_search, .fini = close_search);

static void save(void) {
  char why[256];
  cr_assert(pp_exhaust_save(search, path, why, sizeof why), "%s", why);
}

/* Loads the file into another search; why not, when it is refused. */
static const char *load_into(struct pp_exhaust *other) {
  static char why[256];
  why[0] = 0;
  bool loaded = pp_exhaust_load(other, path, why, sizeof why);
  if (loaded) cr_expect_str_eq(why, "");
  if (!loaded) cr_assert_eq(strncmp(why, path, strlen(path)), 0);
  return loaded ? NULL : why + strlen(path);
}

static const char *load_with(const struct pp_exhaust_options *options) {
  struct pp_exhaust *other = pp_searched_open(options);
  const char *why = load_into(other);
  pp_exhaust_close(other);
  return why;
}

static const char *load(void) {
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  return load_with(&options);
}

/* Files that nobody knows are none beside it. */
static unsigned files(void) {
  unsigned count = 0;
  DIR *entries = opendir(folder);
  cr_assert_not_null(entries);
  while (readdir(entries) != NULL)
    count++;
  closedir(entries);
  return count - 2;
}

/* ---- there and back ---- */

Test(exhaust_file, a_search_comes_back_as_it_was) {
  save();
  cr_expect_eq(files(), 1);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  struct pp_exhaust *other = pp_searched_open(&options);
  cr_assert_null(load_into(other));
  cr_expect_eq(
      memcmp(&other->progress, &search->progress, sizeof search->progress), 0);
  uint64_t states = search->progress.states;
  cr_assert_gt(states, 10);
  cr_assert_eq(atomic_load(other->table.count), states);
  for (uint64_t i = 0; i < states; i++) {
    struct pp_arrival one = {search->table.keys[i], 0, 0};
    one.hash = pp_key_hash(&one.key);
    cr_expect(pp_key_equal(&other->table.keys[i], &one.key));
    cr_expect_eq(other->table.links[i], search->table.links[i]);
    cr_expect(pp_table_has(&other->table, &one, states));
  }
  cr_expect_eq(pp_searched_levels(other, 1), pp_searched_levels(search, 1));
  pp_exhaust_close(other);
}

Test(exhaust_file, a_file_is_written_over) {
  save();
  search->progress.transitions++;
  save();
  cr_expect_eq(files(), 1);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  struct pp_exhaust *other = pp_searched_open(&options);
  cr_assert_null(load_into(other));
  cr_expect_eq(other->progress.transitions, 78);
  pp_exhaust_close(other);
}

/* ---- of another search ---- */

static void refuses_other(const struct pp_exhaust_geometry *its) {
  struct pp_exhaust_options options = pp_searched_options(its);
  const char *why = load_with(&options);
  cr_assert_not_null(why, "%s", its->name);
  cr_expect_str_eq(why, ": it is the state of another search");
}

Test(exhaust_file, a_search_of_something_else_is_refused) {
  save();
  struct pp_exhaust_geometry its = geometry;
  its.classes = 1;
  refuses_other(&its);
  its = geometry;
  its.arenas = 2;
  refuses_other(&its);
  its = geometry;
  its.system_blocks = 2;
  refuses_other(&its);
  its = geometry;
  its.skews[0] = 48;
  refuses_other(&its);
  its.skews[0] = 32 + 256;
  refuses_other(&its);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  options.subject = &pp_reference_none;
  const char *why = load_with(&options);
  cr_assert_not_null(why, "in lock-step");
  cr_expect_str_eq(why, ": it is the state of another search");
}

Test(exhaust_file, a_search_by_other_rules_is_refused) {
  save();
  struct pp_profile rules[10];
  for (size_t i = 0; i < 10; i++)
    rules[i] = *geometry.profile;
  rules[0].id = PP_PROFILE_SMALL;
  rules[1].rightmost_table = false;
  rules[2].keeps_rightmost = false;
  rules[3].zero_never_fails = true;
  rules[4].map = PP_MAP_ARENA_INDEX;
  rules[5].class_count = 1;
  rules[6].pool_bits = 8;
  rules[7].arena_bits = 10;
  for (size_t i = 0; i < 8; i++) {
    struct pp_exhaust_geometry its = geometry;
    its.profile = &rules[i];
    refuses_other(&its);
  }
}

Test(exhaust_file, a_name_and_a_skew_that_is_not_used_are_no_matter) {
  save();
  struct pp_exhaust_geometry its = geometry;
  struct pp_profile named = *geometry.profile;
  strcpy(its.name, "another");
  named.name = "another";
  its.profile = &named;
  its.skews[1] = 0;
  struct pp_exhaust_options options = pp_searched_options(&its);
  options.jobs = 2;
  options.depth = 9;
  cr_expect_null(load_with(&options));
}

/* ---- damaged ---- */

static long size_of(const char *name) {
  struct stat known;
  cr_assert_eq(stat(name, &known), 0);
  return known.st_size;
}

static void flip(long offset) {
  FILE *file = fopen(path, "r+b");
  cr_assert_not_null(file);
  fseek(file, offset, SEEK_SET);
  int byte = fgetc(file);
  fseek(file, offset, SEEK_SET);
  fputc(byte ^ 1, file);
  fclose(file);
}

/* Wherever a byte is wrong, and whatever it stands for. */
Test(exhaust_file, any_byte_that_is_wrong_is_told) {
  save();
  long size = size_of(path);
  long states = (long)search->progress.states;
  long head = size - 8 - states * 24;
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  struct pp_exhaust *other = pp_searched_open(&options);
  for (long at = 0; at < size; at += at < 24 ? 1 : 37) {
    flip(at);
    const char *why = load_into(other);
    cr_assert_not_null(why, "byte %ld of %ld", at, size);
    if (at < 14)
      cr_expect_str_eq(why,
                       ": it is not the state of a search by this version");
    if (at >= 16 && at < 24)
      cr_expect_str_eq(why, ": it is the state of another search");
    if ((at >= 14 && at < 16) || at > head)
      cr_expect_str_eq(why, ": it is damaged", "byte %ld", at);
    flip(at);
  }
  pp_exhaust_close(other);
  flip(size - 1);
  cr_expect_str_eq(load(), ": it is damaged");
  flip(size - 1);
  cr_expect_null(load());
}

Test(exhaust_file, a_file_of_another_length_is_refused) {
  save();
  long size = size_of(path);
  long head = size - 8 - (long)search->progress.states * 24;
  static const char cut[] = ": it was cut short";
  const struct {
    long size;
    const char *why;
  } lengths[] = {{0, ": it is too short"},
                 {head - 1, ": it is too short"},
                 {head, cut},
                 {head + 16 * (long)search->progress.states, cut},
                 {head + 17, cut},
                 {size - 8, cut},
                 {size - 1, cut},
                 {size + 1, ": something follows its end"}};
  for (size_t i = 8; i > 0; i--) {
    save();
    cr_assert_eq(truncate(path, lengths[i - 1].size), 0);
    const char *why = load();
    cr_assert_not_null(why);
    cr_expect_str_eq(why, lengths[i - 1].why);
  }
}

/* Numbers that do not go together, under a checksum that is right. */
Test(exhaust_file, a_level_that_is_none_is_damaged) {
  struct pp_exhaust_progress sound = search->progress;
  uint64_t start = sound.level_start, end = sound.level_end;
  const struct {
    bool sound;
    uint64_t start, position, end;
  } levels[] = {
      {true, start, start, end},      {true, start, end, end},
      {true, end, end, end},          {false, start, start - 1, end},
      {false, start, end + 1, end},   {false, start, start, sound.states + 1},
      {false, start + 1, start, end}, {true, 0, start, end},
      {true, start, start, start},    {false, end + 1, end + 1, end},
  };
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
    search->progress.level_start = levels[i].start;
    search->progress.position = levels[i].position;
    search->progress.level_end = levels[i].end;
    save();
    const char *why = load();
    cr_expect_eq(why == NULL, levels[i].sound, "%zu", i);
    if (why != NULL) cr_expect_str_eq(why, ": it is damaged");
  }
  memset(&search->progress, 0, sizeof search->progress);
  save();
  cr_expect_str_eq(load(), ": it is damaged", "without a state");
}

Test(exhaust_file, a_search_that_does_not_fit_is_refused) {
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  options.memory = 13312; /* 256 states */
  memset(search->table.keys + search->progress.states, 1,
         (257 - search->progress.states) * sizeof *search->table.keys);
  search->progress.states = 256;
  save();
  cr_expect_null(load_with(&options));
  search->progress.states = 257;
  save();
  cr_expect_str_eq(load_with(&options),
                   ": it does not fit into the memory allowed");
}

/* ---- where there is no place for it ---- */

Test(exhaust_file, a_file_that_is_not_there_is_said) {
  cr_expect_str_eq(load(), ": No such file or directory");
}

Test(exhaust_file, what_could_be_saved_is_said_before) {
  char why[256] = "";
  cr_expect(pp_exhaust_can_save(path, why, sizeof why));
  cr_expect_str_eq(why, "");
  cr_expect_eq(files(), 0);
  int descriptor = open("/dev/null", O_RDONLY);
  pp_exhaust_can_save(path, why, sizeof why);
  cr_expect_eq(open("/dev/null", O_RDONLY), descriptor + 1);
  save();
  cr_expect(pp_exhaust_can_save(path, why, sizeof why));
  cr_expect_eq(files(), 1);
  cr_expect_not(pp_exhaust_can_save(folder, why, sizeof why));
  cr_expect_str_eq(why + strlen(folder), ": Is a directory");
  cr_expect_eq(files(), 1);
  cr_expect_not(pp_exhaust_can_save("/nowhere/state", why, sizeof why));
  cr_expect_str_eq(why, "/nowhere/state: No such file or directory");
}

Test(exhaust_file, what_cannot_be_written_leaves_nothing) {
  char why[256] = "";
  cr_expect_not(pp_exhaust_save(search, "/nowhere/state", why, sizeof why));
  cr_expect_str_eq(why, "/nowhere/state: No such file or directory");
  char inner[128];
  snprintf(inner, sizeof inner, "%s/inner", folder);
  cr_assert_eq(mkdir(inner, 0700), 0);
  cr_expect_not(pp_exhaust_save(search, inner, why, sizeof why));
  cr_expect_str_eq(why + strlen(inner), ": Is a directory");
  cr_expect_eq(files(), 1);
  int descriptor = open("/dev/null", O_RDONLY);
  save();
  load();
  cr_expect_eq(open("/dev/null", O_RDONLY), descriptor + 1);
}

/* The disk, or what stands for it, is full in the middle of the file. */
Test(exhaust_file, what_is_written_by_half_leaves_nothing) {
  char why[256] = "";
  save();
  long size = size_of(path);
  struct rlimit most;
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &most), 0);
  most.rlim_cur = (rlim_t)size - 1;
  search->progress.transitions++;
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &most);
  cr_expect_not(pp_exhaust_save(search, path, why, sizeof why));
  cr_expect_str_eq(why + strlen(path), ": File too large");
  cr_expect_eq(files(), 1);
  cr_expect_null(load(), "the former file is there");
}

/* Without a standard input, the first file that is opened has its number. */
Test(exhaust_file, a_file_may_have_any_number) {
  char why[256] = "";
  int kept = dup(0);
  close(0);
  cr_expect(pp_exhaust_can_save(path, why, sizeof why), "%s", why);
  cr_expect_eq(files(), 0);
  save();
  cr_expect_eq(files(), 1);
  cr_expect_null(load());
  cr_expect_eq(dup(kept), 0);
}
