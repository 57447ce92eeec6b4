# clause: INTERN-02
# file: interned.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Strings are looked for by their addresses.
/^static size_t find(/,/^}/s/pp_str_equal(interpreter, table->slots\[slot\], string)/table->slots[slot] == string/
