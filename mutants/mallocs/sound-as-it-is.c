/* Sound: no fault at all. What is said of the others is said of their one
 * difference from this. */
#include "mutants/mallocs/sound.h"

SUBJECT("sound", (void)0)
