/* TODO */
#include "check/exhaust_search.h"
struct pp_ops pp_exhaust_trace(struct pp_exhaust *search) {
  (void)search;
  return (struct pp_ops){0};
}
