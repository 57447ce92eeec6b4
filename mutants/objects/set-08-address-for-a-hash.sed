# clause: SET-08
# file: set.c
# profiles: all
# The hash in an entry is one more than that of its key.
/^bool pp_set_add/,/^}/s/^  pp_incref(interpreter, key);$/  pp_incref(interpreter, key);\n  member.hash++;\n  pp_member_write(interpreter, pp_set_table(interpreter, set), place.index, member);/
