/* One build of the reference: its functions at one level of checking behind
 * one table (SPEC.md, HEAP). The table is all that leaves this folder. */
#include "reference/alloc/heap.h"

const struct pp_reference pp_reference_here = {
    .level = PP_LEVEL_NAME,
    .heap_size = pp_heap_size,
    .create = pp_heap_create,
    .destroy = pp_heap_destroy,
    .malloc = pp_heap_malloc,
    .calloc = pp_heap_calloc,
    .realloc = pp_heap_realloc,
    .free = pp_heap_free,
    .check = pp_heap_check,
    .check_pool = pp_pool_check,
    .owns = pp_map_holds,
    .locate = pp_heap_locate,
    .count = pp_heap_count,
    .visit_arenas = pp_heap_visit_arenas,
    .visit_pools = pp_heap_visit_pools,
    .visit_blocks = pp_heap_visit_blocks,
};
