/* What a shared object exports, read from files that nobody linked
 * (check/elf.c): each symbol that counts and each that does not, and files that
 * are cut short, of other machines, or that point out of themselves. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/library.h"
#include "proptests/elf_files.h"
#include "proptests/held.h"
#include "proptests/programs.h"

static char folder[64];
static char path[128];
static struct pp_object object; /* defines a, bb and ccc */

static void make(void) {
  static const char *const symbols[] = {"a", "bb", "ccc", NULL};
  pp_folder_make(folder);
  object = pp_object_of(symbols);
}

static void forget(void) {
  pp_folder_remove(folder);
}

TestSuite(elf, .init = make, .fini = forget);

/* Which of a, bb, ccc and d the file exports, one letter each, "?" for a
 * symbol without a name, "-" for none;
 * "no" when it is no shared object, and then it exports nothing. */
static const char *exported(const char *file) {
  static const char *const names[] = {"a", "bb", "ccc", "d", ""};
  static char letters[8];
  bool found[] = {true, true, true, true, true, true};
  bool is_one = pp_library_exports(file, names, found, 5);
  cr_assert(found[5], "only what was asked for is written");
  size_t count = 0;
  for (size_t i = 0; i < 5; i++)
    if (found[i]) letters[count++] = "abcd?"[i];
  if (count == 0) letters[count++] = '-';
  letters[count] = '\0';
  if (is_one) return letters;
  cr_assert_str_eq(letters, "-");
  return "no";
}

static const char *exports_of(const void *bytes, size_t size) {
  pp_file_write(path, folder, "object.so", bytes, size);
  return exported(path);
}

static const char *exports(void) {
  return exports_of(&object, sizeof object);
}

/* ---- symbols ---- */

Test(elf, what_is_defined_for_all_is_exported) {
  static const unsigned bindings[] = {STB_GLOBAL, STB_WEAK, STB_GNU_UNIQUE};
  for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
    for (size_t j = 1; j <= 3; j++)
      object.symbols[j].st_info =
          (unsigned char)(bindings[i] << 4 | (STT_NOTYPE + j));
    cr_assert_str_eq(exports(), "abc", "binding %u", bindings[i]);
  }
}

Test(elf, what_is_local_is_not) {
  static const unsigned bindings[] = {STB_LOCAL, 3, 9, 11, 15};
  for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
    object.symbols[2].st_info = (unsigned char)(bindings[i] << 4 | STT_FUNC);
    cr_assert_str_eq(exports(), "ac", "binding %u", bindings[i]);
  }
}

Test(elf, what_is_needed_from_others_is_not) {
  object.symbols[1].st_shndx = SHN_UNDEF;
  cr_assert_str_eq(exports(), "bc");
  object.symbols[1].st_shndx = SHN_ABS;
  cr_assert_str_eq(exports(), "abc");
}

/* The table ends where its section does, whatever lies behind it. */
Test(elf, symbols_behind_the_table_are_none) {
  object.sections[1].sh_size -= 1;
  cr_assert_str_eq(exports(), "ab");
  object.sections[1].sh_size = 1;
  cr_assert_str_eq(exports(), "-");
  object.sections[1].sh_size = 0;
  cr_assert_str_eq(exports(), "-");
}

Test(elf, names_are_whole_and_within_their_table) {
  uint32_t whole = object.symbols[3].st_name;
  object.symbols[3].st_name = (uint32_t)object.sections[2].sh_size;
  strcpy(object.names + object.sections[2].sh_size, "d");
  cr_assert_str_eq(exports(), "ab", "a name behind the table is none");
  object.symbols[3].st_name = UINT32_MAX;
  cr_assert_str_eq(exports(), "ab");
  object.symbols[3].st_name = object.symbols[2].st_name + 1;
  cr_assert_str_eq(exports(), "ab", "half a name is another");
  object.symbols[3].st_name = whole;
  /* A name that nothing ends is ended by the table. */
  object.sections[2].sh_size = whole + 3;
  memset(object.names + whole + 3, 'c', 9);
  cr_assert_str_eq(exports(), "abc");
  object.sections[2].sh_size = whole + 2;
  cr_assert_str_eq(exports(), "ab");
  object.sections[2].sh_size = whole;
  cr_assert_str_eq(exports(), "ab");
  object.sections[2].sh_size = 0;
  cr_assert_str_eq(exports(), "-");
}

/* The first of a table is none as a rule, but not by its place. */
Test(elf, first_ones_are_as_good_as_others) {
  object.symbols[0] = object.symbols[1];
  object.symbols[1].st_shndx = SHN_UNDEF;
  cr_assert_str_eq(exports(), "abc");
  object.sections[0] = object.sections[1];
  object.sections[1].sh_type = SHT_NULL;
  cr_assert_str_eq(exports(), "abc");
}

/* What memory held before is no part of a name. */
Test(elf, names_end_with_their_table) {
  object.sections[2].sh_size = object.symbols[3].st_name + 3;
  for (size_t size = 1; size < 600; size++) {
    char *used = malloc(size);
    cr_assert_not_null(used);
    memset(used, 'c', size);
    free(used);
  }
  cr_assert_str_eq(exports(), "abc");
}

/* ---- sections ---- */

Test(elf, other_tables_are_not_read) {
  object.sections[1].sh_type = SHT_SYMTAB;
  cr_assert_str_eq(exports(), "-");
  object.sections[1].sh_type = SHT_DYNSYM;
  /* The dynamic symbols may be the last section. */
  ElfW(Shdr) names = object.sections[2];
  object.sections[2] = object.sections[1];
  object.sections[1] = names;
  object.sections[2].sh_link = 1;
  cr_assert_str_eq(exports(), "abc");
  /* Names in a section that there is not. */
  object.sections[2].sh_link = 3;
  cr_assert_str_eq(exports(), "-");
  object.sections[2].sh_link = UINT32_MAX;
  cr_assert_str_eq(exports(), "-");
}

Test(elf, parts_that_are_not_in_the_file_are_not_read) {
  ElfW(Shdr) sound[2] = {object.sections[1], object.sections[2]};
  for (int i = 0; i < 2; i++) {
    ElfW(Shdr) *section = &object.sections[i + 1];
    const uint64_t offsets[] = {sizeof object, sizeof object + 1, UINT64_MAX,
                                (uint64_t)1 << 40,
                                sizeof object - sound[i].sh_size + 1};
    const uint64_t sizes[] = {UINT64_MAX, (uint64_t)1 << 40,
                              sizeof object - sound[i].sh_offset + 1};
    for (size_t j = 0; j < sizeof offsets / sizeof *offsets; j++) {
      section->sh_offset = offsets[j];
      cr_assert_str_eq(exports(), "-", "section %d, offset %zu", i, j);
    }
    section->sh_offset = sound[i].sh_offset;
    for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
      section->sh_size = sizes[j];
      cr_assert_str_eq(exports(), "-", "section %d, size %zu", i, j);
    }
    *section = sound[i];
  }
  /* Both may reach to the very end. */
  object.sections[2].sh_size = sizeof object - sound[1].sh_offset;
  cr_assert_str_eq(exports(), "abc");
}

/* A hole costs nothing on disk, and would a gigabyte in memory. */
Test(elf, a_table_larger_than_any_real_one_is_not_read) {
  const uint64_t most = (uint64_t)1 << 28;
  for (uint64_t size = most; size <= most + 1; size++) {
    object.sections[2].sh_size = size;
    pp_file_write(path, folder, "object.so", &object, sizeof object);
    cr_assert_eq(truncate(path, (off_t)(most + sizeof object)), 0);
    cr_assert_str_eq(exported(path), size == most ? "abc" : "-");
  }
}

/* ---- the file ---- */

Test(elf, a_file_that_is_cut_short_is_none) {
  cr_assert_str_eq(exports(), "abc");
  for (size_t size = 0; size < sizeof object; size++)
    cr_assert_str_eq(exports_of(&object, size), "no", "%zu bytes", size);
}

Test(elf, a_file_without_sections_is_whole) {
  object.header.e_shnum = 0;
  cr_assert_str_eq(exports(), "-");
  cr_assert_str_eq(exports_of(&object, sizeof object.header), "-");
  cr_assert_str_eq(exports_of(&object, sizeof object.header - 1), "no");
}

Test(elf, files_of_other_machines_are_none) {
  const ElfW(Ehdr) sound = object.header;
  for (size_t i = 0; i < EI_VERSION; i++) {
    object.header.e_ident[i] ^= 3;
    cr_assert_str_eq(exports(), "no", "byte %zu", i);
    object.header = sound;
  }
  object.header.e_type = ET_EXEC;
  cr_assert_str_eq(exports(), "no");
  object.header.e_type = ET_REL;
  cr_assert_str_eq(exports(), "no");
  object.header = sound;
  object.header.e_shentsize--;
  cr_assert_str_eq(exports(), "no");
  object.header.e_shentsize += 2;
  cr_assert_str_eq(exports(), "no");
}

/* In words, for whom it was made. */
Test(elf, files_of_other_machines_are_told_apart) {
  const ElfW(Ehdr) sound = object.header;
  static const struct {
    unsigned char class, data;
    unsigned type, machine;
    const char *words;
  } rows[] = {
      {0, 0, ET_DYN, EM_NONE, ""},
      {0, 0, ET_DYN, EM_AARCH64, "it is built for AArch64"},
      {3, 0, ET_DYN, EM_386, "it is built for i386"},
      {0, 0, ET_DYN, 4711, "it is built for machine 4711"},
      {3, 0, ET_DYN, EM_NONE, "it has pointers of another size"},
      {0, 3, ET_DYN, EM_386, "its bytes are in the other order"},
      {0, 0, ET_EXEC, EM_NONE, "it is a program; see tools/build-runner"},
      {0, 0, ET_REL, EM_NONE, "it is not linked"},
  };
  char words[64];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    object.header = sound;
    object.header.e_ident[EI_CLASS] ^= rows[i].class;
    object.header.e_ident[EI_DATA] ^= rows[i].data;
    object.header.e_type = (ElfW(Half))rows[i].type;
    object.header.e_machine = (ElfW(Half))rows[i].machine;
    pp_file_write(path, folder, "object.so", &object, sizeof object);
    cr_assert_eq(pp_library_foreign(path, words, sizeof words),
                 rows[i].words[0] != '\0', "row %zu: %s", i, words);
    cr_assert_str_eq(words, rows[i].words);
  }
  pp_file_write(path, folder, "object.so", &sound, sizeof sound - 1);
  cr_assert(pp_library_foreign(path, words, sizeof words));
  cr_assert_str_eq(words, "it is no ELF file");
  cr_assert_not(pp_library_foreign("/nowhere/x.so", words, sizeof words));
  cr_assert_not(pp_library_foreign("/proc/self/exe", words, sizeof words));
}

Test(elf, what_is_no_file_is_none) {
  char name[128];
  snprintf(name, sizeof name, "%s/pipe", folder);
  cr_assert_str_eq(exported(folder), "no");
  cr_assert_str_eq(exported("/dev/zero"), "no");
  cr_assert_str_eq(exported(name), "no");
  cr_assert_eq(mkfifo(name, 0600), 0);
  cr_assert_str_eq(exported(name), "no", "and nobody waits for a writer");
  const char *text = "#!/bin/sh\n";
  cr_assert_str_eq(exports_of(text, strlen(text)), "no");
}

Test(elf, nothing_is_held) {
  for (int round = 1; round <= PP_HELD_ROUNDS; round++) {
    struct pp_held before = pp_held();
    cr_assert_str_eq(exports(), "abc");
    exported(folder);
    exports_of(&object, 10);
    exports_of(&object, 100);
    object.sections[1].sh_size *= 1000;
    cr_assert_str_eq(exports(), "-");
    object.sections[1].sh_size /= 1000;
    if (round == PP_HELD_ROUNDS) pp_held_no_more(before);
  }
}

Test(elf, any_descriptor_will_do) {
  exports();
  close(STDIN_FILENO);
  cr_assert_str_eq(exported(path), "abc");
}

/* The very program that this is, and the library that it is linked with. */
Test(elf, real_ones_are_read) {
  static const char *const names[] = {"malloc", "poolproof_subject"};
  bool found[2];
  char *libc = pp_library_search("libc.so.6");
  cr_assert_not_null(libc);
  cr_assert(pp_library_exports(libc, names, found, 2));
  cr_assert(found[0]);
  cr_assert_not(found[1]);
  cr_assert(
      pp_library_exports(pp_setting("POOLPROOF_FAULTY"), names, found, 2));
  cr_assert_not(found[0]);
  cr_assert(found[1]);
  free(libc);
}
