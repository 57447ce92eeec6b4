/* The table of rules, a row per release, made of the columns of fields.h and
 * rules.h (SPEC.md, OBJ). */
#include "reference/objects/rules.h"

const struct pp_field_text pp_field_texts[PP_FIELD_COUNT] = {
#define FIELD(name, text, shape, size, ...) {text, PP_SHAPE_##shape, size},
    PP_FIELDS(FIELD)
#undef FIELD
};

/* The value of a line in one column. */
#define IN_3_7(a, b, c, d, e, f, g) a,
#define IN_3_8(a, b, c, d, e, f, g) b,
#define IN_3_9(a, b, c, d, e, f, g) c,
#define IN_3_10(a, b, c, d, e, f, g) d,
#define IN_3_11(a, b, c, d, e, f, g) e,
#define IN_3_12(a, b, c, d, e, f, g) f,
#define IN_3_13(a, b, c, d, e, f, g) g,

#define FIELD_3_7(name, text, shape, size, ...) IN_3_7(__VA_ARGS__)
#define FIELD_3_8(name, text, shape, size, ...) IN_3_8(__VA_ARGS__)
#define FIELD_3_9(name, text, shape, size, ...) IN_3_9(__VA_ARGS__)
#define FIELD_3_10(name, text, shape, size, ...) IN_3_10(__VA_ARGS__)
#define FIELD_3_11(name, text, shape, size, ...) IN_3_11(__VA_ARGS__)
#define FIELD_3_12(name, text, shape, size, ...) IN_3_12(__VA_ARGS__)
#define FIELD_3_13(name, text, shape, size, ...) IN_3_13(__VA_ARGS__)

#define RULE_3_7(type, name, ...) IN_3_7(__VA_ARGS__)
#define RULE_3_8(type, name, ...) IN_3_8(__VA_ARGS__)
#define RULE_3_9(type, name, ...) IN_3_9(__VA_ARGS__)
#define RULE_3_10(type, name, ...) IN_3_10(__VA_ARGS__)
#define RULE_3_11(type, name, ...) IN_3_11(__VA_ARGS__)
#define RULE_3_12(type, name, ...) IN_3_12(__VA_ARGS__)
#define RULE_3_13(type, name, ...) IN_3_13(__VA_ARGS__)

#define ROW(release)                                    \
  {                                                     \
    PP_PROFILE_##release, {PP_FIELDS(FIELD_##release)}, \
        PP_RULES(RULE_##release)                        \
  }

static const struct pp_object_rules rows[] = {
    ROW(3_7), ROW(3_8), ROW(3_9), ROW(3_10), ROW(3_11), ROW(3_12), ROW(3_13),
};

static_assert(sizeof rows / sizeof rows[0] ==
                  PP_PROFILE_3_13 - PP_PROFILE_3_7 + 1,
              "a row for each release");

const struct pp_object_rules *pp_object_rules_of(enum pp_profile_id profile) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].profile == profile) return &rows[i];
  }
  return NULL;
}
