# clause: HEAP-01
# file: heap.c
# profiles: all
# A block from the system is counted twice.
s/^  heap->system_blocks++;$/  heap->system_blocks += 2;/
