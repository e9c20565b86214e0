/* SPDX-License-Identifier: Apache-2.0
 *
 * The low-frequency oscillator and its delay, stepped once a tick (firmware
 * v1.8). One LFO serves all voices that play the same program.
 */
#ifndef SIXOP_LFO_H
#define SIXOP_LFO_H

#include <stdint.h>

#include "attributes.h"
#include "patch.h"

enum { SX_TRIANGLE, SX_SAW_DOWN, SX_SAW_UP, SX_SQUARE, SX_SINE, SX_SAMPLE_AND_HOLD };

typedef struct {
  uint32_t phase;       /* 16 bits */
  uint32_t delay;       /* 16 bits, full when the delay is over */
  uint32_t fade;        /* 0..255, how much of the depths is let through */
  uint8_t random;       /* sample and hold's state */
  uint8_t held;         /* what it holds, as a signed byte */
  int16_t value;        /* -128..127 */
} sx_lfo;

void sx_lfo_reset(sx_lfo *lfo) SX_REALTIME;
void sx_lfo_note_on(sx_lfo *lfo, const sx_lfo_patch *patch) SX_REALTIME;
void sx_lfo_tick(sx_lfo *lfo, const sx_lfo_patch *patch) SX_REALTIME;

#endif
