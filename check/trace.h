/* Traces as files: the text form, the packed form and the fuzz form, read
 * into and written from operations (SPEC.md, OPS). */
#ifndef CHECK_TRACE_H
#define CHECK_TRACE_H

#include <stdio.h>

#include "check/op.h"

#define PP_TRACE_VERSION 1
#define PP_TRACE_HEADER "poolproof-trace 1"

/* Why a trace was refused. line and column count from 1; line is 0 when the
 * trouble is with the file and not with a place in it. For the packed form,
 * line is the statement and column the byte in the file. */
struct pp_trace_error {
  char file[256];
  unsigned long line;
  unsigned long column;
  char expected[160]; /* what would have been right here */
};

/* "FILE:LINE:COLUMN: expected ...", for a person. */
void pp_trace_error_print(const struct pp_trace_error *error, FILE *out);

/* A trace that was read to its end and found well-formed. It is kept in an
 * unlinked temporary file, so memory does not grow with its length. */
struct pp_trace;

/* Reads text or packed form, told apart by the first bytes; "-" is standard
 * input. NULL when it cannot be read or does not parse. */
struct pp_trace *pp_trace_open(const char *path, struct pp_trace_error *error);
void pp_trace_close(struct pp_trace *trace);

size_t pp_trace_length(const struct pp_trace *trace); /* statements */

/* The trace from its first statement; one reader at a time, and the returned
 * source lives as long as the trace. */
struct pp_op_source *pp_trace_read(struct pp_trace *trace);

/* All of it in memory. */
struct pp_ops pp_trace_all(struct pp_trace *trace);

/* One statement without a newline; returns its length as snprintf does. */
int pp_op_print(const struct pp_op *op, char *text, size_t size);

/* Header and statements in text form. False on a write error. */
int pp_trace_print(FILE *out, const struct pp_op *ops, size_t count);

/* Writes text, or the packed form when the path ends in ".zst"; a failed
 * write leaves no half-written file. False, with errno set, on error. */
int pp_trace_save(const char *path, const struct pp_op *ops, size_t count);

/* The fuzz form: records of PP_RECORD_SIZE bytes, one operation each. */
#define PP_RECORD_SIZE 8

/* Decoding is total: any bytes mean some trace. Writes at most `max`
 * operations and answers how many the bytes hold. */
size_t pp_records_decode(const uint8_t *bytes, size_t size, struct pp_op *ops,
                         size_t max);

/* Bytes written for these operations, or (size_t)-1 when one does not fit a
 * record (an expect never does) or they do not fit `size`. bytes may be NULL
 * to ask for the size. */
size_t pp_records_encode(const struct pp_op *ops, size_t count, uint8_t *bytes,
                         size_t size);

#endif
