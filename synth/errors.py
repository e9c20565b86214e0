# SPDX-License-Identifier: Apache-2.0
"""The errors of this package.

::

    SixopError
    ├── VoiceError (also ValueError)       bytes or a file that hold no usable DX7 voice
    │   └── VoiceFileNotFoundError         (also FileNotFoundError) there is no such file
    ├── VoiceNotFoundError (also KeyError) a bank has no voice of that name
    ├── AlgorithmError (also KeyError and ValueError) the DX7 has no such algorithm
    ├── ConfigError (also ValueError)      settings that make no sense
    ├── TuningError (also ValueError)      a tuning that makes no sense
    └── EngineError (also RuntimeError)    the engine cannot take what it was given now

    VoiceWarning (a UserWarning)           a voice was loaded, but something in it was repaired

Each message is one sentence or two: what is wrong, where, and what to do about it.
"""


class SixopError(Exception):
    """Anything this package refuses to do, with the reason and the remedy as its text."""


class VoiceError(SixopError, ValueError):
    """Bytes or a file that hold no usable DX7 voice."""


class VoiceFileNotFoundError(VoiceError, FileNotFoundError):
    """A file of voices that is not there."""


class _UnknownKeyError(SixopError, KeyError):
    def __str__(self) -> str:
        # KeyError shows the repr of its argument, which puts quotes around a sentence.
        return str(self.args[0]) if self.args else ""


class VoiceNotFoundError(_UnknownKeyError):
    """A bank has no voice of that name."""


class AlgorithmError(_UnknownKeyError, ValueError):
    """The DX7 has no algorithm of that number."""


class ConfigError(SixopError, ValueError):
    """Settings that make no sense, with the file, the line and the key."""


class TuningError(SixopError, ValueError):
    """A tuning that makes no sense, with the file and the line if it comes from one."""


class EngineError(SixopError, RuntimeError):
    """The engine cannot take what it was given now: a full queue, no memory."""


class VoiceWarning(UserWarning):
    """A voice was loaded, but something in it was repaired on the way."""
