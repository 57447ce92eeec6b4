/* Tests of array.array and bytearray (SPEC.md, ARRAY and BYTES-04 on). What is
 * expected was measured on CPython 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7,
 * 3.12.1 and 3.13.0, with their requests written down. */
#include "proptests/objects_containers.h"
#include "reference/objects/array.h"
#include "reference/objects/object.h"

static struct pp_object *array_of(struct pp_host *host, char code,
                                  size_t length) {
  struct pp_object *array = host->objects->array(host->interpreter, code);
  struct pp_object *one = pp_number(host, 1);
  SEE(array != NULL);
  pp_host_mark(host);
  pp_append_times(host, array, one, length);
  pp_drop(host, one);
  return array;
}

/* ---- array ---- */

ObjectTest(ARRAY_01, not_beyond_its_room) {
  struct pp_object *array = array_of(host, 'i', 3);
  pp_spoil_field(host, array, "allocated", 2);
  pp_see_object_told(host, array, PP_ARRAY_01);
  pp_drop(host, array);
}

ObjectTest(ARRAY_02, a_sixteenth_more) {
  struct pp_object *array = array_of(host, 'i', 100);
  pp_see_requests(host, "M+16 M>32 M>64 M>100 M>136 M>176 M>216 M>260 M>308 "
                        "M>356 M>408");
  pp_drop(host, array);
}

FastTest(ARRAY_02, to_ten_thousand) {
  struct pp_object *array = array_of(host, 'i', PP_MANY);
  SEE_SUM(74, 650288);
  SEE_EQ(host->objects->getsizeof(host->interpreter, array),
         pp_since(host, PP_PROFILE_3_10) ? 40420 : 40404);
  pp_drop(host, array);
}

ObjectTest(ARRAY_02, taking_in_another) {
  struct pp_object *array = array_of(host, 'i', 9);
  struct pp_object *other = array_of(host, 'i', 20);
  struct pp_object *wide = array_of(host, 'l', 1);
  pp_host_mark(host);
  SEE(host->objects->extend(host->interpreter, array, other));
  SEE(host->objects->extend(host->interpreter, array, array));
  pp_see_requests(host, "M>148 M>272");
  SEE(!host->objects->extend(host->interpreter, array, wide));
  SEE_EQ(host->objects->length(host->interpreter, array), 58);
  pp_drop(host, wide);
  pp_drop(host, other);
  pp_drop(host, array);
}

ObjectTest(ARRAY_03, the_buffer_is_kept) {
  struct pp_object *array = array_of(host, 'i', 100);
  pp_host_mark(host);
  pp_pop_all(host, array);
  pp_see_requests(host, "");
  SEE_EQ(pp_seen_field(host, array, "allocated"), 102);
  pp_drop(host, array);
}

/* The least and the greatest of each code, as they lie there. */
ObjectTest(ARRAY_04, what_there_is_room_for) {
  static const struct {
    char code;
    size_t size;
    int64_t least, greatest;
  } codes[] = {
      {'b', 1, INT8_MIN, INT8_MAX},   {'B', 1, 0, UINT8_MAX},
      {'h', 2, INT16_MIN, INT16_MAX}, {'H', 2, 0, UINT16_MAX},
      {'i', 4, INT32_MIN, INT32_MAX}, {'I', 4, 0, UINT32_MAX},
  };
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    struct pp_object *array =
        host->objects->array(host->interpreter, codes[i].code);
    const int64_t numbers[] = {codes[i].least, codes[i].greatest,
                               codes[i].least - 1, codes[i].greatest + 1};
    for (size_t j = 0; j < 4; j++) {
      struct pp_object *item = pp_number(host, numbers[j]);
      SEE_EQ(host->objects->append(host->interpreter, array, item), j < 2);
      pp_drop(host, item);
    }
    SEE_EQ(host->objects->length(host->interpreter, array), 2);
    struct pp_piece_info piece;
    SEE(host->objects->piece(host->interpreter, array, 1, &piece));
    SEE_EQ(piece.size, 4 * codes[i].size);
    SEE(memcmp(piece.start, &codes[i].least, codes[i].size) == 0);
    SEE(memcmp((const uint8_t *)piece.start + codes[i].size, &codes[i].greatest,
               codes[i].size) == 0);
    pp_drop(host, array);
  }
}

ObjectTest(ARRAY_04, eight_bytes) {
  const uint32_t digits[] = {0, 0, 1u << 4}; /* 2^64 */
  const uint32_t ones[] = {0x3fffffff, 0x3fffffff, 0xf};
  struct pp_object *more =
      host->objects->integer(host->interpreter, false, digits, 3);
  struct pp_object *most =
      host->objects->integer(host->interpreter, false, ones, 3);
  struct pp_object *array = host->objects->array(host->interpreter, 'Q');
  SEE(!host->objects->append(host->interpreter, array, more));
  SEE(host->objects->append(host->interpreter, array, most));
  SEE(host->objects->set_item(host->interpreter, array, 0, most));
  SEE(!host->objects->set_item(host->interpreter, array, 0, more));
  struct pp_object *item = host->objects->pop(host->interpreter, array, 0);
  SEE_EQ(host->objects->length(host->interpreter, item), 0);
  SEE_EQ(pp_word_read(item->bytes + 24), UINT64_C(0x3fffffff3fffffff));
  pp_drop(host, item);
  pp_drop(host, array);
  array = host->objects->array(host->interpreter, 'q');
  SEE(!host->objects->append(host->interpreter, array, most));
  pp_drop(host, array);
  pp_drop(host, more);
  pp_drop(host, most);
}

ObjectTest(ARRAY_04, reals_and_text) {
  struct pp_object *array = host->objects->array(host->interpreter, 'f');
  struct pp_object *half = host->objects->floating(host->interpreter, 0.5);
  struct pp_object *text = pp_text(host, "x");
  SEE(host->objects->append(host->interpreter, array, half));
  SEE(!host->objects->append(host->interpreter, array, text));
  struct pp_object *item = host->objects->pop(host->interpreter, array, 0);
  SEE_EQ(pp_seen_field(host, item, "ob_fval"), 0x3fe0000000000000);
  pp_drop(host, item);
  pp_drop(host, array);
  array = host->objects->array(host->interpreter, 'u');
  SEE(host->objects->append(host->interpreter, array, text));
  SEE(!host->objects->append(host->interpreter, array, half));
  item = host->objects->pop(host->interpreter, array, 0);
  SEE(item == text);
  pp_drop(host, item);
  pp_drop(host, array);
  SEE(host->objects->array(host->interpreter, 'x') == NULL);
  pp_drop(host, text);
  pp_drop(host, half);
}

ObjectTest(ARRAY_05, collected_since_3_10) {
  struct pp_object *array = host->objects->array(host->interpreter, 'i');
  bool collected = pp_since(host, PP_PROFILE_3_10);
  pp_see_requests(host, collected ? "O+80" : "O+64");
  SEE_EQ(pp_tracked(host, array), collected);
  pp_drop(host, array);
  pp_see_requests(host, collected ? "O-80" : "O-64");
}

ObjectTest(ARRAY_06, said_by_ob_descr) {
  struct pp_object *array = array_of(host, 'i', 1);
  const struct pp_array_code other = {'i', 4, PP_ARRAY_SIGNED};
  pp_spoil_field(host, array, "ob_descr", (uintptr_t)&other);
  pp_see_object_told(host, array, PP_ARRAY_06);
  pp_drop(host, array);
}

ObjectTest(ARRAY_07, no_buffer_no_room) {
  struct pp_object *array = host->objects->array(host->interpreter, 'i');
  pp_spoil_field(host, array, "allocated", 1);
  pp_see_object_told(host, array, PP_ARRAY_07);
  pp_drop(host, array);
}

/* ---- bytearray ---- */

static struct pp_object *bytes_of(struct pp_host *host, size_t length) {
  static const uint8_t zeros[64];
  cr_assert(length <= sizeof zeros);
  return host->objects->bytearray(host->interpreter, zeros, length);
}

/* The text for the family that buffers come from. */
#define BUFFERS(requests)                                                  \
  PP_TEXT_OF_RELEASE(host, REQUESTS_OF_##requests(O),                      \
                     REQUESTS_OF_##requests(O), REQUESTS_OF_##requests(O), \
                     REQUESTS_OF_##requests(O), REQUESTS_OF_##requests(O), \
                     REQUESTS_OF_##requests(O), REQUESTS_OF_##requests(M))
#define REQUESTS_OF_NEW(F) "O+56 " #F "+11"
#define REQUESTS_OF_END(F) #F "-11 O-56"
#define REQUESTS_OF_LESS(F) #F ">10 " #F ">5 " #F ">2 " #F ">1"
#define REQUESTS_OF_MORE(F) \
#F "+2 " #F ">5 " #F ">8 " #F ">12 " #F ">19 " #F ">27"

ObjectTest(BYTES_04, a_zero_behind) {
  struct pp_object *bytearray = bytes_of(host, 10);
  pp_spoil_buffer(host, bytearray, 10, 1, 1);
  pp_see_object_told(host, bytearray, PP_BYTES_04);
  pp_spoil_field(host, bytearray, "ob_size", 11);
  pp_see_object_told(host, bytearray, PP_BYTES_04);
  pp_drop(host, bytearray);
}

ObjectTest(BYTES_05, an_eighth_more) {
  struct pp_object *bytearray = bytes_of(host, 0);
  struct pp_object *one = pp_number(host, 1);
  pp_host_mark(host);
  pp_append_times(host, bytearray, one, 20);
  pp_see_requests(host, BUFFERS(MORE));
  pp_drop(host, one);
  pp_drop(host, bytearray);
}

FastTest(BYTES_05, to_ten_thousand) {
  struct pp_object *bytearray = bytes_of(host, 0);
  struct pp_object *one = pp_number(host, 1);
  pp_host_mark(host);
  pp_append_times(host, bytearray, one, PP_MANY);
  SEE_SUM(48, 88036);
  SEE_EQ(host->objects->getsizeof(host->interpreter, bytearray), 10066);
  pp_pop_all(host, bytearray);
  SEE_SUM(13, 10003);
  pp_drop(host, one);
  pp_drop(host, bytearray);
}

ObjectTest(BYTES_06, less_than_half_in_use) {
  struct pp_object *bytearray = bytes_of(host, 20);
  pp_host_mark(host);
  pp_pop_all(host, bytearray);
  pp_see_requests(host, BUFFERS(LESS));
  pp_drop(host, bytearray);
}

ObjectTest(BYTES_07, no_bytes_no_buffer) {
  struct pp_object *bytearray = bytes_of(host, 0);
  pp_see_requests(host, "O+56");
  SEE_EQ(pp_seen_field(host, bytearray, "ob_bytes"), 0);
  pp_spoil_field(host, bytearray, "ob_alloc", 1);
  pp_see_object_told(host, bytearray, PP_BYTES_07);
  pp_drop(host, bytearray);
  bytearray = bytes_of(host, 4);
  uint64_t start = pp_seen_field(host, bytearray, "ob_start");
  pp_spoil_field(host, bytearray, "ob_start", start + 1);
  pp_see_object_told(host, bytearray, PP_BYTES_07);
  pp_drop(host, bytearray);
}

ObjectTest(BYTES_08, the_family_of_the_buffer) {
  struct pp_object *bytearray = bytes_of(host, 10);
  pp_see_requests(host, BUFFERS(NEW));
  pp_drop(host, bytearray);
  pp_see_requests(host, BUFFERS(END));
}

ObjectTest(BYTES_04, as_it_was_when_refused) {
  struct pp_object *bytearray = bytes_of(host, 10);
  struct pp_object *large = pp_number(host, 256);
  struct pp_object *one = pp_number(host, 1);
  SEE(!host->objects->append(host->interpreter, bytearray, large));
  pp_refuse_after(host, 0);
  SEE(!host->objects->append(host->interpreter, bytearray, one));
  SEE(!host->objects->extend(host->interpreter, bytearray, bytearray));
  pp_grant(host);
  SEE_EQ(host->objects->length(host->interpreter, bytearray), 10);
  SEE_EQ(pp_holds(host, bytearray), PP_HOLDS);
  pp_drop(host, large);
  pp_drop(host, one);
  pp_drop(host, bytearray);
}
