/* SPDX-License-Identifier: Apache-2.0
 *
 * What the keys of a part sound, in hertz, and how a voice comes to sound it:
 * by the nearest pitch the chip's registers have (1/1024 octave, 12 bits of
 * mantissa), and a factor on the phase steps for what is left. A key that is
 * not tuned keeps the firmware's pitch and a factor of exactly 1.
 */
#ifndef SIXOP_TUNING_H
#define SIXOP_TUNING_H

#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "event.h"
#include "patch.h"
#include "sixop.h"

#define SX_UNSTRETCHED (1u << 28) /* the factor 1: steps of 6 millionths of a cent */

typedef struct {
  double hertz[SX_KEYS]; /* of each key; 0, SX_OWN_PITCH or SX_SAME_PITCH */
} sx_tuning;

/* A key as a voice plays it. */
typedef struct {
  int32_t pitch;    /* 1/4096 octave */
  uint32_t stretch; /* of phase steps, of SX_UNSTRETCHED */
} sx_key;

/* Every key keeps its own pitch. */
void sx_tuning_reset(sx_tuning *tuning) SX_REALTIME;
/* Those keys of `change` that do not stay the same. */
void sx_tuning_change(sx_tuning *tuning, const sx_tuning *change) SX_REALTIME;
/* What a voice plays when this note, 0..127, is struck. NULL is a tuning without tuned keys. */
sx_key sx_key_of(const sx_tuning *tuning, const sx_patch *patch, uint32_t note) SX_REALTIME;

static inline int sx_is_mute(const sx_tuning *tuning, uint32_t note)
{
  return tuning != NULL && tuning->hertz[note] == 0.0;
}

/* Checks a change and makes its event, whose u.index is still to be set: the keys go beside it. Returns 0 for
 * anything out of range. */
int sx_tuning_event(sx_event *event, sx_tuning *change, uint32_t parts, const double *hertz, uint32_t sounding);

#endif
