/* SPDX-License-Identifier: Apache-2.0
 *
 * What happens to device frames on their way out: they are metered, limited,
 * kept within full scale, spread over the channels and copied for the recorder.
 */
#ifndef SIXOP_OUTPUT_H
#define SIXOP_OUTPUT_H

#include <stdint.h>

#include "attributes.h"
#include "sixop.h"

/* Both sides of `frames` frames; where the right one is the left one, they are one array. */
void sx_finish_output(sx_engine *engine, float *left, float *right, uint32_t frames) SX_REALTIME;
/* Interleaved: one channel is the left side; of more, the first, third... are the left side, the others the right. */
void sx_spread(float *out, const float *left, const float *right, uint32_t frames, uint32_t channels) SX_REALTIME;

#endif
