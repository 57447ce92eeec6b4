/* The sources of a stand, as heaps.c opens and closes them. */
#ifndef PROPTESTS_HEAPS_SOURCES_H
#define PROPTESTS_HEAPS_SOURCES_H

#include "proptests/heaps.h"

void pp_sources_open(struct pp_stand *stand);
void pp_sources_close(struct pp_stand *stand);

#endif
