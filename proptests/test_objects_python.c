/* The values and containers of a real CPython behind the vtable of objects:
 * what each function does and asks for, on every interpreter of this machine.
 * Whether that is what the reference does is not judged here. */
#include <criterion/criterion.h>
#include <string.h>

#include "proptests/pythons.h"

static const struct pp_objects *const o = &pp_objects_python;
static struct pythons *const p = &pp_pythons;

/* ---- values ---- */

static void make_numbers(void) {
  const uint32_t digits[] = {0x3fffffff, 0x3fffffff, 0x3fffffff, 0x3fffffff, 0};
  struct pp_object *object = o->integer(p->interpreter, true, digits, 5);
  HOLDS(pp_pythons_asked(" O+40"));
  HOLDS(o->type_of(p->interpreter, object) == PP_TYPE_INT);
  HOLDS(o->getsizeof(p->interpreter, object) == 40);
  HOLDS(o->refcount(p->interpreter, object) == 1);
  HOLDS(memcmp((char *)object + 24, digits, 16) == 0);
  HOLDS(pp_pythons_asked(""));
  pp_pythons_drop(object);
  HOLDS(pp_pythons_asked(" O-"));
  object = pp_pythons_number(1000);
  HOLDS(pp_pythons_asked(p->minor < 11 ? " O+28" : " O+32"));
  pp_pythons_drop(object);
  HOLDS(pp_pythons_asked(" O-"));
  struct pp_object *five = pp_pythons_number(5);
  HOLDS(five == pp_pythons_number(5));
  HOLDS(pp_pythons_asked(""));
  object = o->floating(p->interpreter, 1.5);
  HOLDS(pp_pythons_asked(" O+24"));
  pp_pythons_drop(object);
  HOLDS(o->floating(p->interpreter, 2.5) == object);
  HOLDS(pp_pythons_asked("")); /* it was kept */
  object = o->complex(p->interpreter, 1, 2);
  HOLDS(o->type_of(p->interpreter, object) == PP_TYPE_COMPLEX);
  HOLDS(pp_pythons_asked(" O+32"));
}

static void make_singletons(void) {
  HOLDS(o->type_of(p->interpreter, o->none(p->interpreter)) == PP_TYPE_NONE);
  HOLDS(o->type_of(p->interpreter, o->ellipsis(p->interpreter)) ==
        PP_TYPE_ELLIPSIS);
  HOLDS(o->type_of(p->interpreter, o->not_implemented(p->interpreter)) ==
        PP_TYPE_NOT_IMPLEMENTED);
  HOLDS(o->type_of(p->interpreter, o->boolean(p->interpreter, true)) ==
        PP_TYPE_BOOL);
  HOLDS(o->getsizeof(p->interpreter, o->none(p->interpreter)) == 16);
  HOLDS(pp_pythons_asked(""));
}

static void make_text(void) {
  const uint8_t data[] = {1, 2, 3};
  const char *long_text = p->round == 0 ? "aaaaaaa" : "bbbbbbb";
  struct pp_object *object = pp_pythons_text(long_text);
  HOLDS(pp_pythons_asked(p->minor < 12 ? " O+56" : " O+48"));
  HOLDS(o->length(p->interpreter, object) == 7);
  object = o->intern(p->interpreter, object);
  HOLDS(pp_pythons_asked(""));
  HOLDS(o->intern(p->interpreter, pp_pythons_text(long_text)) == object);
  HOLDS(pp_pythons_asked(p->minor < 12 ? " O+56 O-" : " O+48 O-"));
  HOLDS(pp_pythons_text("a") == pp_pythons_text("a"));
  const uint32_t beyond = 0x110000;
  HOLDS(o->string(p->interpreter, &beyond, 1) == NULL);
  HOLDS(pp_pythons_asked(""));
  object = o->bytes(p->interpreter, data, 3);
  HOLDS(pp_pythons_asked(" O+36"));
  HOLDS(o->getsizeof(p->interpreter, object) == 36);
  object = o->bytearray(p->interpreter, data, 3);
  HOLDS(pp_pythons_asked(p->minor < 13 ? " O+56 O+4" : " O+56 M+4"));
  HOLDS(o->append(p->interpreter, object, pp_pythons_number(255)));
  HOLDS(pp_pythons_asked(p->minor < 13 ? " O~7" : " M~7"));
  HOLDS(!o->append(p->interpreter, object, pp_pythons_number(256)));
  HOLDS(o->length(p->interpreter, object) == 4);
  HOLDS(pp_pythons_asked(""));
}

/* ---- containers ---- */

static void use_lists(void) {
  struct pp_object *items[] = {o->boolean(p->interpreter, true), NULL, NULL};
  struct pp_object *tuple = o->tuple(p->interpreter, items, 3);
  HOLDS(pp_pythons_asked(p->minor == 7 ? " O+80" : " O+64"));
  HOLDS(o->is_tracked(p->interpreter, tuple));
  struct pp_object *list = o->list(p->interpreter, items, 3);
  HOLDS(pp_pythons_asked(p->minor == 7 ? " O+72 M*24" : " O+56 M*24"));
  HOLDS(o->get_item(p->interpreter, list, 2) == o->none(p->interpreter));
  HOLDS(o->get_item(p->interpreter, list, 3) == NULL);
  HOLDS(o->append(p->interpreter, list, tuple));
  HOLDS(pp_pythons_asked(p->minor < 9 ? " M~56" : " M~64"));
  HOLDS(o->refcount(p->interpreter, tuple) == 2);
  HOLDS(o->pop(p->interpreter, list, 4) == NULL);
  HOLDS(o->pop(p->interpreter, list, 3) == tuple);
  HOLDS(o->insert(p->interpreter, list, 0, tuple));
  HOLDS(o->get_item(p->interpreter, list, 0) == tuple);
  HOLDS(o->set_item(p->interpreter, list, 0, items[0]));
  HOLDS(o->assign_slice(p->interpreter, list, 1, 4, tuple));
  HOLDS(o->extend(p->interpreter, list, tuple));
  HOLDS(o->length(p->interpreter, list) == 7);
  HOLDS(!o->extend(p->interpreter, list, items[0]));
  p->requests[0] = '\0';
  HOLDS(o->clear(p->interpreter, list));
  HOLDS(pp_pythons_asked(" M-"));
  pp_pythons_drop(list);
  HOLDS(o->list(p->interpreter, NULL, 0) == list); /* it was kept */
  HOLDS(pp_pythons_asked(""));
}

static void use_arrays(void) {
  struct pp_object *array = o->array(p->interpreter, 'B');
  HOLDS(o->type_of(p->interpreter, array) == PP_TYPE_ARRAY);
  HOLDS(pp_pythons_asked(p->minor < 10 ? " O+64" : " O+80"));
  HOLDS(o->array(p->interpreter, 'x') == NULL);
  HOLDS(o->append(p->interpreter, array, pp_pythons_number(255)));
  HOLDS(pp_pythons_asked(" M~4"));
  HOLDS(!o->append(p->interpreter, array, pp_pythons_number(256)));
  HOLDS(!o->set_item(p->interpreter, array, 0, o->none(p->interpreter)));
  HOLDS(o->insert(p->interpreter, array, 0, pp_pythons_number(1)));
  HOLDS(o->extend(p->interpreter, array, array));
  HOLDS(o->length(p->interpreter, array) == 4);
  HOLDS(!o->extend(p->interpreter, array, o->array(p->interpreter, 'b')));
  HOLDS(o->pop(p->interpreter, array, 3) == pp_pythons_number(255));
  struct pp_piece_info piece;
  HOLDS(o->piece(p->interpreter, array, 1, &piece));
  HOLDS(strcmp(piece.name, "ob_item") == 0);
  HOLDS(piece.size == 4);
  HOLDS(!piece.shared);
  HOLDS(memcmp(piece.start, "\001\377\001", 3) == 0);
  HOLDS(!o->piece(p->interpreter, array, 2, &piece));
}

static void make_arrays_of_items(void) {
  struct pp_object *items[] = {pp_pythons_number(1), pp_pythons_number(2)};
  struct pp_object *none[] = {o->none(p->interpreter)};
  struct pp_object *array = o->array_of(p->interpreter, 'Q', items, 2);
  HOLDS(pp_pythons_asked(p->minor < 10 ? " O+64 M+16" : " O+80 M+16"));
  HOLDS(o->length(p->interpreter, array) == 2);
  HOLDS(o->getsizeof(p->interpreter, array) == (p->minor < 10 ? 80 : 96));
  HOLDS(o->array_of(p->interpreter, 'Q', none, 1) == NULL);
  HOLDS(pp_pythons_asked(""));
  HOLDS(o->array_of(p->interpreter, 'Q', NULL, 0) != NULL);
  HOLDS(pp_pythons_asked(p->minor < 10 ? " O+64" : " O+80"));
}

/* To 3.8 a str that becomes an item gets its wide text. */
static void use_arrays_of_text(void) {
  const uint32_t points[] = {p->round == 0 ? 0x153 : 0x154, 0x1f600};
  struct pp_object *array = o->array(p->interpreter, 'u');
  struct pp_object *narrow = o->string(p->interpreter, points, 1);
  struct pp_object *wide = o->string(p->interpreter, points + 1, 1);
  struct pp_piece_info piece;
  p->requests[0] = '\0';
  HOLDS(o->append(p->interpreter, array, narrow));
  HOLDS(pp_pythons_asked(p->minor < 9 ? " O+8 M~16" : " M~16"));
  HOLDS(o->piece(p->interpreter, narrow, 1, &piece) == (p->minor < 9));
  if (p->minor < 9) HOLDS(piece.size == 8);
  if (p->minor < 9) HOLDS(o->getsizeof(p->interpreter, narrow) == 84);
  HOLDS(o->append(p->interpreter, array, wide));
  HOLDS(pp_pythons_asked(""));
  HOLDS(!o->piece(p->interpreter, wide, 1, &piece));
  pp_pythons_drop(narrow);
  HOLDS(pp_pythons_asked(p->minor < 9 ? " O- O-" : " O-"));
  HOLDS(o->length(p->interpreter, array) == 2);
}

static void use_dicts(void) {
  struct pp_object *dict = o->dict(p->interpreter);
  struct pp_object *set = o->set(p->interpreter);
  struct pp_object *unhashable = o->tuple(p->interpreter, &set, 1);
  struct pp_object *key = pp_pythons_text("one key");
  HOLDS(!o->is_tracked(p->interpreter, dict));
  HOLDS(o->is_tracked(p->interpreter, set));
  HOLDS(o->dict_set(p->interpreter, dict, key, set));
  HOLDS(o->is_tracked(p->interpreter, dict));
  HOLDS(!o->dict_set(p->interpreter, dict, unhashable, set));
  HOLDS(o->dict_get(p->interpreter, dict, pp_pythons_text("one key")) == set);
  p->requests[0] = '\0';
  HOLDS(!o->dict_delete(p->interpreter, dict, pp_pythons_number(7)));
  HOLDS(pp_pythons_asked(""));
  struct pp_piece_info piece;
  HOLDS(o->piece(p->interpreter, dict, 1, &piece));
  HOLDS(strcmp(piece.name, "ma_keys") == 0);
  HOLDS(o->dict_delete(p->interpreter, dict, key));
  HOLDS(o->length(p->interpreter, dict) == 0);
  HOLDS(o->set_add(p->interpreter, set, key));
  HOLDS(!o->set_add(p->interpreter, set, unhashable));
  HOLDS(o->length(p->interpreter, set) == 1);
  HOLDS(o->set_discard(p->interpreter, set, key));
  HOLDS(!o->set_discard(p->interpreter, set, key));
  HOLDS(pp_pythons_asked(""));
}

/* ---- the pieces ---- */

static void look_at_pieces(void) {
  struct pp_object *list = o->list(p->interpreter, NULL, 0);
  struct pp_piece_info piece;
  HOLDS(o->piece(p->interpreter, list, 0, &piece));
  HOLDS((const char *)list - (const char *)piece.start ==
        (p->minor < 8 ? 32 : 16));
  HOLDS(piece.size == (p->minor < 8 ? 72 : 56));
  HOLDS(!o->piece(p->interpreter, list, 1, &piece));
  HOLDS(o->piece(p->interpreter, o->none(p->interpreter), 0, &piece));
  HOLDS(piece.shared);
  HOLDS(piece.size == 16);
  HOLDS(o->check_all(p->interpreter) == PP_HOLDS);
}

Test(objects_python, numbers_take_what_their_digits_need) {
  pp_each_python(make_numbers);
}

Test(objects_python, singletons_are_asked_for_nothing) {
  pp_each_python(make_singletons);
}

Test(objects_python, text_and_bytes) {
  pp_each_python(make_text);
}

Test(objects_python, lists_and_tuples) {
  pp_each_python(use_lists);
}

Test(objects_python, arrays_take_what_fits) {
  pp_each_python(use_arrays);
}

Test(objects_python, arrays_of_items_have_no_room) {
  pp_each_python(make_arrays_of_items);
}

Test(objects_python, arrays_of_text_ask_for_wide_text) {
  pp_each_python(use_arrays_of_text);
}

Test(objects_python, dicts_and_sets_take_what_has_a_hash) {
  pp_each_python(use_dicts);
}

Test(objects_python, pieces_are_as_they_were_asked_for) {
  pp_each_python(look_at_pieces);
}
