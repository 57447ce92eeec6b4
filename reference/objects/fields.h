/* Where the fields of CPython's objects lie, release by release: one line for
 * each field, a group for each type. Fields that one release has and another
 * has not are -1 where they are missing.
 *
 *   FIELD(name, CPython's name, shape, bytes,
 *         offset from the object in 3.7 3.8 3.9 3.10 3.11 3.12 3.13)
 *
 * In a group the order is that of the offsets. */
#ifndef REFERENCE_OBJECTS_FIELDS_H
#define REFERENCE_OBJECTS_FIELDS_H

/* clang-format off */

/* Before and at the start of every object. */
#define PP_FIELDS_OBJECT(FIELD)                                                \
  FIELD(GC_NEXT,    "_gc_next", GC,      8, -32, -16, -16, -16, -16, -16, -16) \
  FIELD(GC_PREV,    "_gc_prev", GC,      8, -24,  -8,  -8,  -8,  -8,  -8,  -8) \
  FIELD(GC_REFS,    "gc_refs",  GC,      8, -16,  -1,  -1,  -1,  -1,  -1,  -1) \
  FIELD(GC_PADDING, "",         PADDING, 8,  -8,  -1,  -1,  -1,  -1,  -1,  -1) \
  FIELD(OBJECT_REFCOUNT, "ob_refcnt", COUNT, 8,  0,  0,  0,  0,  0,  0,  0)    \
  FIELD(OBJECT_TYPE,     "ob_type",   TYPE,  8,  8,  8,  8,  8,  8,  8,  8)    \
  FIELD(VAR_SIZE,        "ob_size",   SIZE,  8, 16, 16, 16, 16, 16, 16, 16)

/* int, float, complex, bytes, str */
#define PP_FIELDS_VALUES(FIELD)                                                \
  FIELD(INT_TAG,         "lv_tag",    TAG,   8, -1, -1, -1, -1, -1, 16, 16)    \
  FIELD(INT_DIGITS,      "ob_digit",  DIGITS, 0, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(FLOAT_VALUE,     "ob_fval",   DOUBLE, 8, 16, 16, 16, 16, 16, 16, 16)   \
  FIELD(COMPLEX_REAL,    "cval.real", DOUBLE, 8, 16, 16, 16, 16, 16, 16, 16)   \
  FIELD(COMPLEX_IMAG,    "cval.imag", DOUBLE, 8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(BYTES_HASH,      "ob_shash",  HASH,   8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(BYTES_DATA,      "ob_sval",   BYTES,  0, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(STR_LENGTH,      "length",    SIZE,   8, 16, 16, 16, 16, 16, 16, 16)   \
  FIELD(STR_HASH,        "hash",      HASH,   8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(STR_STATE,       "state",     STATE,  1, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(STR_PADDING,     "",          PADDING, 7, 33, 33, 33, 33, 33, 33, 33)  \
  FIELD(STR_WSTR,        "wstr",      POINTER, 8, 40, 40, 40, 40, 40, -1, -1)  \
  FIELD(STR_ASCII_TEXT,  "data",      TEXT,   0, 48, 48, 48, 48, 48, 40, 40)   \
  FIELD(STR_UTF8_LENGTH, "utf8_length", SIZE, 8, 48, 48, 48, 48, 48, 40, 40)   \
  FIELD(STR_UTF8,        "utf8",      BUFFER, 8, 56, 56, 56, 56, 56, 48, 48)   \
  FIELD(STR_WSTR_LENGTH, "wstr_length", SIZE, 8, 64, 64, 64, 64, 64, -1, -1)   \
  FIELD(STR_TEXT,        "data",      TEXT,   0, 72, 72, 72, 72, 72, 56, 56)

/* tuple, list, dict, set, array, bytearray */
#define PP_FIELDS_CONTAINERS(FIELD)                                            \
  FIELD(TUPLE_ITEMS,     "ob_item",   OBJECTS, 0, 24, 24, 24, 24, 24, 24, 24)  \
  FIELD(LIST_ITEMS,      "ob_item",   BUFFER, 8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(LIST_ALLOCATED,  "allocated", SIZE,   8, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(DICT_USED,       "ma_used",   SIZE,   8, 16, 16, 16, 16, 16, 16, 16)   \
  FIELD(DICT_VERSION,    "ma_version_tag", STAMP, 8, 24, 24, 24, 24, 24, 24,  \
        24)                                                                    \
  FIELD(DICT_KEYS,       "ma_keys",   BUFFER, 8, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(DICT_VALUES,     "ma_values", POINTER, 8, 40, 40, 40, 40, 40, 40, 40)  \
  FIELD(SET_FILL,        "fill",      SIZE,   8, 16, 16, 16, 16, 16, 16, 16)   \
  FIELD(SET_USED,        "used",      SIZE,   8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(SET_MASK,        "mask",      SIZE,   8, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(SET_TABLE,       "table",     BUFFER, 8, 40, 40, 40, 40, 40, 40, 40)   \
  FIELD(SET_HASH,        "hash",      HASH,   8, 48, 48, 48, 48, 48, 48, 48)   \
  FIELD(SET_FINGER,      "finger",    SIZE,   8, 56, 56, 56, 56, 56, 56, 56)   \
  FIELD(SET_SMALLTABLE,  "smalltable", NUMBER, 8, 64, 64, 64, 64, 64, 64, 64)  \
  FIELD(SET_WEAKREFS,    "weakreflist", POINTER, 8, 192, 192, 192, 192, 192,   \
        192, 192)                                                              \
  FIELD(ARRAY_ITEMS,     "ob_item",   BUFFER, 8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(ARRAY_ALLOCATED, "allocated", SIZE,   8, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(ARRAY_DESCR,     "ob_descr",  POINTER, 8, 40, 40, 40, 40, 40, 40, 40)  \
  FIELD(ARRAY_WEAKREFS,  "weakreflist", POINTER, 8, 48, 48, 48, 48, 48, 48,    \
        48)                                                                    \
  FIELD(ARRAY_EXPORTS,   "ob_exports", SIZE,  8, 56, 56, 56, 56, 56, 56, 56)   \
  FIELD(BYTEARRAY_ALLOC, "ob_alloc",  SIZE,   8, 24, 24, 24, 24, 24, 24, 24)   \
  FIELD(BYTEARRAY_BYTES, "ob_bytes",  BUFFER, 8, 32, 32, 32, 32, 32, 32, 32)   \
  FIELD(BYTEARRAY_START, "ob_start",  POINTER, 8, 40, 40, 40, 40, 40, 40, 40)  \
  FIELD(BYTEARRAY_EXPORTS, "ob_exports", SIZE, 8, -1, -1, 48, 48, 48, 48, 48)  \
  FIELD(BYTEARRAY_EXPORTS_INT, "ob_exports", SIZE, 4, 48, 48, -1, -1, -1, -1,  \
        -1)                                                                    \
  FIELD(BYTEARRAY_PADDING, "",        PADDING, 4, 52, 52, -1, -1, -1, -1, -1)

/* The header of a dict's keys, from its start. */
#define PP_FIELDS_KEYS(FIELD)                                                  \
  FIELD(KEYS_REFCNT,     "dk_refcnt", COUNT,  8,  0,  0,  0,  0,  0,  0,  0)   \
  FIELD(KEYS_SIZE,       "dk_size",   SIZE,   8,  8,  8,  8,  8, -1, -1, -1)   \
  FIELD(KEYS_LOOKUP,     "dk_lookup", POINTER, 8, 16, 16, 16, 16, -1, -1, -1)  \
  FIELD(KEYS_LOG2_SIZE,  "dk_log2_size", NUMBER, 1, -1, -1, -1, -1, 8, 8, 8)   \
  FIELD(KEYS_LOG2_INDEX_BYTES, "dk_log2_index_bytes", NUMBER, 1,               \
        -1, -1, -1, -1, 9, 9, 9)                                               \
  FIELD(KEYS_KIND,       "dk_kind",   NUMBER, 1, -1, -1, -1, -1, 10, 10, 10)   \
  FIELD(KEYS_PADDING,    "",          PADDING, 1, -1, -1, -1, -1, 11, 11, 11)  \
  FIELD(KEYS_VERSION,    "dk_version", NUMBER, 4, -1, -1, -1, -1, 12, 12, 12)  \
  FIELD(KEYS_USABLE,     "dk_usable", SIZE,   8, 24, 24, 24, 24, 16, 16, 16)   \
  FIELD(KEYS_NENTRIES,   "dk_nentries", SIZE, 8, 32, 32, 32, 32, 24, 24, 24)

/* instance, weakref, and what lies before a collected object */
#define PP_FIELDS_COLLECTED(FIELD)                                             \
  FIELD(WEAKREF_OBJECT,  "wr_object",   POINTER, 8, 16, 16, 16, 16, 16, 16, 16)\
  FIELD(WEAKREF_CALLBACK,"wr_callback", POINTER, 8, 24, 24, 24, 24, 24, 24, 24)\
  FIELD(WEAKREF_HASH,    "hash",        HASH,    8, 32, 32, 32, 32, 32, 32, 32)\
  FIELD(WEAKREF_PREV,    "wr_prev",     POINTER, 8, 40, 40, 40, 40, 40, 40, 40)\
  FIELD(WEAKREF_NEXT,    "wr_next",     POINTER, 8, 48, 48, 48, 48, 48, 48, 48)\
  FIELD(WEAKREF_CALL,    "vectorcall",  POINTER, 8, -1, -1, -1, -1, 56, 56, 56)\
  FIELD(INSTANCE_WEAKLIST, "weaklist",  POINTER, 8, 24, 24, 24, 24,            \
        16, -32, -32)                                                          \
  FIELD(INSTANCE_VALUES,   "values",    BUFFER,  8, -1, -1, -1, -1,            \
        -32, -24, -1)                                                          \
  FIELD(INSTANCE_DICT,     "dict",      OBJECT,  8, 16, 16, 16, 16,            \
        -24, -1, -24)

/* clang-format on */

#define PP_FIELDS(FIELD)      \
  PP_FIELDS_OBJECT(FIELD)     \
  PP_FIELDS_VALUES(FIELD)     \
  PP_FIELDS_CONTAINERS(FIELD) \
  PP_FIELDS_KEYS(FIELD)       \
  PP_FIELDS_COLLECTED(FIELD)

#endif
