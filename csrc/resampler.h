/* SPDX-License-Identifier: Apache-2.0
 *
 * From the native rate to the device's, by the exact ratio
 * 9 426 500 / (192 * rate) in integers, so the result never depends on how the
 * stream is cut into blocks.
 *
 * A polyphase filter: flat within 0.05 dB to 0.40, 95 dB down from 0.50 of the
 * lower of the two rates. Between 128 phases it interpolates linearly. The DX7's output filter, when asked for, is folded into the
 * same kernel and costs nothing extra at run time.
 */
#ifndef SIXOP_RESAMPLER_H
#define SIXOP_RESAMPLER_H

#include <stdint.h>

#include "attributes.h"

#define SX_RESAMPLER_PHASES 128
#define SX_RESAMPLER_USUAL_TAPS 48 /* at 48 kHz and above, without the output filter */
#define SX_RESAMPLER_INPUT 2048  /* native frames taken at once */

typedef struct {
  float *kernel;        /* SX_RESAMPLER_PHASES + 1 rows of `taps`, oldest input first; 64-byte aligned */
  void *kernel_block;   /* what to free */
  float *input;         /* `taps` old frames, then SX_RESAMPLER_INPUT new ones */
  uint32_t taps;        /* a multiple of SX_LANES */
  uint64_t numerator;   /* native frames per device frame */
  uint64_t denominator;
  uint64_t remainder;   /* of the next output's place, 0..denominator - 1 */
  uint32_t needed;      /* new native frames the next output needs, 0 or more */
  double delay;         /* seconds, at low frequencies */
} sx_resampler;

/* How many device frames, up to `wanted`, one call can make, and how many native frames it needs for them. */
uint32_t sx_resampler_plan(const sx_resampler *resampler, uint32_t wanted, uint32_t *native_frames) SX_REALTIME;
/* Where the new native frames go. */
float *sx_resampler_input(const sx_resampler *resampler) SX_REALTIME;
/* Makes exactly what was planned. */
void sx_resampler_run(sx_resampler *resampler, float *out, uint32_t frames, uint32_t native_frames) SX_REALTIME;

/* [setup] Returns 0 when out of memory. */
int sx_resampler_init(sx_resampler *resampler, uint32_t rate, int with_output_filter);
void sx_resampler_free(sx_resampler *resampler);

#endif
