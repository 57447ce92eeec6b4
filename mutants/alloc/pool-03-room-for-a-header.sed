# clause: POOL-03
# file: pool.c
# profiles: all
# maxnextoffset is the pool size less one header.
s/^  pool->maxnextoffset = (uint32_t)pp_pool_size(profile) - block_size;$/  pool->maxnextoffset = (uint32_t)pp_pool_size(profile) - PP_POOL_HEADER;/
