/* SPDX-License-Identifier: Apache-2.0
 *
 * The header of the flawed files: each proof of tools/realtime_proof.py must
 * find what is wrong with them.
 */
#include "attributes.h"

void sx_flawed(int *out) SX_REALTIME;
