"""Tables of a reproduction pack: functions of the frames of ``benchmark.packs``."""
