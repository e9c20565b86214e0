/* SPDX-License-Identifier: Apache-2.0
 *
 * Unrolls the exponential ROM. Every thread may ask for the table first; who
 * loses the race throws its copy away, so there is no order of calls to keep.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "rom.h"

static _Atomic(int16_t *) table;

static int16_t output(uint32_t sum)
{
  const uint32_t attenuation = sum & (SX_SIGN_BIT - 1);
  const int32_t magnitude = sx_exponential[attenuation % SX_OCTAVE] >> (attenuation / SX_OCTAVE);
  return (int16_t)(sum & SX_SIGN_BIT ? -magnitude : magnitude);
}

const int16_t *sx_output_table(void)
{
  int16_t *present = atomic_load_explicit(&table, memory_order_acquire);
  if (present != NULL) {
    return present;
  }
  int16_t *made = malloc(SX_OUTPUTS * sizeof *made);
  for (uint32_t sum = 0; made != NULL && sum < SX_OUTPUTS; ++sum) {
    made[sum] = output(sum);
  }
  if (!atomic_compare_exchange_strong(&table, &present, made)) {
    free(made);
    return present;
  }
  return made;
}
