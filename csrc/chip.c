/* SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"

#include <stddef.h>
#include <string.h>

#include "rom.h"
#include "voice.h"

static sx_level run_envelope(const sx_chip_work *work, sx_voice *voice, uint32_t op, uint16_t *row)
{
  const sx_program *program = voice->program;
  const sx_patch *patch = &program->patch;
  const sx_operator_patch *p = &patch->op[op];
  const uint32_t modulation = p->am_sensitivity ? program->amplitude << p->am_sensitivity : 0;
  const uint32_t offset = (patch->algorithm->carriers >> op) & 1 ? patch->compensation : 0;
  return sx_envelope_run(&voice->envelope[op], p, voice->pitch_register, SX_SETTLE_FRAMES + work->frame, modulation,
                         offset, row, work->frames);
}

static sx_course course(const sx_voice *voice, uint32_t op, const uint16_t *modulation)
{
  return (sx_course){ voice->phases.phase[op], voice->phases.step[op], modulation };
}

static void place(const sx_chip_work *work, const sx_voice *voice, uint32_t op, sx_lane *lane)
{
  const sx_course unmodulated = course(voice, op, NULL);
  sx_lane_place(lane, &unmodulated, work->frames);
}

static void fill(uint16_t *row, uint16_t value, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    row[i] = value;
  }
}

/* ---- feedback paths ------------------------------------------------------ */

static uint32_t path_length(const sx_voice *voice)
{
  return sx_feedback_length(voice->program->patch.algorithm);
}

static void forget(sx_chip_history *h, uint32_t frames)
{
  h->before = frames > 1 ? 0 : h->last;
  h->last = 0;
}

/* Returns 0 if the path of this voice is silent, and then forgets its last outputs. */
static int prepare_path(sx_path *path, const sx_chip_work *work, sx_voice *voice)
{
  const sx_patch *patch = &voice->program->patch;
  int is_audible = 0;
  for (uint32_t k = 0; k < path_length(voice); ++k) {
    const uint32_t op = patch->algorithm->feedback_source + k;
    const sx_level level = run_envelope(work, voice, op, path->lane[k].value);
    if (level.is_steady) {
      fill(path->lane[k].value, level.least, work->frames);
    }
    is_audible |= level.least < SX_SILENT;
  }
  if (!is_audible) {
    forget(&voice->chip, work->frames);
    return 0;
  }
  for (uint32_t k = 0; k < path_length(voice); ++k) {
    place(work, voice, patch->algorithm->feedback_source + k, &path->lane[k]);
  }
  path->history = voice->chip;
  path->shift = patch->feedback_shift;
  return 1;
}

/* The paths of one length, from work->path[first] on. Returns how many. */
static uint32_t run_paths(sx_chip_work *work, uint32_t count, uint32_t length, uint32_t first)
{
  uint32_t index[SX_CHIP_TOGETHER];
  uint32_t used = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (path_length(work->voice[i]) == length && prepare_path(&work->path[first + used], work, work->voice[i])) {
      work->path_of[i] = &work->path[first + used];
      index[used++] = i;
    }
  }
  if (used == 1) {
    work->is_alone[index[0]] = 1;
    return used;
  }
  for (uint32_t at = 0; at < used; at += SX_PATHS) {
    const uint32_t most = used - at < SX_PATHS ? used - at : SX_PATHS;
    sx_paths_run(&work->path[first + at], most, length, work->outputs, work->frames);
  }
  for (uint32_t i = 0; i < used; ++i) {
    work->voice[index[i]]->chip = work->path[first + i].history;
  }
  return used;
}

void sx_chip_begin(sx_chip_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame, uint32_t frames)
{
  work->frame = frame;
  work->frames = frames;
  for (uint32_t i = 0; i < count; ++i) {
    work->voice[i] = voices[i];
    work->path_of[i] = NULL;
    work->is_alone[i] = 0;
    sx_voice_run_phases(voices[i], frame);
  }
  uint32_t used = 0;
  for (uint32_t length = 1; length <= SX_LONGEST_PATH; ++length) {
    used += run_paths(work, count, length, used);
  }
}

/* ---- the rest of a voice ------------------------------------------------- */

/* The operators of one voice in this span. */
typedef struct {
  const sx_algorithm *algorithm;
  const uint16_t *output[SX_OPERATORS]; /* NULL: silent, or not yet computed */
  sx_level level[SX_OPERATORS];         /* of those outside the feedback path */
  uint32_t needed;                      /* bit n: operator n is heard, or modulates what is */
} wiring;

static int is_missing(const wiring *w, uint32_t op)
{
  return ((w->needed >> op) & 1) && w->output[op] == NULL;
}

/* Sums wrap: as modulation only 12 bits of them count, and with their compensation all carriers together fit. */
SX_CLONED static void add(uint16_t *restrict sum, const uint16_t *restrict addend, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = (uint16_t)(sum[i] + addend[i]);
  }
}

SX_CLONED static void add_up(uint16_t *restrict sum, const uint16_t *restrict a, const uint16_t *restrict b,
                             uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = (uint16_t)(a[i] + b[i]);
  }
}

/* The sum of these operators' outputs, or NULL if they are all silent. */
static const uint16_t *sum_of(sx_chip_work *work, const wiring *w, uint32_t operators)
{
  const uint16_t *sum = NULL;
  for (operators &= w->needed; operators != 0; operators &= operators - 1) {
    const uint16_t *addend = w->output[sx_lowest_bit(operators)];
    if (sum == NULL) {
      sum = addend;
    } else if (sum == work->sum) {
      add(work->sum, addend, work->frames);
    } else {
      add_up(work->sum, sum, addend, work->frames);
      sum = work->sum;
    }
  }
  return sum;
}

static void run_operator(sx_chip_work *work, const sx_voice *voice, wiring *w, uint32_t op)
{
  sx_lane *lane = &work->lane[op];
  const sx_course c = course(voice, op, sum_of(work, w, w->algorithm->sources[op]));
  if (w->level[op].is_steady) {
    sx_lane_sound_steadily(lane, &c, w->level[op].least, work->outputs, work->frames);
  } else {
    sx_lane_sound(lane, &c, work->outputs, work->frames);
  }
  w->output[op] = lane->value;
}

static const uint16_t no_modulation[SX_ROW];

/* What modulates this operator while it keeps a path company, or NULL if it cannot: because it is modulated by several
 * others, or by one that has to wait itself. */
static const uint16_t *only_modulation(const wiring *w, uint32_t op)
{
  const uint16_t *found = no_modulation;
  uint32_t sources = w->algorithm->sources[op] & w->needed;
  for (; sources != 0; sources &= sources - 1) {
    found = found == no_modulation ? w->output[sx_lowest_bit(sources)] : NULL;
  }
  return found;
}

/* A path alone, and who can keep it company. */
static void run_alone(sx_chip_work *work, sx_voice *voice, sx_path *path, wiring *w)
{
  sx_companion companion[SX_COMPANIONS];
  uint32_t count = 0;
  for (uint32_t op = SX_OPERATORS; op-- > 0;) { /* modulators before their targets */
    const uint16_t *modulation = only_modulation(w, op);
    if (is_missing(w, op) && modulation != NULL) {
      sx_lane *lane = &work->lane[op];
      if (w->level[op].is_steady) {
        fill(lane->value, w->level[op].least, work->frames);
      }
      place(work, voice, op, lane);
      companion[count++] = (sx_companion){ lane, modulation };
      w->output[op] = lane->value;
    }
  }
  sx_path_run_with(path, path_length(voice), companion, count, work->outputs, work->frames);
  voice->chip = path->history;
}

/* The sum of the carriers, or NULL. */
static const uint16_t *run_operators(sx_chip_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  sx_path *path = work->path_of[index];
  wiring w = { .algorithm = voice->program->patch.algorithm };
  uint32_t audible = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const uint32_t k = op - w.algorithm->feedback_source;
    int sounds = path != NULL;
    if (k < path_length(voice)) {
      w.output[op] = sounds ? path->lane[k].value : NULL;
    } else {
      w.level[op] = run_envelope(work, voice, op, work->lane[op].value);
      sounds = w.level[op].least < SX_SILENT;
    }
    audible |= (sounds ? 1u : 0u) << op;
  }
  w.needed = sx_heard_operators(w.algorithm, audible);
  if (work->is_alone[index]) {
    run_alone(work, voice, path, &w);
  }
  for (uint32_t op = SX_OPERATORS; op-- > 0;) {
    if (is_missing(&w, op)) {
      run_operator(work, voice, &w, op);
    }
  }
  return sum_of(work, &w, w.algorithm->carriers);
}

SX_CLONED static void widen(int32_t *restrict samples, const uint16_t *restrict sum, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    samples[i] = (int16_t)sum[i];
  }
}

static void apply_fade(const sx_voice *voice, int32_t *samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    samples[i] = samples[i] * (int32_t)sx_voice_fade(voice, i) / SX_FADE;
  }
}

const int32_t *sx_chip_finish(sx_chip_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  const uint16_t *sum = run_operators(work, index);
  const int32_t *samples = NULL;
  if (sum != NULL) {
    widen(work->samples, sum, work->frames);
    samples = work->samples;
  }
  sx_voice_run_phases(voice, work->frame + work->frames);
  sx_voice_settle(voice);
  if (voice->fade > 0) {
    if (samples != NULL) {
      apply_fade(voice, work->samples, work->frames);
    }
    sx_voice_fade_by(voice, work->frames);
  }
  return samples;
}
