# SPDX-License-Identifier: Apache-2.0
"""The terminal screen: a table of voices to walk through, each heard at once, and what there is to see of it.

    app        the application: keys, and what they do
    shelf      what the table shows: a bank, or the library
    table      the table itself, of any length
    voice      the voice in view: wiring, envelopes, parameters
    wiring     an algorithm in colours
    braille    curves in dots
    strip      a keyboard with the keys that are down
    meters     level, voices, load, inputs
    phrases    what is played for a voice when nobody holds a key

It is a face like any other: it drives a `Session` in plain data, and may be as slow as it likes.
"""
