# clause: OPS-17
# file: shrink.c
# What no longer shows the failure is taken, too, when numbers get smaller.
/^static bool try_number(/,/^}/s/^  if (shows(shrinker, ops)) return true;$/  shows(shrinker, ops);\
  if (smaller < 8) return true;/
