#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes sure that what pip cannot bring is here: `system.sh play` or `system.sh test`, with PYTHON set or python3.
# As root on Debian it installs what is missing; for anyone else it says exactly what to install and fails.
set -eu

PYTHON=${PYTHON:-python3}
missing=

# want PACKAGE COMMAND...: the package is missing when the command fails.
want() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}

python() { "$PYTHON" -c "$1"; }
compiles() { printf '#include <%s>\nint x;\n' "$1" | "${CC:-cc}" -x c -fsyntax-only -; }
shared_library() { python "import ctypes.util, sys; sys.exit(not ctypes.util.find_library('$1'))"; }

command -v "$PYTHON" >/dev/null || { echo "sixop needs Python 3.11 or newer; there is no $PYTHON." >&2; exit 1; }
python 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "sixop needs Python 3.11 or newer; $PYTHON is $($PYTHON -V). Name another: make PYTHON=python3.11" >&2
  exit 1
}

want python3-venv python 'import ensurepip, venv'
want python3-dev python 'import sysconfig, os.path; open(os.path.join(sysconfig.get_path("include"), "Python.h"))'
want gcc command -v "${CC:-cc}"
want libc6-dev compiles stdio.h
[ "$(uname)" != Linux ] || want libportaudio2 shared_library portaudio
# python-rtmidi has no ready-made wheel for newer Pythons; pip then compiles it.
if python 'import sys; sys.exit(sys.version_info < (3, 13))'; then
  want g++ command -v c++
  want libasound2-dev compiles alsa/asoundlib.h
  want libjack-jackd2-dev compiles jack/jack.h
fi
if [ "${1:-play}" = test ]; then
  want jackd2 command -v jackd
  want libjack-jackd2-dev compiles jack/jack.h
  want binutils command -v nm
  # Later releases than Debian 12 have JACK's small tools in a package of their own.
  if apt-cache show jack-example-tools >/dev/null 2>&1; then want jack-example-tools command -v jack_wait; fi
fi

[ -n "$missing" ] || exit 0
install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "sixop needs these first (Debian's names):$missing" >&2
  echo "Install them, on Debian with: sudo $install" >&2
  exit 1
fi
echo "Installing from Debian:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $missing >/dev/null
