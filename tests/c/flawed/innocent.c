/* SPDX-License-Identifier: Apache-2.0
 *
 * Nothing wrong here: the proofs must let it pass, though its neighbour `unused` allocates.
 */
#include <string.h>

#include "flawed.h"

void sx_flawed(int *out)
{
  memset(out, 0, sizeof *out);
}
