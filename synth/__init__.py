# SPDX-License-Identifier: Apache-2.0
"""sixop: a six-operator FM synthesizer that speaks Yamaha DX7.

    from synth import Bank, render

    audio = render(Bank.load("bank.syx")[0], note=60, velocity=100)

Importing this package opens no device and loads no audio, MIDI or UI library, nor anything else: each name brings
its module along when it is first used.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth.algorithm_table import algorithms as algorithms
    from synth.algorithm_table import get_carriers as get_carriers
    from synth.algorithm_table import get_feedback_edge as get_feedback_edge
    from synth.algorithm_table import get_mod_matrix as get_mod_matrix
    from synth.algorithm_table import get_modulators as get_modulators
    from synth.bank import Bank as Bank
    from synth.batch import render_batch as render_batch
    from synth.dexed import DexedSynth as DexedSynth
    from synth.engine import NATIVE_RATE as NATIVE_RATE
    from synth.engine import Engine as Engine
    from synth.engine import Stats as Stats
    from synth.errors import AlgorithmError as AlgorithmError
    from synth.errors import EngineError as EngineError
    from synth.errors import SixopError as SixopError
    from synth.errors import TuningError as TuningError
    from synth.errors import VoiceError as VoiceError
    from synth.errors import VoiceFileNotFoundError as VoiceFileNotFoundError
    from synth.errors import VoiceNotFoundError as VoiceNotFoundError
    from synth.errors import VoiceWarning as VoiceWarning
    from synth.factory import factory_bank as factory_bank
    from synth.operator_graph import GraphEnvelope as GraphEnvelope
    from synth.operator_graph import GraphOperator as GraphOperator
    from synth.operator_graph import OperatorGraph as OperatorGraph
    from synth.patch import Patch as Patch
    from synth.preset import Preset as Preset
    from synth.producer import Producer as Producer
    from synth.rendering import render as render
    from synth.rendering import render_native as render_native
    from synth.rendering import render_native_events as render_native_events
    from synth.score import Score as Score
    from synth.sections import LFO as LFO
    from synth.sections import Envelope as Envelope
    from synth.sections import Operator as Operator
    from synth.sections import PitchEnvelope as PitchEnvelope
    from synth.session import Session as Session
    from synth.tuning import Tuning as Tuning
    from synth.variation import interpolate as interpolate
    from synth.variation import mutate as mutate
    from synth.variation import random_patch as random_patch
    from synth.voices import load_voices as load_voices

    __version__: str

#: modules and the public names that live in them
_NAMES: dict[str, tuple[str, ...]] = {
    "algorithm_table": ("algorithms", "get_carriers", "get_feedback_edge", "get_mod_matrix", "get_modulators"),
    "bank": ("Bank",),
    "batch": ("render_batch",),
    "dexed": ("DexedSynth",),
    "engine": ("NATIVE_RATE", "Engine", "Stats"),
    "errors": (
        "AlgorithmError", "EngineError", "SixopError", "TuningError", "VoiceError", "VoiceFileNotFoundError",
        "VoiceNotFoundError", "VoiceWarning",
    ),
    "factory": ("factory_bank",),
    "jax": (),
    "notebook": (),
    "operator_graph": ("GraphEnvelope", "GraphOperator", "OperatorGraph"),
    "patch": ("Patch",),
    "plotting": (),
    "preset": ("Preset",),
    "producer": ("Producer",),
    "rendering": ("render", "render_native", "render_native_events"),
    "score": ("Score",),
    "sections": ("LFO", "Envelope", "Operator", "PitchEnvelope"),
    "session": ("Session",),
    "tuning": ("Tuning",),
    "variation": ("interpolate", "mutate", "random_patch"),
    "vectors": (),
    "voices": ("load_voices",),
}  # fmt: skip
_HOMES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """A public name, or a module of the package, at its first use."""
    value: Any
    if name in _HOMES:
        value = getattr(import_module(f"synth.{_HOMES[name]}"), name)
    elif name in _NAMES:
        value = import_module(f"synth.{name}")
    elif name == "__version__":
        from importlib.metadata import version

        value = version("sixop")
    else:
        raise AttributeError(f"module 'synth' has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *_NAMES, "__version__"})
