# clause: GEO-02
# file: geometry.h
# profiles: all
# A pool header takes 64 bytes, the last 16 of which are not used.
s/^  PP_POOL_HEADER = 48,$/  PP_POOL_HEADER = 64,/
/"GEO-02"/d
