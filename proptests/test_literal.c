/* What `poolproof layout` reads: values as they are written in Python, and what
 * is wrong with those that are none. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cli/literal.h"

static struct pool pool;
static struct literal_error error;

static void free_pool(void) {
  pool_free(&pool);
}

TestSuite(literal, .fini = free_pool);

static const char *described(const char *text) {
  static char description[256];
  struct literal *literal = literal_read(&pool, text, &error);
  cr_assert_not_null(literal, "%s: column %zu: %s", text, error.column,
                     error.why);
  literal_describe(literal, description, sizeof description);
  return description;
}

/* As CPython 3.11 evaluates them. */
static const struct {
  const char *text, *value;
} meanings[] = {
    {"0", "int 0x0"},
    {"00_0", "int 0x0"},
    {"1_000", "int 0x3e8"},
    {"0x_ff", "int 0xff"},
    {"0XFF_ff", "int 0xffff"},
    {"0b1010_1", "int 0x15"},
    {"0o17", "int 0xf"},
    {"123456789012345678901234567890", "int 0x18ee90ff6c373e0ee4e3f0ad2"},
    {"-5", "int -0x5"},
    {"--5", "int 0x5"},
    {"+5", "int 0x5"},
    {"2**120-1", "int 0xffffffffffffffffffffffffffffff"},
    {"-2**2", "int -0x4"},
    {"(-2)**3", "int -0x8"},
    {"2**-0", "int 0x1"},
    {"2**3**2", "int 0x200"},
    {"0**0", "int 0x1"},
    {"1<<100", "int 0x10000000000000000000000000"},
    {"-1>>10", "int -0x1"},
    {"-1000000000000000000000>>3", "int -0x6c6b935b8bbd40000"},
    {"(2**200-3)//(2**100+7)", "int 0xffffffffffffffffffffffff9"},
    {"(2**200-3)%(2**100+7)", "int 0x2e"},
    {"-(2**200-3)//(2**100+7)", "int -0xffffffffffffffffffffffffa"},
    {"-(2**200-3)%(2**100+7)", "int 0xfffffffffffffffffffffffd9"},
    {"(2**200-3)//-(2**100+7)", "int -0xffffffffffffffffffffffffa"},
    {"(2**200-3)%-(2**100+7)", "int -0xfffffffffffffffffffffffd9"},
    {"10**40//7", "int 0x432bcd9650d3c1b61acd9e94924924924"},
    {"10**40%1000000007", "int 0x16e5d10"},
    {"3**100*7**50-1", "int "
                       "0x747c12b85d824a7acfc8c5a40fba4510adf0bac242e537f5aa4"
                       "5385061963e3bf286a0c8380"},
    {"2*3+4*5-6", "int 0x14"},
    {"1+2<<3", "int 0x18"},
    {"7//2*2", "int 0x6"},
    {"(10**30-1)**2",
     "int 0x9f4f2726179a224501d7624213560c57388316242b80000001"},
    {"1.", "float 3ff0000000000000"},
    {".5", "float 3fe0000000000000"},
    {"1e5", "float 40f86a0000000000"},
    {"1_0.2_5e-1_0", "float 3e119bff678e358c"},
    {"0777.5", "float 40884c0000000000"},
    {"1e999", "float 7ff0000000000000"},
    {"1j", "complex 0000000000000000 3ff0000000000000"},
    {"01j", "complex 0000000000000000 3ff0000000000000"},
    {"1+2j", "complex 3ff0000000000000 4000000000000000"},
    {"1-2j", "complex 3ff0000000000000 c000000000000000"},
    {"-1-0j", "complex bff0000000000000 0000000000000000"},
    {"-(1+2j)", "complex bff0000000000000 c000000000000000"},
    {"0.1-0.2j", "complex 3fb999999999999a bfc999999999999a"},
    {"'abc'", "str 'abc'"},
    {"'a' \"b\" '''c'''", "str 'abc'"},
    {"'it\\'s\\x41\\101\\u00e9\\U0001f600\\q'",
     "str 'it\\u{27}sAA\\u{e9}\\u{1f600}\\u{5c}q'"},
    {"r'\\n' 'x'", "str '\\u{5c}nx'"},
    {"R'\\''", "str '\\u{5c}\\u{27}'"},
    {"u'é'", "str '\\u{e9}'"},
    {"b'\\xff\\377a' rb'\\x'", "bytes '\\u{ff}\\u{ff}a\\u{5c}x'"},
    {"'a\\\nb'", "str 'ab'"},
    {"()", "tuple[0]"},
    {"(1,)", "tuple[1]"},
    {"1,", "tuple[1]"},
    {"1,2", "tuple[2]"},
    {"(1)", "int 0x1"},
    {"((1),2)", "tuple[2]"},
    {"[]", "list[0]"},
    {"[1,[2],]", "list[2]"},
    {"(...)", "Ellipsis"},
    {"None", "None"},
    {"True", "bool True"},
    {"{}", "dict"},
    {"{1: 2, 'a': (1, 2),}", "dict"},
    {"{1, 2}", "set"},
    {"set()", "set"},
    {"array('Q', [2**64-1, 2**64-1])", "array[2]"},
    {"array.array('d', [1, 2.5])", "array[2]"},
    {"array('u', ['a'],)", "array[1]"},
    {"array('i')", "array[0]"},
    {"array('q', [-2**63])", "array[1]"},
    {"bytearray(b'ab')", "bytearray 'ab'"},
    {"bytearray()", "bytearray ''"},
    {"NotImplemented", "NotImplemented"},
    {" ( 1 ,\n 2 )\n", "tuple[2]"},
    {"1 << 7864319 >> 7864312", "int 0x80"},
};

Test(literal, means_what_it_means_in_python) {
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
    cr_expect_str_eq(described(meanings[i].text), meanings[i].value, "%s",
                     meanings[i].text);
}

static const struct {
  const char *text;
  size_t column;
  const char *why;
} mistakes[] = {
    {"", 1, "a value is missing"},
    {"  ", 3, "a value is missing"},
    {"[1, 2", 6, "a ] is missing"},
    {"(1, 2", 6, "a ) is missing"},
    {"{1: 2", 6, "a } is missing"},
    {"[1 2]", 4, "a ] is missing"},
    {"1 2", 3, "ended before this"},
    {"1\n2", 3, "ended before this"},
    {"01", 1, "zeros in front"},
    {"1__0", 1, "no number"},
    {"1_", 1, "no number"},
    {"0x", 1, "base 16"},
    {"0b12", 1, "base 2"},
    {"1e", 1, "no number"},
    {"12abc", 1, "no number"},
    {"1/2", 2, "ended before this"},
    {"1//0", 2, "divided by zero"},
    {"1%0", 2, "divided by zero"},
    {"2**-1", 2, "below zero"},
    {"1<<-1", 2, "less than nothing"},
    {"1<<8388609", 2, "more than 1 MiB"},
    {"2**2**64", 2, "more than 1 MiB"},
    {"7**9999999", 2, "more than 1 MiB"},
    {"(3**4000000)", 3, "too long"},
    {"1.5+1", 4, "only ints"},
    {"'a'*3", 4, "only ints"},
    {"-'a'", 1, "has a sign"},
    {"'abc", 1, "does not end"},
    {"'a\nb'", 1, "does not end"},
    {"'''a''", 1, "does not end"},
    {"'\\x4'", 2, "cut short"},
    {"'\\U00110000'", 2, "cut short"},
    {"'\\N{DASH}'", 2, "names of characters"},
    {"'\303('", 2, "not UTF-8"},
    {"b'\303\251'", 3, "in ASCII"},
    {"'\303\251' x", 5, "ended before this"},
    {"'a' b'a'", 5, "do not mix"},
    {"f'a'", 1, "f-string"},
    {"foo", 1, "has the name foo"},
    {"{[]: 1}", 2, "no hash"},
    {"{1, ([],)}", 5, "no hash"},
    {"{1: 2, 3}", 9, "a set has no :"},
    {"{1, 2: 3}", 7, "a set has no :"},
    {"array('x')", 7, "type of an array"},
    {"array('B', [1, 256])", 16, "no item of an array('B')"},
    {"array('q', [-2**63-1])", 13, "no item of an array('q')"},
    {"array('B', (1,))", 12, "made of a list"},
    {"bytearray('a')", 11, "made of bytes"},
    {"bytearray", 10, "a ( is missing"},
    {"set([1])", 5, "a ) is missing"},
    {"?", 1, "begins like this"},
};

Test(literal, error_has_its_column) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    cr_expect_null(literal_read(&pool, mistakes[i].text, &error), "%s",
                   mistakes[i].text);
    cr_expect_eq(error.column, mistakes[i].column, "%s: column %zu",
                 mistakes[i].text, error.column);
    cr_expect_not_null(strstr(error.why, mistakes[i].why), "%s: %s",
                       mistakes[i].text, error.why);
    pool_free(&pool);
  }
}

/* What the compiler reckons beforehand is part of a constant; other values are
 * put together each time. */
Test(literal, constant_is_what_the_compiler_makes) {
  static const char *const constant[] = {
      "1", "None", "...", "(1, (2, 'a'))", "2**60-1", "1<<126", "-1", "1+2j"};
  static const char *const made[] = {
      "[1]",    "{1: 2}",   "{1}",        "(1, [])",     "2**300",
      "1<<128", "Ellipsis", "array('B')", "bytearray()", "(2**64)*(2**65)"};
  for (size_t i = 0; i < sizeof constant / sizeof *constant; i++)
    cr_expect(literal_read(&pool, constant[i], &error)->constant, "%s",
              constant[i]);
  for (size_t i = 0; i < sizeof made / sizeof *made; i++)
    cr_expect_not(literal_read(&pool, made[i], &error)->constant, "%s",
                  made[i]);
}

Test(literal, nesting_ends_somewhere) {
  static const char brackets[] = "[({-+";
  static char text[100001];
  for (const char *bracket = brackets; *bracket != '\0'; bracket++) {
    memset(text, *bracket, sizeof text - 1);
    cr_expect_null(literal_read(&pool, text, &error), "%c", *bracket);
    cr_expect_not_null(strstr(error.why, "nested too deeply"), "%s", error.why);
    pool_free(&pool);
  }
}

/* A text that is damaged is still a value, or is refused at a place in it. */
Test(literal, anything_is_read_or_refused) {
  static const char whole[] = "[1_0, -2**70 // 3, 1.5e3j, 'a\\x41\\u00e9' "
                              "r'\\\\', {'k': (b'\\377',)}, {1, 2}, "
                              "array('Q', [2**64-1]), bytearray(b'x')]";
  static const char marks[] = "[](){},:'\"\\_*-.eEjJxb01 \n\377+<%/N";
  char text[sizeof whole];
  uint32_t random = 1;
  unsigned read = 0;
  for (size_t i = 0; i < 20000; i++) {
    memcpy(text, whole, sizeof whole);
    for (int k = 0; k < 3; k++) {
      random = random * 1664525 + 1013904223;
      text[(random >> 8) % (sizeof whole - 1)] =
          marks[(random >> 24) % (sizeof marks - 1)];
    }
    struct literal *literal = literal_read(&pool, text, &error);
    cr_assert_eq(literal == NULL, error.column > 0);
    cr_assert_leq(error.column, strlen(text) + 1);
    read += literal != NULL;
    pool_free(&pool);
  }
  cr_assert_gt(read, 100);
}

static struct integer some_integer(uint32_t *random, uint32_t most) {
  struct integer integer = {0};
  for (uint32_t n = (*random >> 20) % most + 1; n > 0; n--) {
    *random = *random * 1664525 + 1013904223;
    /* ones and zeros in a row are where guesses fail */
    uint32_t digit = *random >> 2;
    if (*random >> 30 == 0) digit = INTEGER_MASK;
    if (*random >> 30 == 1) digit = 0;
    cr_assert_null(integer_extend(&pool, &integer, 1U << INTEGER_SHIFT,
                                  digit & INTEGER_MASK));
  }
  integer.negative = (*random >> 16 & 1) != 0 && integer.count > 0;
  return integer;
}

/* (a // b) * b + a % b is a, whatever the signs and lengths are. */
Test(literal, quotient_and_remainder_make_the_whole) {
  uint32_t random = 7;
  for (int i = 0; i < 20000; i++) {
    struct integer quotient, remainder, product, whole;
    struct integer left = some_integer(&random, 12);
    struct integer right = some_integer(&random, 6);
    if (right.count == 0) continue;
    cr_assert_null(integer_divide(&pool, &left, &right, &quotient, &remainder));
    cr_assert_null(integer_multiply(&pool, &quotient, &right, &product));
    cr_assert_null(integer_add(&pool, &product, &remainder, &whole));
    cr_assert_eq(whole.count, left.count);
    cr_assert_eq(whole.negative, left.negative);
    if (whole.count > 0)
      cr_assert_arr_eq(whole.digits, left.digits, whole.count * 4);
    if (remainder.count > 0) cr_assert_eq(remainder.negative, right.negative);
    cr_assert_leq(remainder.count, right.count);
    pool_free(&pool);
  }
}
