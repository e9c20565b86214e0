# SPDX-License-Identifier: Apache-2.0
"""How fast the engine is: `suite` measures, `report` keeps, `comparison` tells what changed, `tables` shows."""
