# clause: POOL-16
# file: arena.c
# profiles: all
# A pool is carved with the index of the slot behind that of its arena.
s/^  pool->arenaindex = (uint32_t)(arena - heap->arenas);$/  pool->arenaindex = (uint32_t)(arena - heap->arenas) + 1;/
