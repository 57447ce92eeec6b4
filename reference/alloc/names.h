/* The functions of the heap that cross a file, each by the name of its level
 * (reference/levels.h). */
#ifndef REFERENCE_ALLOC_NAMES_H
#define REFERENCE_ALLOC_NAMES_H

#include "reference/levels.h"

#define pp_reference_here PP_AT_LEVEL(pp_reference)

#define pp_pool_begin PP_AT_LEVEL(pp_pool_begin)
#define pp_pool_resume PP_AT_LEVEL(pp_pool_resume)
#define pp_pool_take PP_AT_LEVEL(pp_pool_take)
#define pp_pool_give PP_AT_LEVEL(pp_pool_give)

#define pp_arena_return PP_AT_LEVEL(pp_arena_return)
#define pp_arena_add PP_AT_LEVEL(pp_arena_add)
#define pp_arena_take_pool PP_AT_LEVEL(pp_arena_take_pool)
#define pp_arena_give_pool PP_AT_LEVEL(pp_arena_give_pool)

#define pp_map_mark PP_AT_LEVEL(pp_map_mark)
#define pp_map_unmark PP_AT_LEVEL(pp_map_unmark)
#define pp_map_leaf PP_AT_LEVEL(pp_map_leaf)
#define pp_map_covers PP_AT_LEVEL(pp_map_covers)
#define pp_map_holds PP_AT_LEVEL(pp_map_holds)
#define pp_map_release PP_AT_LEVEL(pp_map_release)

#define pp_heap_size PP_AT_LEVEL(pp_heap_size)
#define pp_heap_create PP_AT_LEVEL(pp_heap_create)
#define pp_heap_destroy PP_AT_LEVEL(pp_heap_destroy)
#define pp_heap_malloc PP_AT_LEVEL(pp_heap_malloc)
#define pp_heap_calloc PP_AT_LEVEL(pp_heap_calloc)
#define pp_heap_realloc PP_AT_LEVEL(pp_heap_realloc)
#define pp_heap_free PP_AT_LEVEL(pp_heap_free)

#define pp_pool_check PP_AT_LEVEL(pp_pool_check)
#define pp_pool_check_header PP_AT_LEVEL(pp_pool_check_header)
#define pp_arena_check PP_AT_LEVEL(pp_arena_check)
#define pp_arena_check_order PP_AT_LEVEL(pp_arena_check_order)
#define pp_map_check PP_AT_LEVEL(pp_map_check)
#define pp_heap_check PP_AT_LEVEL(pp_heap_check)

#define pp_heap_locate PP_AT_LEVEL(pp_heap_locate)
#define pp_heap_count PP_AT_LEVEL(pp_heap_count)
#define pp_heap_visit_arenas PP_AT_LEVEL(pp_heap_visit_arenas)
#define pp_heap_visit_pools PP_AT_LEVEL(pp_heap_visit_pools)
#define pp_heap_visit_blocks PP_AT_LEVEL(pp_heap_visit_blocks)

#endif
