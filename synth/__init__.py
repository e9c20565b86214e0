# SPDX-License-Identifier: Apache-2.0
"""sixop: a six-operator FM synthesizer that speaks Yamaha DX7.

    from synth import Bank, render

    audio = render(Bank.load("bank.syx")[0], note=60, velocity=100)

Importing this package opens no device and loads no audio, MIDI or UI library.
"""

from synth.bank import Bank
from synth.batch import render_batch
from synth.engine import NATIVE_RATE, Engine, Producer, Stats
from synth.errors import EngineError, SixopError, VoiceError
from synth.factory import factory_bank
from synth.patch import LFO, Envelope, Operator, Patch, PitchEnvelope
from synth.rendering import render, render_native, render_native_events
from synth.score import Score
from synth.voices import load_voices

__all__ = [
    "LFO",
    "NATIVE_RATE",
    "Bank",
    "Engine",
    "EngineError",
    "Envelope",
    "Operator",
    "Patch",
    "PitchEnvelope",
    "Producer",
    "Score",
    "SixopError",
    "Stats",
    "VoiceError",
    "factory_bank",
    "load_voices",
    "render",
    "render_batch",
    "render_native",
    "render_native_events",
]
