/* SPDX-License-Identifier: Apache-2.0
 *
 * A voice as the chips see it: 155 panel numbers turned into registers, done
 * once when the voice is loaded and off the audio thread. Total: any 155 bytes
 * are a playable voice, each clamped to its range.
 */
#ifndef SIXOP_PATCH_H
#define SIXOP_PATCH_H

#include <stdint.h>

#include "algorithms.h"
#include "sixop.h"

#define SX_STAGES 4
#define SX_COMMON_BYTES 126 /* of a voice: from here on they belong to all its operators */

typedef struct {
  uint8_t rate[SX_STAGES];   /* 0..63 */
  uint8_t level[SX_STAGES];  /* attenuation 0..63 */
  uint8_t attenuation;       /* of the output level, 0..127 */
  uint8_t breakpoint;        /* 0..99, 39 is C3 */
  uint8_t depth[2];          /* left, right, 0..99 */
  uint8_t curve[2];          /* left, right */
  uint8_t rate_scaling;      /* 0..7 */
  uint8_t am_sensitivity;    /* 0..3 */
  uint8_t velocity_sensitivity; /* 0..7 */
  uint8_t fixed;             /* 1: the frequency does not follow the key */
  uint16_t pitch;            /* operator pitch register */
  int16_t detune;            /* 1/1024 octave */
} sx_operator_patch;

typedef struct {
  uint32_t increment;        /* per tick, of 65536 */
  uint32_t delay_increment;  /* per tick, of 65536 */
  uint8_t delayed;           /* 1: every note starts the delay again */
  uint8_t sync;              /* 1: every note starts the wave again */
  uint8_t wave;              /* 0..5, see lfo.h */
  uint8_t pitch_sensitivity; /* 0..255 */
  uint8_t pitch_depth;       /* 0..255 */
  uint8_t amplitude_depth;   /* 0..255 */
} sx_lfo_patch;

typedef struct {
  sx_operator_patch op[SX_OPERATORS]; /* OP1 first */
  sx_lfo_patch lfo;
  int32_t pitch_level[SX_STAGES];     /* 1/4096 octave, 0x4000 is neutral */
  int32_t pitch_rate[SX_STAGES];
  const sx_algorithm *algorithm;
  uint32_t compensation;              /* of every carrier, 1/1024 octave */
  uint8_t feedback_shift;
  uint8_t oscillator_sync;
  uint8_t transpose;                  /* 0..48, 24 is none */
} sx_patch;

/* 155 bytes in VCED order. Never fails. */
void sx_patch_compile(sx_patch *patch, const uint8_t *voice);
/* Its algorithm, 0..31. */
uint32_t sx_patch_algorithm(const uint8_t *voice);

/* The DX7's INIT VOICE in VCED order. */
extern const uint8_t sx_init_voice[SX_VOICE_BYTES];

#endif
