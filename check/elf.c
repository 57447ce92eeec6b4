/* What a shared object exports, read from its file.
 *
 * The loader would tell as well, but only by running the object's
 * constructors, in a process that has better things to do than to crash. The
 * file may be anything: whatever it points to is read whole or is "no", and no
 * number in it makes us take more memory than any real table would. */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/library.h"

/* More than any real table; a file cannot make us take more memory. */
#define TABLE_LARGEST ((uint64_t)1 << 28)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE_DATA ELFDATA2LSB
#else
#define NATIVE_DATA ELFDATA2MSB
#endif
#define NATIVE_CLASS (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

/* The `size` bytes at `offset`, plus a zero byte, or NULL where the file does
 * not have them all. */
static void *read_part(int file, uint64_t offset, uint64_t size) {
  if (size > TABLE_LARGEST) return NULL;
  char *part = malloc((size_t)size + 1);
  if (part == NULL) return NULL;
  if (pread(file, part, (size_t)size, (off_t)offset) != (ssize_t)size) {
    free(part);
    return NULL;
  }
  part[size] = '\0';
  return part;
}

static bool is_ours(const ElfW(Ehdr) * header) {
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return false;
  if (header->e_ident[EI_CLASS] != NATIVE_CLASS) return false;
  if (header->e_ident[EI_DATA] != NATIVE_DATA) return false;
  if (header->e_type != ET_DYN) return false;
  return header->e_shentsize == sizeof(ElfW(Shdr));
}

static bool is_defined(const ElfW(Sym) * symbol) {
  if (symbol->st_shndx == SHN_UNDEF) return false;
  unsigned binding = symbol->st_info >> 4;
  return binding == STB_GLOBAL || binding == STB_WEAK ||
         binding == STB_GNU_UNIQUE;
}

static void mark(const char *name, const char *const *names, bool *found,
                 size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, names[i]) == 0) found[i] = true;
}

/* Goes through one table of dynamic symbols and its table of names. */
static void read_symbols(int file, const ElfW(Shdr) * table,
                         const ElfW(Shdr) * strings, const char *const *names,
                         bool *found, size_t count) {
  ElfW(Sym) *symbols = read_part(file, table->sh_offset, table->sh_size);
  char *text = read_part(file, strings->sh_offset, strings->sh_size);
  if (symbols != NULL && text != NULL) {
    size_t total = (size_t)table->sh_size / sizeof *symbols;
    for (size_t i = 0; i < total; i++)
      if (symbols[i].st_name < strings->sh_size && is_defined(&symbols[i]))
        mark(text + symbols[i].st_name, names, found, count);
  }
  free(symbols);
  free(text);
}

static bool read_file(int file, const char *const *names, bool *found,
                      size_t count) {
  ElfW(Ehdr) *header = read_part(file, 0, sizeof *header);
  bool ours = header != NULL && is_ours(header);
  if (ours) {
    size_t total = header->e_shnum;
    ElfW(Shdr) *sections =
        read_part(file, header->e_shoff, total * sizeof *sections);
    for (size_t i = 0; sections != NULL && i < total; i++)
      if (sections[i].sh_type == SHT_DYNSYM && sections[i].sh_link < total)
        read_symbols(file, &sections[i], &sections[sections[i].sh_link], names,
                     found, count);
    /* The table is the last part of a file: without it, that is cut short. */
    ours = total == 0 || sections != NULL;
    free(sections);
  }
  free(header);
  return ours;
}

bool pp_library_exports(const char *path, const char *const *names, bool *found,
                        size_t count) {
  for (size_t i = 0; i < count; i++)
    found[i] = false;
  /* A pipe would make us wait for its writer. */
  int file = open(path, O_RDONLY | O_NONBLOCK);
  if (file < 0) return false;
  bool readable = read_file(file, names, found, count);
  close(file);
  return readable;
}

/* ---- other machines ---- */

static const char *machine_named(unsigned machine) {
  static const struct {
    unsigned machine;
    const char *name;
  } names[] = {
      {EM_X86_64, "x86-64"}, {EM_AARCH64, "AArch64"}, {EM_386, "i386"},
      {EM_ARM, "ARM"},       {EM_RISCV, "RISC-V"},    {EM_PPC64, "POWER"},
      {EM_S390, "s390"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].machine == machine) return names[i].name;
  return NULL;
}

/* This program's own file says what the machine is. */
static unsigned own_machine(void) {
  int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  ElfW(Ehdr) *header = file < 0 ? NULL : read_part(file, 0, sizeof *header);
  unsigned machine = header == NULL ? EM_NONE : header->e_machine;
  free(header);
  if (file >= 0) close(file);
  return machine;
}

/* A file may leave open for which. */
static bool is_of_another(unsigned machine) {
  return machine != EM_NONE && machine != own_machine();
}

static bool is_foreign(const ElfW(Ehdr) * header, char *words, size_t size) {
  const unsigned char *ident = header->e_ident;
  bool other = is_of_another(header->e_machine);
  const char *name = machine_named(header->e_machine);
  if (memcmp(ident, ELFMAG, SELFMAG) != 0) {
    snprintf(words, size, "it is no ELF file");
  } else if (ident[EI_DATA] != NATIVE_DATA) {
    snprintf(words, size, "its bytes are in the other order");
  } else if (other && name != NULL) {
    snprintf(words, size, "it is built for %s", name);
  } else if (other) {
    snprintf(words, size, "it is built for machine %u", header->e_machine);
  } else if (ident[EI_CLASS] != NATIVE_CLASS) {
    snprintf(words, size, "it has pointers of another size");
  } else if (header->e_type == ET_EXEC) {
    snprintf(words, size, "it is a program; see tools/build-runner");
  } else if (header->e_type != ET_DYN) {
    snprintf(words, size, "it is not linked");
  } else {
    return false;
  }
  return true;
}

bool pp_library_foreign(const char *path, char *words, size_t size) {
  words[0] = '\0';
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return false;
  /* All that is read lies at the same place in files of 32 bits. */
  ElfW(Ehdr) *header = read_part(file, 0, sizeof *header);
  bool foreign = true;
  if (header != NULL)
    foreign = is_foreign(header, words, size);
  else
    snprintf(words, size, "it is no ELF file");
  free(header);
  close(file);
  return foreign;
}

/* ---- thread-local storage ---- */

static bool has_static_flag(int file, const ElfW(Phdr) * segment) {
  ElfW(Dyn) *entries = read_part(file, segment->p_offset, segment->p_filesz);
  size_t count = (size_t)segment->p_filesz / sizeof *entries;
  bool is_static = false;
  for (size_t i = 0; entries != NULL && i < count; i++)
    is_static = is_static || (entries[i].d_tag == DT_FLAGS &&
                              (entries[i].d_un.d_val & DF_STATIC_TLS) != 0);
  free(entries);
  return is_static;
}

bool pp_library_storage(const char *path, uint64_t *bytes, bool *is_static) {
  *bytes = 0;
  *is_static = false;
  int file = open(path, O_RDONLY | O_NONBLOCK);
  if (file < 0) return false;
  ElfW(Ehdr) *header = read_part(file, 0, sizeof *header);
  ElfW(Phdr) *segments = NULL;
  if (header != NULL && is_ours(header) &&
      header->e_phentsize == sizeof *segments)
    segments = read_part(file, header->e_phoff,
                         (uint64_t)header->e_phnum * sizeof *segments);
  for (size_t i = 0; segments != NULL && i < header->e_phnum; i++) {
    if (segments[i].p_type == PT_TLS) *bytes = segments[i].p_memsz;
    if (segments[i].p_type == PT_DYNAMIC)
      *is_static = has_static_flag(file, &segments[i]);
  }
  bool readable = segments != NULL;
  free(segments);
  free(header);
  close(file);
  return readable;
}
