# clause: LIST-07
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11
# With its only item a list gives back its array.
s/ && interpreter->rules->list_pop_clears//
