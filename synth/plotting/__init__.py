# SPDX-License-Identifier: Apache-2.0
"""Pictures of voices. `curves` needs NumPy alone; `figure` needs matplotlib (`pip install 'sixop[plot]'`)."""
