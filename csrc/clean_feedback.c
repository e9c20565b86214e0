/* SPDX-License-Identifier: Apache-2.0 */
#include "clean_feedback.h"

#include <stddef.h>
#include <string.h>

#include "clean_operator.h"
#include "lanes.h"

#define SLICES (SX_CLEAN_BLOCK / SX_SLICE) /* of a span */
/* Paths of one length share a group, so there are as many as full ones, and one more for each other length. */
#define GROUPS (SX_CLEAN_TOGETHER / SX_LANES + SX_LONGEST_PATH - 1)

/* ---- voices in lanes ---------------------------------------------------- */

/* An operator in each lane. */
typedef struct {
  _Alignas(SX_CACHE_LINE) uint32_t phase[SX_LANES];
  uint32_t step[SX_LANES];
  uint32_t slope[SX_LANES];
  float start[SLICES][SX_LANES];    /* the gain is this, of a slice, */
  float within[SX_SLICE][SX_LANES]; /* times this, of a frame of it */
  float out[2 + SX_SLICE][SX_LANES]; /* the last two outputs, then a slice */
  const float *source[SX_LANES];    /* of `within` in the next slice */
  uint32_t advance[SX_LANES];       /* of the source, per slice; 0 if all slices are alike */
  uint32_t rows;                    /* a bit for each four lanes whose sources advance */
} operator_lanes;

/* Voices with paths of one length, rows from `first` on. */
typedef struct {
  operator_lanes op[SX_LONGEST_PATH]; /* operator k is fed by operator k + 1, the last by operator 0 */
  float share[SX_LANES];              /* of the last two outputs that is fed back: a power of two */
  uint32_t length;
  uint32_t count;
  uint32_t first;
  int is_gliding;
} group;

/* Lanes go by fours, of which the last are perhaps idle. */
static uint32_t fours(uint32_t count)
{
  return (count + 3) / 4 * 4;
}

SX_INLINE void load_within(operator_lanes *op, uint32_t lane)
{
  for (uint32_t i = 0; i < SX_SLICE; i += 4) {
    float *const column[4] = { &op->within[i][lane], &op->within[i + 1][lane], &op->within[i + 2][lane],
                               &op->within[i + 3][lane] };
    const float *const row[4] = { op->source[lane] + i, op->source[lane + 1] + i, op->source[lane + 2] + i,
                                  op->source[lane + 3] + i };
    sx_transpose4_rows(column, 0, row);
  }
  for (uint32_t i = lane; i < lane + 4; ++i) {
    op->source[i] += op->advance[i];
  }
}

SX_INLINE void begin_slice(group *g, uint32_t slice)
{
  for (uint32_t k = 0; k < g->length; ++k) {
    for (uint32_t lane = 0; lane < fours(g->count); lane += 4) {
      if (slice == 0 || (g->op[k].rows >> lane) & 1) {
        load_within(&g->op[k], lane);
      }
    }
  }
}

SX_INLINE void end_slice(group *g, sx_clean_path *rows, uint32_t slice)
{
  for (uint32_t k = 0; k < g->length; ++k) {
    operator_lanes *op = &g->op[k];
    for (uint32_t lane = 0; lane < fours(g->count); lane += 4) {
      for (uint32_t i = 0; i < SX_SLICE; i += 4) {
        sx_transpose4(&rows[g->first + lane][k][SX_SLICE * (slice + 1) + i], SX_LONGEST_PATH * SX_CLEAN_ROW,
                      &op->out[2 + i][lane], SX_LANES);
      }
    }
    memcpy(op->out[0], op->out[SX_SLICE], 2 * sizeof op->out[0]);
  }
}

SX_INLINE void run_frame(group *g, uint32_t length, uint32_t slice, uint32_t i, int is_gliding)
{
  SX_VECTOR_LOOP
  for (uint32_t lane = 0; lane < SX_LANES; ++lane) {
    float y = (g->op[0].out[i + 1][lane] + g->op[0].out[i][lane]) * g->share[lane];
    for (uint32_t k = length; k-- > 0;) {
      operator_lanes *op = &g->op[k];
      y = sx_oscillate(op->phase[lane] + sx_as_phase(y), op->within[i][lane] * op->start[slice][lane]);
      op->out[i + 2][lane] = y;
      op->phase[lane] += op->step[lane];
      op->step[lane] += is_gliding ? op->slope[lane] : 0;
    }
  }
}

/* While one group waits for its last outputs, the others are at work. */
SX_CLONED static void run_groups(group *groups, uint32_t count, sx_clean_path *rows, uint32_t slices)
{
  for (uint32_t slice = 0; slice < slices; ++slice) {
    for (group *g = groups; g < groups + count; ++g) {
      begin_slice(g, slice);
    }
    for (uint32_t i = 0; i < SX_SLICE; ++i) {
      for (group *g = groups; g < groups + count; ++g) {
        switch (2 * g->length + (g->is_gliding != 0)) {
        case 2: run_frame(g, 1, slice, i, 0); break;
        case 3: run_frame(g, 1, slice, i, 1); break;
        case 4:
        case 5: run_frame(g, 2, slice, i, 1); break;
        default: run_frame(g, SX_LONGEST_PATH, slice, i, 1); break;
        }
      }
    }
    for (group *g = groups; g < groups + count; ++g) {
      end_slice(g, rows, slice);
    }
  }
}

/* ---- a lone voice ------------------------------------------------------- */

typedef struct {
  uint32_t phase[SX_LONGEST_PATH];
  uint32_t step[SX_LONGEST_PATH];
  uint32_t slope[SX_LONGEST_PATH];
  float share;
  float last;   /* the share of it */
  float before;
} lone;

/* The chain of a lone voice never leaves the vector registers: the way through the others takes half as long again. */
#if defined(SX_HAS_VECTORS)

typedef sx_quarter one; /* of which only the first is used */

SX_INLINE one to_one(float value)
{
  return (one){ value };
}

SX_INLINE float from_one(one value)
{
  return value[0];
}

/* Returns gain * sin(phase + modulation), and what of it is fed back. */
SX_INLINE one oscillate_one(uint32_t from_crest, one modulation, one gain, one shared_gain, one *share)
{
  const sx_quarter_uint crest = { from_crest };
  const sx_quarter_uint shift = (sx_quarter_uint)__builtin_convertvector(modulation, sx_quarter_int);
  const sx_quarter_int there = (sx_quarter_int)(crest + (shift << SX_MODULATION_SHIFT));
  const sx_quarter_int distance = (sx_quarter_int)__builtin_convertvector(there, one) & INT32_MAX;
  const one u = 1.0f - (one)distance * SX_PER_QUARTER;
  const one z = u * u;
  *share = SX_SINE(u, z, shared_gain); /* sooner than by multiplying the result; all but the end is computed once */
  return SX_SINE(u, z, gain);
}

#else

typedef float one;

SX_INLINE one to_one(float value)
{
  return value;
}

SX_INLINE float from_one(one value)
{
  return value;
}

SX_INLINE one oscillate_one(uint32_t from_crest, one modulation, one gain, one shared_gain, one *share)
{
  *share = sx_oscillate(from_crest + sx_as_phase(modulation), shared_gain);
  return sx_oscillate(from_crest + sx_as_phase(modulation), gain);
}

#endif

SX_INLINE void run_alone(lone *l, sx_clean_path rows, uint32_t length, uint32_t frames)
{
  one last = to_one(l->last);
  one before = to_one(l->before);
  for (uint32_t i = SX_SLICE; i < SX_SLICE + frames; ++i) {
    one y = last + before;
    before = last;
    for (uint32_t k = length; k-- > 0;) {
      const float gain = rows[k][i];
      y = oscillate_one(l->phase[k], y, to_one(gain), to_one(gain * l->share), &last);
      rows[k][i] = from_one(y);
      l->phase[k] += l->step[k];
      l->step[k] += l->slope[k];
    }
  }
}

SX_CLONED static void run_lone_path(lone *l, sx_clean_path rows, uint32_t length, uint32_t frames)
{
  switch (length) {
  case 1: run_alone(l, rows, 1, frames); break;
  case 2: run_alone(l, rows, 2, frames); break;
  default: run_alone(l, rows, SX_LONGEST_PATH, frames); break;
  }
}

/* ---- paths -------------------------------------------------------------- */

static const float no_gains[SX_SLICE];

static float feedback_share(const sx_patch *patch)
{
  return 1.0f / (float)(1u << patch->feedback_shift);
}

/* A voice's feedback path. */
typedef struct {
  sx_voice *voice;
  sx_clean_gains gains[SX_LONGEST_PATH]; /* of its operators; from a row of zeros where silent */
} path;

/* Finds the gains, perhaps in the row. Returns 0 if the path is silent, and then forgets its last outputs. */
static int prepare_path(const sx_clean_work *work, sx_voice *voice, float row[][SX_CLEAN_ROW], path *p)
{
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  const uint32_t length = sx_feedback_length(algorithm);
  int sounds[SX_LONGEST_PATH];
  int is_audible = 0;
  p->voice = voice;
  for (uint32_t k = 0; k < length; ++k) {
    sounds[k] = sx_clean_find_gains(&work->span, voice, algorithm->feedback_source + k, row[k], &p->gains[k]);
    is_audible |= sounds[k];
  }
  for (uint32_t k = 0; is_audible && k < length; ++k) {
    if (!sounds[k]) {
      memset(row[k], 0, sizeof row[k]);
    }
  }
  if (!is_audible) {
    voice->clean.before = work->span.frames > 1 ? 0.0f : voice->clean.last;
    voice->clean.last = 0.0f;
  }
  return is_audible;
}

static void remember(sx_clean_state *state, const float *outputs, uint32_t frames)
{
  state->before = frames > 1 ? outputs[frames - 2] : state->last;
  state->last = outputs[frames - 1];
}

static void run_lone_voice(const sx_clean_work *work, const path *p, sx_clean_path row)
{
  const sx_voice *voice = p->voice;
  const sx_patch *patch = &voice->program->patch;
  const uint32_t length = sx_feedback_length(patch->algorithm);
  const float share = feedback_share(patch);
  lone l = { { 0 }, { 0 }, { 0 }, share, voice->clean.last * share, voice->clean.before * share };
  for (uint32_t k = 0; k < length; ++k) {
    const uint32_t op = patch->algorithm->feedback_source + k;
    l.phase[k] = voice->phases.phase[op] - SX_QUARTER;
    l.step[k] = voice->phases.step[op];
    l.slope[k] = (uint32_t)voice->phases.slope[op];
    if (p->gains[k].within != NULL) {
      sx_contour_fill(&voice->clean.contour[op], work->span.frame, work->span.frames, row[k]);
    }
  }
  run_lone_path(&l, row, length, work->span.frames);
}

/* An operator into its lane. */
static void enter_operator(operator_lanes *l, uint32_t lane, const sx_phases *phases, uint32_t op,
                           const sx_clean_gains *gains, const float *row, uint32_t slices)
{
  const int is_row = gains->within == NULL;
  l->phase[lane] = phases->phase[op] - SX_QUARTER;
  l->step[lane] = phases->step[op];
  l->slope[lane] = (uint32_t)phases->slope[op];
  l->source[lane] = is_row ? row + SX_SLICE : gains->within;
  l->advance[lane] = is_row ? SX_SLICE : 0;
  l->rows |= (uint32_t)is_row << lane / 4 * 4;
  for (uint32_t slice = 0; slice < slices; ++slice) {
    l->start[slice][lane] = is_row ? 1.0f : gains->start[slice];
  }
}

static void enter_group(group *g, const path *p, float row[][SX_CLEAN_ROW], uint32_t slices)
{
  const sx_voice *voice = p->voice;
  const sx_patch *patch = &voice->program->patch;
  const uint32_t lane = g->count++;
  for (uint32_t k = 0; k < g->length; ++k) {
    enter_operator(&g->op[k], lane, &voice->phases, patch->algorithm->feedback_source + k, &p->gains[k], row[k],
                   slices);
  }
  g->op[0].out[0][lane] = voice->clean.before;
  g->op[0].out[1][lane] = voice->clean.last;
  g->share[lane] = feedback_share(patch);
  g->is_gliding |= voice->gliding;
}

/* Idle lanes, too, compute with numbers. */
static void begin_group(group *g, uint32_t length, uint32_t first, uint32_t voices)
{
  g->length = length;
  g->first = first;
  g->count = 0;
  g->is_gliding = 0;
  for (uint32_t k = 0; k < length; ++k) {
    operator_lanes *op = &g->op[k];
    op->rows = 0;
    if (voices < SX_LANES) {
      memset(op, 0, sizeof *op);
      for (uint32_t lane = voices; lane < SX_LANES; ++lane) {
        op->source[lane] = no_gains;
      }
    }
  }
}

static void run_together(sx_clean_work *work, const path *paths, const uint32_t *of_length)
{
  group groups[GROUPS];
  const uint32_t slices = sx_clean_slices(&work->span);
  uint32_t count = 0;
  uint32_t first = 0;
  for (uint32_t length = 1; length <= SX_LONGEST_PATH; ++length) {
    const uint32_t voices = of_length[length - 1];
    for (uint32_t i = 0; i < voices; ++i) {
      if (i % SX_LANES == 0) {
        begin_group(&groups[count++], length, first + i, voices - i);
      }
      enter_group(&groups[count - 1], &paths[first + i], work->path[first + i], slices);
    }
    first += fours(voices);
  }
  run_groups(groups, count, work->path, slices);
}

void sx_clean_run_feedback(sx_clean_work *work, uint32_t count)
{
  path paths[SX_CLEAN_PATHS];
  uint32_t of_length[SX_LONGEST_PATH] = { 0 }; /* that sound */
  uint32_t first = 0;
  uint32_t sounding = 0;
  for (uint32_t length = 1; length <= SX_LONGEST_PATH; ++length) {
    uint32_t row = first;
    for (uint32_t i = 0; i < count; ++i) {
      sx_voice *voice = work->voice[i];
      if (sx_feedback_length(voice->program->patch.algorithm) == length) {
        const int sounds = prepare_path(work, voice, work->path[row], &paths[row]);
        work->row_of[i] = (uint8_t)(sounds ? row : SX_CLEAN_NO_PATH);
        row += sounds != 0;
      }
    }
    of_length[length - 1] = row - first;
    sounding += row - first;
    first += fours(row - first);
  }
  if (sounding > 1) {
    run_together(work, paths, of_length);
  }
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t row = work->row_of[i];
    if (row != SX_CLEAN_NO_PATH) {
      if (sounding == 1) {
        run_lone_voice(work, &paths[row], work->path[row]);
      }
      remember(&work->voice[i]->clean, work->path[row][0] + SX_SLICE, work->span.frames);
    }
  }
}
