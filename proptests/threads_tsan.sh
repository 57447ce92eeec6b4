#!/bin/sh
# What ThreadSanitizer says of the engine's threads: threads_tsan.sh PROGRAM.
# The run over a sound malloc has to pass, and the racy one has to be reported.
# Exit status: 0; 1; or 77, skipped, where the sanitizer cannot run at all.
program=$1
export TSAN_OPTIONS="halt_on_error=1:exitcode=66:${TSAN_OPTIONS:-}"
"$program" racy >/dev/null 2>&1
if [ $? -ne 66 ]; then
  # The kernel lays memory out where the sanitizer has its own, here and there.
  if setarch -R "$program" racy >/dev/null 2>&1; [ $? -ne 66 ]; then
    "$program" racy
    echo "the racy malloc is not reported: ThreadSanitizer sees nothing here"
    exit 77
  fi
  exec setarch -R "$program"
fi
exec "$program"
