/* A runner: a program that is linked with the malloc it judges, be it that of a
 * static C library that no other program can load. poolproof starts it
 * ("runner:PROGRAM") like one whose malloc is preloaded, with a job that lies
 * in memory both map. tools/build-runner makes one with any compiler. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/preload.h"

/* Not every C library has these. */
void *reallocarray(void *block, size_t count, size_t size)
    __attribute__((weak));
void free_sized(void *block, size_t size) __attribute__((weak));
void free_aligned_sized(void *block, size_t alignment, size_t size)
    __attribute__((weak));
size_t malloc_usable_size(void *block) __attribute__((weak));

static void *call_malloc(void *ctx, size_t size) {
  (void)ctx;
  return malloc(size);
}

static void *call_calloc(void *ctx, size_t count, size_t size) {
  (void)ctx;
  return calloc(count, size);
}

static void *call_realloc(void *ctx, void *block, size_t size) {
  (void)ctx;
  return realloc(block, size);
}

static void call_free(void *ctx, void *block) {
  (void)ctx;
  free(block);
}

static void *call_reallocarray(void *ctx, void *block, size_t count,
                               size_t size) {
  (void)ctx;
  return reallocarray(block, count, size);
}

static void *call_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  (void)ctx;
  return aligned_alloc(alignment, size);
}

static int call_posix_memalign(void *ctx, void **out, size_t alignment,
                               size_t size) {
  (void)ctx;
  return posix_memalign(out, alignment, size);
}

static void call_free_sized(void *ctx, void *block, size_t size) {
  (void)ctx;
  free_sized(block, size);
}

static void call_free_aligned_sized(void *ctx, void *block, size_t alignment,
                                    size_t size) {
  (void)ctx;
  free_aligned_sized(block, alignment, size);
}

static size_t call_usable_size(void *ctx, void *block) {
  (void)ctx;
  return malloc_usable_size(block);
}

/* It is called as its program is: NAME, or NAME-VERSION. */
static void name_it(struct pp_loaded *loaded) {
  char self[256];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  self[length < 0 ? 0 : length] = '\0';
  const char *slash = strrchr(self, '/');
  snprintf(loaded->title, sizeof loaded->title, "%.100s",
           slash == NULL ? "runner" : slash + 1);
  char *dash = strrchr(loaded->title, '-');
  if (dash == NULL || dash[1] < '0' || dash[1] > '9') return;
  *dash = ' ';
  snprintf(loaded->version, sizeof loaded->version, "%.31s", dash + 1);
}

static void offer(struct pp_loaded *loaded) {
  loaded->domain_count = 1;
  loaded->calls[0] = (struct pp_subject){
      .version = PP_SUBJECT_VERSION,
      .name = loaded->title,
      .malloc = call_malloc,
      .calloc = call_calloc,
      .realloc = call_realloc,
      .free = call_free,
      .reallocarray = reallocarray != NULL ? call_reallocarray : NULL,
      .aligned_alloc = call_aligned_alloc,
      .posix_memalign = call_posix_memalign,
      .free_sized = free_sized != NULL ? call_free_sized : NULL,
      .free_aligned_sized =
          free_aligned_sized != NULL ? call_free_aligned_sized : NULL,
      .usable_size = malloc_usable_size != NULL ? call_usable_size : NULL,
      .sets_errno = 1,
  };
}

/* A C library of its own may lack the kernel's headers, which a filter needs;
 * so nothing is refused here, and this begins and ends nothing. */
void pp_refusals_begin(void) {}

void pp_refusals_end(void) {}

_Noreturn void pp_worker_work(const struct pp_job *job,
                              struct pp_report *report) {
  static struct pp_places places;
  static struct pp_loaded loaded;
  static struct pp_driver driver;
  name_it(&loaded);
  offer(&loaded);
  report->where = PP_WHERE_ENGINE;
  memcpy(report->title, loaded.title, sizeof report->title);
  memcpy(report->version, loaded.version, sizeof report->version);
  if (job->options.refusals.which != PP_REFUSE_NOTHING) {
    report->load_result = PP_LOAD_FAILED;
    snprintf(report->why, sizeof report->why,
             "memory cannot be refused to a runner");
  } else if (job->options.threads.count > 0) {
    pp_arm_threads(&loaded, &job->options, report);
    pp_threads_run(&loaded, &job->options, report);
  } else if (!pp_places_open(&places)) {
    report->exhausted = true;
  } else {
    pp_driver_open(&driver, &loaded, &places, NULL, &job->options, report);
    pp_arm(&driver, PP_LEVEL_NONE);
    pp_drive(&driver, job->source);
  }
  report->where = PP_WHERE_DONE;
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], PP_PRELOAD_ARGUMENT) == 0)
    pp_preload_serve(argv[2]);
  fprintf(stderr,
          "%s: is started by this very release of poolproof alone: "
          "poolproof check runner:%s\n",
          argv[0], argv[0]);
  return 3;
}
