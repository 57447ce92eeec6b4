# clause: INT-05
# file: int.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A block has room for a digit less than there are.
s/^  size_t size = PP_VAR_SIZE + DIGIT_SIZE \* count;$/  size_t size = PP_VAR_SIZE + DIGIT_SIZE * (count - 1);/
