/* Shared objects that no compiler made: an ELF file with a table of dynamic
 * symbols and the names in it, and nothing that could be loaded. What lies
 * where is known, so that a test can spoil one field. */
#ifndef PROPTESTS_ELF_FILES_H
#define PROPTESTS_ELF_FILES_H

#include <elf.h>
#include <link.h>
#include <stddef.h>

enum {
  PP_OBJECT_SYMBOLS = 8, /* the first is none, as in every such table */
  PP_OBJECT_NAMES = 256,
  PP_OBJECT_SECTIONS = 3 /* none, the symbols, the names */
};

struct pp_object {
  ElfW(Ehdr) header;
  ElfW(Sym) symbols[PP_OBJECT_SYMBOLS];
  char names[PP_OBJECT_NAMES];
  ElfW(Shdr) sections[PP_OBJECT_SECTIONS]; /* last, as in every such file */
};

/* A sound one that defines these symbols, up to PP_OBJECT_SYMBOLS - 1, for all
 * to use; a NULL ends them. */
struct pp_object pp_object_of(const char *const *symbols);

/* Writes one that defines this one symbol. */
void pp_object_write(const char *folder, const char *name, const char *symbol);

#endif
