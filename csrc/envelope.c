/* SPDX-License-Identifier: Apache-2.0 */
#include "envelope.h"

#include "choices.h"
#include "units.h"

#define LEVEL_STEP 64   /* attenuation of one level register step */
#define OUTPUT_STEP 16  /* of one output register step */
#define STEPS_PER_ATTENUATION 4 /* attenuation is 1/256 octave, the ROMs are 1/1024 */

void sx_envelope_reset(sx_envelope *envelope)
{
  const sx_envelope silent = { SX_ENVELOPE_OFF, SX_ENVELOPE_OFF, SX_REST, 0, 255, 1 };
  *envelope = silent;
}

static uint32_t level_attenuation(const sx_envelope *envelope, uint32_t level)
{
  const uint32_t attenuation = level * LEVEL_STEP + envelope->output * OUTPUT_STEP;
  return attenuation > SX_ENVELOPE_OFF ? SX_ENVELOPE_OFF : attenuation;
}

/* Instead of moving from one inaudible level to another, fall on from here for a fixed number of steps. */
static void begin_delay(sx_envelope *envelope, uint32_t steps)
{
  uint32_t from = envelope->attenuation;
  uint32_t to = from + steps;
  if (to > SX_ENVELOPE_OFF) {
    to = SX_ENVELOPE_OFF;
    from = to - steps;
  }
  envelope->attenuation = (uint16_t)from;
  envelope->target = (uint16_t)to;
}

/* stage: SX_STAGE_1..3 or SX_RELEASE */
static void begin(sx_envelope *envelope, const sx_operator_patch *op, uint32_t stage, uint32_t voice_register)
{
  const uint32_t at = stage == SX_RELEASE ? 3 : stage;
  const uint32_t rate = op->rate[at] + sx_rate_scaling(op->rate_scaling, voice_register);
  envelope->stage = (uint8_t)stage;
  envelope->rate = (uint8_t)(rate > 63 ? 63 : rate);
  envelope->target = (uint16_t)level_attenuation(envelope, op->level[at]);
  if (stage <= SX_STAGE_2 && op->level[at] >= SX_INAUDIBLE_LEVEL && op->level[(at + 3) & 3] >= SX_INAUDIBLE_LEVEL) {
    begin_delay(envelope, stage == SX_STAGE_1 && envelope->short_delay ? SX_SHORT_DELAY_STEPS : SX_DELAY_STEPS);
  }
}

void sx_envelope_key_on(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register)
{
  begin(envelope, op, SX_STAGE_1, voice_register);
}

void sx_envelope_key_off(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register)
{
  if (envelope->stage >= SX_RELEASE) {
    return;
  }
  if (envelope->stage == SX_STAGE_1) {
    envelope->short_delay = 1;
  }
  begin(envelope, op, SX_RELEASE, voice_register);
}

void sx_envelope_finish(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register)
{
  envelope->attenuation = envelope->target;
  switch (envelope->stage) {
  case SX_STAGE_1:
    envelope->short_delay = 0;
    begin(envelope, op, SX_STAGE_2, voice_register);
    break;
  case SX_STAGE_2:
    begin(envelope, op, SX_STAGE_3, voice_register);
    break;
  case SX_STAGE_3:
    envelope->stage = SX_SUSTAIN;
    break;
  default:
    envelope->stage = SX_REST;
    break;
  }
}

/* The clock divider of a rate: a beat every 2^n frames, of which 4 to 7 out of 8 are taken. */
static uint32_t divider(uint32_t rate)
{
  return rate < 44 ? 11 - (rate >> 2) : 0;
}

/* An active clock moves by 2^this, falling. */
static uint32_t step_shift(uint32_t rate)
{
  return rate >= 48 ? (rate >> 2) - 11 : 0;
}

/* After one active clock, not minding the target. */
SX_INLINE int32_t stepped(int32_t attenuation, uint32_t shift, int rises)
{
  if (!rises) {
    return attenuation + (1 << shift);
  }
  const int32_t from = attenuation > SX_ENVELOPE_RISE ? SX_ENVELOPE_RISE : attenuation;
  return from - (((from >> 8) + 2) << shift);
}

static const uint8_t taken_beats[4] = { 0x55, 0x57, 0x77, 0x7F }; /* slot 0 is the leftmost bit */

static int beat_is_taken(uint32_t rate, uint64_t beat)
{
  return (taken_beats[rate & 3] >> (7 - (beat & 7))) & 1;
}

#define BEATS 8u
#define TAKEN_BEATS(rate) (4 + ((rate) & 3))

double sx_envelope_step_period(uint32_t rate)
{
  return (double)(1u << divider(rate)) * BEATS / TAKEN_BEATS(rate);
}

uint32_t sx_envelope_step_size(uint32_t rate)
{
  return 1u << step_shift(rate);
}

uint64_t sx_envelope_step_time(uint64_t counter, uint32_t rate, uint32_t number)
{
  const uint32_t n = divider(rate);
  uint64_t beat = (counter + (1u << n) - 1) >> n;
  beat += (uint64_t)((number - 1) / TAKEN_BEATS(rate)) * BEATS;
  uint32_t left = (number - 1) % TAKEN_BEATS(rate);
  while (left > 0 || !beat_is_taken(rate, beat)) {
    left -= (uint32_t)beat_is_taken(rate, beat);
    ++beat;
  }
  return beat << n;
}

/* What is added to the attenuation, in whose units, and to the result, in the ROMs'. */
typedef struct {
  uint32_t modulation;
  uint32_t offset;
} addends;

SX_INLINE uint32_t total(uint32_t attenuation, const addends *a)
{
  const uint32_t sum = attenuation + a->modulation;
  return STEPS_PER_ATTENUATION * (sum > SX_ENVELOPE_MAX ? SX_ENVELOPE_MAX : sum) + a->offset;
}

/* SX_ENVELOPE_ROOM frames at a time: most beats take one store, and the next one puts right what was too much. */
SX_INLINE void fill(uint16_t *row, uint32_t value, uint32_t frames)
{
  for (uint32_t at = 0; at < frames; at += SX_ENVELOPE_ROOM) {
    for (uint32_t i = 0; i < SX_ENVELOPE_ROOM; ++i) {
      row[at + i] = (uint16_t)value;
    }
  }
}

SX_INLINE uint32_t at_most(uint32_t value, uint32_t limit)
{
  return value < limit ? value : limit;
}

/* In each of a rate's eight slots, how many of those before it are taken: a hexadecimal digit each, slot 0 the last. */
static const uint32_t taken_before[4] = { 0x33221100, 0x43221100, 0x54332100, 0x65432100 };

SX_INLINE uint32_t steps_before(uint32_t rate, uint32_t beat)
{
  return beat / BEATS * TAKEN_BEATS(rate) + ((taken_before[rate & 3] >> (beat % BEATS * 4)) & 15);
}

/* A fall is straight, so each of its frames is computed by itself. */
typedef struct {
  uint32_t rate;
  uint32_t counter; /* of the first frame, from the last beat in slot 0 on */
  uint32_t start;   /* attenuation before that beat, had it fallen since; wraps below 0 */
} fall;

SX_INLINE uint32_t fallen(const fall *f, uint32_t frame)
{
  const uint32_t beats = ((f->counter + frame) >> divider(f->rate)) + 1;
  return f->start + (steps_before(f->rate, beats) << step_shift(f->rate));
}

SX_CLONED static void fill_falling(uint16_t *restrict row, const fall *falling, const addends *added, uint32_t frames)
{
  const fall f = *falling;
  const addends a = *added;
  for (uint32_t i = 0; i < frames; ++i) {
    row[i] = (uint16_t)total(fallen(&f, i), &a);
  }
}

/* Returns 0, having done nothing, if the target is reached within these frames. */
static int run_fall(sx_envelope *envelope, uint64_t counter, const addends *a, uint16_t *row, uint32_t frames)
{
  const uint32_t rate = envelope->rate;
  const uint32_t n = divider(rate);
  const uint32_t from = (uint32_t)counter & ((BEATS << n) - 1);
  const uint32_t beats = (from + (1u << n) - 1) >> n; /* before the first frame */
  const fall f = { rate, from, envelope->attenuation - (steps_before(rate, beats) << step_shift(rate)) };
  const uint32_t last = fallen(&f, frames - 1);
  if (last >= envelope->target) {
    return 0;
  }
  fill_falling(row, &f, a, frames);
  envelope->attenuation = (uint16_t)last;
  return 1;
}

/* Up to the frame in which the target is reached, or to the last. Returns how many frames these are. */
SX_INLINE uint32_t run_stage(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                             uint64_t counter, const addends *a, uint16_t *row, uint32_t frames)
{
  const uint32_t rate = envelope->rate;
  const uint32_t length = 1u << divider(rate); /* of a beat */
  const uint32_t shift = step_shift(rate);
  const int32_t target = envelope->target;
  int32_t attenuation = envelope->attenuation;
  const int rises = target < attenuation;
  const uint32_t late = (uint32_t)counter & (length - 1);
  uint64_t beat = counter >> divider(rate);
  uint32_t done = 0;
  if (!rises && length <= SX_ENVELOPE_ROOM && run_fall(envelope, counter, a, row, frames)) {
    return frames;
  }
  if (late > 0) {
    done = at_most(length - late, frames);
    fill(row, total((uint32_t)attenuation, a), done);
    ++beat;
  }
  for (; done < frames; ++beat) {
    if (beat_is_taken(rate, beat)) {
      attenuation = stepped(attenuation, shift, rises);
      if (rises ? attenuation <= target : attenuation >= target) {
        sx_envelope_finish(envelope, op, voice_register);
        row[done] = (uint16_t)total(envelope->attenuation, a);
        return done + 1;
      }
    }
    const uint32_t here = at_most(length, frames - done);
    fill(row + done, total((uint32_t)attenuation, a), here);
    done += here;
  }
  envelope->attenuation = (uint16_t)attenuation;
  return frames;
}

/* No beat that is taken comes within these frames. */
SX_INLINE int stays(const sx_envelope *envelope, uint64_t counter, uint32_t frames)
{
  if (sx_envelope_holds(envelope)) {
    return 1;
  }
  const uint32_t n = divider(envelope->rate);
  const uint64_t next = (counter + (1u << n) - 1) >> n;
  const uint64_t beat = beat_is_taken(envelope->rate, next) ? next : next + 1; /* no two in a row are left out */
  return beat << n >= counter + frames;
}

sx_level sx_envelope_run(sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register, uint64_t counter,
                         uint32_t modulation, uint32_t offset, uint16_t *row, uint32_t frames)
{
  const addends a = { modulation, offset };
  uint32_t least = total(envelope->attenuation, &a);
  if (stays(envelope, counter, frames)) {
    return (sx_level){ (uint16_t)least, 1 };
  }
  uint32_t done = 0;
  while (done < frames && !sx_envelope_holds(envelope)) {
    done += run_stage(envelope, op, voice_register, counter + done, &a, row + done, frames - done);
    least = at_most(total(envelope->attenuation, &a), least); /* which is at an end of the stage */
  }
  fill(row + done, total(envelope->attenuation, &a), frames - done);
  return (sx_level){ (uint16_t)least, 0 };
}
