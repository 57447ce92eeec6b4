/* Shared objects that no compiler made. */
#include "proptests/elf_files.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proptests/programs.h"

struct pp_object pp_object_of(const char *const *symbols) {
  struct pp_object object = {0};
  ElfW(Ehdr) *header = &object.header;
  memcpy(header->e_ident, ELFMAG, SELFMAG);
  header->e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
  header->e_ident[EI_DATA] =
      __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
  header->e_type = ET_DYN;
  header->e_shentsize = sizeof(ElfW(Shdr));
  header->e_shnum = PP_OBJECT_SECTIONS;
  header->e_shoff = offsetof(struct pp_object, sections);
  object.sections[1].sh_type = SHT_DYNSYM;
  object.sections[1].sh_offset = offsetof(struct pp_object, symbols);
  object.sections[1].sh_link = 2;
  object.sections[2].sh_type = SHT_STRTAB;
  object.sections[2].sh_offset = offsetof(struct pp_object, names);
  size_t used = 1;
  size_t count = 1;
  for (; *symbols != NULL; symbols++, count++) {
    cr_assert_lt(count, PP_OBJECT_SYMBOLS);
    cr_assert_leq(used + strlen(*symbols) + 1, PP_OBJECT_NAMES);
    strcpy(object.names + used, *symbols);
    object.symbols[count].st_name = (uint32_t)used;
    object.symbols[count].st_info = STB_GLOBAL << 4 | STT_FUNC;
    object.symbols[count].st_shndx = 1;
    used += strlen(*symbols) + 1;
  }
  object.sections[1].sh_size = count * sizeof *object.symbols;
  object.sections[2].sh_size = used;
  return object;
}

void pp_object_write(const char *folder, const char *name, const char *symbol) {
  const char *const symbols[] = {symbol, NULL};
  char path[128];
  struct pp_object object = pp_object_of(symbols);
  pp_file_write(path, folder, name, &object, sizeof object);
}
