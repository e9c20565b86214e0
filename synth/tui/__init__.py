# SPDX-License-Identifier: Apache-2.0
"""The terminal screen: a table of voices to walk through, each heard at once, and what there is to see of it.

    start, web    from a session to a screen; the same in a browser
    app           what stands where, events, comparing, editing
    lists         under it: lists and set-lists, and their order; under that
    keeping       marks, tags, searches, files; under that
    browsing      shelves, searching, walking; under that
    asking        questions to the library and edits of it, in their order; and under that
    playing       the piano, silence
    shelf, library_shelf    what the table shows: a bank, the library, a list, what is alike
    table         the table itself, of any length
    voice, wiring, report   the voice in view: envelopes, LFO, algorithm, differences, what a board makes of it
    keyboard_scaling        how an operator's level follows the keys
    heard         what the library has heard of a sound: waveform, spectrum, figures
    editor, editing         the sheet of parameters, and its steps
    map_screen, chart       the map of the library
    ask, help, left_once    a question in one line; all keys; how both are left
    scanning, files         folders read, voices written
    strip, meters, one_line         lines that change often
    split         where zones split the keyboard
    cells         pictures of characters side by side
    phrases       what is played for a voice when nobody holds a key

It is a face like any other: it drives a `Session` in plain data, and may be as slow as it likes.
"""

import os

# Milliseconds until Esc is no beginning of another key, not 100: Textual reads it when imported. Silence is urgent.
os.environ.setdefault("ESCDELAY", "25")
