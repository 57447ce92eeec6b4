# clause: LIST-01
# file: list.c
# profiles: all
# A list that grows keeps the room that it had.
/^bool pp_list_resize/,/^}/s/^  room = room_for(\(.*\));$/  size_t wanted = room_for(\1);/
/^bool pp_list_resize/,/^}/s/target, room);$/target, wanted);/
/^bool pp_list_resize/,/^}/s/room \* PP_WORD_SIZE/wanted * PP_WORD_SIZE/
/^bool pp_list_resize/,/^}/s/set_array(interpreter, list, items, target, wanted);/set_array(interpreter, list, items, target, room);/
