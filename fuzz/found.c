/* How a harness ends: with a find, or because it cannot begin. The message is
 * whole before the process is aborted, since an engine keeps no buffers. */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "poolproof/clause.h"

enum { MESSAGE_MAX = 2048 };

_Noreturn void pp_fuzz_found(const char *id, const char *format, ...) {
  char message[MESSAGE_MAX];
  enum pp_clause clause = pp_clause_find(id);
  int used = snprintf(message, sizeof message,
                      "poolproof: broken: %s: %s\npoolproof: ", id,
                      clause == PP_HOLDS ? "what is written is read as it was"
                                         : pp_clause_texts[clause].sentence);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message + used, sizeof message - (size_t)used, format, arguments);
  va_end(arguments);
  fprintf(stderr, "%s\n", message);
  fflush(stderr);
  abort();
}

_Noreturn void pp_fuzz_cannot(const char *why) {
  fprintf(stderr, "poolproof: this harness cannot run here: %s\n", why);
  fflush(stderr);
  _exit(PP_FUZZ_CANNOT);
}
