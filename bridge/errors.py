# SPDX-License-Identifier: Apache-2.0
"""The errors of the bridge.

::

    SixopError                      (synth.errors)
    └── BridgeError
        ├── ParameterError (ValueError) a parameter the XFM2 does not have
        ├── ProgramError (ValueError)   bytes or a file that hold no XFM2 program
        │   └── Dx7FileError            they hold DX7 voices instead
        ├── ProfileError (ValueError)   a conversion profile that makes no sense
        ├── NoBoardError                no port leads to an XFM2, or the port cannot be used
        ├── UnplugError                 the port went away while it was in use
        ├── LinkError                   the board is there, but what it says is wrong, late or missing
        └── NotSentError                something that was refused before a byte was sent, to keep the board safe

Each message is one sentence or two: what was seen, and what to do about it.
"""

from synth.errors import SixopError


class BridgeError(SixopError):
    """Anything the bridge refuses to do."""


class ParameterError(BridgeError, ValueError):
    """A parameter the XFM2 does not have."""


class ProgramError(BridgeError, ValueError):
    """Bytes or a file that hold no XFM2 program."""


class Dx7FileError(ProgramError):
    """A file of DX7 voices where XFM2 programs were wanted."""


class ProfileError(BridgeError, ValueError):
    """A conversion profile that makes no sense."""


class NoBoardError(BridgeError):
    """No port leads to an XFM2, or the port cannot be used."""


class UnplugError(BridgeError):
    """The port went away while it was in use."""


class LinkError(BridgeError):
    """The board is there, but what it says is wrong, late or missing."""


class NotSentError(BridgeError):
    """Something that was refused before a byte was sent, to keep the board safe."""
