#!/bin/bash -eu
# Builds the fuzz harnesses as OSS-Fuzz and ClusterFuzzLite want them: with the
# compilers, flags and engine of the environment, into $OUT, each with seeds,
# options and, where there is one, a dictionary. tools/fuzz/contract plays it.
source=${POOLPROOF_SOURCE:-$SRC/poolproof}

# MemorySanitizer wants all code to be instrumented, which zstd and jansson are
# not; lock-step has no CPython there.
harnesses=(heap subject objects statements literal)
[ "$SANITIZER" = memory ] || harnesses+=(trace report)

targets=("${harnesses[@]/#/fuzz/fuzz_}")

# Programs that write seeds, without engine and sanitizer.
env -u CFLAGS -u CXXFLAGS -u LDFLAGS -u LIB_FUZZING_ENGINE \
  CC="${POOLPROOF_PLAIN_CC:-clang}" CXX="${POOLPROOF_PLAIN_CXX:-clang++}" \
  meson setup "$WORK/plain" "$source" -Dtests=false -Dwerror=false \
  -Doptimization=0
ninja -C "$WORK/plain" "${targets[@]}"

# What is linked dynamically goes along, and is found beside the harness.
export LDFLAGS="${LDFLAGS:-} -Wl,-rpath,'\$ORIGIN/lib'"
meson setup "$WORK/harnesses" "$source" -Dtests=false -Dwerror=false \
  -Db_lundef=false -Dfuzz_engine="$LIB_FUZZING_ENGINE"
ninja -C "$WORK/harnesses" "${targets[@]}"

mkdir -p "$OUT/lib"
for name in "${harnesses[@]}"; do
  program=fuzz_$name
  cp "$WORK/harnesses/fuzz/$program" "$OUT/"
  for library in $(ldd "$OUT/$program" |
    awk '/libzstd|libjansson/ { print $3 }'); do
    # those that are there already are found there
    [ -e "$OUT/lib/${library##*/}" ] || cp -L "$library" "$OUT/lib/"
  done
  seeds=$WORK/seeds-$name
  rm -rf "$seeds"
  "$WORK/plain/fuzz/$program" --write "$seeds" "$source/corpus"
  rm -f "$OUT/${program}_seed_corpus.zip"
  (cd "$seeds" && zip -q -r "$OUT/${program}_seed_corpus.zip" .)
  case $name in
    trace) longest=4096 ;;
    literal) longest=512 ;;
    *) longest=1032 ;;
  esac
  printf '[libfuzzer]\nmax_len = %s\nlen_control = 0\n' "$longest" \
    >"$OUT/$program.options"
  [ ! -e "$source/fuzz/$program.dict" ] ||
    cp "$source/fuzz/$program.dict" "$OUT/"
done
