# file: report_junit.c
# Control characters are written as they are.
s/fputc(byte < ' ' || byte == 0x7f ? '?' : byte, out);/fputc(byte, out);/
