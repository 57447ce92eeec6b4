/* From what a user types to a subject that can be called (check/subject*.c):
 * names, files and profiles; the reference, as it is here and as somebody else
 * built it; plug-ins that lack something; and the RAW family. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/subject.h"
#include "check/twin.h"
#include "proptests/elf_files.h"
#include "proptests/programs.h"

static char folder[64];
static char why[512];
static struct pp_places places;
static struct pp_loaded loaded;
static struct pp_witness witness;

static void broken(struct pp_witness *self, enum pp_clause clause,
                   const char *where) {
  (void)self;
  cr_assert_fail("%s: %s", pp_clause_texts[clause].id, where);
}

static void make(void) {
  pp_folder_make(folder);
  cr_assert(pp_places_open(&places));
  witness.broken = broken;
}

static void forget(void) {
  pp_places_close(&places);
  pp_folder_remove(folder);
}

TestSuite(subjects, .init = make, .fini = forget);

/* ---- names ---- */

static const struct pp_profile kept; /* what an option said before */

static struct pp_subject_spec parsed(const char *typed) {
  struct pp_subject_spec spec = {
      .kind = (enum pp_subject_kind)99, .profile = &kept, .path = why};
  cr_assert(pp_subject_parse(typed, &spec, why, sizeof why), "%s", why);
  cr_assert_str_eq(spec.name, typed);
  return spec;
}

static void refused(const char *typed, const char *reason) {
  struct pp_subject_spec spec = {.profile = NULL};
  cr_assert_not(pp_subject_parse(typed, &spec, why, sizeof why), "%s", typed);
  cr_assert_str_eq(why, reason);
}

Test(subjects, reference_has_profiles) {
  struct pp_subject_spec spec = parsed("reference");
  cr_assert_eq(spec.kind, PP_SUBJECT_REFERENCE);
  cr_assert_eq(spec.profile, &kept);
  cr_assert_null(spec.path);
  for (int i = 0; i < PP_PROFILE_COUNT; i++) {
    char typed[64];
    snprintf(typed, sizeof typed, "reference:%s", pp_profiles[i].name);
    spec = parsed(typed);
    cr_assert_eq(spec.kind, PP_SUBJECT_REFERENCE);
    cr_assert_eq(spec.profile, &pp_profiles[i]);
    cr_assert_null(spec.path);
  }
  static const char all[] = "no profile \"9.9\"; there are 3.6 3.7.3 3.7 3.8"
                            " 3.9 3.10 3.11 3.12 3.13 tiny small";
  refused("reference:9.9", all);
  /* As far as there is room. */
  for (size_t room = 1; room < sizeof all; room++) {
    memset(why, '?', sizeof why);
    cr_assert_not(pp_subject_parse("reference:9.9", &spec, why, room));
    cr_assert_eq(strlen(why), room - 1);
    cr_assert_eq(strncmp(why, all, room - 1), 0);
    cr_assert_eq(why[room], '?');
  }
  refused("reference:",
          "no profile \"\"; there are 3.6 3.7.3 3.7 3.8 3.9 3.10 3.11 3.12"
          " 3.13 tiny small");
}

Test(subjects, libc_is_a_name) {
  struct pp_subject_spec spec = parsed("libc");
  cr_assert_eq(spec.kind, PP_SUBJECT_LIBC);
  cr_assert_null(spec.path);
  cr_assert_eq(spec.profile, &kept);
}

Test(subjects, files_are_told_by_what_they_export) {
  static const struct {
    const char *symbols[4];
    enum pp_subject_kind kind;
  } files[] = {
      {{"poolproof_subject"}, PP_SUBJECT_PLUGIN},
      {{"PyObject_Malloc"}, PP_SUBJECT_PYTHON},
      {{"pp_reference_none"}, PP_SUBJECT_REFERENCE},
      {{"pp_reference_cheap"}, PP_SUBJECT_REFERENCE},
      {{"pp_reference_object"}, PP_SUBJECT_REFERENCE},
      {{"pp_reference_heap"}, PP_SUBJECT_REFERENCE},
      {{"malloc"}, PP_SUBJECT_MALLOC},
      {{NULL}, PP_SUBJECT_MALLOC},
      /* What names more is taken at its first word. */
      {{"pp_reference_heap", "poolproof_subject"}, PP_SUBJECT_PLUGIN},
      {{"PyObject_Malloc", "poolproof_subject"}, PP_SUBJECT_PLUGIN},
      {{"PyObject_Malloc", "pp_reference_none"}, PP_SUBJECT_PYTHON},
  };
  char path[128];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    struct pp_object object = pp_object_of(files[i].symbols);
    pp_file_write(path, folder, "libx.so", &object, sizeof object);
    struct pp_subject_spec spec = parsed(path);
    cr_assert_eq(spec.kind, files[i].kind, "%zu: %d", i, spec.kind);
    cr_assert_str_eq(spec.path, path);
    cr_assert_eq(spec.profile, &kept);
    free(spec.path);
  }
}

Test(subjects, names_are_searched_and_paths_are_not) {
  char path[128], text[512];
  pp_object_write(folder, "libpoolproof-x.so", "malloc");
  cr_assert_eq(chdir(folder), 0);
  refused("libpoolproof-x.so",
          "libpoolproof-x.so is in none of the loader's directories; for the "
          "one here, type ./libpoolproof-x.so");
  struct pp_subject_spec spec = parsed("./libpoolproof-x.so");
  cr_assert_str_eq(spec.path, "./libpoolproof-x.so");
  free(spec.path);
  setenv("LD_LIBRARY_PATH", folder, 1);
  snprintf(path, sizeof path, "%s/libpoolproof-x.so", folder);
  spec = parsed("libpoolproof-x.so");
  cr_assert_str_eq(spec.path, path);
  free(spec.path);
  refused("./absent.so", "there is no file ./absent.so");
  static const char *const names[] = {"absent.so", "", "references",
                                      "libc:", "referenc"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(text, sizeof text,
             "%s is neither \"reference\" nor \"libc\" nor a shared object in "
             "the loader's directories",
             names[i]);
    refused(names[i], text);
  }
  pp_file_write(path, folder, "text.so", "text", 4);
  snprintf(text, sizeof text,
           "%s is not a shared object of this machine, or cut short: it is no "
           "ELF file",
           path);
  refused(path, text);
  cr_assert_eq(chdir("/"), 0);
}

Test(subjects, there_are_no_other_kinds) {
  struct pp_subject_spec spec = {.kind = (enum pp_subject_kind)99};
  cr_assert_eq(pp_subject_load(&spec, &places, &loaded, why, sizeof why),
               PP_LOAD_FAILED);
  cr_assert_str_eq(why, "there is no such kind of subject");
}

/* ---- the reference ---- */

static enum pp_load_result load(struct pp_subject_spec spec) {
  spec.witness = &witness;
  memset(&loaded, 1, sizeof loaded);
  return pp_subject_load(&spec, &places, &loaded, why, sizeof why);
}

/* One heap under two names, and the system past it; in the end it gives back
 * what it took. */
static void is_a_heap(enum pp_profile_id profile) {
  const struct pp_subject *object = &loaded.calls[PP_DOMAIN_OBJ];
  const struct pp_subject *memory = &loaded.calls[PP_DOMAIN_MEM];
  const struct pp_subject *raw = &loaded.calls[PP_DOMAIN_RAW];
  uint32_t ordinal, offset;
  cr_assert_eq(loaded.domain_count, PP_DOMAIN_COUNT);
  cr_assert_eq(loaded.profile->id, profile);
  cr_assert_eq(loaded.arenas_before, 0);
  for (int i = 0; i < PP_DOMAIN_COUNT; i++) {
    cr_assert_eq(loaded.calls[i].version, PP_SUBJECT_VERSION);
    cr_assert_eq(loaded.calls[i].name, loaded.title);
  }
  uint8_t *block = object->malloc(object->ctx, 16);
  cr_assert(pp_places_find(&places, block, &ordinal, &offset));
  object->free(object->ctx, block);
  cr_assert_eq(object->malloc(object->ctx, 16), block, "it is free again");
  uint8_t *zeros = memory->calloc(memory->ctx, 3, 5);
  cr_assert_eq(zeros, block + 16);
  cr_assert_eq(zeros[0] | zeros[14], 0);
  memory->free(memory->ctx, zeros);
  zeros = memory->calloc(memory->ctx, 20, 1); /* of the next class */
  cr_assert(pp_places_find(&places, zeros, &ordinal, &offset));
  cr_assert_neq((uintptr_t)zeros >> loaded.profile->pool_bits,
                (uintptr_t)block >> loaded.profile->pool_bits);
  memcpy(zeros, "abc", 4);
  zeros = object->realloc(object->ctx, zeros, 5000);
  cr_assert_not(pp_places_find(&places, zeros, &ordinal, &offset));
  cr_assert_str_eq((char *)zeros, "abc");
  memory->free(memory->ctx, zeros);
  uint8_t *past = raw->malloc(raw->ctx, 16);
  cr_assert_not(pp_places_find(&places, past, &ordinal, &offset));
  raw->free(raw->ctx, past);
  object->free(object->ctx, block);
  cr_assert_eq(places.system_requests >= 2, true);
  loaded.end(loaded.end_ctx);
  cr_assert(pp_places_empty(&places));
}

Test(subjects, reference_is_a_heap_of_its_profile) {
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_REFERENCE,
                                 .level = PP_LEVEL_OBJECT};
  cr_assert_eq(load(spec), PP_LOAD_OK, "%s", why);
  cr_assert_str_eq(loaded.title, "reference");
  cr_assert_str_eq(loaded.version, "");
  cr_assert_eq(loaded.level, PP_LEVEL_OBJECT);
  is_a_heap(PP_PROFILE_3_13);
  cr_assert_gt(witness.evaluated[PP_POOL_05], 0);
  spec.level = PP_LEVEL_NONE;
  spec.profile = &pp_profiles[PP_PROFILE_3_8];
  memset(witness.evaluated, 0, sizeof witness.evaluated);
  cr_assert_eq(load(spec), PP_LOAD_OK, "%s", why);
  is_a_heap(PP_PROFILE_3_8);
  cr_assert_eq(witness.evaluated[PP_POOL_05], 0);
}

Test(subjects, builds_of_the_reference_have_their_levels) {
  /* The one that is asked for, or the closest-watched that there is. */
  static const enum pp_level there[] = {PP_LEVEL_NONE, PP_LEVEL_HEAP,
                                        PP_LEVEL_HEAP, PP_LEVEL_HEAP};
  char path[4096], title[64];
  snprintf(path, sizeof path, "%s/builds.so", pp_setting("POOLPROOF_MODULES"));
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_REFERENCE, .path = path};
  for (int level = 0; level < PP_LEVEL_COUNT; level++) {
    spec.level = (enum pp_level)level;
    cr_assert_eq(load(spec), PP_LOAD_OK, "%s", why);
    snprintf(title, sizeof title, "reference, %s",
             there[level] == PP_LEVEL_NONE ? "none" : "heap");
    cr_assert_str_eq(loaded.title, title);
    cr_assert_eq(loaded.level, there[level]);
    is_a_heap(PP_PROFILE_3_13);
  }
  spec.level = PP_LEVEL_HEAP;
  snprintf(path, sizeof path, "%s/build-none.so",
           pp_setting("POOLPROOF_MODULES"));
  cr_assert_eq(load(spec), PP_LOAD_OK, "%s", why);
  cr_assert_eq(loaded.level, PP_LEVEL_NONE);
  is_a_heap(PP_PROFILE_3_13);
  /* A profile of ours that nobody else knows is taken as it is. */
  struct pp_profile own = pp_profiles[PP_PROFILE_TINY];
  own.name = "tinier";
  spec.profile = &own;
  cr_assert_eq(load(spec), PP_LOAD_OK, "%s", why);
  is_a_heap(PP_PROFILE_TINY);
}

Test(subjects, what_has_no_build_is_none) {
  char expected[4500], path[4096];
  snprintf(path, sizeof path, "%s/family.so", pp_setting("POOLPROOF_MODULES"));
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_REFERENCE, .path = path};
  cr_assert_eq(load(spec), PP_LOAD_FAILED);
  snprintf(expected, sizeof expected,
           "%s has no build of the reference for 3.13", path);
  cr_assert_eq(strncmp(why, expected, sizeof why - 1), 0, "%s", why);
  strcpy(path, "/nowhere/lib.so");
  cr_assert_eq(load(spec), PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "/nowhere/lib.so"), "%s", why);
}

/* ---- RAW ---- */

static size_t asked[2]; /* of the system, last */

static void *note_malloc(void *ctx, size_t size) {
  cr_assert_eq(ctx, &places);
  asked[0] = size;
  return NULL;
}

static void *note_calloc(void *ctx, size_t count, size_t size) {
  cr_assert_eq(ctx, &places);
  asked[0] = count;
  asked[1] = size;
  return NULL;
}

static void *note_realloc(void *ctx, void *block, size_t size) {
  cr_assert_eq(block, asked);
  return note_malloc(ctx, size);
}

/* No request for nothing reaches the system; all others do as they are. */
Test(subjects, raw_asks_for_a_byte_where_nothing_is_wanted) {
  struct pp_system_source raw = pp_raw_source(&places);
  places.system.malloc = note_malloc;
  places.system.calloc = note_calloc;
  places.system.realloc = note_realloc;
  for (size_t size = 0; size <= 3; size++) {
    raw.malloc(raw.ctx, size);
    cr_assert_eq(asked[0], size == 0 ? 1 : size);
    raw.realloc(raw.ctx, asked, size);
    cr_assert_eq(asked[0], size == 0 ? 1 : size);
    for (size_t count = 0; count <= 3; count++) {
      raw.calloc(raw.ctx, count, size);
      cr_assert_eq(asked[0], count * size == 0 ? 1 : count);
      cr_assert_eq(asked[1], count * size == 0 ? 1 : size);
    }
  }
}

Test(subjects, raw_answers_as_the_other_families) {
  struct pp_system_source raw = pp_raw_source(&places);
  void *blocks[] = {raw.malloc(raw.ctx, 0),        raw.calloc(raw.ctx, 0, 5),
                    raw.calloc(raw.ctx, 5, 0),     raw.calloc(raw.ctx, 0, 0),
                    raw.realloc(raw.ctx, NULL, 0), raw.malloc(raw.ctx, 3)};
  for (size_t i = 0; i < 6; i++) {
    cr_assert_not_null(blocks[i]);
    for (size_t j = 0; j < i; j++)
      cr_assert_neq(blocks[i], blocks[j]);
  }
  cr_assert_eq(*(uint8_t *)blocks[1], 0);
  memcpy(blocks[5], "ab", 3);
  blocks[5] = raw.realloc(raw.ctx, blocks[5], 5000);
  cr_assert_str_eq(blocks[5], "ab");
  blocks[5] = raw.realloc(raw.ctx, blocks[5], 0);
  cr_assert_not_null(blocks[5]);
  const uint64_t requests = places.system_requests;
  cr_assert_null(raw.malloc(raw.ctx, (size_t)PTRDIFF_MAX + 1));
  cr_assert_null(raw.realloc(raw.ctx, blocks[5], (size_t)PTRDIFF_MAX + 1));
  cr_assert_null(raw.calloc(raw.ctx, (size_t)PTRDIFF_MAX + 1, 1));
  cr_assert_null(raw.calloc(raw.ctx, 1, (size_t)PTRDIFF_MAX + 1));
  cr_assert_null(raw.calloc(raw.ctx, (size_t)1 << 62, 2));
  cr_assert_null(raw.calloc(raw.ctx, 2, (size_t)1 << 62));
  cr_assert_eq(places.system_requests, requests, "nobody was asked");
  /* What is just not too much is a matter of the system. */
  places.system_fail = 4;
  cr_assert_null(raw.malloc(raw.ctx, PTRDIFF_MAX));
  cr_assert_null(raw.realloc(raw.ctx, blocks[5], PTRDIFF_MAX));
  cr_assert_null(raw.calloc(raw.ctx, PTRDIFF_MAX, 1));
  cr_assert_null(raw.calloc(raw.ctx, 2, PTRDIFF_MAX / 2));
  cr_assert_eq(places.system_fail, 0);
  cr_assert_eq(places.system_requests, requests + 4);
  const uint64_t frees = places.system_frees;
  for (size_t i = 0; i < 6; i++)
    raw.free(raw.ctx, blocks[i]);
  raw.free(raw.ctx, NULL);
  cr_assert_eq(places.system_frees, frees + 6);
}
