# SPDX-License-Identifier: Apache-2.0
"""What goes on beside the music on stage: a screen that draws, a folder that is read, banks that arrive.

`python stage_load.py read FOLDER` and `python stage_load.py send` are the processes of the last two.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

SENDER = "stage-banks"
FILES = 1000
ROWS, COLUMNS = 40, 120
FRAMES_A_SECOND = 30
BANK_SECONDS = 0.1  # a MIDI cable takes thirteen times as long


@contextmanager
def stage() -> Iterator[None]:
    """Within: all three at once. The banks come from the JACK port `SENDER`:out."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        write_files(Path(folder))
        stack.enter_context(drawing())
        for arguments in (["read", folder], ["send"]):
            process = subprocess.Popen([sys.executable, __file__, *arguments])
            stack.enter_context(process)
            stack.callback(process.terminate)
        yield


def write_files(folder: Path) -> None:
    """A thousand banks."""
    from strategies import random_bank

    for number in range(FILES):
        (folder / f"bank {number}.syx").write_bytes(random_bank(number).to_sysex())


@contextmanager
def drawing() -> Iterator[None]:
    """A thread of this process writes a screen of coloured text 30 times a second, and something reads it."""
    controller, terminal = os.openpty()
    over = threading.Event()

    def draw() -> None:
        count = 0
        while not over.wait(1 / FRAMES_A_SECOND):
            count += 1
            lines = (
                "".join(f"\x1b[38;5;{16 + (row + column + count) % 216}m{chr(0x2588)}" for column in range(COLUMNS))
                for row in range(ROWS)
            )
            os.write(terminal, ("\x1b[H" + "\r\n".join(lines) + "\x1b[0m").encode())

    def read() -> None:
        while not over.is_set():
            try:
                os.read(controller, 1 << 16)
            except OSError:
                return

    threads = [threading.Thread(target=work, daemon=True) for work in (draw, read)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        threads[0].join()
        os.close(terminal)  # which ends the reading
        threads[1].join()
        os.close(controller)


def read_for_ever(folder: Path) -> None:
    """Every voice of every file, again and again."""
    from synth.voices import load_voices

    while True:
        for path in sorted(folder.iterdir()):
            load_voices(path.read_bytes())


def send_for_ever() -> None:
    """Ten banks a second. Their first voice sounds at once, so that those who choose it can be timed."""
    import rtmidi
    from strategies import random_bank

    from synth import Bank, Patch

    output = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=SENDER)
    output.open_virtual_port("out")
    message = Bank([Patch.init_voice(), *list(random_bank(1))[1:]]).to_sysex()
    while True:
        output.send_message(message)
        time.sleep(BANK_SECONDS)


if __name__ == "__main__":
    if sys.argv[1] == "read":
        read_for_ever(Path(sys.argv[2]))
    else:
        send_for_ever()
