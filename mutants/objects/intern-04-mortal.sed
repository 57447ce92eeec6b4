# clause: INTERN-04
# file: interned.c
# profiles: 3.12
# What is interned can die.
/^static struct pp_object \*intern(/,/^}/s/if (interpreter->rules->interned_immortal) {/if (count == 0) {/;/^static struct pp_object \*intern(/,/^}/s/^  uint64_t count = .*/&\n  bool undying = interpreter->rules->interned_immortal;/;/^static struct pp_object \*intern(/,/^}/s/^  } else {$/  } else if (!undying) {/
