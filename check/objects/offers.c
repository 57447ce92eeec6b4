/* Which statements an interpreter has functions for; others are skipped, and
 * counted as skipped (SPEC.md, OPS-09). */
#include "check/objects/driver.h"

static bool offers(const struct pp_objects *o, enum pp_op_kind kind) {
  switch (kind) {
  case PP_OP_SINGLETON: return o->ellipsis && o->not_implemented && o->boolean;
  case PP_OP_INT: return o->integer != NULL;
  case PP_OP_FLOAT: return o->floating != NULL;
  case PP_OP_COMPLEX: return o->complex != NULL;
  case PP_OP_BYTES: return o->bytes != NULL;
  case PP_OP_STR: return o->string != NULL;
  case PP_OP_TUPLE: return o->tuple != NULL;
  case PP_OP_LIST: return o->list != NULL;
  case PP_OP_DICT: return o->dict != NULL;
  case PP_OP_SET: return o->set != NULL;
  case PP_OP_ARRAY: return o->array != NULL;
  case PP_OP_BYTEARRAY: return o->bytearray != NULL;
  case PP_OP_INSTANCE: return o->instance != NULL;
  case PP_OP_WEAKREF: return o->weakref != NULL;
  case PP_OP_TAKE: return o->get_item != NULL;
  case PP_OP_INTERN: return o->intern != NULL;
  case PP_OP_APPEND: return o->append != NULL;
  case PP_OP_INSERT: return o->insert != NULL;
  case PP_OP_POP: return o->pop != NULL;
  case PP_OP_SET_ITEM: return o->set_item != NULL;
  case PP_OP_ASSIGN_SLICE: return o->assign_slice != NULL;
  case PP_OP_EXTEND: return o->extend != NULL;
  case PP_OP_SET_KEY: return o->dict_set != NULL;
  case PP_OP_DELETE_KEY: return o->dict_delete != NULL;
  case PP_OP_FIND_KEY: return o->dict_get != NULL;
  case PP_OP_ADD: return o->set_add != NULL;
  case PP_OP_DISCARD: return o->set_discard != NULL;
  case PP_OP_SET_ATTRIBUTE:
  case PP_OP_DELETE_ATTRIBUTE: return o->set_attribute != NULL;
  case PP_OP_CLEAR: return o->clear != NULL;
  case PP_OP_COLLECT: return o->collect != NULL;
  case PP_OP_GC_ENABLE: return o->enable != NULL;
  case PP_OP_THRESHOLD: return o->set_threshold && o->get_threshold;
  case PP_OP_FREEZE: return o->freeze && o->unfreeze;
  default: return true;
  }
}

void pp_objects_find_calls(struct pp_objects_driver *driver) {
  driver->has_call[PP_OP_EXPECT] = true;
  for (int i = PP_OP_FIRST_OF_OBJECTS; i < PP_OP_KIND_COUNT; i++) {
    driver->has_call[i] = true;
    for (unsigned side = 0; side < driver->side_count; side++) {
      if (!offers(driver->sides[side].objects, (enum pp_op_kind)i)) {
        driver->has_call[i] = false;
      }
    }
  }
}
