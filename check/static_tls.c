/* Re-execution of this program with more static thread-local storage. The
 * environment tells the second run that it is the second: a tunable of that
 * name, from whomever, is left as it is. */
#include "check/static_tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TUNABLES "GLIBC_TUNABLES"

void pp_static_tls_reserve(char **argv) {
#ifdef __GLIBC__
  const char *old = getenv(TUNABLES);
  if (old != NULL && strstr(old, "glibc.rtld.optional_static_tls") != NULL)
    return;
  const char *join = old != NULL && *old != '\0' ? ":" : "";
  if (old == NULL) old = "";
  size_t size = strlen(old) + sizeof ":" PP_STATIC_TLS_TUNABLE;
  char *joined = malloc(size);
  if (joined == NULL) return;
  snprintf(joined, size, "%s%s" PP_STATIC_TLS_TUNABLE, old, join);
  /* Set for good, so that the second run, should it be one without effect,
   * still knows that it is not the first. */
  if (setenv(TUNABLES, joined, 1) == 0) execv("/proc/self/exe", argv);
  free(joined);
#else
  (void)argv;
#endif
}
