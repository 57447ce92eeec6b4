# clause: REF-08
# file: trash.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12
# Deallocations nest once more than they may.
s/ >= interpreter->rules->trash_depth) {$/ > interpreter->rules->trash_depth) {/
