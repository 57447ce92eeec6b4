/* One build of the objects: their functions at one level of checking behind
 * one table (SPEC.md, OBJ). The table is all that leaves this folder. */
#include "reference/objects/array.h"
#include "reference/objects/bytearray.h"
#include "reference/objects/bytes.h"
#include "reference/objects/dict.h"
#include "reference/objects/float.h"
#include "reference/objects/instance.h"
#include "reference/objects/int.h"
#include "reference/objects/interpreter.h"
#include "reference/objects/list.h"
#include "reference/objects/object.h"
#include "reference/objects/sequence.h"
#include "reference/objects/set.h"
#include "reference/objects/singletons.h"
#include "reference/objects/str.h"
#include "reference/objects/tuple.h"
#include "reference/objects/weakref.h"

const struct pp_objects pp_objects_here = {
    .level = PP_LEVEL_NAME,
    .interpreter_size = pp_interpreter_size,
    .create = pp_interpreter_create,
    .destroy = pp_interpreter_destroy,

    .none = pp_none_new,
    .ellipsis = pp_ellipsis_new,
    .not_implemented = pp_not_implemented_new,
    .boolean = pp_bool_new,
    .integer = pp_int_new,
    .floating = pp_float_new,
    .complex = pp_complex_new,
    .bytes = pp_bytes_new,
    .string = pp_str_new,
    .tuple = pp_tuple_new,
    .list = pp_list_new,
    .dict = pp_dict_new,
    .set = pp_set_new,
    .array = pp_array_new,
    .array_of = pp_array_of,
    .bytearray = pp_bytearray_new,
    .instance = pp_instance_new,
    .weakref = pp_weakref_new,

    .incref = pp_incref,
    .decref = pp_decref,
    .intern = pp_intern,

    .append = pp_sequence_append,
    .insert = pp_sequence_insert,
    .pop = pp_sequence_pop,
    .set_item = pp_sequence_set_item,
    .get_item = pp_sequence_get_item,
    .assign_slice = pp_sequence_assign_slice,
    .extend = pp_sequence_extend,

    .dict_set = pp_mapping_set,
    .dict_delete = pp_mapping_delete,
    .dict_get = pp_mapping_get,
    .set_add = pp_mapping_add,
    .set_discard = pp_mapping_discard,
    .set_attribute = pp_instance_set,
    .clear = pp_container_clear,

    .collect = pp_gc_collect,
    .safe_point = pp_gc_safe_point,
    .is_tracked = pp_gc_is_tracked,
    .is_finalized = pp_gc_is_finalized,
    .get_count = pp_gc_get_count,
    .get_threshold = pp_gc_get_threshold,
    .set_threshold = pp_gc_set_threshold,
    .enable = pp_gc_enable,
    .freeze = pp_gc_freeze,
    .unfreeze = pp_gc_unfreeze,

    .type_of = pp_interpreter_type_of,
    .refcount = pp_interpreter_refcount,
    .length = pp_interpreter_length,
    .getsizeof = pp_object_getsizeof,
    .piece = pp_object_piece,
    .field = pp_object_field,
    .traverse = pp_interpreter_traverse,
    .visit_generation = pp_gc_visit_generation,
    .check = pp_object_check,
    .check_all = pp_interpreter_check_all,
};
