# SPDX-License-Identifier: Apache-2.0
"""The commands of a face, as the thread that keeps house passes them on. `synth/session.py` is who sends them."""

from __future__ import annotations

from collections.abc import Callable

from synth.midi.sysex import DumpRequest
from synth.player.instrument import Instrument
from synth.player.routes import Routes
from synth.player.settings import unpack_voices
from synth.player.wire import Message


def obey(command: Message, instrument: Instrument, post: Callable[..., None], routes: Routes, now: float) -> bool:
    """Do what a command says; False if there is no such command.

    `post` calls a method of the instrument on the thread that owns it; `now`: seconds of the clock that phrases go by.
    """
    match command:
        case {"do": "midi", "data": str(data)}:
            post(instrument.play_key, bytes.fromhex(data))
        case {"do": "select", "number": int(number), "channel": channel}:
            post(instrument.select, number - 1, _parts(channel))
        case {"do": "step", "by": int(by)}:
            post(instrument.step, by)
        case {"do": "bank", "voices": list(voices), "name": str(name)}:
            post(instrument.replace_bank, unpack_voices(voices), name)
        case {"do": "sound", "channel": int(channel), "voice": str(voice)}:
            post(instrument.replace_sound, channel - 1, unpack_voices([voice])[0])
        case {"do": "send", "form": int(form), "channel": int(channel)}:
            post(instrument.ask_dump, DumpRequest(channel - 1, form))
        case {"do": "audition", "channel": int(channel), "voice": str(voice), "phrase": list(phrase)}:
            post(instrument.audition, channel - 1, unpack_voices([voice])[0], phrase, now)
        case {"do": "volume", "decibels": float(decibels) | int(decibels)}:
            post(instrument.set_volume, decibels)
        case {"do": "function", "name": str(name), "value": int(value), "channel": channel}:
            post(instrument.set_function, name, value, _parts(channel))
        case {"do": "limiter", "on": bool(on)}:
            post(instrument.set_limiter, on)
        case {"do": "part_volume", "decibels": float(decibels) | int(decibels), "channel": int(channel)}:
            post(instrument.set_part_volume, channel - 1, decibels)
        case {"do": "pan", "pan": float(pan) | int(pan), "channel": int(channel)}:
            post(instrument.set_pan, channel - 1, pan)
        case {"do": "zones", "zones": list(zones), "curve": str(curve) | int(curve)}:
            routes.use_zones(zones, curve)
        case {"do": "learn", "target": None | str() as target}:
            routes.learn(target)
        case {"do": "forget", "controller": None | int() as controller}:
            routes.forget(controller)
        case {"do": "panic"}:
            post(instrument.panic)
        case _:
            return False
    return True


def _parts(channel: int | None) -> list[int] | None:
    """The parts (0..15) of a channel (1..16), or all of them: None."""
    return None if channel is None else [channel - 1]
