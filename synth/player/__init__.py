# SPDX-License-Identifier: Apache-2.0
"""The player: the process that holds the engine, the audio stream and the MIDI inputs.

It runs as `python -m synth.player FD` at the other end of a `Session`'s socket,
does almost nothing in Python, and is replaced rather than repaired: when the
audio server dies, no call into its library can be trusted to return, so the
process leaves at once and the face starts the next one.

    process    starts everything, then obeys commands and keeps house
    opening    from settings to a sounding engine
    playing    the thread that reads MIDI every half millisecond
    instrument what messages and commands do to the engine
    targets    other instruments that play the same voices, a process each
    outputs    MIDI outputs, a process each, and who gets a dump; output is that process
    tape       the recording as MIDI
    demo       what is played when nobody is there to play
    recorder   the recording, from the engine's ring to a file
    watchdog   notices a dead audio server
    realtime   the interpreter and the scheduler, tuned to stay out of the way
    settings   what a face asks of a player
    wire       commands and events, one JSON object a line

Read `process.py` first.
"""
