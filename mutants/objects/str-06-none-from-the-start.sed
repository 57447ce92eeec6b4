# clause: STR-06
# file: str.c
# profiles: 3.12 3.13
# Static characters have no UTF-8.
s/^    if (interpreter->rules->static_utf8)$/    if (point == 0)/
