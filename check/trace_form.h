/* What the spellings of a trace share: the file that is read, the refusal,
 * and one operation as bytes. Only check/trace*.c and their tests need it
 * (SPEC.md, OPS). */
#ifndef CHECK_TRACE_FORM_H
#define CHECK_TRACE_FORM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "check/op.h"
#include "check/trace.h"

/* A line of the text form holds at most this many bytes. */
#define PP_LINE_MAX 4096

/* Notes why and where; answers -1, so that a reader can return it. */
int pp_trace_refuse(struct pp_trace_error *error, unsigned long line,
                    unsigned long column, const char *format, ...);

/* A file read piece by piece: bytes[next..end) are read and not yet used. */
struct pp_input {
  int fd;
  int trouble; /* errno of a read that failed, or 0 */
  size_t next;
  size_t end;
  uint64_t before; /* bytes of the file before bytes[0] */
  uint8_t bytes[1 << 16];
};

/* Makes next < end if the file has more; answers how many bytes there are,
 * 0 at the end of the file or in trouble. */
size_t pp_input_more(struct pp_input *input);

/* The readers answer 1 with an operation, 0 at the end of the trace, and -1
 * when it is refused. */

struct pp_text {
  struct pp_input *input;
  unsigned long line; /* the one in text, counted from 1 */
  int headed;         /* the first statement was read */
  size_t length;
  char text[PP_LINE_MAX + 1];
};

int pp_text_next(struct pp_text *text, struct pp_op *op,
                 struct pp_trace_error *error);

struct pp_packed;

int pp_packed_recognize(const uint8_t *bytes, size_t size);
struct pp_packed *pp_packed_open(struct pp_input *input);
int pp_packed_next(struct pp_packed *packed, struct pp_op *op,
                   struct pp_trace_error *error);
void pp_packed_close(struct pp_packed *packed);

/* The packed form of all operations. False, with errno set, on error. */
int pp_packed_write(FILE *out, const struct pp_op *ops, size_t count);

/* One operation as bytes: in packed files, and while a trace is held.
 * previous is the ID before this one, 0 at the start; both sides keep it. */
#define PP_OP_BYTES_MAX 64

size_t pp_op_pack(const struct pp_op *op, uint64_t *previous, uint8_t *bytes);

/* Bytes used, 0 when there are too few, -1 when they say nothing. Neither
 * allocates nor checks pp_op_fault. */
int pp_op_unpack(const uint8_t *bytes, size_t size, uint64_t *previous,
                 struct pp_op *op);

#endif
