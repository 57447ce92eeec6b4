# clause: OPS-02
# file: trace_text.c
# A leading zero makes a number octal, as in C.
s/^  uint64_t base = strncmp(word, "0x", 2) == 0 ? 16 : 10;$/\
  uint64_t base = strncmp(word, "0x", 2) == 0 ? 16 : *word == '0' ? 8 : 10;/
