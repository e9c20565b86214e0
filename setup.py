# SPDX-License-Identifier: Apache-2.0
"""The parts of the build that pyproject.toml cannot say: the C engine, and configs/ as a package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["synth*", "bridge*"]), "synth._configs"],
    py_modules=["sixop"],
    cffi_modules=["ffi_build.py:ffibuilder"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
