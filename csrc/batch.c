/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <string.h>

#include "dac.h"
#include "note.h"

static int is_chip(const sx_batch_worker *worker)
{
  return worker->batch->rate.kernel == SX_KERNEL_CHIP;
}

static int is_cancelled(const sx_batch *batch)
{
  return atomic_load_explicit(&batch->cancelled, memory_order_relaxed) != 0;
}

static float *output(const sx_batch_worker *worker, uint32_t row)
{
  const sx_batch_job *job = &worker->batch->job;
  return job->out + (size_t)worker->order[row] * job->frames;
}

/* ---- notes and ticks, as in an engine ----------------------------------- */

/* The first frame of the kernel that is not before a device frame. */
static uint64_t kernel_frame(const sx_batch *batch, uint64_t frame)
{
  return batch->resamples ? sx_resampler_input_frame(&batch->resampler, frame) : frame;
}

static void start_row(sx_batch_worker *worker, uint32_t row)
{
  const sx_batch *batch = worker->batch;
  const sx_batch_job *job = &batch->job;
  const size_t at = worker->order[row];
  const sx_note note = { job->voices + at * job->voice_step, job->operators[at], job->notes[at], job->velocities[at] };
  sx_note_start(&worker->program[row], &worker->voice[row], &note, &batch->part, &batch->rate);
  worker->key_off[row] = kernel_frame(batch, job->holds[at]);
  worker->filled[row] = 0;
}

static int goes_singly(const sx_batch_worker *worker)
{
  return worker->rows <= SX_BATCH_SINGLES;
}

static void restart_resamplers(sx_batch_worker *worker)
{
  for (uint32_t row = 0; goes_singly(worker) && row < worker->rows; ++row) {
    sx_resampler_restart(&worker->single[row], 1);
  }
  for (uint32_t first = 0; !goes_singly(worker) && first < worker->rows; first += SX_LANES) {
    sx_resampler_restart(&worker->resampler[first / SX_LANES], SX_LANES);
  }
}

static void start_chunk(sx_batch_worker *worker, const uint32_t *order, uint32_t rows)
{
  worker->order = order;
  worker->rows = rows;
  worker->frame = 0;
  worker->tick_frame = 0;
  worker->ahead = 0;
  worker->silent = 0;
  worker->clock = (sx_clock){ 0, 0, 0, 0 };
  for (uint32_t row = 0; row < rows; ++row) {
    start_row(worker, row);
  }
  if (worker->batch->resamples) {
    restart_resamplers(worker);
  }
}

static void tick(sx_batch_worker *worker)
{
  const sx_part *part = &worker->batch->part;
  const uint64_t number = worker->clock.tick;
  sx_clock_advance(&worker->clock, &worker->batch->rate);
  const uint32_t frames_to_next = (uint32_t)(worker->clock.frame - worker->frame);
  for (uint32_t row = 0; row < worker->rows; ++row) {
    if (!worker->voice[row].resting) {
      sx_note_tick(&worker->voice[row], part, number, worker->frame, frames_to_next);
    }
  }
  worker->tick_frame = worker->frame;
}

/* Releases the keys whose time has come. Returns the frame of the next one to be released. */
static uint64_t release_keys(sx_batch_worker *worker)
{
  uint64_t next = UINT64_MAX;
  for (uint32_t row = 0; row < worker->rows; ++row) {
    if (!worker->voice[row].key_down) {
      continue;
    }
    if (worker->key_off[row] <= worker->frame) {
      sx_voice_key_off(&worker->voice[row], worker->frame);
    } else if (worker->key_off[row] < next) {
      next = worker->key_off[row];
    }
  }
  return next;
}

/* Everything due at the present frame. Returns how many of the next frames have neither a tick nor an event inside. */
static uint32_t begin_span(sx_batch_worker *worker, uint32_t most)
{
  if (worker->frame > 0 && worker->frame == worker->clock.frame) {
    tick(worker);
  }
  const uint64_t next_release = release_keys(worker);
  if (worker->frame == 0 && worker->clock.tick == 0) {
    tick(worker);
  }
  uint64_t span = worker->clock.frame - worker->frame;
  span = next_release - worker->frame < span ? next_release - worker->frame : span;
  span = most < span ? most : span;
  const uint32_t block = is_chip(worker) ? SX_BLOCK : SX_CLEAN_BLOCK;
  return span < block ? (uint32_t)span : block;
}

/* ---- voices ------------------------------------------------------------- */

#define CHIP_UNIT (1.0f / (float)SX_UNITY)

/* Engines add to a bus of zeros, which makes a zero of either sign a positive one. */
SX_CLONED static void scale(float *restrict out, const float *restrict samples, float unit, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = (0.0f + samples[i]) * unit;
  }
}

SX_CLONED static void scale_integers(float *restrict out, const int32_t *restrict samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = (float)samples[i] * CHIP_UNIT;
  }
}

static void finish_chip(sx_batch_worker *worker, uint32_t index, float *out, uint32_t frames)
{
  const int32_t *samples = sx_chip_finish(&worker->chip, index);
  if (samples == NULL) {
    memset(out, 0, frames * sizeof *out);
  } else if (worker->batch->job.output == SX_OUTPUT_DX7) {
    sx_dac_of_chip(worker->floats, samples, frames);
    scale(out, worker->floats, CHIP_UNIT, frames);
  } else {
    scale_integers(out, samples, frames);
  }
}

static void finish_clean(sx_batch_worker *worker, uint32_t index, float *out, uint32_t frames)
{
  const float *samples = sx_clean_finish(&worker->clean, index);
  if (samples == NULL) {
    memset(out, 0, frames * sizeof *out);
  } else if (worker->batch->job.output == SX_OUTPUT_DX7) {
    sx_dac_of_clean(worker->floats, samples, frames);
    scale(out, worker->floats, CHIP_UNIT, frames);
  } else {
    scale(out, samples, SX_CLEAN_UNIT * CHIP_UNIT, frames);
  }
}

/* Rows that are not at rest. */
static uint32_t gather(sx_batch_worker *worker, uint32_t *rows, sx_voice **voices)
{
  uint32_t sounding = 0;
  for (uint32_t row = 0; row < worker->rows; ++row) {
    if (!worker->voice[row].resting) {
      rows[sounding] = row;
      voices[sounding++] = &worker->voice[row];
    }
  }
  return sounding;
}

static void begin_voices(sx_batch_worker *worker, sx_voice *const *voices, uint32_t count, uint32_t frames)
{
  if (is_chip(worker)) {
    sx_chip_begin(&worker->chip, voices, count, worker->frame, frames);
  } else {
    worker->clean.span.tick_frame = worker->tick_frame;
    worker->clean.span.tick_frames = (uint32_t)(worker->clock.frame - worker->tick_frame);
    sx_clean_begin(&worker->clean, voices, count, worker->frame, frames);
  }
}

static void finish_voice(sx_batch_worker *worker, uint32_t index, float *out, uint32_t frames)
{
  if (is_chip(worker)) {
    finish_chip(worker, index, out, frames);
  } else {
    finish_clean(worker, index, out, frames);
  }
}

/* ---- straight into the rows --------------------------------------------- */

#define ROWS_AHEAD 6 /* the way from memory takes about as long as these */

/* Rows are long and written in turn, which no processor foresees. */
static void fetch_output(const float *out, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; i += SX_CACHE_LINE / sizeof *out) {
    SX_PREFETCH(out + i);
  }
}

/* What follows the rest of a row. */
static void fill_resting_rows(sx_batch_worker *worker)
{
  const uint32_t frames = worker->batch->job.frames;
  for (uint32_t row = 0; row < worker->rows; ++row) {
    if (worker->voice[row].resting && !worker->filled[row]) {
      memset(output(worker, row) + worker->frame, 0, (frames - worker->frame) * sizeof(float));
      worker->filled[row] = 1;
    }
  }
}

static void render_directly(sx_batch_worker *worker)
{
  const sx_batch *batch = worker->batch;
  while (worker->frame < batch->job.frames && !is_cancelled(batch)) {
    uint32_t rows[SX_BATCH_ROWS];
    sx_voice *voices[SX_BATCH_ROWS];
    const uint32_t span = begin_span(worker, batch->job.frames - (uint32_t)worker->frame);
    fill_resting_rows(worker);
    const uint32_t count = gather(worker, rows, voices);
    if (count == 0) {
      return;
    }
    for (uint32_t i = 0; i < count && i < ROWS_AHEAD; ++i) {
      fetch_output(output(worker, rows[i]) + worker->frame, span);
    }
    begin_voices(worker, voices, count, span);
    for (uint32_t i = 0; i < count; ++i) {
      if (i + ROWS_AHEAD < count) {
        fetch_output(output(worker, rows[i + ROWS_AHEAD]) + worker->frame, span);
      }
      finish_voice(worker, i, output(worker, rows[i]) + worker->frame, span);
    }
    worker->frame += span;
  }
}

/* ---- through the resampler ---------------------------------------------- */

/* A group's next frames side by side. Up to three frames behind them are overwritten. */
SX_CLONED static void put_side_by_side(float *lanes, const sx_batch_worker *worker, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; i += 4) {
    for (uint32_t lane = 0; lane < SX_LANES; lane += 4) {
      sx_transpose4(lanes + i * SX_LANES + lane, SX_LANES, &worker->span[lane][i], SX_CLEAN_ROW);
    }
  }
}

/* Rows that sound, in order, and how many of them have been rendered. */
typedef struct {
  uint32_t rows[SX_BATCH_ROWS];
  uint32_t count;
  uint32_t done;
} sounding;

static void render_row(sx_batch_worker *worker, sounding *s, uint32_t row, float *out, uint32_t frames)
{
  if (s->done < s->count && s->rows[s->done] == row) {
    finish_voice(worker, s->done++, out, frames);
  } else {
    memset(out, 0, frames * sizeof *out);
  }
}

static void feed_singly(sx_batch_worker *worker, sounding *s, uint32_t at, uint32_t frames)
{
  for (uint32_t row = 0; row < worker->rows; ++row) {
    render_row(worker, s, row, sx_resampler_input(&worker->single[row]) + at, frames);
  }
}

static void feed_groups(sx_batch_worker *worker, sounding *s, uint32_t at, uint32_t frames)
{
  for (uint32_t first = 0; first < worker->rows; first += SX_LANES) {
    for (uint32_t lane = 0; lane < SX_LANES; ++lane) {
      render_row(worker, s, first + lane, worker->span[lane], frames);
    }
    float *input = sx_resampler_lanes_input(&worker->resampler[first / SX_LANES]);
    put_side_by_side(input + (size_t)at * SX_LANES, worker, frames);
  }
}

/* Renders frames of the kernel's rate into the resamplers' inputs until there are as many as needed. Spans are whole,
 * unless there is no room for more than `most` frames: cutting one in two would cost more than it takes. */
static void feed(sx_batch_worker *worker, uint32_t needed, uint32_t most)
{
  while (worker->ahead < needed) {
    sounding s;
    sx_voice *voices[SX_BATCH_ROWS];
    const uint32_t span = begin_span(worker, most - worker->ahead);
    s.count = gather(worker, s.rows, voices);
    s.done = 0;
    begin_voices(worker, voices, s.count, span);
    if (goes_singly(worker)) {
      feed_singly(worker, &s, worker->ahead, span);
    } else {
      feed_groups(worker, &s, worker->ahead, span);
    }
    worker->silent = s.count > 0 ? 0 : worker->silent + span;
    worker->frame += span;
    worker->ahead += span;
  }
}

/* After a resampler took frames: what it has not taken yet. */
static void move_up(float *input, uint32_t taken, uint32_t left, uint32_t streams)
{
  memmove(input, input + (size_t)taken * streams, (size_t)left * streams * sizeof *input);
}

static void resample_singly(sx_batch_worker *worker, uint64_t frame, uint32_t frames, uint32_t input_frames)
{
  for (uint32_t row = 0; row < worker->rows; ++row) {
    sx_resampler *r = &worker->single[row];
    sx_resampler_run(r, output(worker, row) + frame, frames, input_frames);
    move_up(sx_resampler_input(r), input_frames, worker->ahead - input_frames, 1);
  }
}

static void resample_groups(sx_batch_worker *worker, uint64_t frame, uint32_t frames, uint32_t input_frames)
{
  for (uint32_t first = 0; first < worker->rows; first += SX_LANES) {
    sx_resampler *r = &worker->resampler[first / SX_LANES];
    float *rows[SX_LANES];
    for (uint32_t lane = 0; lane < SX_LANES; ++lane) {
      rows[lane] = first + lane < worker->rows ? output(worker, first + lane) + frame : worker->unused;
    }
    sx_resampler_run_lanes(r, rows, frames, input_frames);
    move_up(sx_resampler_lanes_input(r), input_frames, worker->ahead - input_frames, SX_LANES);
  }
}

static void render_resampled(sx_batch_worker *worker)
{
  const sx_batch *batch = worker->batch;
  const sx_resampler *any = goes_singly(worker) ? worker->single : worker->resampler;
  const uint32_t total = batch->job.frames;
  uint32_t frame = 0;
  while (frame < total && worker->silent < batch->resampler.taps + worker->ahead && !is_cancelled(batch)) {
    const uint32_t wanted = total - frame < SX_BATCH_BLOCK ? total - frame : SX_BATCH_BLOCK;
    uint32_t input_frames;
    const uint32_t frames = sx_resampler_plan(any, wanted, &input_frames);
    feed(worker, input_frames, frame + frames < total ? any->room : input_frames);
    if (goes_singly(worker)) {
      resample_singly(worker, frame, frames, input_frames);
    } else {
      resample_groups(worker, frame, frames, input_frames);
    }
    worker->ahead -= input_frames;
    frame += frames;
  }
  for (uint32_t row = 0; row < worker->rows && !is_cancelled(batch); ++row) {
    memset(output(worker, row) + frame, 0, (total - frame) * sizeof(float));
  }
}

/* ---- chunks ------------------------------------------------------------- */

int sx_batch_work(sx_batch_worker *worker)
{
  sx_batch *batch = worker->batch;
  const uint32_t first = atomic_fetch_add(&batch->next, batch->chunk);
  if (first >= batch->job.rows || is_cancelled(batch)) {
    return 0;
  }
  const uint32_t left = batch->job.rows - first;
  start_chunk(worker, batch->order + first, left < batch->chunk ? left : batch->chunk);
  if (batch->resamples) {
    render_resampled(worker);
  } else {
    render_directly(worker);
  }
  if (is_cancelled(batch)) {
    return 0;
  }
  atomic_fetch_add(&batch->done, worker->rows);
  return 1;
}
