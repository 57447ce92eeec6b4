/* Talking with a CPython: it gets the length of a text and the text, answers
 * in lines what it made of it, and then one line for each address asked for. */
#include "cli/layout_python.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check/library.h"
#include "check/python.h"

enum { SECONDS = 20, NOT_STARTED = 127 };

/* Bytes that a CPython may write: about the value itself, then for each
 * character of the literal, which has no more items than that. */
enum { TOLD_FIRST = 16384, TOLD_A_CHARACTER = 2 * LAYOUT_TEXT };

/* ---- the child ---- */

/* The parent is told why, where it would be told of the value. */
static void fail(const char *why) {
  dprintf(STDOUT_FILENO, "failed %s\n", why);
}

/* The interpreter as a library, in this very process. */
static void run_library(const char *path) {
  static struct pp_library library;
  struct pp_python_release release;
  const char *(*get_version)(void);
  int (*run)(const char *script, void *flags);
  char why[1024];
  if (!pp_library_open(path, &library, why, sizeof why))
    fail(why);
  else if (!pp_library_make_global(&library) ||
           !pp_library_function(&library, "Py_GetVersion", &get_version) ||
           !pp_library_function(&library, "PyRun_SimpleStringFlags", &run) ||
           !pp_python_read_release(get_version(), &release))
    fail("it is no libpython");
  else if (!pp_python_start(&library, release))
    fail("it cannot be started");
  else
    run(layout_script, NULL);
}

/* Nothing of the environment and nothing in the folder changes what is made;
 * hashes are the same in each run. */
static void become_python(const char *path) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  pp_python_clear_environment();
  setenv("PYTHONHASHSEED", "0", 1);
  if (strstr(path, ".so") != NULL) {
    run_library(path);
  } else {
    execlp(path, path, "-s", "-S", "-c", layout_script, (char *)NULL);
    fail(strerror(errno));
  }
  _exit(NOT_STARTED);
}

static bool start(struct layout_python *python, const char *path) {
  int down[2], up[2];
  if (pipe(down) != 0) return false;
  if (pipe(up) != 0) {
    close(down[0]);
    close(down[1]);
    return false;
  }
  fflush(NULL);
  python->child = fork();
  if (python->child == 0) {
    dup2(down[0], STDIN_FILENO);
    dup2(up[1], STDOUT_FILENO);
    if (freopen("/dev/null", "w", stderr) == NULL) _exit(NOT_STARTED);
    close(down[0]);
    close(down[1]);
    close(up[0]);
    close(up[1]);
    become_python(path);
  }
  close(down[0]);
  close(up[1]);
  fcntl(down[1], F_SETFL, O_NONBLOCK);
  python->to_child = down[1];
  python->from_child = up[0];
  return python->child > 0;
}

/* ---- lines ---- */

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Until the child reads or has written, or its time is over. */
static bool wait_for(struct layout_python *python, struct pollfd *wait) {
  double left = python->until - now();
  int ready = left <= 0 ? 0 : poll(wait, 1, (int)(left * 1000) + 1);
  if (ready > 0) return true;
  python->late = ready == 0;
  if (ready < 0)
    snprintf(python->why, sizeof python->why, "%s", strerror(errno));
  else
    snprintf(python->why, sizeof python->why, "it did not answer in %d seconds",
             SECONDS);
  return false;
}

/* More of what the child writes, but no more than a CPython has to say. */
static bool fill(struct layout_python *python) {
  struct pollfd wait = {.fd = python->from_child, .events = POLLIN};
  if (!wait_for(python, &wait)) return false;
  ssize_t got = read(python->from_child, python->buffer, sizeof python->buffer);
  python->used = 0;
  python->filled = got > 0 ? (size_t)got : 0;
  if (got > 0 && python->filled <= python->allowed) {
    python->allowed -= python->filled;
    return true;
  }
  snprintf(python->why, sizeof python->why,
           "it does not answer as a CPython does");
  return false;
}

/* What is no ASCII, or no character, is somebody else's. */
static void keep_plain(char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] < ' ' || text[i] > '~') text[i] = '?';
}

/* A whole line without its end, malloc'ed, or NULL. */
static char *read_line(struct layout_python *python) {
  char *line = NULL;
  size_t length = 0;
  for (;;) {
    if (python->used == python->filled && !fill(python)) break;
    const char *from = python->buffer + python->used;
    size_t count = python->filled - python->used;
    const char *end = memchr(from, '\n', count);
    if (end != NULL) count = (size_t)(end - from);
    char *longer = realloc(line, length + count + 1);
    if (longer == NULL) break;
    line = longer;
    memcpy(line + length, from, count);
    keep_plain(line + length, count);
    length += count;
    line[length] = '\0';
    python->used += count + (end != NULL);
    if (end != NULL) return line;
  }
  free(line);
  return NULL;
}

/* As much as the child takes: where it has ended, what it said tells why. */
static void write_all(struct layout_python *python, const char *text,
                      size_t length) {
  while (length > 0) {
    struct pollfd room = {.fd = python->to_child, .events = POLLOUT};
    if (!wait_for(python, &room)) return;
    ssize_t written = write(python->to_child, text, length);
    if (written < 0 && errno == EAGAIN) continue;
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}

/* ---- what it tells first ---- */

/* "NAME REST": the rest, when this is the name. */
static const char *rest_of(const char *line, const char *name) {
  size_t length = strlen(name);
  bool same = strncmp(line, name, length) == 0 && line[length] == ' ';
  return same ? line + length + 1 : NULL;
}

static bool take_line(struct layout_python *python, const char *line) {
  const char *rest;
  if ((rest = rest_of(line, "version")) != NULL)
    snprintf(python->version, sizeof python->version, "%s", rest);
  else if ((rest = rest_of(line, "address")) != NULL)
    python->address = strtoull(rest, NULL, 10);
  else if ((rest = rest_of(line, "size")) != NULL)
    python->getsizeof = strtoull(rest, NULL, 10);
  else if ((rest = rest_of(line, "type")) != NULL)
    snprintf(python->type, sizeof python->type, "%s", rest);
  else if ((rest = rest_of(line, "name")) != NULL) {
    char *end;
    uint64_t address = strtoull(rest, &end, 10);
    return layout_names_add(&python->names, address, end + (*end == ' '));
  } else if ((rest = rest_of(line, "error")) != NULL) {
    snprintf(python->why, sizeof python->why, "it raises %s", rest);
    return false;
  } else if ((rest = rest_of(line, "failed")) != NULL) {
    snprintf(python->why, sizeof python->why, "it cannot be started: %s", rest);
    return false;
  } else if ((rest = rest_of(line, "free-threaded")) != NULL && *rest != '0') {
    snprintf(python->why, sizeof python->why,
             "it is free-threaded, and its objects are others");
    return false;
  }
  return true;
}

static bool take_lines(struct layout_python *python) {
  for (;;) {
    char *line = read_line(python);
    if (line == NULL) return false;
    bool ready = strcmp(line, "ready") == 0;
    bool fine = ready || take_line(python, line);
    free(line);
    if (!fine) return false;
    if (ready) break;
  }
  layout_names_sort(&python->names);
  struct pp_python_release release;
  if (python->address != 0 && pp_python_read_release(python->version, &release))
    python->profile = pp_python_profile(release);
  if (python->profile == NULL)
    snprintf(python->why, sizeof python->why,
             "there is no profile for CPython %s", python->version);
  return python->profile != NULL;
}

/* ---- its end ---- */

/* How it ended says more than that it did; it has closed its pipes. */
static void explain(struct layout_python *python) {
  int status;
  const struct timespec moment = {.tv_nsec = 10000000};
  pid_t ended = 0;
  for (int i = 0; i < 50 && ended == 0; i++) {
    ended = waitpid(python->child, &status, WNOHANG);
    if (ended == 0) nanosleep(&moment, NULL);
  }
  if (ended != python->child) return;
  python->child = 0;
  if (WIFSIGNALED(status))
    snprintf(python->why, sizeof python->why, "it was ended by signal %d",
             WTERMSIG(status));
}

bool layout_python_open(struct layout_python *python, const char *path,
                        const char *text) {
  char length[32];
  *python = (struct layout_python){.to_child = -1, .from_child = -1};
  python->until = now() + SECONDS;
  python->allowed = TOLD_FIRST + TOLD_A_CHARACTER * strlen(text);
  snprintf(python->why, sizeof python->why, "it cannot be started");
  signal(SIGPIPE, SIG_IGN);
  if (!start(python, path)) return false;
  snprintf(length, sizeof length, "%zu\n", strlen(text));
  write_all(python, length, strlen(length));
  if (!python->late) write_all(python, text, strlen(text));
  if (!python->late && take_lines(python)) return true;
  if (python->version[0] == '\0' && !python->late) explain(python);
  return false;
}

void layout_python_close(struct layout_python *python) {
  if (python->to_child >= 0) close(python->to_child);
  if (python->from_child >= 0) close(python->from_child);
  if (python->child > 0) {
    kill(-python->child, SIGKILL); /* what it may have made, too */
    kill(python->child, SIGKILL);
    waitpid(python->child, NULL, 0);
  }
  free(python->names.at);
  signal(SIGPIPE, SIG_DFL);
  *python = (struct layout_python){.to_child = -1, .from_child = -1};
}

/* ---- memory ---- */

static unsigned nibble(char digit) {
  if (digit >= '0' && digit <= '9') return (unsigned)(digit - '0');
  return digit >= 'a' && digit <= 'f' ? (unsigned)(digit - 'a') + 10 : 16;
}

/* Bytes from the child's memory, malloc'ed; zeros where it cannot be read. */
static uint8_t *read_memory(struct layout_python *python, uint64_t address,
                            size_t size) {
  char request[64];
  uint8_t *bytes = calloc(size + 1, 1);
  snprintf(request, sizeof request, "%" PRIu64 " %zu\n", address, size);
  python->allowed = TOLD_FIRST + 2 * size;
  if (bytes == NULL) return NULL;
  write_all(python, request, strlen(request));
  char *line = python->late ? NULL : read_line(python);
  const char *hex = line == NULL ? NULL : rest_of(line, "bytes");
  if (hex == NULL) {
    free(line);
    free(bytes);
    return NULL;
  }
  for (size_t i = 0; i < size; i++) {
    unsigned high = nibble(hex[2 * i]);
    unsigned low = high > 15 ? high : nibble(hex[2 * i + 1]);
    if (low > 15) break;
    bytes[i] = (uint8_t)(high << 4 | low);
  }
  free(line);
  return bytes;
}

/* Where a buffer lies: what the field of its name in the object says. */
static uint64_t buffer_of(const struct layout_piece *object, const char *name) {
  for (size_t i = 0; i < object->field_count; i++) {
    const struct pp_field_info *field = &object->fields[i];
    uint64_t address;
    if (field->shape != PP_SHAPE_BUFFER || strcmp(field->name, name) != 0)
      continue;
    memcpy(&address, object->bytes + (field->offset - object->origin),
           sizeof address);
    return address;
  }
  return 0;
}

bool layout_python_read(struct layout_python *python, const struct layout *like,
                        struct layout *layout) {
  *layout = (struct layout){.type = python->type,
                            .getsizeof = python->getsizeof,
                            .counted = like->counted,
                            .scattered = like->scattered,
                            .code = like->code,
                            .ready = like->ready};
  layout->names = python->names;
  python->names = (struct layout_names){0};
  for (size_t i = 0; i < like->piece_count; i++) {
    const struct layout_piece *from = &like->pieces[i];
    struct layout_piece *piece = &layout->pieces[i];
    uint64_t address = python->address + (uint64_t)(int64_t)from->origin;
    if (i > 0) address = buffer_of(&layout->pieces[0], from->name);
    *piece = *from;
    piece->bytes = read_memory(python, address, from->size);
    piece->fields = calloc(from->field_count + 1, sizeof *piece->fields);
    layout->piece_count++;
    if (piece->bytes == NULL || piece->fields == NULL) return false;
    memcpy(piece->fields, from->fields,
           from->field_count * sizeof *piece->fields);
  }
  return true;
}
