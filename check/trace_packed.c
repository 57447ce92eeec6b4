/* The packed form: one zstd frame around a magic word, a version and the
 * statements as bytes (op_pack.c). Reading and writing stream through buffers
 * of fixed size, and the window that a file may ask for is bounded, so memory
 * depends neither on the length of a trace nor on what a hostile file says.
 * The frame carries a checksum; its end is the end of the trace, so a file
 * that was cut short is told from one that is complete (SPEC.md, OPS).
 *
 *   zstd( "pp-pack" 0x01 | operation | operation | ... )  checksum
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "check/trace_form.h"

#define WINDOW_LOG_WRITTEN 21 /* 2 MiB */
#define WINDOW_LOG_READ 23    /* 8 MiB: what zstd -19 asks for */

static const uint8_t magic[] = {'p', 'p', '-', 'p',
                                'a', 'c', 'k', PP_TRACE_VERSION};

struct pp_packed {
  struct pp_input *input;
  ZSTD_DStream *stream;
  int begun;               /* the magic word was read */
  int ended;               /* the frame was read to its end */
  unsigned long statement; /* the one that is being read, from 1 */
  uint64_t previous;       /* ID of the statement before it */
  size_t next;             /* bytes[next..end) are unpacked and not used */
  size_t end;
  uint8_t bytes[1 << 16];
};

int pp_packed_recognize(const uint8_t *bytes, size_t size) {
  static const uint8_t zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
  return size >= sizeof zstd && memcmp(bytes, zstd, sizeof zstd) == 0;
}

struct pp_packed *pp_packed_open(struct pp_input *input) {
  struct pp_packed *packed = calloc(1, sizeof *packed);
  ZSTD_DStream *stream = ZSTD_createDStream();
  if (packed == NULL || stream == NULL) {
    free(packed);
    ZSTD_freeDStream(stream);
    return NULL;
  }
  ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, WINDOW_LOG_READ);
  packed->input = input;
  packed->stream = stream;
  packed->statement = 1;
  return packed;
}

void pp_packed_close(struct pp_packed *packed) {
  if (packed == NULL) return;
  ZSTD_freeDStream(packed->stream);
  free(packed);
}

/* The column is the byte of the file that was reached. */
static int refuse(const struct pp_packed *packed, const char *expected,
                  struct pp_trace_error *error) {
  const struct pp_input *input = packed->input;
  if (input->trouble != 0)
    return pp_trace_refuse(error, 0, 0, "a file that can be read (%s)",
                           strerror(input->trouble));
  return pp_trace_refuse(error, packed->statement,
                         (unsigned long)(input->before + input->next) + 1, "%s",
                         expected);
}

/* Unpacks more bytes behind those that are there, as room allows. 0, or -1
 * when the file is damaged. */
static int unpack_more(struct pp_packed *packed, struct pp_trace_error *error) {
  struct pp_input *input = packed->input;
  memmove(packed->bytes, packed->bytes + packed->next,
          packed->end - packed->next);
  packed->end -= packed->next;
  packed->next = 0;
  size_t there = pp_input_more(input);
  ZSTD_inBuffer in = {input->bytes + input->next, there, 0};
  ZSTD_outBuffer out = {packed->bytes, sizeof packed->bytes, packed->end};
  size_t left = ZSTD_decompressStream(packed->stream, &out, &in);
  input->next += in.pos;
  if (ZSTD_isError(left))
    return refuse(packed, "a whole zstd frame; this one is damaged", error);
  int idle = out.pos == packed->end && in.pos == 0;
  packed->end = out.pos;
  packed->ended = left == 0;
  if (packed->ended && pp_input_more(input) > 0)
    return refuse(packed, "the end of the file after the zstd frame", error);
  if (!packed->ended && idle && there == 0)
    return refuse(packed, "the rest of the file, which was cut short", error);
  return 0;
}

static int read_magic(struct pp_packed *packed, struct pp_trace_error *error) {
  static const char text[] = PP_TRACE_HEADER;
  while (!packed->ended && packed->end < sizeof text) {
    if (unpack_more(packed, error) != 0) return -1;
  }
  if (packed->end >= sizeof text - 1 &&
      memcmp(packed->bytes, text, sizeof text - 1) == 0)
    return refuse(packed, "packed statements; unpack this text with zstd -d",
                  error);
  if (packed->end < sizeof magic ||
      memcmp(packed->bytes, magic, sizeof magic - 1) != 0)
    return refuse(packed, "a packed trace; this zstd file is not one", error);
  if (packed->bytes[sizeof magic - 1] != magic[sizeof magic - 1])
    return refuse(packed, "version 1 of the packed form", error);
  packed->next = sizeof magic;
  packed->begun = 1;
  return 0;
}

int pp_packed_next(struct pp_packed *packed, struct pp_op *op,
                   struct pp_trace_error *error) {
  if (!packed->begun && read_magic(packed, error) != 0) return -1;
  for (;;) {
    size_t there = packed->end - packed->next;
    int used = pp_op_unpack(packed->bytes + packed->next, there,
                            &packed->previous, op);
    const char *expected = "a statement of the packed form";
    if (used < 0 || (used > 0 && pp_op_fault(op, &expected) != 0))
      return refuse(packed, expected, error);
    if (used > 0) {
      packed->next += (size_t)used;
      packed->statement++;
      return 1;
    }
    if (packed->ended && there == 0) return 0;
    if (packed->ended) return refuse(packed, "the rest of a statement", error);
    if (unpack_more(packed, error) != 0) return -1;
  }
}

/* -- writing ------------------------------------------------------------- */

/* Compresses `size` bytes, and all that is held back when `directive` says
 * so. False, with errno set, on error. */
static int compress(ZSTD_CStream *stream, FILE *out, const uint8_t *bytes,
                    size_t size, ZSTD_EndDirective directive) {
  ZSTD_inBuffer in = {bytes, size, 0};
  size_t left;
  do {
    uint8_t packed[1 << 14];
    ZSTD_outBuffer to = {packed, sizeof packed, 0};
    left = ZSTD_compressStream2(stream, &to, &in, directive);
    if (ZSTD_isError(left)) {
      errno = ENOMEM; /* nothing else can fail here */
      return 0;
    }
    if (fwrite(packed, 1, to.pos, out) != to.pos) return 0;
  } while (in.pos < in.size || (directive == ZSTD_e_end && left > 0));
  return 1;
}

static int write_operations(ZSTD_CStream *stream, FILE *out,
                            const struct pp_op *ops, size_t count) {
  uint8_t bytes[1 << 14];
  uint64_t previous = 0;
  size_t size = sizeof magic;
  memcpy(bytes, magic, sizeof magic);
  for (size_t i = 0; i < count; i++) {
    if (sizeof bytes - size < PP_OP_BYTES_MAX) {
      if (!compress(stream, out, bytes, size, ZSTD_e_continue)) return 0;
      size = 0;
    }
    size += pp_op_pack(&ops[i], &previous, bytes + size);
  }
  return compress(stream, out, bytes, size, ZSTD_e_end);
}

int pp_packed_write(FILE *out, const struct pp_op *ops, size_t count) {
  ZSTD_CStream *stream = ZSTD_createCStream();
  if (stream == NULL) {
    errno = ENOMEM;
    return 0;
  }
  ZSTD_CCtx_setParameter(stream, ZSTD_c_windowLog, WINDOW_LOG_WRITTEN);
  ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1);
  int written = write_operations(stream, out, ops, count);
  int reason = errno;
  ZSTD_freeCStream(stream);
  errno = reason;
  return written && fflush(out) == 0;
}
