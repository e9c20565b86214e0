# SPDX-License-Identifier: Apache-2.0
"""What stands behind a `Session`: its checks, its memory and the player it talks to.

    choices    arguments of a session, checked and made plain data
    memory     what a next player has to know of this one
    snapshots  the same for people, to read
    saved      what of it is kept from one evening to the next
    statefile  the file it is kept in
    keeper     the thread that writes it
    wired      a player at the other end of a socket:
    child      in a process of its own, which is replaced when it dies
    inside     in a thread of this process
    offline    a player without device and clock, which is rendered

`synth/session.py` is all that others use.
"""
