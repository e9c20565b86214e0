/* SPDX-License-Identifier: Apache-2.0
 *
 * One of the voices that play a program: its key, pitch, pitch envelope, six
 * amplitude envelopes and six operators.
 */
#ifndef SIXOP_VOICE_H
#define SIXOP_VOICE_H

#include <stdint.h>

#include "attributes.h"
#include "chip.h"
#include "clean.h"
#include "envelope.h"
#include "phases.h"
#include "program.h"
#include "rate.h"
#include "tuning.h"

/* Frames that pass in silence between loading a voice and frame 0, and are counted by the
 * envelope clock and the free-running phases: four seconds, as in the reference model. */
#define SX_SETTLE_FRAMES 196384

struct sx_voice {
  sx_phases phases;
  sx_envelope envelope[SX_OPERATORS];
  sx_chip_history chip;      /* of whichever kernel it runs on */
  sx_clean_state clean;
  const sx_rate *rate;
  sx_program *program;
  uint64_t phase_frame;      /* up to which frame the phases have run */
  uint64_t started;          /* serial number of the note, for the order of ages */
  int32_t pitch_envelope;    /* 1/4096 octave, 0x4000 is neutral */
  int32_t glide;             /* key pitch on its way */
  int32_t key_pitch;         /* key pitch it sounds or glides to */
  uint32_t key_stretch;      /* and its factor, of SX_UNSTRETCHED */
  uint32_t stretch;          /* as told to the chip last */
  uint32_t pitch_register;   /* 16 bits; what the chip was told last */
  const sx_program *tuned_to; /* what the increments were computed from: the program, */
  uint32_t tuned_register;   /* the pitch register */
  int32_t tuned_word;        /* and the program's pitch word */
  uint8_t pitch_stage;       /* SX_STAGE_1 .. SX_REST */
  uint8_t note;              /* as played, before transpose */
  uint8_t key;               /* it sounds or glides to, before transpose: another voice's note in follow mode */
  uint8_t key_down;
  uint8_t sustained;         /* key up, held by a pedal */
  uint8_t caught;            /* its key was down when the sostenuto pedal was pressed, which still is */
  uint8_t resting;           /* makes no sound and will not until its next note */
  uint16_t fade;             /* frames of its fade that are left, 0: none */
  uint8_t gliding;           /* clean: phase steps are on their way to their targets */
};

/* As after power-up and loading a voice. */
void sx_voice_reset(sx_voice *voice, sx_program *program, const sx_rate *rate) SX_REALTIME;
/* Silent at once, as if the program had just been loaded. Phases run on. */
void sx_voice_silence(sx_voice *voice) SX_REALTIME;
/* The LFO is the program's business and has been told. `glide_from`: key pitch to start from, or -1. */
void sx_voice_key_on(sx_voice *voice, uint8_t note, uint8_t velocity, const sx_part *part, int32_t glide_from,
                     uint64_t frame) SX_REALTIME;
void sx_voice_key_off(sx_voice *voice, uint64_t frame) SX_REALTIME;
/* Mono mode: another key without a new attack. */
void sx_voice_change_key(sx_voice *voice, uint8_t note, const sx_part *part, int glides) SX_REALTIME;
/* From now on it sounds, or glides to, the pitch of this key. */
void sx_voice_follow_key(sx_voice *voice, uint8_t note, const sx_part *part) SX_REALTIME;
/* The part's tuning has changed. */
void sx_voice_retune(sx_voice *voice, const sx_part *part) SX_REALTIME;

/* What a tick does to a voice, in this order. */
void sx_voice_write_pitch(sx_voice *voice, const sx_part *part) SX_REALTIME; /* every second tick */
void sx_voice_advance_pitch_envelope(sx_voice *voice) SX_REALTIME;           /* every second tick */
/* `frames_to_next`: until the next tick; 0 for at once. */
void sx_voice_write_frequencies(sx_voice *voice, uint64_t frame, uint32_t frames_to_next) SX_REALTIME;

/* What a kernel does with a voice. Phases up to this frame. */
SX_INLINE void sx_voice_run_phases(sx_voice *voice, uint64_t frame)
{
  sx_phases_run(&voice->phases, (uint32_t)(frame - voice->phase_frame));
  voice->phase_frame = frame;
}
/* After its span: whether it has come to rest. Spans end at every event, so the answer never depends on blocks. */
void sx_voice_settle(sx_voice *voice) SX_REALTIME;
/* A voice that is cut short: how many frames of its rate's fade are left in a frame of the span... */
SX_INLINE uint32_t sx_voice_fade(const sx_voice *voice, uint32_t frame_of_span)
{
  return voice->fade > frame_of_span ? voice->fade - frame_of_span : 0;
}
/* ...and what is left of it after the span. */
void sx_voice_fade_by(sx_voice *voice, uint32_t frames) SX_REALTIME;

/* Attenuation of the loudest carrier, 1/256 octave: how quiet the voice is now. */
uint32_t sx_voice_quietness(const sx_voice *voice) SX_REALTIME;

/* Transposed key: 0..127. */
uint32_t sx_transposed(const sx_patch *patch, uint32_t note) SX_REALTIME;

#endif
