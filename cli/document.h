/* A document for another program: written whole or not at all. */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether write_whole could write there: to be asked before what takes long.
 * False, with the message that it would give. */
bool can_write_document(const char *path);

/* Writes the text to the file, or to standard output when the path is "-".
 * False, with a message on standard error, when that did not succeed. */
bool write_whole(const char *path, const char *text, size_t length);

/* Makes the folder unless it is there. False, with a message, if neither. */
bool make_folder(const char *path);

/* The same for a JSON value, by jansson. */
struct json_t;
bool write_document(const char *path, const struct json_t *document);

#endif
