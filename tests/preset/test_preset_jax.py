# SPDX-License-Identifier: Apache-2.0
"""Presets and renders inside JAX."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from test_preset import random_vectors

from synth import DexedSynth, Patch, Preset

jax = pytest.importorskip("jax")
jnp = jax.numpy
from synth.jax import render

SHORT = {"render_duration": 0.1, "sample_rate": 22050}


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "program",
    [
        "import jax; from synth import Preset; preset = Preset()",
        "from synth import Preset; preset = Preset(); import jax",
        "from synth import Preset; import importlib.util as u; u.find_spec('jax'); import jax; preset = Preset()",
    ],
)
def test_registered_whichever_is_imported_first(program):
    told = run(f"{program}\nprint(len(jax.tree.leaves(preset)))\nimport sys; print(len(sys.meta_path))")
    assert told.stdout.split()[0] == "28", told.stderr


def test_jax_is_never_imported():
    told = run("import sys; from synth import Preset; Preset().to_array(); print('jax' in sys.modules)")
    assert told.stdout.split() == ["False"], told.stderr


def test_a_blocked_jax_does_no_harm():
    told = run("import sys; sys.modules['jax'] = None; from synth import Preset; print(Preset().algorithm)")
    assert told.stdout.split() == ["0"], told.stderr


def test_leaves_are_all_data_in_the_order_of_the_fields():
    preset = Preset(algorithm=15, feedback=0.5, name="BELL")
    leaves, treedef = jax.tree.flatten(preset)
    assert len(leaves) == 28
    for name, leaf in zip(Preset.DATA_FIELDS, leaves, strict=True):
        assert np.array_equal(leaf, np.float32(getattr(preset, name)))
    paths = [path for path, _ in jax.tree_util.tree_flatten_with_path(preset)[0]]
    assert [path[0].name for path in paths] == Preset.DATA_FIELDS
    back = jax.tree.unflatten(treedef, leaves)
    assert back == preset
    assert back.name == "PRESET"
    assert treedef == jax.tree.structure(Preset())


def test_leaves_may_be_anything():
    treedef = jax.tree.structure(Preset())
    for odd in (None, object(), "text"):
        preset = jax.tree.unflatten(treedef, [odd] * 28)
        assert preset.feedback is odd
        assert "feedback=" in repr(preset)
        with pytest.raises(TypeError, match="feedback takes one number"):
            preset.to_array()
    assert jax.tree.map(lambda leaf: jnp.shape(leaf), Preset()).op_env_rates == (6, 4)


def test_leaves_are_no_windows():
    preset = Preset()
    jax.tree.leaves(preset)[9][:] = 0
    assert preset == Preset()


def test_nothing_compiles_anew_when_any_field_changes():
    traced = 0

    @jax.jit
    def total(preset):
        nonlocal traced
        traced += 1
        return preset.feedback + preset.op_detune.sum() + preset.algorithm

    total(Preset())
    for name in Preset.DATA_FIELDS:
        total(Preset(**{name: np.zeros(np.shape(getattr(Preset(), name)))}))
    total(Preset.from_array(random_vectors(1, 1)[0]))
    total(Preset(name="ANOTHER"))
    total(jax.tree.map(jnp.asarray, Preset(algorithm=3)))
    assert traced == 1


def test_maps_give_presets():
    halved = jax.tree.map(lambda leaf: leaf * 0.5, Preset(algorithm=9, feedback=0.5))
    assert halved.feedback == 0.25
    assert halved.to_patch().algorithm == 4  # 4.5, to the even one
    assert jax.jit(lambda preset: preset)(Preset(lfo_wave=2)) == Preset(lfo_wave=2)
    assert pickle.loads(pickle.dumps(halved)) == halved == halved.copy()


def test_fields_may_be_traced():
    @jax.jit
    def vectors_of(level, vector):
        preset = Preset.from_array(vector)
        preset.feedback = level
        built = Preset(feedback=level, algorithm=7)
        return preset.to_array(), built.to_array(), built.op_continuous(), built.global_ints()

    vector = random_vectors(2, 1)[0]
    assigned, built, continuous, ints = vectors_of(0.25, vector)
    wanted = Preset(feedback=0.25, algorithm=7)
    assert np.array_equal(assigned, Preset.from_array(vector).replace(feedback=0.25).to_array())
    assert np.array_equal(built, wanted.to_array())
    assert np.array_equal(continuous, wanted.op_continuous())
    assert np.array_equal(ints, wanted.global_ints())


def test_concrete_fields_are_checked_beside_traced_ones():
    def build(level):
        return Preset(feedback=level, algorithm=77).to_array()

    with pytest.raises(ValueError, match="algorithm is 77"):
        jax.jit(build)(0.5)


def test_callbacks_of_ones_own():
    player = DexedSynth(22050)

    def note_of(preset):
        player.load_preset(preset)
        return player.render(60, 100, 0.05, 0.1)

    @jax.jit
    def compiled(vector):
        preset = jax.tree.unflatten(jax.tree.structure(Preset()), Preset.array_to_leaves(vector))
        return jax.pure_callback(note_of, jax.ShapeDtypeStruct((2205,), jnp.float32), preset)

    vector = Preset(algorithm=4, feedback=0.5).to_array()
    vector[125] = 4.4
    assert np.array_equal(compiled(vector), note_of(Preset(algorithm=4, feedback=0.5)))


# ---- the ready-made render ---------------------------------------------------


def notes(vectors, pitches, speeds, durations, kernel="chip"):
    synth = DexedSynth(22050, kernel)
    rows = []
    for vector, pitch, speed, duration in zip(vectors, pitches, speeds, durations, strict=True):
        synth.load_preset(vector)
        rows.append(synth.render(pitch, speed, duration, 0.1))
    return np.array(rows)


@pytest.mark.parametrize("kernel", ["chip", "clean"])
def test_render_gives_the_synths_samples(kernel):
    vector = random_vectors(3, 1)[0]
    audio = jax.jit(lambda preset: render(preset, 57, 0, 0.05, kernel=kernel, **SHORT))(Preset.from_array(vector))
    assert audio.dtype == jnp.float32
    assert np.array_equal(audio, notes([vector], [57], [0], [0.05], kernel)[0])
    assert np.array_equal(audio, render(vector, 57, 1, 0.05, kernel=kernel, **SHORT))


def test_a_mapped_render_is_one_batch(monkeypatch):
    calls = []
    batch = render.__globals__["render_batch"]
    monkeypatch.setitem(render.__globals__, "render_batch", lambda *args: calls.append(args) or batch(*args))
    rows = random_vectors(4, 6)
    pitches, speeds, durations = np.arange(50, 56), np.arange(90, 96), np.linspace(0, 0.2, 6, dtype=np.float32)
    mapped = jax.jit(jax.vmap(lambda v, n, s, d: render(v, n, s, d, **SHORT)))
    audio = mapped(rows, pitches, speeds, durations)
    assert len(calls) == 1
    assert np.array_equal(audio, notes(rows, pitches.tolist(), speeds.tolist(), durations.tolist()))


def test_nested_maps_and_mapped_presets(monkeypatch):
    rows = random_vectors(5, 3)
    presets = jax.tree.map(lambda *leaves: jnp.stack(leaves), *Preset.unstack(rows))
    pitches = jnp.array([48, 60])
    per_note = jax.vmap(lambda preset, note: render(preset, note, note_duration=0.05, **SHORT), in_axes=(None, 0))
    audio = jax.vmap(per_note, in_axes=(0, None))(presets, pitches)
    assert audio.shape == (3, 2, 2205)
    for column, pitch in enumerate(pitches.tolist()):
        assert np.array_equal(audio[:, column], notes(rows, [pitch] * 3, [100] * 3, [0.05] * 3))


def test_arguments_do_not_compile_anew():
    traced = 0

    @jax.jit
    def compiled(preset, note, velocity, duration):
        nonlocal traced
        traced += 1
        return render(preset, note, velocity, duration, **SHORT)

    loud = compiled(Preset(), 60, 100, 0.05)
    quiet = compiled(Preset(algorithm=31), 61, 20, 0.01)
    assert traced == 1
    assert not np.array_equal(loud, quiet)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [(3, np.nan, "lfo_speed is nan in row 0; it goes from 0 to 1.0"), (125, 40.0, "algorithm is 40 in row 0")],
)
def test_what_is_wrong_is_told_from_inside(place, value, message):
    vector = Preset().to_array()
    vector[place] = value
    with pytest.raises(jax.errors.JaxRuntimeError, match=message):
        jax.block_until_ready(jax.jit(lambda v: render(v, **SHORT))(vector))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((128, 100, 0.1), "note must be 0 to 127, not 128"),
        ((60, np.nan, 0.1), "velocity must be 0 to 127, not nan"),
        ((60, 100, -1.0), "note_duration must be 0 to 3600 seconds"),
        ((60, 100, 1e9), "note_duration must be 0 to 3600 seconds"),
    ],
)
def test_notes_and_durations_are_checked(arguments, message):
    with pytest.raises(jax.errors.JaxRuntimeError, match=message):
        jax.block_until_ready(jax.jit(lambda *traced: render(Preset(), *traced, **SHORT))(*arguments))


def test_known_arguments_are_checked_at_once():
    for wrong in ({"sample_rate": 44100.5}, {"kernel": 3}, {"render_duration": -1.0}, {"note_duration": -1.0}):
        with pytest.raises((ValueError, TypeError), match=next(iter(wrong))):
            render(Preset(), **wrong)
    with pytest.raises(ValueError, match=r"preset must have the shape \(145,\), not \(2, 145\)"):
        render(np.zeros((2, 145)))
    with pytest.raises(ValueError, match="note must have the shape"):
        render(Preset(), np.zeros(3))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((Preset(), 200), ValueError, "^note must be 0 to 127, not 200"),
        ((Preset(), jnp.int32(-1)), ValueError, "^note must be 0 to 127, not -1"),
        ((Preset(), np.nan), ValueError, "^note must be 0 to 127, not nan"),
        ((Preset(), "60"), TypeError, "^note must be made of numbers, not str"),
        ((Preset(), True), TypeError, "^note must be a number"),
        ((Preset(), 60, 1j), TypeError, "^velocity must be made of numbers, not complex"),
        ((Preset(), 60, 100, jnp.float32(np.nan)), ValueError, "^note_duration must be 0 to 3600 seconds, not nan"),
        ((np.full(145, 0.5) * 9,), ValueError, "^feedback is 4.5; it goes from 0 to 1.0"),
        ((Patch(),), TypeError, "not Patch; patch.to_preset"),
        ((None,), TypeError, "^preset must be made of numbers, not NoneType"),
    ],
)
def test_known_values_are_checked_before_the_engine_is_asked(arguments, error, message):
    with pytest.raises(error, match=message):
        render(*arguments, **SHORT)


def test_subclasses_of_presets_are_pytrees():
    class Mine(Preset):
        __slots__ = ()

    mine = Mine(algorithm=3)
    assert type(jax.tree.map(lambda leaf: leaf, mine)) is Mine
    assert np.array_equal(jax.jit(lambda preset: render(preset, **SHORT))(mine), render(mine, **SHORT))


def test_subclasses_are_registered_when_jax_comes_later():
    program = "from synth import Preset\nclass Mine(Preset): pass\nimport jax"
    told = run(f"{program}\nprint(*(len(jax.tree.leaves(kind())) for kind in (Preset, Mine)))")
    assert told.stdout.split() == ["28", "28"], told.stderr


def test_imported_twice_before_jax():
    forget = "[sys.modules.pop(name) for name in list(sys.modules) if name.startswith('synth')]"
    shown = "from synth import Preset\nimport jax; print(len(jax.tree.leaves(Preset())))"
    told = run(f"import sys, synth.preset\n{forget}\n{shown}")
    assert told.stdout.split() == ["28"], told.stderr


@pytest.mark.parametrize("program", ["from synth import Preset; import jax", "import jax; from synth import Preset"])
def test_another_module_of_that_name_does_no_harm(program, tmp_path):
    (tmp_path / "jax.py").write_text("")
    told = run(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}; print(Preset().algorithm)")
    assert told.stdout.split() == ["0"], told.stderr


def test_integers_are_rounded_inside_too():
    vector = Preset().to_array()
    vector[125] = 2.5  # algorithm
    traced = jax.jit(Preset.from_array)(vector)
    assert traced.algorithm == 2
    assert jax.jit(lambda v: Preset.from_array(v).algorithm)(vector) == 2
    assert jax.jit(lambda v: Preset().replace(algorithm=v[125]).algorithm)(vector) == 2
    kinds = [(leaf.dtype, leaf.shape) for leaf in jax.tree.leaves(Preset())]
    assert [(leaf.dtype, leaf.shape) for leaf in jax.tree.leaves(traced)] == kinds
    assert [(leaf.dtype, leaf.shape) for leaf in Preset.array_to_leaves(vector)] == kinds


def test_fields_of_batches():
    batch = jax.tree.map(lambda *leaves: jnp.stack(leaves), Preset(), Preset(algorithm=5))
    batch.feedback = jnp.array([0.25, 0.5])
    batch = batch.replace(algorithm=np.array([2.5, 3.5]))
    vectors = jax.vmap(Preset.to_array)(batch)
    assert Preset.unstack(vectors) == [Preset(feedback=0.25, algorithm=2), Preset(feedback=0.5, algorithm=4)]
    assert jax.jit(lambda b, f: b.replace(feedback=f))(batch, jnp.zeros(2)).feedback.shape == (2,)
    with pytest.raises(ValueError, match="feedback takes one number"):
        batch.feedback = np.zeros(3)


def test_what_is_no_number_stays_illegal_inside():
    vector = Preset().to_array()
    for odd in (np.nan, np.inf, -np.inf, 1e30):
        vector[125] = odd
        with pytest.raises(jax.errors.JaxRuntimeError, match=r"algorithm is -?1"):
            jax.block_until_ready(jax.jit(lambda v: render(Preset.from_array(v), **SHORT))(vector))


def test_bundles_and_rows_may_be_traced():
    rows = random_vectors(6, 2)
    preset = Preset.from_array(rows[0])
    bundles = (preset.global_continuous(), preset.global_ints(), preset.op_continuous(), preset.op_ints())
    assert jax.jit(Preset.from_operator_bundles)(*bundles) == preset
    assert jax.jit(Preset.unstack)(rows) == Preset.unstack(rows)


def test_shapes_of_traced_fields_are_checked():
    with pytest.raises(ValueError, match=r"feedback takes one number, not an array of shape \(3,\)"):
        jax.jit(lambda level: Preset(feedback=level).to_array())(jnp.zeros(3))


def test_there_is_no_gradient_and_it_says_so():
    vector = jnp.asarray(Preset().to_array())
    with pytest.raises(NotImplementedError, match="has no gradient"):
        jax.grad(lambda v: render(v, **SHORT).sum())(vector)
    stopped = jax.grad(lambda v: render(jax.lax.stop_gradient(v), **SHORT).max() * v[0])(vector)
    assert stopped[0] > 0
