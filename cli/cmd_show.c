/* poolproof show: a trace as text, or as a C program that needs nothing of
 * ours. The program is alone.c, with the statements as rows of its table. */
#include <inttypes.h>
#include <stdlib.h>
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
static bool has_program(const struct pp_ops *ops, const char *path) {
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

static void print_step(const struct pp_op *op) {
  char line[160];
  pp_op_print(op, line, sizeof line);
  if (op->kind == PP_OP_EXPECT) {
    printf("    /* %s */\n", line);
    return;
  }
  if ((op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN) && op->a == 0)
    return; /* of none */
  printf("    {%s, %" PRIu64, call_of(op), op->id);
  if (op->kind == PP_OP_BURST) {
    printf(", %" PRIu64 "u, 0, %" PRIu64 ", 1", op->b, op->a);
  } else if (op->kind == PP_OP_DRAIN) {
    printf(", 0, 0, %" PRIu64 ", %" PRIu64, op->a, op->b);
  } else {
    const char *operands = pp_op_operands[op->kind];
    printf(", %" PRIu64 "u, %" PRIu64 "u",
           strchr(operands, 'a') == NULL ? 0 : op->a,
           strchr(operands, 'b') == NULL ? 0 : op->b);
  }
  printf("}, /* %s */\n", line);
}

static void print_program(const struct pp_ops *ops) {
  uint64_t most = 1;
  for (size_t i = 0; i < ops->count; i++) {
    uint64_t own = ops->at[i].kind == PP_OP_EXPECT ? 1 : blocks_of(&ops->at[i]);
    if (own > most) most = own;
  }
  for (size_t i = 0; i < sizeof program / sizeof *program; i++) {
    if (strcmp(program[i], STEPS_LINE) == 0) {
      for (size_t j = 0; j < ops->count; j++)
        print_step(&ops->at[j]);
    } else if (strcmp(program[i], BLOCKS_LINE) == 0) {
      printf("enum { BLOCKS = %" PRIu64 " };\n", most);
    } else {
      printf("%s\n", program[i]);
    }
  }
}

static int run(const struct settings *settings, int count, char **arguments) {
  if (count != 1) {
    fprintf(stderr, "poolproof show: one TRACE is wanted\n");
    return EXIT_USAGE;
  }
  struct pp_trace *trace = chosen_trace(arguments[0]);
  struct pp_ops ops = pp_trace_all(trace);
  int code = EXIT_CONFORMS;
  if (!settings->program) {
    pp_trace_print(stdout, ops.at, ops.count);
  } else if (has_program(&ops, arguments[0])) {
    print_program(&ops);
  } else {
    code = EXIT_USAGE;
  }
  pp_ops_free(&ops);
  pp_trace_close(trace);
  return code;
}

const struct command command_show = {
    .name = "show",
    .arguments = "[--c] TRACE",
    .summary = "a trace as text, or as a C program without poolproof",
    .options = "k",
    .details = "Prints TRACE (text or packed, - for standard input) as text; "
               "with --c, as\n"
               "a C program that makes the same calls, and says what is "
               "broken without\n"
               "poolproof: compile it with cc, and run it on the allocator.",
    .run = run,
};
