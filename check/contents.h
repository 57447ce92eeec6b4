/* What a live block holds: a pattern that follows from the serial number of
 * its request and from the offset, so that a byte that moved is as visible as
 * one that changed, and a block can grow without being written anew.
 *
 * With PP_CONTENTS_HEADER only the first and the last eight bytes are written
 * and looked at; with PP_CONTENTS_NONE none. */
#ifndef CHECK_CONTENTS_H
#define CHECK_CONTENTS_H

#include <stddef.h>
#include <stdint.h>

enum pp_contents { PP_CONTENTS_NONE, PP_CONTENTS_HEADER, PP_CONTENTS_FULL };

/* "No such byte" as an offset. */
#define PP_CONTENTS_SOUND UINT64_MAX

/* Writes the pattern into the bytes [from, size) of a block. */
void pp_contents_write(uint8_t *block, uint64_t from, uint64_t size,
                       uint64_t serial);

/* The offset of the first byte in [from, size) that is not the pattern's, or
 * PP_CONTENTS_SOUND. */
uint64_t pp_contents_check(const uint8_t *block, uint64_t from, uint64_t size,
                           uint64_t serial);

/* The offset of the first byte in [0, size) that is not zero. */
uint64_t pp_contents_check_zero(const uint8_t *block, uint64_t size);

/* The byte that the pattern has at an offset. */
uint8_t pp_contents_byte(uint64_t offset, uint64_t serial);

#endif
