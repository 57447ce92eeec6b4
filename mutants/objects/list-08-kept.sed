# clause: LIST-08
# file: list.c
# profiles: 3.12 3.13
# A list whose only item is popped keeps a block of zero bytes.
s/length == 1 && interpreter->rules->list_pop_clears/false/
