/* The words of a value, one a line; or those of two, side by side. A long run
 * of words without a difference is not shown to its end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/layout.h"

enum { SHOWN = 64 }; /* words of a piece, and all that differ */

static void show_value(const struct layout_word *word) {
  printf("  %*s%0*" PRIx64, 16 - 2 * (int)word->size, "", 2 * (int)word->size,
         word->value);
}

static void show_text(const struct layout_word *word,
                      const struct layout_word *other) {
  bool same = other == NULL || strcmp(word->text, other->text) == 0;
  if (same)
    printf("  %s\n", word->text);
  else
    printf("  %s  |  %s\n", word->text, other->text);
}

static bool differ(const struct layout *layout, const struct layout *other,
                   size_t piece, size_t index) {
  struct layout_word word, other_word;
  layout_word_read(layout, &layout->pieces[piece], index, &word);
  layout_word_read(other, &other->pieces[piece], index, &other_word);
  return strcmp(word.fact, other_word.fact) != 0;
}

size_t layout_differences(const struct layout *layout,
                          const struct layout *other) {
  size_t differences = layout->getsizeof != other->getsizeof;
  for (size_t i = 0; i < layout->piece_count; i++)
    for (size_t k = 0; k < layout_word_count(&layout->pieces[i]); k++)
      differences += differ(layout, other, i, k);
  return differences;
}

static void show_word(const struct layout *layout, const struct layout *other,
                      size_t piece, size_t index) {
  struct layout_word word, other_word;
  bool differs = other != NULL && differ(layout, other, piece, index);
  if (index >= SHOWN && !differs) return;
  layout_word_read(layout, &layout->pieces[piece], index, &word);
  printf("%c %+5d", differs ? '*' : ' ', word.offset);
  show_value(&word);
  if (other != NULL) {
    layout_word_read(other, &other->pieces[piece], index, &other_word);
    show_value(&other_word);
  }
  show_text(&word, other == NULL ? NULL : &other_word);
}

static void show_piece(const struct layout *layout, const struct layout *other,
                       size_t index) {
  const struct layout_piece *piece = &layout->pieces[index];
  size_t count = layout_word_count(piece);
  if (index > 0)
    printf("\n%s, %zu bytes%s\n", piece->name, piece->size,
           piece->shared ? ", shared" : "");
  for (size_t i = 0; i < count; i++)
    show_word(layout, other, index, i);
  if (count > SHOWN)
    printf("  (%zu words%s)\n", count,
           other == NULL ? "" : "; those that differ are all shown");
}

void layout_show(const struct layout *layout, const struct layout *other,
                 const char *other_title) {
  if (other == NULL) {
    const char *whose = layout->counted ? "" : ", shared";
    if (layout->pieces[0].shared) whose = ", static";
    printf("%s, sys.getsizeof %zu%s\n", layout->type, layout->getsizeof, whose);
  } else {
    bool differs = layout->getsizeof != other->getsizeof;
    printf("%s; the reference, and %s\n", layout->type, other_title);
    printf("%c sys.getsizeof %zu, and %zu\n", differs ? '*' : ' ',
           layout->getsizeof, other->getsizeof);
  }
  for (size_t i = 0; i < layout->piece_count; i++)
    show_piece(layout, other, i);
}
