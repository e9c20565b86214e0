# SPDX-License-Identifier: Apache-2.0
"""dexed-py's quick start with one import changed: every block runs, and makes what it says."""

import numpy as np
import pytest
import quick_start

import synth


@pytest.fixture(scope="module")
def blocks(shared_dir):
    text = shared_dir / "seeds" / "dexed_quickstart.txt"
    if not text.is_file():
        pytest.skip(f"no {text}")
    return quick_start.blocks(text.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def names(blocks, tmp_path_factory):
    """What is defined after the last block."""
    pytest.importorskip("jax")
    folder = tmp_path_factory.mktemp("quick-start")
    quick_start.make_files(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        defined = {"folder": folder}
        assert quick_start.run(blocks, defined) == {}
    return defined


def run_some(blocks, wanted, names):
    """Run the blocks of these names alone."""
    assert quick_start.run({name: blocks[name] for name in wanted}, names) == {}


def test_all_thirteen_blocks_run_in_order(blocks, names):
    assert len(blocks) == 13


@pytest.mark.parametrize("block", ["patch", "patch to preset and back", "algorithms", "graph of seven"])
def test_blocks_run_alone(blocks, block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_some(blocks, [block], {})


def test_the_patch_sounds_at_three_keys(blocks):
    names = {}
    run_some(blocks, ["patch"], names)
    lengths = {"audio": 66_150, "audio2": 176_400, "audio3": 176_400}
    for name, frames in lengths.items():
        assert names[name].shape == (frames,)
        assert names[name].dtype == np.float32
        assert abs(names[name]).max() > 0.1


def test_the_bank_it_writes_is_the_bank_it_read(names):
    folder = names["folder"]
    assert (folder / "my_bank.syx").read_bytes() == (folder / "rom1a.syx").read_bytes()


def test_the_voice_is_read_without_its_header(blocks, tmp_path, monkeypatch):
    quick_start.make_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    names = {}
    run_some(blocks, ["SysEx files"], names)
    assert names["patch"] == synth.factory_bank()[0]


def test_presets_survive_the_array_file(names):
    assert names["bank"].shape == (32, 145)
    assert names["bank"].dtype == np.float32
    assert [preset.to_patch().to_raw()[:145].tolist() for preset in names["presets"]] == [
        patch.to_raw()[:145].tolist() for patch in synth.factory_bank()
    ]


def test_the_jitted_render_is_the_synths(names):
    player = synth.DexedSynth()
    player.load_preset(synth.Preset(algorithm=15, feedback=0.3))
    expected = player.render(60, 100, 0.5, 1.0)
    assert np.array_equal(np.asarray(names["audio2"]), expected)
    assert expected.any()


def test_flat_vectors_are_rendered(names):
    flat = synth.factory_bank()[3].to_preset().to_array()
    audio = np.asarray(names["render_from_flat"](flat))
    player = synth.DexedSynth()
    player.normalize_feedback = True  # as the block before last left it
    player.load_patch(synth.factory_bank()[3])
    assert np.array_equal(audio, player.render(note_duration=0.5, render_duration=1.0))
    assert audio.any()


def test_stems_and_graphs_have_their_shapes(names):
    assert names["audio_all"].shape == (8, 66_150)
    assert names["carriers"] == [0, 1, 2, 3, 4, 5]
    assert names["graph"].carriers == list(synth.algorithms[0].carriers)
