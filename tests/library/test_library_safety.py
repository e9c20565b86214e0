# SPDX-License-Identifier: Apache-2.0
"""What a library survives: being killed at any point, a full disk, other programs, other versions, other files."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from strategies import random_bank
from waiting import wait_until

from synth import factory_bank
from synth.library import Library, LibraryError, schema
from synth.library.job import Job

BANKS = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    top = tmp_path_factory.mktemp("many")
    for number in range(BANKS):
        random_bank(number).save(top / f"bank{number:02}.syx")
    return top


def check(path: Path) -> Library:
    """The library, which must be whole."""
    library = Library.open(path)
    with library._database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM recording").fetchone()[0] == 0
        for table in ("voices", "sound_words"):
            assert (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                == connection.execute("SELECT count(*) FROM sounds").fetchone()[0]
            )
        # no file with half of its voices
        sizes = connection.execute("SELECT count(*) FROM slots JOIN banks ON banks.id = bank GROUP BY file").fetchall()
        assert {size[0] for size in sizes} <= {32}
    return library


def test_a_scan_killed_at_any_point_leaves_the_library_whole(folder, tmp_path):
    path = tmp_path / "library.db"
    chance = random.Random(7)
    killed = 0
    for _ in range(16):
        job = Job.scan(path, [folder])
        with job:
            time.sleep(chance.uniform(0.1, 0.7))
            os.kill(job.pid, signal.SIGKILL)
            last = list(job)[-1]
        killed += last["event"] == "error"
        check(path).close()
        if last["event"] == "done":  # so that there is something to do again
            for suffix in ("", "-wal", "-shm", "-scan"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
    assert killed
    with Job.scan(path, [folder]) as job:
        assert list(job)[-1]["event"] == "done"
    with check(path) as library:
        assert library.stats().slots == 32 * BANKS
        assert library.scan([folder]).voices == 0


EDITOR = """
import sys
from synth.library import Library
library = Library.open(sys.argv[1])
print("ready", flush=True)
for number in range(1_000_000):
    library.tag([1 + number % 32], f"tag {number}")
    library.mark([1 + number % 32], "favourite" if number % 2 else "hidden")
    if number % 3 == 0:
        library.undo()
"""


def test_an_editor_killed_at_any_point_leaves_the_library_whole(tmp_path):
    path = tmp_path / "library.db"
    factory_bank().save(tmp_path / "bank.syx")
    with Library.open(path) as library:
        library.scan([tmp_path / "bank.syx"])
    chance = random.Random(8)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", EDITOR, str(path)], stdout=subprocess.PIPE) as editor:
            assert editor.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.0, 0.2))
            editor.kill()
        check(path).close()
    with check(path) as library:
        assert library.tags()
        while library.undo():
            pass
        with library._database.reading() as connection:
            assert connection.execute("SELECT count(*) FROM changes WHERE inverse IS NULL").fetchone()[0] == 0


def test_a_full_disk_is_told_and_nothing_is_lost(folder, tmp_path):
    with Library.open(tmp_path / "library.db") as library:
        library.scan([folder / "bank00.syx"])
        library.tag([1], "kept")
        with library._database.writing() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        with pytest.raises(LibraryError, match="the disk is full; make room"):
            library.scan([folder])
        assert library.stats().slots == 32
        with library._database.writing() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        assert library.scan([folder]).voices == 32 * (BANKS - 1)
        assert library.tags() == {"kept": 1}


TIGHT = """
import resource, signal, sys
from synth.library import Library, LibraryError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with Library.open(sys.argv[1]) as library:
        library.scan([sys.argv[2]])
except LibraryError as error:
    print(error)
"""


def test_a_file_that_may_not_grow(folder, tmp_path):
    """What the system refuses to write, not only what SQLite does."""
    path = tmp_path / "library.db"
    done = subprocess.run([sys.executable, "-c", TIGHT, str(path), str(folder)], capture_output=True, text=True)
    assert "cannot be" in done.stdout, done.stderr
    assert done.stdout.count("\n") == 1
    with check(path) as library:
        assert library.scan([folder]).read > 0
        assert library.stats().slots == 32 * BANKS


def test_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "library.db"
    Library.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=r"written by a newer sixop .*; update sixop"):
        Library.open(path)
    assert path.read_bytes() == before


def test_databases_of_others_are_left_alone(tmp_path):
    path = tmp_path / "mail.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE letters (text)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="belongs to another program"):
        Library.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("data", [b"no database at all, but text" * 50, factory_bank().to_sysex()])
def test_other_files_are_left_alone(tmp_path, data):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(LibraryError, match="is no library or is damaged"):
        Library.open(path)
    assert path.read_bytes() == data


def test_places_where_no_library_can_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="no library can be made"):
        Library.open(tmp_path / "file" / "library.db")
    with pytest.raises(LibraryError, match="cannot be opened"):
        Library.open(tmp_path)


def test_two_programs_at_once(folder, tmp_path):
    """One reads folders while another searches and marks what is there already."""
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.scan([folder / "bank00.syx"])
        with Job.scan(path, [folder]) as job:
            totals, kinds = [], []
            for event in job:
                kinds.append(event["event"])
                totals.append(library.find().total)
                library.tag([1], f"during {len(totals)}")
            assert kinds[-1] == "done"
        assert totals == sorted(totals)
        assert library.find().total == 32 * BANKS
        assert len(library.tags()) == len(totals)


def test_one_library_in_many_threads(folder, tmp_path):
    failures = []
    with Library.open(tmp_path / "library.db") as library:
        library.scan([folder])

        def work(number: int) -> None:
            try:
                for step in range(10):
                    library.tag([number * 10 + step + 1], f"thread {number}")
                    assert library.find("sort:name", 20).total == 32 * BANKS
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert library.tags() == {f"thread {number}": 10 for number in range(6)}


def test_the_place_of_the_library(tmp_path, sixop_home, monkeypatch):
    with Library.open() as library:
        assert library.path == sixop_home / "library" / "library.db"
    monkeypatch.setenv("SIXOP_LIBRARY", str(tmp_path / "elsewhere.db"))
    with Library.open() as library:
        assert library.path == tmp_path / "elsewhere.db"


def test_events_end_with_the_work(folder, tmp_path):
    with Job.scan(tmp_path / "library.db", [folder]) as job:
        events = list(job)
    assert {event["event"] for event in events[:-1]} == {"progress"}
    assert events[-1]["voices"] == 32 * BANKS
    with Job.scan(tmp_path / "library.db", [tmp_path / "nowhere"]) as job:
        assert "there is no" in list(job)[-1]["text"]


def _free(lock: threading.RLock) -> bool:
    free = lock.acquire(blocking=False)
    if free:
        lock.release()
    return free


def test_who_reads_does_not_wait_for_who_writes(tmp_path):
    """An edit that waits for another program lets all others of its program read on."""
    factory_bank().save(tmp_path / "bank.syx")
    with Library.open(tmp_path / "library.db") as library:
        library.scan([tmp_path / "bank.syx"])
        other = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        editor = threading.Thread(target=library.tag, args=([1], "late"))
        editor.start()
        wait_until(lambda: not _free(library._database._write_lock))
        assert library.find("silver").total == 1
        assert library.patch(1) == factory_bank()[0]
        assert library.tags() == {}
        assert editor.is_alive()
        other.execute("ROLLBACK")
        other.close()
        editor.join()
        assert library.tags() == {"late": 1}


def test_what_a_thread_has_written_it_reads(tmp_path):
    factory_bank().save(tmp_path / "bank.syx")
    with Library.open(tmp_path / "library.db") as library:
        library.scan([tmp_path / "bank.syx"])
        stamps = {library.stamp}
        for stars in range(1, 6):
            library.rate([1], stars)
            assert library.get(1).rating == stars
            stamps.add(library.stamp)
        assert len(stamps) == 6


@pytest.mark.parametrize("again", [False, True])
def test_a_library_that_was_removed_takes_no_edits(tmp_path, again):
    path = tmp_path / "library.db"
    factory_bank().save(tmp_path / "bank.syx")
    with Library.open(path) as library:
        library.scan([tmp_path / "bank.syx"])
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink()
        if again:
            Library.open(path).close()
        for edit in (lambda: library.mark([1], "favourite"), library.undo, library.scan):
            with pytest.raises(LibraryError, match="was removed or replaced; start again"):
                edit()
        assert library.get(1).mark == "undecided"
