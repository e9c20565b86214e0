/* SPDX-License-Identifier: Apache-2.0
 *
 * The amplitude envelope of one operator, clocked once a frame like the
 * envelope chip (YM21290; timing measured on hardware, bit model from a chip
 * model). The state is an attenuation, 0..4095 in 1/256 octave, that walks
 * from level to level.
 *
 * Quirks kept:
 *   - Falling is linear in decibels; rising takes big steps while far down and
 *     begins with a jump to 2380, so attacks are quick and never start inaudibly.
 *   - A new note does not reset the attenuation.
 *   - One counter clocks all envelopes, so a slow rate waits for its beat.
 *   - Two inaudible levels in a row make a delay (see choices.h).
 */
#ifndef SIXOP_ENVELOPE_H
#define SIXOP_ENVELOPE_H

#include <stdint.h>

#include "attributes.h"
#include "patch.h"

#define SX_ENVELOPE_OFF 4080  /* where the lowest level ends */
#define SX_ENVELOPE_MAX 4095  /* saturation with amplitude modulation */
#define SX_ENVELOPE_RISE 2380 /* attacks jump here */

enum { SX_STAGE_1, SX_STAGE_2, SX_STAGE_3, SX_SUSTAIN, SX_RELEASE, SX_REST };

typedef struct {
  uint16_t attenuation; /* 0..4095 */
  uint16_t target;
  uint8_t stage;
  uint8_t rate;         /* 0..63, rate scaling included */
  uint8_t output;       /* output level register 4..255, 255 is off */
  uint8_t short_delay;  /* the next stage 1 delay is compressed */
} sx_envelope;

/* As after a voice was loaded: silent, at rest. */
void sx_envelope_reset(sx_envelope *envelope) SX_REALTIME;
void sx_envelope_key_on(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register) SX_REALTIME;
void sx_envelope_key_off(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register) SX_REALTIME;

typedef struct {
  uint16_t least;     /* attenuation plus amplitude modulation, saturated, in 1/1024 octave, plus offset */
  uint8_t is_steady;  /* it is the same in all frames */
} sx_level;

#define SX_ENVELOPE_ROOM 16 /* frames that may be written beyond the last */

/* Clock `frames` frames from `counter` on. Writes the level in each to `row` unless it is steady. */
sx_level sx_envelope_run(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register, uint64_t counter,
                         uint32_t modulation, uint32_t offset, uint16_t *row, uint32_t frames) SX_REALTIME;

/* ---- for those who clock it otherwise ---- */

/* The target is reached: on to the next stage. */
void sx_envelope_finish(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register) SX_REALTIME;
/* Native frames between two steps, on average. */
double sx_envelope_step_period(uint32_t rate) SX_REALTIME;
/* Attenuation of a step, falling. */
uint32_t sx_envelope_step_size(uint32_t rate) SX_REALTIME;
/* The native frame of the number'th step, from 1, at or after `counter`. */
uint64_t sx_envelope_step_time(uint64_t counter, uint32_t rate, uint32_t number) SX_REALTIME;

/* Neither stage nor attenuation will change before the next key event. */
static inline int sx_envelope_holds(const sx_envelope *envelope)
{
  return envelope->stage == SX_SUSTAIN || envelope->stage == SX_REST;
}

#endif
