/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "pan.h"

#define PI 3.14159265358979323846

void sx_pan_curve_init(sx_pan_curve *curve)
{
  for (uint32_t i = 0; i <= SX_PAN_STEPS; ++i) {
    curve->gain[i] = (float)(sqrt(2.0) * sin(0.5 * PI * i / SX_PAN_STEPS));
  }
  curve->gain[SX_PAN_STEPS / 2] = 1.0f; /* to the last bit, whatever the sine's is */
}
