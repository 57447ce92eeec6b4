# clause: STR-02
# file: str.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The state does not say compact.
s/kind << PP_STR_KIND_SHIFT | PP_STR_COMPACT |/kind << PP_STR_KIND_SHIFT |/
