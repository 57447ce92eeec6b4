# clause: OPS-09
# file: driver.c
# A statement that is skipped is counted as performed, too.
s/^  driver->report->skipped++;$/&\
  driver->report->operations++;/
