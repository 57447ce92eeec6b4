/* Says where a program finds the declaration of a release, as any that is
 * linked with the engine would: from its own place. Exit status 1: nowhere. */
#include <stdio.h>

#include "check/declared.h"

int main(int argc, char **argv) {
  static struct pp_declared declared;
  if (argc != 3 || !pp_declared_find(argv[1], argv[2], &declared)) {
    fputs(declared.error, stderr);
    return 1;
  }
  puts(declared.file);
  return 0;
}
