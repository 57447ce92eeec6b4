# clause: DICT-05
# file: dict_keys.c
# profiles: all
# A key whose slot is taken goes to the slot behind it.
/^void pp_keys_add/,/^}/s/^    pp_probe_next(&probe);$/    probe.slot = (probe.slot + 1) \& probe.mask;/
