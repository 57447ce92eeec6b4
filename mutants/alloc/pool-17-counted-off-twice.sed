# clause: POOL-17
# file: pool.c
# profiles: all
# A block that is freed is counted off twice.
s/^  pool->count--;$/  pool->count -= 2;/
