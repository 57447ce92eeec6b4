/* The reference is compiled once for each level of checking, and this header
 * gives every function that crosses a file the name of its level, so that all
 * of the builds can be linked into one program. */
#ifndef REFERENCE_ALLOC_LEVELS_H
#define REFERENCE_ALLOC_LEVELS_H

/* The marks on the dial, as numbers that the preprocessor can compare. */
#define PP_MARK_NONE 0
#define PP_MARK_CHEAP 1  /* constant time, at every call */
#define PP_MARK_OBJECT 2 /* the touched object after every change */
#define PP_MARK_HEAP 3   /* everything after every operation */

#ifndef PP_LEVEL_NUMBER
#define PP_LEVEL_NUMBER PP_MARK_HEAP
#endif

#if PP_LEVEL_NUMBER == PP_MARK_NONE
#define PP_AT_LEVEL(name) name##_none
#define PP_LEVEL_NAME "none"
#elif PP_LEVEL_NUMBER == PP_MARK_CHEAP
#define PP_AT_LEVEL(name) name##_cheap
#define PP_LEVEL_NAME "cheap"
#elif PP_LEVEL_NUMBER == PP_MARK_OBJECT
#define PP_AT_LEVEL(name) name##_object
#define PP_LEVEL_NAME "object"
#elif PP_LEVEL_NUMBER == PP_MARK_HEAP
#define PP_AT_LEVEL(name) name##_heap
#define PP_LEVEL_NAME "heap"
#else
#error "PP_LEVEL_NUMBER is one of the four marks"
#endif

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
