# clause: OBJ-06
# file: object.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# An object begins a word behind the start of its memory.
s/obj->malloc(obj->ctx, before + size);/obj->malloc(obj->ctx, before + size + PP_WORD_SIZE);/
s/^  return (struct pp_object \*)(memory + before);$/  return (struct pp_object *)(memory + before + PP_WORD_SIZE);/
