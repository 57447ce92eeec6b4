/* The bones of a report: what is left of each form without its texts. A form
 * that is not well-formed is told as found, under the rule. */
#ifndef FUZZ_REPORTS_H
#define FUZZ_REPORTS_H

#include <stdio.h>

void pp_bones_of_tap(const char *rule, const char *text, FILE *out);
void pp_bones_of_xml(const char *rule, const char *text, FILE *out);
void pp_bones_of_html(const char *rule, const char *text, FILE *out);
void pp_bones_of_markdown(const char *rule, const char *text, FILE *out);
void pp_bones_of_json(const char *rule, const char *text, FILE *out);

#endif
