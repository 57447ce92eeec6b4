/* A trace as a C program that needs nothing of ours. The program is alone.c,
 * with the statements as rows of its table. */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"

/* Its lines, and those of them that a trace takes the place of. */
static const char *const program[] = {
#include "cli/alone.inc"
};

#define STEPS_LINE "    /* STEPS */"
#define BLOCKS_LINE "enum { BLOCKS = 1 };"

/* Blocks of a program, which are as many as the highest ID says. */
#define BLOCKS_MOST (UINT64_C(1) << 20)

/* The name of a statement in the program; NULL: it means nothing there. */
static const char *call_of(const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_MALLOC:
  case PP_OP_BURST: return "MALLOC";
  case PP_OP_CALLOC: return "CALLOC";
  case PP_OP_REALLOC: return "REALLOC";
  case PP_OP_REALLOCARRAY: return "REALLOCARRAY";
  case PP_OP_ALIGNED_ALLOC: return "ALIGNED_ALLOC";
  case PP_OP_POSIX_MEMALIGN: return "POSIX_MEMALIGN";
  case PP_OP_FREE:
  case PP_OP_DRAIN: return "FREE";
  case PP_OP_FREE_SIZED: return "FREE_SIZED";
  case PP_OP_FREE_ALIGNED_SIZED: return "FREE_ALIGNED_SIZED";
  case PP_OP_USABLE: return "USABLE";
  default: return NULL;
  }
}

/* One past the last ID; more than BLOCKS_MOST where they are too many. */
static uint64_t blocks_of(const struct pp_op *op) {
  uint64_t last = op->id;
  if (op->kind == PP_OP_BURST && op->a > 0) last += op->a - 1;
  if (op->kind == PP_OP_DRAIN && op->a > 0) {
    if (op->b > BLOCKS_MOST || op->a > BLOCKS_MOST) return BLOCKS_MOST + 1;
    last += (op->a - 1) * op->b;
  }
  return op->id > BLOCKS_MOST || last > BLOCKS_MOST ? BLOCKS_MOST + 1
                                                    : last + 1;
}

/* What no C program has: a statement of heaps or objects, too many blocks. */
bool program_can_show(const struct pp_ops *ops, const char *path) {
  for (size_t i = 0; i < ops->count; i++) {
    const struct pp_op *op = &ops->at[i];
    if (op->kind == PP_OP_EXPECT) continue;
    if (call_of(op) == NULL) {
      fprintf(stderr,
              "poolproof: %s: statement %zu, %s, is nothing that a C program "
              "can do\n",
              path, i + 1, pp_op_keywords[op->kind]);
      return false;
    }
    if (blocks_of(op) > BLOCKS_MOST) {
      fprintf(stderr,
              "poolproof: %s: statement %zu has a block beyond %" PRIu64
              ", the most of a C program\n",
              path, i + 1, BLOCKS_MOST);
      return false;
    }
  }
  return true;
}

static void print_step(FILE *out, const struct pp_op *op) {
  char line[160];
  pp_op_print(op, line, sizeof line);
  if (op->kind == PP_OP_EXPECT) {
    fprintf(out, "    /* %s */\n", line);
    return;
  }
  if ((op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN) && op->a == 0)
    return; /* of none */
  fprintf(out, "    {%s, %" PRIu64, call_of(op), op->id);
  if (op->kind == PP_OP_BURST) {
    fprintf(out, ", %" PRIu64 "u, 0, %" PRIu64 ", 1", op->b, op->a);
  } else if (op->kind == PP_OP_DRAIN) {
    fprintf(out, ", 0, 0, %" PRIu64 ", %" PRIu64, op->a, op->b);
  } else {
    const char *operands = pp_op_operands[op->kind];
    fprintf(out, ", %" PRIu64 "u, %" PRIu64 "u",
            strchr(operands, 'a') == NULL ? 0 : op->a,
            strchr(operands, 'b') == NULL ? 0 : op->b);
  }
  fprintf(out, "}, /* %s */\n", line);
}

void program_print(FILE *out, const struct pp_ops *ops) {
  uint64_t most = 1;
  for (size_t i = 0; i < ops->count; i++) {
    uint64_t own = ops->at[i].kind == PP_OP_EXPECT ? 1 : blocks_of(&ops->at[i]);
    if (own > most) most = own;
  }
  for (size_t i = 0; i < sizeof program / sizeof *program; i++) {
    if (strcmp(program[i], STEPS_LINE) == 0) {
      for (size_t j = 0; j < ops->count; j++)
        print_step(out, &ops->at[j]);
    } else if (strcmp(program[i], BLOCKS_LINE) == 0) {
      fprintf(out, "enum { BLOCKS = %" PRIu64 " };\n", most);
    } else {
      fprintf(out, "%s\n", program[i]);
    }
  }
}
