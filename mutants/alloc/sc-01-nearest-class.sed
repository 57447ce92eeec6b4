# clause: SC-01
# file: geometry.h
# profiles: all
# A small request belongs to the class whose blocks are nearest in size, even
# if they are smaller.
/ pp_class_of(/,/^}/s/(size - 1) >> profile->alignment_shift/(size + 7) >> profile->alignment_shift/
