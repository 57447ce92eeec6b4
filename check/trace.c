/* Traces as files. Opening one reads it to its end, whichever form it has,
 * and refuses it whole if any statement is unsound; nothing is run before.
 * The statements are held as bytes (op_pack.c) in an unlinked temporary file,
 * and read back by pread into a mapping made when the trace was opened. So
 * memory does not grow with the length, reading never asks the C heap for
 * anything (a worker may be judging that heap), and a child made by fork
 * reads on from its own copy of the mapping (SPEC.md, OPS). */
#include "check/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/trace_form.h"

struct pp_trace {
  struct pp_op_source source; /* first: is the source */
  int fd;                     /* the temporary file */
  size_t length;              /* statements */
  off_t offset;               /* in the file, of what is read next */
  uint64_t previous;          /* ID of the statement before the next one */
  size_t next;                /* bytes[next..end) are held */
  size_t end;
  uint8_t bytes[1 << 16];
};

int pp_trace_refuse(struct pp_trace_error *error, unsigned long line,
                    unsigned long column, const char *format, ...) {
  va_list arguments;
  error->line = line;
  error->column = column;
  va_start(arguments, format);
  vsnprintf(error->expected, sizeof error->expected, format, arguments);
  va_end(arguments);
  return -1;
}

void pp_trace_error_print(const struct pp_trace_error *error, FILE *out) {
  if (error->line == 0)
    fprintf(out, "%s: expected %s\n", error->file, error->expected);
  else
    fprintf(out, "%s:%lu:%lu: expected %s\n", error->file, error->line,
            error->column, error->expected);
}

size_t pp_input_more(struct pp_input *input) {
  if (input->next < input->end) return input->end - input->next;
  if (input->trouble != 0) return 0;
  input->before += input->end;
  input->next = input->end = 0;
  ssize_t got;
  do {
    got = read(input->fd, input->bytes, sizeof input->bytes);
  } while (got < 0 && errno == EINTR);
  if (got < 0)
    input->trouble = errno;
  else
    input->end = (size_t)got;
  return input->end;
}

/* -- holding a trace ----------------------------------------------------- */

static int temporary_file(const char *folder) {
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  /* Not every file system has unnamed files. */
  char name[4096];
  int length = snprintf(name, sizeof name, "%s/poolproof-XXXXXX", folder);
  if ((size_t)length >= sizeof name) {
    errno = ENAMETOOLONG;
    return -1;
  }
  fd = mkostemp(name, O_CLOEXEC);
  if (fd >= 0) unlink(name);
  return fd;
}

static struct pp_trace *new_trace(struct pp_trace_error *error) {
  const char *folder = getenv("TMPDIR");
  if (folder == NULL || *folder == '\0') folder = "/tmp";
  int fd = temporary_file(folder);
  if (fd < 0) {
    pp_trace_refuse(error, 0, 0, "room for a temporary file in %.100s (%s)",
                    folder, strerror(errno));
    return NULL;
  }
  struct pp_trace *trace = mmap(NULL, sizeof *trace, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (trace == MAP_FAILED) {
    pp_trace_refuse(error, 0, 0, "memory to read it (%s)", strerror(errno));
    close(fd);
    return NULL;
  }
  trace->fd = fd;
  return trace;
}

/* Writes out what is held in bytes. 0, or errno. */
static int flush(struct pp_trace *trace) {
  while (trace->next < trace->end) {
    ssize_t put =
        write(trace->fd, trace->bytes + trace->next, trace->end - trace->next);
    if (put < 0 && errno != EINTR) return errno;
    if (put > 0) trace->next += (size_t)put;
  }
  trace->next = trace->end = 0;
  return 0;
}

static int hold(struct pp_trace *trace, const struct pp_op *op) {
  if (sizeof trace->bytes - trace->end < PP_OP_BYTES_MAX) {
    int reason = flush(trace);
    if (reason != 0) return reason;
  }
  trace->end += pp_op_pack(op, &trace->previous, trace->bytes + trace->end);
  trace->length++;
  return 0;
}

/* -- reading it back ----------------------------------------------------- */

/* Without the C heap, and without stdio, which may use it. */
static void give_up(const char *reason) {
  ssize_t put = write(STDERR_FILENO, reason, strlen(reason));
  (void)put;
  abort();
}

/* False at the end. Half a trace would be another trace, so losing the file
 * under our hands is the end of the process. */
static int read_back(struct pp_trace *trace) {
  size_t kept = trace->end - trace->next;
  memmove(trace->bytes, trace->bytes + trace->next, kept);
  trace->next = 0;
  trace->end = kept;
  ssize_t got;
  do {
    got = pread(trace->fd, trace->bytes + kept, sizeof trace->bytes - kept,
                trace->offset);
  } while (got < 0 && errno == EINTR);
  if (got < 0)
    give_up("poolproof: cannot read the temporary file of a trace\n");
  if (got == 0 && kept > 0)
    give_up("poolproof: the temporary file of a trace was cut short\n");
  trace->offset += got;
  trace->end += (size_t)got;
  return got > 0;
}

static size_t trace_fill(struct pp_op_source *source, struct pp_op *ops,
                         size_t max) {
  struct pp_trace *trace = (struct pp_trace *)source;
  size_t count = 0;
  while (count < max) {
    int used =
        pp_op_unpack(trace->bytes + trace->next, trace->end - trace->next,
                     &trace->previous, &ops[count]);
    if (used < 0)
      give_up("poolproof: the temporary file of a trace was damaged\n");
    if (used == 0 && !read_back(trace)) break;
    trace->next += (size_t)used;
    count += used > 0;
  }
  return count;
}

struct pp_op_source *pp_trace_read(struct pp_trace *trace) {
  trace->source.fill = trace_fill;
  trace->offset = 0;
  trace->previous = 0;
  trace->next = trace->end = 0;
  return &trace->source;
}

size_t pp_trace_length(const struct pp_trace *trace) {
  return trace->length;
}

struct pp_ops pp_trace_all(struct pp_trace *trace) {
  struct pp_ops ops = {NULL, 0, 0};
  struct pp_op_source *source = pp_trace_read(trace);
  struct pp_op some[256];
  size_t count;
  while ((count = source->fill(source, some, 256)) > 0) {
    for (size_t i = 0; i < count; i++)
      pp_ops_push(&ops, some[i]);
  }
  return ops;
}

void pp_trace_close(struct pp_trace *trace) {
  if (trace == NULL) return;
  close(trace->fd);
  munmap(trace, sizeof *trace);
}

/* -- opening ------------------------------------------------------------- */

static int next_statement(struct pp_packed *packed, struct pp_text *text,
                          struct pp_op *op, struct pp_trace_error *error) {
  return packed != NULL ? pp_packed_next(packed, op, error)
                        : pp_text_next(text, op, error);
}

/* All statements of the file, one by one, into the trace. 0 or -1. */
static int read_all(struct pp_input *input, struct pp_trace *trace,
                    struct pp_trace_error *error) {
  struct pp_text text = {.input = input};
  struct pp_packed *packed = NULL;
  size_t there = pp_input_more(input);
  if (pp_packed_recognize(input->bytes, there)) {
    packed = pp_packed_open(input);
    if (packed == NULL)
      return pp_trace_refuse(error, 0, 0, "memory to read it");
  }
  struct pp_op op;
  int got;
  int reason = 0;
  while ((got = next_statement(packed, &text, &op, error)) > 0) {
    reason = hold(trace, &op);
    if (reason != 0) break;
  }
  pp_packed_close(packed);
  if (reason == 0 && got == 0) reason = flush(trace);
  if (reason != 0)
    return pp_trace_refuse(error, 0, 0, "room for a temporary file (%s)",
                           strerror(reason));
  return got;
}

/* The file, or -1 and the reason. */
static int open_file(const char *path, struct pp_trace_error *error) {
  struct stat status;
  int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return pp_trace_refuse(error, 0, 0, "a file that can be read (%s)",
                           strerror(errno));
  if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    close(fd);
    return pp_trace_refuse(error, 0, 0, "a trace file, not a folder");
  }
  return fd;
}

struct pp_trace *pp_trace_open(const char *path, struct pp_trace_error *error) {
  *error = (struct pp_trace_error){.line = 0};
  snprintf(error->file, sizeof error->file, "%s",
           strcmp(path, "-") == 0 ? "<stdin>" : path);
  struct pp_input input = {.fd = open_file(path, error)};
  if (input.fd < 0) return NULL;
  struct pp_trace *trace = new_trace(error);
  if (trace != NULL && read_all(&input, trace, error) != 0) {
    pp_trace_close(trace);
    trace = NULL;
  }
  close(input.fd);
  return trace;
}
