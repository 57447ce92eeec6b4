# clause: SET-03
# file: set.c
# profiles: all
# In a new table the next entry is taken, to the last.
/^static void insert_clean/,/^}/s/^    pp_set_way_next(&way);$/    way.index = (way.index + 1) \& mask;/
