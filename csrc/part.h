/* SPDX-License-Identifier: Apache-2.0
 *
 * A part is what a MIDI channel plays: the state of its controllers, the DX7's
 * function parameters, and the keys of mono mode. The program it plays, and all
 * voices, belong to the engine.
 */
#ifndef SIXOP_PART_H
#define SIXOP_PART_H

#include <stdint.h>

#include "attributes.h"
#include "pan.h"
#include "ramp.h"
#include "sixop.h"
#include "tuning.h"

#define SX_MONO_KEYS 16
#define SX_KEYS 128
#define SX_NO_PARAMETER 0x3FFF
#define SX_NO_MEMBER 0
#define SX_NO_PITCH -1 /* as the pitch of the last key: there was none, so nothing to glide from */

enum { SX_ASSIGN_PITCH = 1, SX_ASSIGN_AMPLITUDE = 2, SX_ASSIGN_BIAS = 4 };
enum { SX_WHEEL, SX_FOOT, SX_BREATH, SX_AFTERTOUCH, SX_SOURCES };

typedef struct {
  uint8_t value;   /* MIDI, 0..127 */
  uint8_t range;   /* 0..99 */
  uint8_t assign;  /* SX_ASSIGN_... */
} sx_source;

/* What a note of a member has of its own; nothing, for all others. */
typedef struct {
  int32_t bend;               /* 16384 an octave */
  uint8_t source[SX_SOURCES]; /* 0..127 */
} sx_touch;

/* A key that is down, and the member it belongs to: SX_NO_MEMBER, or 1..SX_MEMBERS. */
typedef struct {
  uint8_t note;
  uint8_t member;
} sx_member_key;

typedef struct {
  sx_source source[SX_SOURCES];
  uint8_t bend;          /* most significant byte, 64 is centre */
  uint16_t bend_range;   /* cents; the DX7 knows whole semitones only */
  uint8_t bend_step;
  uint8_t pressure;      /* of the channel */
  uint8_t key_pressure[SX_KEYS];
  uint8_t volume;        /* controller 7 */
  uint8_t expression;    /* controller 11, which the DX7 lacks */
  uint8_t sustain;
  uint8_t sostenuto;
  uint8_t soft;
  uint8_t legato;        /* pedal: mono while it is down */
  uint8_t portamento;    /* switch */
  uint8_t portamento_time;
  uint8_t portamento_mode;
  uint8_t glissando;
  uint8_t mono;
  int32_t tune;          /* 1/4096 octave, 0x100 is A = 440 Hz */
  uint16_t registered;   /* number of the registered parameter that data entry sets, or SX_NO_PARAMETER */
  uint8_t coarse_tune;   /* semitones, 64 is none */
  uint16_t fine_tune;    /* 8192 is none, 0 a semitone less */
  const sx_tuning *tuning; /* of the keys; NULL: their own pitch */
  int32_t last_pitch;    /* of the last key played: where a retained glide starts */

  sx_touch touch[SX_MEMBERS + 1]; /* of members; nothing in the first, which is no member's */
  sx_member_key key[SX_MONO_KEYS]; /* mono mode: keys down, in the order played */
  uint8_t keys;
  uint8_t mono_up;       /* direction: further keys must be higher than the sounding one */
  int32_t mono_voice;    /* the voice that plays them, or -1 */
  sx_member_key mono_key;     /* the key it sounds */

  float level;           /* at the mixer, 1 is none; no controller moves it */
  float pan[SX_SIDES];   /* gain of each side, 1 in the middle */
  sx_ramp gain;          /* of volume, expression and level */
  sx_ramp side[SX_SIDES]; /* and pan */
} sx_part;

void sx_part_reset(sx_part *part) SX_REALTIME;
void sx_part_reset_controllers(sx_part *part) SX_REALTIME;
/* Values are clamped. Nothing comes of an unknown number, nor of SX_MONO, which is more than a value: `sx_set_mono`. */
void sx_part_set_function(sx_part *part, uint32_t number, uint32_t value) SX_REALTIME;

/* Sum of the ranges of the sources assigned to this purpose, and in *value of what they and the touch send, 0..255
 * each. */
uint32_t sx_part_assigned(const sx_part *part, const sx_touch *touch, uint32_t purpose, uint32_t *value) SX_REALTIME;
/* Pitch bend in pitch modulation units, 16384 an octave. */
int32_t sx_part_bend(const sx_part *part) SX_REALTIME;
/* Aftertouch is the channel's pressure or that of a key, whichever is most: a program modulates all its voices alike. */
void sx_part_press(sx_part *part, uint8_t pressure) SX_REALTIME;
void sx_part_press_key(sx_part *part, uint8_t key, uint8_t pressure) SX_REALTIME;
void sx_part_press_no_key(sx_part *part) SX_REALTIME;
/* Data entry, its most (1) or least significant byte, for the registered parameter. */
void sx_part_enter_data(sx_part *part, uint32_t most_significant, uint8_t value) SX_REALTIME;
/* Data increment (1) and decrement (-1): bend range by a cent, fine tuning by its least step, coarse by a semitone. */
void sx_part_step_data(sx_part *part, int32_t by) SX_REALTIME;
/* What coarse and fine tuning add to every key, 1/4096 octave. */
int32_t sx_part_tune(const sx_part *part) SX_REALTIME;
/* At a place of the curve. */
void sx_part_set_pan(sx_part *part, const sx_pan_curve *curve, float place) SX_REALTIME;
/* Level and pan at once, for a part that has not sounded yet. */
void sx_part_settle(sx_part *part) SX_REALTIME;
void sx_part_move_gains(sx_part *part, uint32_t frames_to_next) SX_REALTIME;
/* What volume, expression and level ask for. */
float sx_part_gain(const sx_part *part) SX_REALTIME;

#endif
