/* The reference is compiled once for each level of checking: the marks on the
 * dial, and the name of a function at its level. Every function that crosses a
 * file has one (alloc/names.h, objects/names.h), so that all of the builds can
 * be linked into one program. */
#ifndef REFERENCE_LEVELS_H
#define REFERENCE_LEVELS_H

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

#endif
