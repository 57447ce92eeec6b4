/* The matrix as a page: one file without scripts, so that it can be put
 * anywhere. An area is a section, a clause a line that opens and lists its
 * places. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/document.h"
#include "cli/matrix.h"

static const char style[] =
    ":root{color-scheme:light "
    "dark;--back:#fbfaf8;--text:#1d1f23;--soft:#6a6f78;"
    "--line:#e2dfd9;--card:#fff;--accent:#2457a6;--hole:#b3261e;"
    "--hole-back:#fdecea}\n"
    "@media(prefers-color-scheme:dark){:root{--back:#15171b;--text:#e6e6e3;"
    "--soft:#9aa0aa;--line:#2d3138;--card:#1c1f25;--accent:#8db4f5;"
    "--hole:#ff9e94;--hole-back:#3a1f1d}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:72rem;padding:2rem 1rem 4rem;"
    "background:var(--back);color:var(--text);"
    "font:15px/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .5rem}\n"
    "h2 small{color:var(--soft);font-weight:normal}a{color:var(--accent)}\n"
    "p{color:var(--soft);margin:.4rem 0}nav a{margin-right:.8rem}\n"
    "code{font:13px/1.5 ui-monospace,monospace}\n"
    ".sums{display:flex;flex-wrap:wrap;gap:.6rem;margin:1.2rem 0}\n"
    ".sums div{background:var(--card);border:1px solid var(--line);"
    "border-radius:.5rem;padding:.5rem .9rem;min-width:6.5rem}\n"
    ".sums b{display:block;font-size:1.3rem;font-variant-numeric:tabular-nums}"
    "\n.row{display:grid;grid-template-columns:6.5rem 1fr repeat(4,3.4rem) "
    "7.5rem;gap:.5rem;align-items:baseline;padding:.35rem .7rem}\n"
    ".head{color:var(--soft);font-size:.8rem}\n"
    ".n{text-align:right;font-variant-numeric:tabular-nums}\n"
    ".list{background:var(--card);border:1px solid var(--line);"
    "border-radius:.5rem;overflow:hidden}\n"
    "details{border-top:1px solid var(--line)}"
    "details:first-child{border-top:0}\n"
    "summary{cursor:pointer;list-style:none}"
    "summary::-webkit-details-marker{display:none}\n"
    "summary:hover{background:var(--back)}\n"
    ".hole>summary{background:var(--hole-back)}"
    ".none{color:var(--hole);font-weight:bold}\n"
    ".zero{color:var(--soft)}\n"
    ".more{padding:.2rem .7rem .8rem 7.7rem;color:var(--soft)}\n"
    ".more h3{font-size:.85rem;margin:.6rem 0 .1rem;color:var(--text)}\n"
    ".more ul{margin:0;padding-left:1.1rem}\n"
    ".chip{border:1px solid var(--line);border-radius:1rem;"
    "padding:.05rem .55rem;font-size:.8rem;margin-right:.3rem}\n"
    "@media(max-width:50rem){.row{grid-template-columns:5.5rem repeat(5,1fr)}"
    ".row .what{grid-column:1/-1;grid-row:2}.more{padding-left:.7rem}}\n";

static const char *const headings[MATRIX_KINDS] = {"Asserted in", "Tested by",
                                                   "Watched by", "Broken by"};
static const char *const columns[MATRIX_KINDS] = {"sites", "tests", "fuzz",
                                                  "faults"};

static void escape(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    switch (*text) {
    case '&': fputs("&amp;", out); break;
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    case '"': fputs("&quot;", out); break;
    default: putc(*text, out); break;
    }
  }
}

/* "reference/alloc/pool.c:44", "a_test (proptests/test_pools.c:12)". */
static void write_place(FILE *out, const struct matrix_place *place) {
  if (*place->title != '\0') {
    escape(out, place->title);
    fputs(" (", out);
  }
  escape(out, place->file);
  fprintf(out, ":%u%s", place->line, *place->title != '\0' ? ")" : "");
}

/* All places of one kind, between two texts each. */
static void write_places(FILE *out, const struct matrix *matrix,
                         enum pp_clause clause, enum matrix_kind kind,
                         const char *before, const char *behind) {
  for (size_t i = 0; i < matrix->place_count; i++) {
    const struct matrix_place *place = &matrix->places[i];
    if (place->clause != clause || place->kind != kind) continue;
    fputs(before, out);
    write_place(out, place);
    fputs(behind, out);
  }
}

static void write_count(FILE *out, const struct matrix *matrix,
                        enum pp_clause clause, enum matrix_kind kind) {
  unsigned count = matrix->counts[clause][kind];
  const char *look = matrix->lacks[clause][kind] ? " none"
                     : count == 0                ? " zero"
                                                 : "";
  fprintf(out, "<span class=\"n%s\" title=\"%s:&#10;", look, headings[kind]);
  if (count == 0) fputs("nothing", out);
  write_places(out, matrix, clause, kind, "", "&#10;");
  fprintf(out, "\">%u</span>", count);
}

static void write_evaluations(FILE *out, const struct matrix *matrix,
                              enum pp_clause clause) {
  bool known = *matrix->verdicts != '\0';
  bool none = known && matrix->evaluated[clause] == 0;
  fprintf(out, "<span class=\"n%s\">%s</span>", none ? " zero" : "",
          known ? grouped(matrix->evaluated[clause]) : "-");
}

static void write_details(FILE *out, const struct matrix *matrix,
                          enum pp_clause clause) {
  const struct pp_clause_text *text = &pp_clause_texts[clause];
  fprintf(out, "<div class=\"more\"><span class=\"chip\">%s</span>",
          pp_strength_names[text->strength]);
  fputs("<span class=\"chip\">", out);
  matrix_print_profiles(out, text->profiles);
  fputs("</span><span class=\"chip\">", out);
  escape(out, text->source);
  fputs("</span>", out);
  for (int kind = 0; kind < MATRIX_KINDS; kind++) {
    bool lacks = matrix->lacks[clause][kind];
    if (matrix->counts[clause][kind] == 0 && !lacks) continue;
    fprintf(out, "<h3>%s</h3><ul>", headings[kind]);
    if (lacks) fputs("<li class=\"none\">nothing: a hole</li>", out);
    write_places(out, matrix, clause, (enum matrix_kind)kind, "<li><code>",
                 "</code></li>");
    fputs("</ul>", out);
  }
  fputs("</div>", out);
}

static void write_clause(FILE *out, const struct matrix *matrix,
                         enum pp_clause clause) {
  const struct pp_clause_text *text = &pp_clause_texts[clause];
  fprintf(out, "<details id=\"%s\"%s><summary class=\"row\"><code>%s</code>",
          text->id, matrix_is_hole(matrix, clause) ? " class=\"hole\"" : "",
          text->id);
  fputs("<span class=\"what\">", out);
  escape(out, text->sentence);
  fputs("</span>", out);
  for (int kind = 0; kind < MATRIX_KINDS; kind++)
    write_count(out, matrix, clause, (enum matrix_kind)kind);
  write_evaluations(out, matrix, clause);
  fputs("</summary>", out);
  write_details(out, matrix, clause);
  fputs("</details>\n", out);
}

static bool begins_area(int clause) {
  return strcmp(pp_clause_texts[clause].area,
                pp_clause_texts[clause - 1].area) != 0;
}

static void write_area_head(FILE *out, const struct matrix *matrix, int first) {
  const char *area = pp_clause_texts[first].area;
  int clauses = 0;
  int holes = 0;
  for (int i = first; i < PP_CLAUSE_COUNT; i++) {
    if (strcmp(pp_clause_texts[i].area, area) != 0) break;
    clauses++;
    holes += matrix_is_hole(matrix, (enum pp_clause)i);
  }
  fprintf(out, "<h2 id=\"%s\">%s <small>%d clauses, %d holes</small></h2>\n",
          area, area, clauses, holes);
  fputs("<div class=\"row head\"><span></span><span class=\"what\"></span>",
        out);
  for (int kind = 0; kind < MATRIX_KINDS; kind++)
    fprintf(out, "<span class=\"n\">%s</span>", columns[kind]);
  fputs("<span class=\"n\">evaluations</span></div>\n<div class=\"list\">\n",
        out);
}

static void write_sums(FILE *out, const struct matrix *matrix) {
  static const char *const all[MATRIX_KINDS] = {"assertion sites", "tests",
                                                "fuzz harnesses", "faults"};
  unsigned sums[MATRIX_KINDS] = {0};
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    for (int kind = 0; kind < MATRIX_KINDS; kind++)
      sums[kind] += matrix->counts[i][kind];
  }
  fprintf(out, "<div class=\"sums\"><div><b>%d</b>clauses</div>",
          PP_CLAUSE_COUNT - 1);
  for (int kind = 0; kind < MATRIX_KINDS; kind++)
    fprintf(out, "<div><b>%u</b>%s</div>", sums[kind], all[kind]);
  fprintf(out, "<div><b%s>%u</b>holes</div></div>\n",
          matrix->holes > 0 ? " class=\"none\"" : "", matrix->holes);
}

static void write_head(FILE *out, const struct matrix *matrix) {
  fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<title>poolproof: clauses</title>\n<style>\n",
        out);
  fputs(style, out);
  fputs("</style></head><body>\n<h1>What each clause is held up by</h1>\n"
        "<p>poolproof " PP_VERSION ". A clause opens to the places that assert "
        "it, test it, watch it while fuzzing and break it on purpose.</p>\n<p>",
        out);
  if (*matrix->verdicts == '\0') {
    fputs("No run is known: <code>./dev check</code> leaves one.", out);
  } else {
    fprintf(out, "Evaluations are those of %zu subjects, from <code>",
            matrix->subjects);
    escape(out, matrix->verdicts);
    fputs("</code>.", out);
  }
  fputs("</p>\n", out);
  write_sums(out, matrix);
  fputs("<nav>", out);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    const char *area = pp_clause_texts[i].area;
    if (begins_area(i)) fprintf(out, "<a href=\"#%s\">%s</a>", area, area);
  }
  fputs("</nav>\n", out);
}

static void write_page(FILE *out, const struct matrix *matrix) {
  write_head(out, matrix);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (begins_area(i) && i > 1) fputs("</div>\n", out);
    if (begins_area(i)) write_area_head(out, matrix, i);
    write_clause(out, matrix, (enum pp_clause)i);
  }
  fputs("</div>\n</body></html>\n", out);
}

bool matrix_write_html(const char *path, const struct matrix *matrix) {
  char *page = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&page, &length);
  if (out == NULL) abort();
  write_page(out, matrix);
  if (fclose(out) != 0) abort();
  bool written = write_whole(path, page, length);
  free(page);
  return written;
}
