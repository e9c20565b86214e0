# SPDX-License-Identifier: Apache-2.0
"""What type checkers know of a user's script: `make types` checks it, and `test_typed_script.py` runs it."""

from __future__ import annotations

from typing import assert_type

import numpy as np
from numpy.typing import NDArray

from synth import (
    Bank,
    DexedSynth,
    OperatorGraph,
    Patch,
    Preset,
    algorithms,
    factory_bank,
    get_carriers,
    interpolate,
    mutate,
    random_patch,
    render,
    render_batch,
)


def patches() -> Patch:
    """Attributes have types, and names and numbers may be assigned."""
    patch = Patch(name="TYPED")
    patch.lfo.wave = "saw_up"
    patch.op[0].envelope.rates = [99, 80, 50, 60]
    assert_type(patch.algorithm, int)
    assert_type(patch.osc_key_sync, bool)
    assert_type(patch.op[0].output_level, int)
    assert_type(patch.op[0].frequency_ratio, float)
    assert_type(patch.op[0].envelope.rates[0], int)
    assert_type(patch.to_sysex(), bytes)
    assert_type(patch.to_json(), str)
    assert_type(mutate(random_patch(1), 0.5, seed=2), Patch)
    assert_type(interpolate(patch, patch, 0.5), Patch)
    assert_type(interpolate(patch, patch, [0.0, 1.0]), list[Patch])
    return patch


def sounds(patch: Patch) -> None:
    """Sounds are single precision."""
    bank = factory_bank()
    assert_type(bank, Bank)
    assert_type(bank["SILVERTINE"], Patch)
    assert_type(render(patch, hold=0.01, tail=0.0), NDArray[np.float32])
    assert_type(render_batch(bank, hold=0.01, tail=0.0), NDArray[np.float32])
    synth = DexedSynth(44100)
    synth.load_patch(patch)
    synth.load_preset(patch.to_preset())
    assert_type(synth.render(60, 100, 0.01, 0.01), NDArray[np.float32])
    assert_type(synth.normalize_feedback, bool)


def presets(patch: Patch) -> None:
    """Fields of presets are floats, integers and arrays."""
    preset = patch.to_preset()
    assert_type(preset, Preset)
    assert_type(preset.feedback, float)
    assert_type(preset.algorithm, int)
    assert_type(preset.op_env_rates, NDArray[np.float32])
    assert_type(preset.op_left_curve, NDArray[np.int32])
    preset.op_output_level = [0.8] * 6
    assert_type(Preset(op_left_curve=[1] * 6, op_detune=np.full(6, 0.5)), Preset)
    assert_type(interpolate(patch, patch, np.float32(0.5)), Patch)
    assert_type(preset.to_array(), NDArray[np.float32])
    assert_type(Preset.from_array(preset.to_array()).to_patch(), Patch)


def graphs() -> None:
    """Methods that change a graph can be chained."""
    graph = OperatorGraph(3).connect(1, 0).connect(2, 1, 0.5).set_carriers([0]).set_feedback(2, level=7)
    assert_type(graph, OperatorGraph)
    assert_type(graph.carriers, list[int])
    assert_type(graph.get_connections(), list[tuple[int, int, float]])
    assert_type(graph.lfo.speed, int)
    assert_type(graph.render(note_duration=0.01, render_duration=0.01), NDArray[np.float32])
    assert_type(algorithms[4].carriers, tuple[int, ...])
    assert_type(get_carriers(4), list[int])


def main() -> None:
    """Everything above."""
    patch = patches()
    sounds(patch)
    presets(patch)
    graphs()
