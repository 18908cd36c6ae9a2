#!/usr/bin/env python3
"""The sound card of the headless desktop: takes samples no faster than a real one would, and keeps them.

sound_card.py FILE FRAMES_PER_SECOND BYTES_PER_FRAME < samples
ALSA's own null device takes everything at once, so that a program that rings would spin.
"""
import os
import sys
import time

file, frames, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
per_second = frames * width
tick = per_second // 50
due = time.monotonic()
with open(file, "ab", buffering=0) as out:
    while samples := os.read(0, tick):
        out.write(samples)
        # An idle card does not catch up later.
        due = max(due, time.monotonic() - 0.1) + len(samples) / per_second
        time.sleep(max(0.0, due - time.monotonic()))
