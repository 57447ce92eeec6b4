/* The objects of a CPython as a library: what it puts into the blocks of its
 * heap, byte for byte, and how it counts, shares and collects them.
 *
 * An interpreter is a value, like the heap below it: it is created in memory
 * that the caller gives, from a profile and from the two families of memory
 * that CPython's objects come from. It has no globals and takes nothing else
 * from its host. An object is bytes in that memory, laid out as the profile
 * lays them out; its address is that of its reference count.
 *
 * Whoever makes an object owns one reference to it and gives it back with
 * decref. Arguments are borrowed; a container takes references of its own to
 * what is put into it. A function that cannot do what it is asked, for want of
 * memory or because the object is of another type, answers NULL, false or
 * PP_OBJECT_ERROR and has changed nothing that can be seen. Sizes are in bytes,
 * lengths in items.
 *
 * The same sources are built once per level of checking; each build is one
 * struct pp_objects. */
#ifndef POOLPROOF_OBJECTS_H
#define POOLPROOF_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poolproof/reference.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pp_interpreter;
struct pp_object;

enum { PP_OBJECT_ERROR = -1 };

enum pp_type_id {
  PP_TYPE_NONE,
  PP_TYPE_ELLIPSIS,
  PP_TYPE_NOT_IMPLEMENTED,
  PP_TYPE_BOOL,
  PP_TYPE_INT,
  PP_TYPE_FLOAT,
  PP_TYPE_COMPLEX,
  PP_TYPE_BYTES,
  PP_TYPE_STR,
  PP_TYPE_TUPLE,
  PP_TYPE_LIST,
  PP_TYPE_DICT,
  PP_TYPE_SET,
  PP_TYPE_ARRAY,
  PP_TYPE_BYTEARRAY,
  PP_TYPE_WEAKREF,
  PP_TYPE_INSTANCE, /* of a class without slots: `class C: pass` */
  PP_TYPE_COUNT
};

enum {
  PP_GENERATIONS = 3,
  PP_ATTRIBUTES = 5 /* that an instance can have */
};

/* What the host of an interpreter is told; any may be NULL. They may call the
 * interpreter: a finalizer that keeps a reference resurrects its object. */
struct pp_object_events {
  void *ctx;
  void (*finalize)(void *ctx, struct pp_object *instance);
  /* The callback of a weak reference, once its referent is gone. */
  void (*weakref_dead)(void *ctx, struct pp_object *weakref);
  /* An object's memory is about to go back, or to be kept for the next of its
   * kind; the object is still readable. */
  void (*dealloc)(void *ctx, const struct pp_object *object);
  /* How many references the host holds to an object. With it, check_all knows
   * what every count has to be; without, only what is the least. */
  uint64_t (*held)(void *ctx, const struct pp_object *object);
};

/* What create needs. The families have the shape of PEP 445's allocators and
 * must serve requests of zero bytes as CPython's do. Everything must outlive
 * the interpreter; nothing is copied. */
struct pp_interpreter_options {
  const struct pp_profile *profile; /* 3.7 to 3.13 */
  const struct pp_system_source *obj;
  const struct pp_system_source *mem;
  const struct pp_object_events *events; /* or NULL */
  struct pp_witness *witness;
  uint64_t hash_key[2]; /* of str and bytes; zeros: as PYTHONHASHSEED=0 */
};

/* Where a field of an object lies, for those who show memory. */
enum pp_field_shape {
  PP_SHAPE_COUNT,   /* a reference count */
  PP_SHAPE_TYPE,    /* a pointer to a type */
  PP_SHAPE_SIZE,    /* a number of items or bytes; may be negative */
  PP_SHAPE_TAG,     /* lv_tag: sign and number of digits of an int */
  PP_SHAPE_HASH,    /* -1: not computed yet */
  PP_SHAPE_STATE,   /* bits that say which form a str has */
  PP_SHAPE_OBJECT,  /* a pointer to an object, or NULL */
  PP_SHAPE_BUFFER,  /* a pointer to memory that the object owns, or NULL */
  PP_SHAPE_STALE,   /* a pointer to what was an object once, or NULL */
  PP_SHAPE_POINTER, /* any other pointer */
  PP_SHAPE_DIGITS,  /* of an int, 30 bits in four bytes each, lowest first */
  PP_SHAPE_DOUBLE,
  PP_SHAPE_TEXT, /* code units of a str, with a zero at the end */
  PP_SHAPE_BYTES,
  PP_SHAPE_OBJECTS, /* so many pointers to objects */
  PP_SHAPE_GC,      /* a word of the collector */
  PP_SHAPE_PADDING, /* means nothing */
  PP_SHAPE_STAMP,   /* of a counter that all objects of a type share */
  PP_SHAPE_NUMBER   /* anything else */
};

struct pp_field_info {
  const char *name; /* CPython's: "ob_refcnt" */
  enum pp_field_shape shape;
  int offset;  /* from the object; negative before it, or from the buffer */
  size_t size; /* in bytes, of the whole field */
};

/* A piece of memory that is an object's: itself, with what lies before it, or
 * a buffer of its own. */
struct pp_piece_info {
  const char *name; /* "", or the field that points to it: "ob_item" */
  const void *start;
  size_t size; /* that were asked for */
  bool shared; /* static, or of several objects: not in getsizeof */
};

/* One build. All functions but create take the interpreter first. */
struct pp_objects {
  const char *level;
  size_t (*interpreter_size)(const struct pp_profile *profile);
  /* NULL when the memory for what is shared cannot be had, or the profile has
   * no objects. */
  struct pp_interpreter *(*create)(
      void *memory, const struct pp_interpreter_options *options);
  /* Collects, gives back the free lists and what is shared. Objects that the
   * host still holds are left to it. */
  void (*destroy)(struct pp_interpreter *interpreter);

  /* ---- values; each answers a new reference, or NULL ---- */
  struct pp_object *(*none)(struct pp_interpreter *);
  struct pp_object *(*ellipsis)(struct pp_interpreter *);
  struct pp_object *(*not_implemented)(struct pp_interpreter *);
  struct pp_object *(*boolean)(struct pp_interpreter *, bool value);
  /* Magnitude in 30-bit digits, lowest first; leading zeros are dropped. What
   * fits into 64 bits is made as PyLong_FromLongLong makes it, and what does
   * not as _PyLong_New, with the digits that it needs. */
  struct pp_object *(*integer)(struct pp_interpreter *, bool negative,
                               const uint32_t *digits, size_t count);
  struct pp_object *(*floating)(struct pp_interpreter *, double value);
  struct pp_object *(*complex)(struct pp_interpreter *, double real,
                               double imaginary);
  struct pp_object *(*bytes)(struct pp_interpreter *, const uint8_t *data,
                             size_t length);
  /* Code points; the narrowest kind that holds them is chosen. */
  struct pp_object *(*string)(struct pp_interpreter *,
                              const uint32_t *code_points, size_t length);
  /* A NULL item is None. */
  struct pp_object *(*tuple)(struct pp_interpreter *,
                             struct pp_object *const *items, size_t length);
  struct pp_object *(*list)(struct pp_interpreter *,
                            struct pp_object *const *items, size_t length);
  struct pp_object *(*dict)(struct pp_interpreter *);
  struct pp_object *(*set)(struct pp_interpreter *);
  struct pp_object *(*array)(struct pp_interpreter *, char code);
  /* array(code, [...]): with room for just these items, which all fit. */
  struct pp_object *(*array_of)(struct pp_interpreter *, char code,
                                struct pp_object *const *items, size_t length);
  struct pp_object *(*bytearray)(struct pp_interpreter *, const uint8_t *data,
                                 size_t length);
  /* With a finalizer, events->finalize is called once before its end. */
  struct pp_object *(*instance)(struct pp_interpreter *, bool finalizer);
  /* With a callback, events->weakref_dead is called when the referent dies
   * first. Only sets, arrays, instances can be referred to; others: NULL. */
  struct pp_object *(*weakref)(struct pp_interpreter *,
                               struct pp_object *referent, bool callback);

  /* ---- references ---- */
  void (*incref)(struct pp_interpreter *, struct pp_object *object);
  void (*decref)(struct pp_interpreter *, struct pp_object *object);
  /* As CPython's PyUnicode_InternInPlace / sys.intern: takes the reference
   * and answers one to the canonical object. Not a str: the object. */
  struct pp_object *(*intern)(struct pp_interpreter *,
                              struct pp_object *string);

  /* ---- sequences: list, array, bytearray; index counts from the front ---- */
  bool (*append)(struct pp_interpreter *, struct pp_object *sequence,
                 struct pp_object *item);
  bool (*insert)(struct pp_interpreter *, struct pp_object *sequence,
                 size_t index, struct pp_object *item);
  /* The item, a new reference, or NULL when there is none at the index. As in
   * CPython, a bytearray whose buffer is refused a smaller one has lost the
   * byte, and has a zero more at its end. */
  struct pp_object *(*pop)(struct pp_interpreter *, struct pp_object *sequence,
                           size_t index);
  bool (*set_item)(struct pp_interpreter *, struct pp_object *sequence,
                   size_t index, struct pp_object *item);
  /* A borrowed reference (of a list or tuple), or NULL. */
  struct pp_object *(*get_item)(struct pp_interpreter *,
                                struct pp_object *sequence, size_t index);
  /* sequence[first:last] = other; an empty tuple deletes. List only. */
  bool (*assign_slice)(struct pp_interpreter *, struct pp_object *list,
                       size_t first, size_t last, struct pp_object *other);
  /* list.extend(list or tuple), array.extend(array of the same code),
   * bytearray.extend(bytes or bytearray), set.update(set). */
  bool (*extend)(struct pp_interpreter *, struct pp_object *sequence,
                 struct pp_object *other);

  /* ---- dict and set; attributes of an instance are its dict ---- */
  bool (*dict_set)(struct pp_interpreter *, struct pp_object *dict,
                   struct pp_object *key, struct pp_object *value);
  bool (*dict_delete)(struct pp_interpreter *, struct pp_object *dict,
                      struct pp_object *key);
  struct pp_object *(*dict_get)(struct pp_interpreter *, struct pp_object *dict,
                                struct pp_object *key); /* borrowed */
  /* As in CPython, a key that the set would have to grow for, and cannot, is
   * in it all the same. */
  bool (*set_add)(struct pp_interpreter *, struct pp_object *set,
                  struct pp_object *key);
  bool (*set_discard)(struct pp_interpreter *, struct pp_object *set,
                      struct pp_object *key);
  /* Attribute number 0, 1, ... 4 of an instance; a NULL value deletes. The
   * classes of instances are not new: each has had 40 instances that got all
   * of them in this order, and are gone. */
  bool (*set_attribute)(struct pp_interpreter *, struct pp_object *instance,
                        unsigned number, struct pp_object *value);
  /* Empties a list, dict, set. */
  bool (*clear)(struct pp_interpreter *, struct pp_object *container);

  /* ---- the collector ---- */
  /* What was collected and what could not be, together. */
  int64_t (*collect)(struct pp_interpreter *, unsigned generation);
  /* Collects if a collection is due: since 3.12 that waits for a safe point,
   * which this is. */
  void (*safe_point)(struct pp_interpreter *);
  bool (*is_tracked)(const struct pp_interpreter *,
                     const struct pp_object *object);
  bool (*is_finalized)(const struct pp_interpreter *,
                       const struct pp_object *object);
  void (*get_count)(const struct pp_interpreter *,
                    uint32_t count[PP_GENERATIONS]);
  void (*get_threshold)(const struct pp_interpreter *,
                        uint32_t threshold[PP_GENERATIONS]);
  void (*set_threshold)(struct pp_interpreter *,
                        const uint32_t threshold[PP_GENERATIONS]);
  void (*enable)(struct pp_interpreter *, bool enabled);
  void (*freeze)(struct pp_interpreter *);
  void (*unfreeze)(struct pp_interpreter *);

  /* ---- looking ---- */
  enum pp_type_id (*type_of)(const struct pp_interpreter *,
                             const struct pp_object *object);
  /* The count as sys.getrefcount would answer it, less its own reference. */
  uint64_t (*refcount)(const struct pp_interpreter *,
                       const struct pp_object *object);
  size_t (*length)(const struct pp_interpreter *,
                   const struct pp_object *object);
  size_t (*getsizeof)(const struct pp_interpreter *,
                      const struct pp_object *object);
  /* Piece 0 is the object with what lies before it; false: no such piece. */
  bool (*piece)(const struct pp_interpreter *, const struct pp_object *object,
                unsigned index, struct pp_piece_info *piece);
  /* The fields of a piece, in the order of their offsets from the object, or
   * from the buffer; false: no such field. */
  bool (*field)(const struct pp_interpreter *, const struct pp_object *object,
                unsigned piece, unsigned index, struct pp_field_info *field);
  /* The objects that it refers to, as the collector sees them. */
  void (*traverse)(const struct pp_interpreter *,
                   const struct pp_object *object, void *ctx,
                   bool (*visit)(void *ctx, struct pp_object *referred));
  /* Tracked objects of a generation (PP_GENERATIONS: the frozen ones), in the
   * order of its list. */
  void (*visit_generation)(const struct pp_interpreter *, unsigned generation,
                           void *ctx,
                           bool (*visit)(void *ctx, struct pp_object *object));

  /* The first broken clause of one object, or of all, or PP_HOLDS. */
  enum pp_clause (*check)(const struct pp_interpreter *,
                          const struct pp_object *object);
  enum pp_clause (*check_all)(const struct pp_interpreter *);
};

extern const struct pp_objects pp_objects_none;
extern const struct pp_objects pp_objects_cheap;
extern const struct pp_objects pp_objects_object;
extern const struct pp_objects pp_objects_heap;

#ifdef __cplusplus
}
#endif

#endif
