# clause: STR-07
# file: str.c
# profiles: 3.12 3.13
# sys.getsizeof leaves out the UTF-8.
s/^  size_t answer = size(interpreter, object) + apart;$/  size_t answer = size(interpreter, object);/
