/* Traces that are refused, and where (OPS-04). Every statement is damaged in
 * every way that applies to it (damage.c), and the refusal has to name the line
 * and the column of the damage. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/trace.h"
#include "proptests/damage.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char path[] = "/tmp/poolproof-refusal-XXXXXX";

static void make_file(void) {
  int fd = mkstemp(path);
  cr_assert_geq(fd, 0);
  close(fd);
}

static void remove_file(void) {
  unlink(path);
}

TestSuite(OPS_04, .init = make_file, .fini = remove_file);

static struct pp_trace *open_bytes(const void *bytes, size_t size,
                                   struct pp_trace_error *error) {
  unlink(path); /* some file systems are slow to truncate */
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out);
  cr_assert_eq(fwrite(bytes, 1, size, out), size);
  cr_assert_eq(fclose(out), 0);
  return pp_trace_open(path, error);
}

/* What was expected in the refused trace, at this place. */
static const char *refused(const char *text, size_t size, unsigned long line,
                           unsigned long column) {
  static struct pp_trace_error error;
  cr_assert_null(open_bytes(text, size, &error), "not refused: %s", text);
  cr_assert_str_eq(error.file, path);
  cr_assert_eq(error.line, line, "line %lu, not %lu, in: %s", error.line, line,
               text);
  cr_assert_eq(error.column, column, "column %lu, not %lu, in: %s",
               error.column, column, text);
  cr_assert_neq(error.expected[0], '\0', "expected nothing in: %s", text);
  return error.expected;
}

static unsigned kinds; /* of damage that were tried */

static void refuse(void *ctx, const struct pp_damage *damage) {
  (void)ctx;
  if (damage->line == 0) {
    struct pp_trace_error error;
    struct pp_trace *trace = open_bytes(damage->text, damage->size, &error);
    cr_assert_not_null(trace, "%s: expected %s", damage->text, error.expected);
    pp_trace_close(trace);
    return;
  }
  const char *expected =
      refused(damage->text, damage->size, damage->line, damage->column);
  cr_assert(damage->named == NULL || strstr(expected, damage->named) != NULL,
            "%s: expected %s", damage->text, expected);
  kinds++;
}

Test(OPS_04, every_damage_is_refused_where_it_is) {
  pp_damage_each(NULL, refuse);
  cr_assert_geq(kinds, PP_DAMAGES_EXPECTED, "only %u kinds", kinds);
}

Test(OPS_04, values_out_of_range_are_refused_where_they_are) {
  static const struct {
    const char *statement;
    unsigned long column;
  } wrong[] = {
      {"burst 0 4294967296 1", 9},
      {"burst 0 0xffffffffffffffff 1", 9},
      {"burst 0xffffffffffffffff 2 1", 26},
      {"burst 18446744073709551000 617 1", 28},
      {"drain 0 4294967296 1", 9},
      {"drain 0xffffffffffffffff 2 1", 28},
      {"drain 1 3 0x8000000000000000", 11},
      {"arena-skew 4095", 12},
      {"arena-skew 1048576", 12},
      {"arena-skew 0xffffffffffffffff", 12},
      {"domain\tOBJ", 8},
      {"expect POOL-00", 8},
  };
  static const char sound[] = PP_TRACE_HEADER
      "\nburst 0 4294967295 1\nburst 0xffffffffffffffff 1 1\n"
      "burst 0xffffffffffffffff 0 1\nburst 18446744073709551000 616 1\n"
      "drain 0xffffffffffffffff 9 0\ndrain 0 3 0x7fffffffffffffff\n"
      "arena-skew 1044480\nexpect ops-04\n";
  char text[128];
  for (size_t i = 0; i < COUNT(wrong); i++) {
    int size = snprintf(text, sizeof text, PP_TRACE_HEADER "\n%s\n",
                        wrong[i].statement);
    refused(text, (size_t)size, 2, wrong[i].column);
  }
  struct pp_trace_error error;
  struct pp_trace *trace = open_bytes(sound, strlen(sound), &error);
  cr_assert_not_null(trace, "%lu: expected %s", error.line, error.expected);
  cr_assert_eq(pp_trace_length(trace), 8);
  pp_trace_close(trace);
  refused("", 0, 1, 1);
  refused("\n# nothing\n", 11, 3, 1);
  refused(PP_TRACE_HEADER "0", strlen(PP_TRACE_HEADER) + 1, 1, 17);
}

Test(OPS_04, what_is_not_a_file_is_refused) {
  struct pp_trace_error error;
  char missing[64];
  char *text;
  size_t size;
  snprintf(missing, sizeof missing, "%s.absent", path);
  cr_assert_null(pp_trace_open(missing, &error));
  cr_assert_eq(error.line, 0);
  FILE *out = open_memstream(&text, &size);
  pp_trace_error_print(&error, out);
  fclose(out);
  cr_assert_not_null(strstr(text, ".absent: expected "));
  cr_assert_not_null(strstr(text, "No such file"));
  free(text);

  cr_assert_null(pp_trace_open("/", &error));
  cr_assert_eq(error.line, 0);
  cr_assert_not_null(strstr(error.expected, "folder"));

  refused("?\n", 2, 1, 1);
  pp_trace_open(path, &error);
  out = open_memstream(&text, &size);
  pp_trace_error_print(&error, out);
  fclose(out);
  cr_assert_eq(strncmp(text, path, strlen(path)), 0);
  cr_assert_str_eq(text + strlen(path), ":1:1: expected \"" PP_TRACE_HEADER
                                        "\" as first statement\n");
  free(text);

  if (geteuid() != 0) { /* root reads everything */
    chmod(path, 0);
    cr_assert_null(pp_trace_open(path, &error));
    cr_assert_eq(error.line, 0);
    cr_assert_not_null(strstr(error.expected, "Permission denied"));
    chmod(path, 0600);
  }

  /* No room for what is read. */
  setenv("TMPDIR", missing, 1);
  cr_assert_null(pp_trace_open(path, &error));
  cr_assert_eq(error.line, 0);
  cr_assert_not_null(strstr(error.expected, "temporary"));
}
