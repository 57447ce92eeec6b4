/* The parser of the VALUEs that `poolproof layout` is given: any text is read
 * or refused within its limits, a refusal says where and why, and what is read
 * does not hang on blanks and brackets around it. */
/* Watches: nothing that has a number; the rules are in cli/literal.h */
#include <stdlib.h>
#include <string.h>

#include "cli/literal.h"
#include "fuzz/fuzz.h"

enum { TEXT_MAX = 4096, DESCRIBED = 512 };

/* Whether it was read, and then its description. */
static bool describe(const char *text, char described[DESCRIBED],
                     struct literal_error *error) {
  struct pool pool = {0};
  described[0] = '\0';
  struct literal *literal = literal_read(&pool, text, error);
  if (literal != NULL) literal_describe(literal, described, DESCRIBED);
  if (pool.used > POOL_LIMIT)
    pp_fuzz_found("VALUE-memory", "%zu bytes were given out", pool.used);
  pool_free(&pool);
  return literal != NULL;
}

static void is_placed(const char *text, const struct literal_error *error) {
  size_t length = strlen(text);
  if (error->column < 1 || error->column > length + 1)
    pp_fuzz_found("VALUE-column", "column %zu of a text of %zu bytes",
                  error->column, length);
  if (memchr(error->why, '\0', sizeof error->why) == NULL ||
      error->why[0] == '\0')
    pp_fuzz_found("VALUE-why", "the refusal has no reason");
}

static void is_printable(const char *described) {
  for (const char *at = described; *at != '\0'; at++)
    if (*at < ' ' || *at > '~')
      pp_fuzz_found("VALUE-description", "byte %#x in \"%s\"",
                    (unsigned char)*at, described);
}

/* In brackets it is the same value, unless they bring it over a limit. */
static void is_the_same_in_brackets(const char *text, const char *described) {
  char bracketed[TEXT_MAX + 8], again[DESCRIBED];
  struct literal_error error;
  snprintf(bracketed, sizeof bracketed, " (%s\n)", text);
  if (describe(bracketed, again, &error) && strcmp(described, again) != 0)
    pp_fuzz_found("VALUE-brackets", "%s became %s", described, again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char text[TEXT_MAX], described[DESCRIBED], again[DESCRIBED];
  struct literal_error error = {0};
  if (size >= sizeof text) return 0;
  if (size > 0) memcpy(text, data, size);
  text[size] = '\0';
  if (!describe(text, described, &error)) {
    is_placed(text, &error);
    return 0;
  }
  is_printable(described);
  describe(text, again, &error);
  if (strcmp(described, again) != 0)
    pp_fuzz_found("VALUE-twice", "%s became %s", described, again);
  bool scalar = described[0] != '\0' && strchr(text, ',') == NULL &&
                strchr(text, '#') == NULL;
  if (scalar) is_the_same_in_brackets(text, described);
  return 0;
}

static const char *const seeds[][2] = {
    {"none", "None"},
    {"singletons", "(None, True, False, Ellipsis, NotImplemented, ...)"},
    {"ints", "[0, -1, 255, 256, 2**30, -2**60 + 1, 0x7fff_ffff, 0b101, 0o17]"},
    {"arithmetic", "(3 + 4) * 5 - 2 ** 70 // 7 % 11 << 3 >> 1"},
    {"shift", "1 << 100"},
    {"floats", "[0.0, -1.5e300, 1e-5, 2.5e+3, .5, 1_0.0]"},
    {"complex", "[1j, 2.5+3J, -1.0-2j]"},
    {"strs", "['aaaaaaa', \"x\\x41\\u20ac\\U0001f600\", r'\\n', '''a\nb''']"},
    {"octal", "'\\101\\0\\377'"},
    {"joined", "'a' \"b\" 'c'"},
    {"utf8", "'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'"},
    {"bytes", "[b'abc', B\"\\xff\\x00\", rb'\\x', b'']"},
    {"tuples", "((), (1,), (1, 2), ((), ((),)))"},
    {"lists", "[[], [[]], [1, [2, [3]]]]"},
    {"dicts", "{'a': 1, 2: {}, (): {3: 4}}"},
    {"sets", "{1, 2.0, 'c'}"},
    {"arrays", "[array('Q', [1, 2, 3]), array('d', [0.5]), array('b')]"},
    {"bytearrays", "bytearray(b'abc')"},
    {"comment", "[1, # one\n 2]"},
};

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
    give(ctx, seeds[i][0], (const uint8_t *)seeds[i][1], strlen(seeds[i][1]));
}
