/* Files that nobody wrote (OPS-04): packed traces that are cut short, flipped
 * or forged, and text changed at random. Each is refused, or it is the trace
 * that it seems to be; none is half of one. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "check/trace.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char path[] = "/tmp/poolproof-damage-XXXXXX.zst";

static void make_file(void) {
  int fd = mkstemps(path, 4);
  cr_assert_geq(fd, 0);
  close(fd);
}

static void remove_file(void) {
  unlink(path);
}

TestSuite(OPS_04, .init = make_file, .fini = remove_file);

static uint64_t draw(uint64_t *state) {
  uint64_t mixed = *state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

static size_t read_file(uint8_t *bytes, size_t room) {
  FILE *in = fopen(path, "r");
  cr_assert_not_null(in);
  size_t size = fread(bytes, 1, room, in);
  fclose(in);
  cr_assert_lt(size, room);
  return size;
}

static struct pp_trace *open_bytes(const void *bytes, size_t size,
                                   struct pp_trace_error *error) {
  unlink(path); /* some file systems are slow to truncate */
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out);
  cr_assert_eq(fwrite(bytes, 1, size, out), size);
  cr_assert_eq(fclose(out), 0);
  struct pp_trace *trace = pp_trace_open(path, error);
  if (trace == NULL) {
    cr_assert_geq(error->line, 1);
    cr_assert_geq(error->column, 1);
    cr_assert_neq(error->expected[0], '\0');
  }
  return trace;
}

static const struct pp_op story[] = {
    {PP_OP_BURST, 0, 3000, 32},          {PP_OP_MALLOC, 70, 24, 0},
    {PP_OP_REALLOC, 70, SIZE_MAX, 0},    {PP_OP_EXPECT, 0, 4, 0},
    {PP_OP_DOMAIN, 0, PP_DOMAIN_RAW, 0}, {PP_OP_CALLOC, UINT64_MAX, 1, 512},
    {PP_OP_DRAIN, 0, 1500, 2},
};

/* Refused, or the story. */
static int is_refused(const void *bytes, size_t size) {
  struct pp_trace_error error;
  struct pp_trace *trace = open_bytes(bytes, size, &error);
  if (trace == NULL) {
    cr_assert_leq(error.line, COUNT(story) + 1);
    cr_assert_leq(error.column, size + 1);
    return 1;
  }
  struct pp_ops ops = pp_trace_all(trace);
  cr_assert_eq(ops.count, COUNT(story));
  for (size_t i = 0; i < ops.count; i++)
    cr_assert(pp_op_equal(&ops.at[i], &story[i]));
  pp_ops_free(&ops);
  pp_trace_close(trace);
  return 0;
}

Test(OPS_04, packed_files_are_whole_or_refused) {
  uint8_t whole[4096], damaged[4096];
  cr_assert(pp_trace_save(path, story, COUNT(story)));
  size_t size = read_file(whole, sizeof whole);
  cr_assert(!is_refused(whole, size));
  for (size_t cut = 0; cut < size; cut++)
    cr_assert(is_refused(whole, cut), "cut to %zu bytes", cut);
  unsigned refusals = 0;
  for (size_t i = 0; i < size; i++) {
    for (unsigned bit = 0; bit < 8; bit++) {
      memcpy(damaged, whole, size);
      damaged[i] = (uint8_t)(damaged[i] ^ 1u << bit);
      refusals += (unsigned)is_refused(damaged, size);
      damaged[i] = (uint8_t)(whole[i] ^ 0xffu << bit);
      refusals += (unsigned)is_refused(damaged, size);
    }
  }
  /* Few bits of a frame are free, and they change nothing. */
  cr_assert_gt(refusals, size * 16 - 16);
  memcpy(damaged, whole, size);
  damaged[size] = '\n';
  cr_assert(is_refused(damaged, size + 1));
  memcpy(damaged + size, whole, size);
  cr_assert(is_refused(damaged, 2 * size), "two traces in a file");
}

Test(OPS_04, forged_packed_files_are_refused) {
#define MAGIC "pp-pack\x01"
/* clang-format off */
#define FORGED(text) { text, sizeof text - 1 }
  static const struct {
    const char *bytes;
    size_t size;
  } forged[] = {
    FORGED(""),
    FORGED("pp-pac"),
    FORGED("pp-pack"),
    FORGED("pp-pack\x02"),
    FORGED("PP-PACK\x01"),
    FORGED(PP_TRACE_HEADER "\nfree 0\n"),
    FORGED(MAGIC "\x39"),                  /* no such kind */
    FORGED(MAGIC "\xff"),
    FORGED(MAGIC "\x01"),                  /* free of nothing */
    FORGED(MAGIC "\x01\x80"),              /* an endless number */
    FORGED(MAGIC "\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
    FORGED(MAGIC "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
    FORGED(MAGIC "\x0c\x03"),              /* no such domain */
    FORGED(MAGIC "\x0f\x01"),              /* arena-skew 1 */
    FORGED(MAGIC "\x0a\x01\x02\x00"),      /* burst past the last ID */
    FORGED(MAGIC "\x0a\x00\x80\x80\x80\x80\x10\x00"), /* burst of 2^32 */
    FORGED(MAGIC "\x12"),                  /* expect without a clause */
    FORGED(MAGIC "\x12\x06OPS-0"),
    FORGED(MAGIC "\x12\x06OPS-00"),
    FORGED(MAGIC "\x12\x06OPS-\x00" "4"),
    FORGED(MAGIC "\x12\xff"),
    FORGED(MAGIC "\x12\x00"),
  };
  /* clang-format on */
  static const char sound[] = MAGIC "\x01\x01\x12\x06OPS-04\x0a\x00\x01\x00";
  uint8_t packed[512];
  struct pp_trace_error error;
  for (size_t i = 0; i < COUNT(forged); i++) {
    size_t size = ZSTD_compress(packed, sizeof packed, forged[i].bytes,
                                forged[i].size, 1);
    cr_assert_null(open_bytes(packed, size, &error), "forgery %zu", i);
    cr_assert_eq(error.line, 1, "forgery %zu", i);
  }
  /* The same hand makes a sound one: free 2^64-1, expect, burst. */
  size_t size =
      ZSTD_compress(packed, sizeof packed, sound, sizeof sound - 1, 1);
  struct pp_trace *trace = open_bytes(packed, size, &error);
  cr_assert_not_null(trace, "expected %s", error.expected);
  struct pp_ops ops = pp_trace_all(trace);
  cr_assert_eq(ops.count, 3);
  cr_assert_eq(ops.at[0].id, UINT64_MAX);
  cr_assert_eq(ops.at[2].id, UINT64_MAX);
  pp_ops_free(&ops);
  pp_trace_close(trace);
}

/* A frame may not ask for more memory than its reader grants. */
Test(OPS_16, wide_windows_are_refused) {
  enum { SIZE = 8 + 3 * 300000 }; /* the magic word and malloc 0 0 */
  char *bytes = calloc(1, SIZE);
  char *packed = malloc(ZSTD_compressBound(SIZE));
  struct pp_trace_error error;
  make_file();
  memcpy(bytes, MAGIC, strlen(MAGIC));
  for (int log = 21; log <= 27; log++) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, log);
    ZSTD_inBuffer in = {bytes, SIZE, 0};
    ZSTD_outBuffer out = {packed, ZSTD_compressBound(SIZE), 0};
    /* Flushed first, so that the size is not known to the frame. */
    ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush);
    cr_assert_eq(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0);
    ZSTD_freeCCtx(context);
    struct pp_trace *trace = open_bytes(packed, out.pos, &error);
    cr_assert_eq(trace != NULL, log <= 23, "2^%d bytes", log);
    pp_trace_close(trace);
  }
  free(bytes);
  free(packed);
  remove_file();
}

Test(OPS_04, random_text_is_sound_or_refused) {
  static const char seed_text[] = PP_TRACE_HEADER
      "\r\n# comment\nmalloc 0x10 24\n\ncalloc 2 3 4 # c\n"
      "burst 100 20 512\nrealloc 2 18446744073709551615\ndomain raw\nfork\n"
      "drain 100 10 2\narena-skew 4096\nexpect OPS-04\n";
  static const char bytes[] = "\n\r\t #0x19-afmz\xff\xc3\xa9";
  unsigned refusals = 0;
  uint64_t state = 4;
  enum { ROUNDS = 5000 };
  for (int round = 0; round < ROUNDS; round++) {
    char text[sizeof seed_text + 8];
    size_t size = sizeof seed_text - 1;
    memcpy(text, seed_text, sizeof seed_text);
    for (uint64_t change = draw(&state) % 4 + 1; change > 0; change--) {
      size_t at = draw(&state) % size;
      /* The NUL at the end of the bytes is one of them. */
      char byte = bytes[draw(&state) % sizeof bytes];
      size_t grow = draw(&state) % 2;
      memmove(text + at + grow, text + at, size - at);
      text[at] = byte;
      size += grow;
    }
    struct pp_trace_error error;
    struct pp_trace *trace = open_bytes(text, size, &error);
    refusals += trace == NULL;
    pp_trace_close(trace);
  }
  cr_assert_gt(refusals, ROUNDS / 4);
  cr_assert_lt(refusals, ROUNDS);
}
