# file: report_markdown.c
# A bar in a text begins another cell.
s/"\\\\`\*_\[\]<>|&#~"/"\\\\`*_[]<>\&#~"/
