/* SPDX-License-Identifier: Apache-2.0
 *
 * The DX7's output as it was: a 12-bit DAC with four ranges, the louder, the
 * fewer low bits it has. In and out are chip units.
 */
#ifndef SIXOP_DAC_H
#define SIXOP_DAC_H

#include <stdint.h>

#include "attributes.h"

void sx_dac_of_chip(float *restrict out, const int32_t *restrict samples, uint32_t frames) SX_REALTIME;
void sx_dac_of_clean(float *restrict out, const float *restrict samples, uint32_t frames) SX_REALTIME;

#endif
