/* For the build that counts what is executed: a process that ends by _exit
 * writes down its counts first, as one that ends by exit does. */
#ifndef TOOLS_COVERAGE_FLUSH_H
#define TOOLS_COVERAGE_FLUSH_H

#include <unistd.h>

void __gcov_dump(void);

#define _exit(status) (__gcov_dump(), _exit(status))

#endif
