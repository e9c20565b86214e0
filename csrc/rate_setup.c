/* SPDX-License-Identifier: Apache-2.0 */
#include "rate.h"

#include "lanes.h"

/* 3165 cycles of the CPU's clock, which is 1/8 of the envelope chip's: 131.875 native frames. */
#define TICK_CLOCKS (3165 * 8)
/* `clean` goes in straight lines from tick to tick, so a tick may come a little early or late, and spans of whole
 * vectors are an eighth faster. From this rate on that is 0.2 ms at most. */
#define GRID_FROM 40000
#define PHASE_BITS 9 /* from 23 to 32 */
#define FRACTION_BITS 24

sx_rate sx_rate_of(uint32_t kernel, uint32_t device_rate)
{
  sx_rate rate = { .kernel = kernel };
  if (kernel == SX_KERNEL_CHIP) {
    rate.clock = SX_NATIVE_CLOCK;
    rate.divider = SX_NATIVE_DIVIDER;
    rate.tick_grid = 1;
    rate.tick_numerator = TICK_CLOCKS / 24;
    rate.tick_denominator = SX_NATIVE_DIVIDER / 24;
    rate.phase_scale = 1ull << (PHASE_BITS + FRACTION_BITS);
    rate.native_frames = 1.0;
  } else {
    const double frames_per_native = (double)device_rate * SX_NATIVE_DIVIDER / SX_NATIVE_CLOCK;
    rate.clock = device_rate;
    rate.divider = 1;
    rate.tick_grid = device_rate < GRID_FROM ? 1 : SX_LANES;
    rate.tick_numerator = (uint64_t)TICK_CLOCKS * device_rate;
    rate.tick_denominator = SX_NATIVE_CLOCK;
    rate.phase_scale = (uint64_t)((double)(1ull << (PHASE_BITS + FRACTION_BITS)) / frames_per_native + 0.5);
    rate.native_frames = 1.0 / frames_per_native;
  }
  rate.fade = (uint16_t)(SX_FADE / rate.native_frames + 0.5);
  return rate;
}
