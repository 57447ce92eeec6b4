/* Room for allocators that keep their state in static thread-local storage.
 *
 * glibc sets little of it aside for objects that are loaded late; jemalloc
 * needs more, and can then not be loaded at all. How much there is, is decided
 * when the process starts. */
#ifndef CHECK_STATIC_TLS_H
#define CHECK_STATIC_TLS_H

#define PP_STATIC_TLS_TUNABLE "glibc.rtld.optional_static_tls=16384"

/* Starts this program anew, once, with room for them; returns when it runs
 * with room already or when that cannot be had. Call it first in main. */
void pp_static_tls_reserve(char **argv);

#endif
