/* The probe: one compact property for each clause of OPS, in its own words on
 * the engine's interface. It is linked with one faulty file of check/ at a
 * time, and has to name the clause that the fault breaks. */
#ifndef MUTANTS_OPS_PROBE_H
#define MUTANTS_OPS_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "check/trace.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A file without a name that holds these bytes; the path leads to it. */
struct probe_file {
  int fd;
  char path[32];
};

struct probe_file probe_file(const void *bytes, size_t size);
void probe_file_close(struct probe_file *file);

/* Reads a trace in text form, with the header in front of it. */
struct pp_ops probe_read(const char *statements);
bool probe_reads_as(const char *statements, const struct pp_op *ops,
                    size_t count);
bool probe_equal(const struct pp_op *left, const struct pp_op *right,
                 size_t count);
/* One operation of each kind, with numbers at the edges. */
struct pp_ops probe_edges(void);

bool probe_header_comes_first(void);
bool probe_numbers_are_read(void);
bool probe_null_ids(void);
bool probe_refusals_are_exact(void);
bool probe_bytes_are_a_trace(void);
bool probe_zeros_are_the_smallest(void);
bool probe_print_and_read(void);
bool probe_records_stand_alone(void);
bool probe_skipped_are_counted(void);
bool probe_burst(void);
bool probe_drain(void);
bool probe_realloc_keeps_the_id(void);
bool probe_sources_change_from_here(void);
bool probe_seed_is_the_trace(void);
bool probe_pack_and_unpack(void);
bool probe_memory_stays(void);
bool probe_shrunk_is_minimal(void);
bool probe_live_id_is_freed_first(void);
bool probe_nothing_is_none(void);
bool probe_nothing_is_not_changed(void);
bool probe_named_anew_is_given_back(void);

#endif
