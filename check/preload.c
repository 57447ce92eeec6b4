/* Workers that are programs of their own (SPEC.md, "API"): what is written for
 * them, and read there.
 *
 *     | guard | order: report, job | guard |
 *               statement, statement, ...     behind it in the same memory
 *
 * The subject is the malloc of that process before we are asked for anything,
 * so nothing of this asks malloc for memory. */
#include "check/preload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/pages.h"

/* Another release lays out another order. */
#define MAGIC (UINT64_C(0x1d70706f72646572) + sizeof(struct pp_order))

enum { PATH_MOST = 4096, NAME_MOST = 256, AT_ONCE = 256 };

struct pp_order {
  struct pp_report report; /* first: it is not inherited further */
  uint64_t magic;
  uint64_t statements;
  char path[PATH_MOST];
  char name[NAME_MOST];
  enum pp_level level;
  struct pp_drive_options options; /* without what they point to */
  bool has_declared, has_promised;
  bool declared[PP_CLAUSE_COUNT];
  bool promised[PP_CLAUSE_COUNT];
};

static size_t order_size(void) {
  return pp_pages_inside(sizeof(struct pp_order));
}

/* ---- in the parent ---- */

struct pp_report *pp_preload_open(struct pp_preload *preload,
                                  const struct pp_job *job) {
  preload->memory = memfd_create("poolproof", MFD_CLOEXEC);
  if (preload->memory < 0 ||
      ftruncate(preload->memory, (off_t)order_size()) != 0) {
    perror("poolproof: memory for a worker");
    _exit(5);
  }
  struct pp_order *order =
      pp_pages_of(preload->memory, sizeof(struct pp_order));
  preload->order = order;
  order->magic = MAGIC;
  order->level = job->spec.level;
  snprintf(order->path, sizeof order->path, "%s", job->spec.path);
  snprintf(order->name, sizeof order->name, "%s", job->spec.name);
  order->options = job->options;
  order->options.on_block = NULL;
  order->options.on_block_ctx = NULL;
  order->options.declared = NULL;
  order->has_declared = job->options.declared != NULL;
  if (order->has_declared)
    memcpy(order->declared, job->options.declared, sizeof order->declared);
  order->options.promised = NULL;
  order->has_promised = job->options.promised != NULL;
  if (order->has_promised)
    memcpy(order->promised, job->options.promised, sizeof order->promised);
  order->report.where = PP_WHERE_LOADING;
  return &order->report;
}

void pp_preload_close(struct pp_preload *preload) {
  pp_pages_free(preload->order, sizeof(struct pp_order));
  close(preload->memory);
}

/* ---- in the child ---- */

_Noreturn static void cannot(struct pp_order *order, const char *why) {
  order->report.load_result = PP_LOAD_FAILED;
  snprintf(order->report.why, sizeof order->report.why, "%s", why);
  order->report.where = PP_WHERE_DONE;
  _exit(0);
}

static bool write_all(int to, const void *from, size_t size) {
  const char *at = from;
  while (size > 0) {
    ssize_t written = write(to, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += written;
    size -= (size_t)written;
  }
  return true;
}

static bool lay_statements(const struct pp_preload *with,
                           struct pp_op_source *source) {
  struct pp_op ops[AT_ONCE];
  size_t count;
  lseek(with->memory, (off_t)order_size(), SEEK_SET);
  while ((count = source->fill(source, ops, AT_ONCE)) > 0) {
    if (!write_all(with->memory, ops, count * sizeof *ops)) return false;
    with->order->statements += count;
  }
  return true;
}

static void preload(struct pp_order *order) {
  char preloaded[2 * PATH_MOST];
  const char *more = getenv("LD_PRELOAD");
  if (strpbrk(order->path, " :") != NULL)
    cannot(order, "a path with a blank or a colon cannot be preloaded");
  snprintf(preloaded, sizeof preloaded, "%s%s%s", order->path,
           more == NULL ? "" : ":", more == NULL ? "" : more);
  if (setenv("LD_PRELOAD", preloaded, 1) != 0) cannot(order, strerror(errno));
}

_Noreturn void pp_preload_become(const struct pp_preload *with,
                                 const struct pp_job *job) {
  struct pp_order *order = with->order;
  const char *program = "/proc/self/exe";
  char descriptor[16];
  if (job->spec.kind == PP_SUBJECT_RUNNER)
    program = order->path;
  else
    preload(order);
  if (!lay_statements(with, job->source))
    cannot(order, "its statements find no room");
  snprintf(descriptor, sizeof descriptor, "%d", with->memory);
  fcntl(with->memory, F_SETFD, 0);
  execl(program, program, PP_PRELOAD_ARGUMENT, descriptor, (char *)NULL);
  cannot(order, strerror(errno));
}

/* ---- in the program ---- */

void pp_preload_serve(const char *descriptor) {
  static struct pp_job job;
  static struct pp_ops_source source;
  int memory = atoi(descriptor);
  struct stat status;
  if (fstat(memory, &status) != 0 || status.st_size < (off_t)order_size())
    return;
  struct pp_order *order = pp_pages_of(memory, sizeof(struct pp_order));
  if (order->magic != MAGIC) return;
  size_t size = order->statements * sizeof(struct pp_op);
  const struct pp_op *ops = NULL;
  if (size > 0)
    ops = mmap(NULL, size, PROT_READ, MAP_PRIVATE, memory, (off_t)order_size());
  if (ops == MAP_FAILED) cannot(order, strerror(errno));
  close(memory);
  source = pp_ops_read(ops, order->statements);
  job.spec = (struct pp_subject_spec){.name = order->name,
                                      .kind = PP_SUBJECT_MALLOC,
                                      .path = order->path,
                                      .prefix = "",
                                      .apart = true,
                                      .level = order->level};
  job.options = order->options;
  if (order->has_declared) job.options.declared = order->declared;
  if (order->has_promised) job.options.promised = order->promised;
  job.source = &source.source;
  pp_worker_work(&job, &order->report);
}
