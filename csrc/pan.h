/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a part stands between left and right. A sine and a cosine, as MIDI's
 * default pan formula (RP-036) has them, so that a part is equally loud in all
 * places; and times the square root of 2, so that in the middle both sides are
 * what they would be without any pan.
 */
#ifndef SIXOP_PAN_H
#define SIXOP_PAN_H

#include <stdint.h>

#include "attributes.h"

#define SX_PAN_STEPS 126 /* from left to right, as controller 10 has them from 1 on; 0 is left as well */

enum { SX_LEFT, SX_RIGHT, SX_SIDES };

/* Of the right side, step by step; of the left one, backwards. */
typedef struct {
  float gain[SX_PAN_STEPS + 1];
} sx_pan_curve;

/* [setup] */
void sx_pan_curve_init(sx_pan_curve *curve);

/* At a place of 0 to SX_PAN_STEPS. */
static inline float sx_pan_gain(const sx_pan_curve *curve, float place) SX_REALTIME;

static inline float sx_pan_gain(const sx_pan_curve *curve, float place)
{
  const uint32_t step = (uint32_t)place;
  if (step >= SX_PAN_STEPS) {
    return curve->gain[SX_PAN_STEPS];
  }
  return curve->gain[step] + (place - (float)step) * (curve->gain[step + 1] - curve->gain[step]);
}

static inline float sx_pan_place_of_controller(uint8_t value)
{
  return (float)(value > 0 ? value - 1 : 0);
}

/* pan: -1 is left, 1 right. */
static inline float sx_pan_place(float pan)
{
  return (pan + 1.0f) * (SX_PAN_STEPS / 2);
}

#endif
