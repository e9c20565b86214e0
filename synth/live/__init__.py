# SPDX-License-Identifier: Apache-2.0
"""What stands behind a `Session`: its checks, its memory and the player it talks to.

    choices    arguments of a session, checked and made plain data
    memory     what a next player has to know of this one
    child      a player in a process of its own, which is replaced when it dies

`synth/session.py` is all that others use.
"""
