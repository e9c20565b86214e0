/* SPDX-License-Identifier: Apache-2.0
 *
 * From the numbers on the DX7's panel to the registers of its chips: every
 * conversion the firmware does, each once. Tables are those of firmware v1.8.
 *
 * Pitch is 4096 steps an octave in 16 bits, attenuation 256 steps an octave in
 * 12 bits, levels are attenuations: 0 is loudest.
 */
#ifndef SIXOP_UNITS_H
#define SIXOP_UNITS_H

#include <stdint.h>

#include "attributes.h"

#define SX_PITCH_NEUTRAL 0x4000   /* pitch envelope level that changes nothing */
#define SX_TUNE_CENTRE 0x100      /* master tune of A = 440 Hz */
#define SX_PITCH_BASE 0x1BA8      /* subtracted from key pitch plus pitch envelope */
#define SX_RATIO_BASE 0x232C      /* operator pitch register of ratio 1 */
#define SX_HIGHEST_KEY_PITCH 43008 /* of key 127 */
#define SX_PITCH_OF_SILENCE 64    /* phase increment before any pitch was written */
#define SX_NATIVE_PHASE_SHIFT 9   /* from the 23 bits of that step to 32 */
#define SX_LEVEL_STEP 2           /* output register steps of one step of a level */

/* 0..99 stretched to 0..255: the firmware's way to scale every depth. */
static inline uint32_t sx_depth(uint32_t parameter) { return (660 * parameter) >> 8; }

/* Level 0..99 to attenuation 127..0; 20..99 are 99 minus the level. */
uint32_t sx_level_attenuation(uint32_t level) SX_REALTIME;
/* Envelope rate 0..99 to the chip's 0..63. */
static inline uint32_t sx_rate_register(uint32_t rate) { return (rate * 164) >> 8; }
/* Envelope level 0..99 to the chip's 63..0. */
static inline uint32_t sx_level_register(uint32_t level) SX_REALTIME;

/* What velocity 0..127 adds to an operator's attenuation, in output register steps (1/16 octave). */
uint32_t sx_velocity_attenuation(uint32_t velocity, uint32_t sensitivity) SX_REALTIME;

/* Transposed key 0..127 to the firmware's logarithmic key number: 16 an octave, 12 of them used. */
uint32_t sx_key_number(uint32_t key) SX_REALTIME;
/* The same as a pitch of 4096 steps an octave. */
int32_t sx_key_pitch(uint32_t key) SX_REALTIME;

/* Curve codes of keyboard level scaling. */
enum { SX_CURVE_MINUS_LINEAR, SX_CURVE_MINUS_EXPONENTIAL, SX_CURVE_PLUS_EXPONENTIAL, SX_CURVE_PLUS_LINEAR };
/* The operator's level attenuation, 0..127, after scaling by the transposed key. */
uint32_t sx_scaled_level(uint32_t attenuation, uint32_t key, uint32_t breakpoint, const uint8_t depth[2],
                         const uint8_t curve[2]) SX_REALTIME;

/* Rate scaling 0..7 at a voice's pitch register: steps added to the rate register. */
uint32_t sx_rate_scaling(uint32_t scaling, uint32_t voice_register) SX_REALTIME;

/* Operator pitch register; bit 0 is set for a fixed frequency. */
uint32_t sx_operator_pitch(uint32_t fixed, uint32_t coarse, uint32_t fine) SX_REALTIME;
/* 14-bit logarithmic frequency to the 23-bit phase accumulator's step. */
uint32_t sx_phase_increment(int32_t frequency) SX_REALTIME;

/* Pitch envelope: level 0..99 to pitch, rate 0..99 to pitch steps per two ticks. */
int32_t sx_pitch_level(uint32_t level) SX_REALTIME;
int32_t sx_pitch_rate(uint32_t rate) SX_REALTIME;

/* LFO speed 0..99 to phase (16 bits) per tick. */
uint32_t sx_lfo_increment(uint32_t speed) SX_REALTIME;
/* LFO delay 0..99 to steps of its 16-bit counter per tick. */
uint32_t sx_lfo_delay_increment(uint32_t delay) SX_REALTIME;
/* Pitch modulation sensitivity 0..7 to 0..255. */
uint32_t sx_pitch_sensitivity(uint32_t sensitivity) SX_REALTIME;
/* Amplitude modulation 0 (full) .. 255 (none) to attenuation 255..0. */
uint32_t sx_amplitude_attenuation(uint32_t modulation) SX_REALTIME;
/* First quarter of the LFO's sine, 64 steps, 0..127. */
int32_t sx_lfo_sine(uint32_t step) SX_REALTIME;

/* Pitch bend's most significant byte 0..127 to pitch modulation (16384 an octave). `range` in cents, `step` in semitones. */
int32_t sx_bend_word(uint32_t value, uint32_t range, uint32_t step) SX_REALTIME;
/* Controller 7 to the gain of the DAC's 3-bit volume, 0..1. */
float sx_volume_gain(uint32_t value) SX_REALTIME;

static inline uint32_t sx_level_register(uint32_t level) { return sx_level_attenuation(level) >> 1; }

#endif
