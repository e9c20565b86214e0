# SPDX-License-Identifier: Apache-2.0
"""What the parts of an instrument begin with: as the settings say, or as the player before left them."""

from __future__ import annotations

from synth.player.instrument import Instrument
from synth.player.routes import Routes
from synth.player.settings import PARTS, Settings, by_part, unpack_voices
from synth.tuning import TuningChange


def begin(instrument: Instrument, settings: Settings, routes: Routes, load: bool) -> None:
    """Voices, also those that zones name, tunings, banks and function parameters.

    `load` gives them to the engine; a score has done so already, in its own order of events.
    """
    instrument.select(settings.number - 1, load=load)
    if not settings.resume:
        for part, index in routes.first_voices(unpack_voices(settings.voices)).items():
            instrument.select(index, [part], load=load)
    for part, number in by_part(settings.numbers).items():
        instrument.select(number - 1, [part], load=load)
    for part, text in by_part(settings.sounds).items():
        instrument.replace_sound(part, unpack_voices([text])[0], load=load)
    instrument.follow(settings.followed)
    for part, keys in by_part(settings.retuned).items():
        tuned = {int(key): hertz for key, hertz in keys.items()}
        instrument.retune(TuningChange(tuned, (part,), sounding=False))
    for part, bank in by_part(settings.banks).items():
        instrument.choose_bank(part, bank)
    _set_functions(instrument, settings, load)


def _set_functions(instrument: Instrument, settings: Settings, load: bool) -> None:
    """Told part by part only if they differ there; not at all by a player that replaces another."""
    parts = [settings.functions.get(str(part), {}) for part in range(PARTS)]
    tell = not settings.resume
    if all(part == parts[0] for part in parts):
        for name, value in parts[0].items():
            instrument.set_function(name, value, None, load, tell)
        return
    for number, part in enumerate(parts):
        for name, value in part.items():
            instrument.set_function(name, value, [number], load, tell)
