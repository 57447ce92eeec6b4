/* Thread-local storage of shared objects, as read from their files: how much
 * there is, and whether all of it has to be there from the start. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "check/library.h"
#include "proptests/elf_files.h"
#include "proptests/programs.h"

enum { SEGMENTS = 3, ENTRIES = 4 };

/* Nothing but what is looked for. */
static struct {
  ElfW(Ehdr) header;
  ElfW(Phdr) segments[SEGMENTS];
  ElfW(Dyn) entries[ENTRIES];
} file;

static char folder[64];
static char path[128];

static void make(void) {
  static const char *const none[] = {NULL};
  struct pp_object object = pp_object_of(none);
  pp_folder_make(folder);
  file.header = object.header;
  file.header.e_phoff = sizeof file.header;
  file.header.e_phentsize = sizeof file.segments[0];
  file.header.e_phnum = SEGMENTS;
  file.segments[0].p_type = PT_LOAD;
  file.segments[0].p_memsz = 999;
  file.segments[1].p_type = PT_TLS;
  file.segments[1].p_memsz = 2632;
  file.segments[2].p_type = PT_DYNAMIC;
  file.segments[2].p_offset = sizeof file.header + sizeof file.segments;
  file.segments[2].p_filesz = sizeof file.entries;
  file.entries[1].d_tag = DT_FLAGS;
  file.entries[1].d_un.d_val = DF_STATIC_TLS | DF_BIND_NOW;
}

static void forget(void) {
  pp_folder_remove(folder);
}

TestSuite(elf_storage, .init = make, .fini = forget);

static void reads(bool readable, uint64_t bytes, bool is_static) {
  uint64_t seen = 1;
  bool flag = !is_static;
  pp_file_write(path, folder, "some.so", &file, sizeof file);
  cr_expect_eq(pp_library_storage(path, &seen, &flag), readable);
  cr_expect_eq(seen, bytes);
  cr_expect_eq(flag, is_static);
}

Test(elf_storage, bytes_and_flag_are_read) {
  reads(true, 2632, true);
  file.segments[1].p_memsz = UINT64_C(1) << 40;
  file.entries[1].d_un.d_val = DF_BIND_NOW;
  reads(true, UINT64_C(1) << 40, false);
}

/* In whichever entry; another tag with that value says nothing of it. */
Test(elf_storage, flag_is_that_of_its_tag) {
  file.entries[1].d_tag = DT_FLAGS_1;
  reads(true, 2632, false);
  file.entries[ENTRIES - 1].d_tag = DT_FLAGS;
  file.entries[ENTRIES - 1].d_un.d_val = DF_STATIC_TLS;
  reads(true, 2632, true);
  file.segments[2].p_filesz -= sizeof file.entries[0];
  reads(true, 2632, false);
}

Test(elf_storage, none_is_no_bytes) {
  file.segments[1].p_type = PT_NOTE;
  file.segments[2].p_type = PT_NOTE;
  reads(true, 0, false);
  file.segments[2].p_type = PT_TLS; /* the last is read, too */
  file.segments[2].p_memsz = 8;
  reads(true, 8, false);
  file.header.e_phnum = SEGMENTS - 1;
  reads(true, 0, false);
}

Test(elf_storage, damaged_files_are_not_read) {
  file.header.e_phentsize++;
  reads(false, 0, false);
  file.header.e_phentsize--;
  file.header.e_phoff = sizeof file;
  reads(false, 0, false);
  file.header.e_phoff = sizeof file.header;
  file.header.e_ident[EI_CLASS] ^= 3;
  reads(false, 0, false);
  file.header.e_ident[EI_CLASS] ^= 3;
  file.segments[2].p_offset = sizeof file;
  reads(true, 2632, false);
}

Test(elf_storage, what_is_no_file_has_none) {
  uint64_t bytes = 1;
  bool is_static = true;
  cr_expect_not(pp_library_storage("/nowhere", &bytes, &is_static));
  cr_expect_eq(bytes, 0);
  cr_expect_not(is_static);
  pp_file_write(path, folder, "text", "text", 4);
  cr_expect_not(pp_library_storage(path, &bytes, &is_static));
}
