/* SPDX-License-Identifier: Apache-2.0
 *
 * Batches of any bytes as voices: every row is what an engine with one voice
 * plays, whoever renders it; cancelling stops it; bad jobs are refused. Meant
 * for the thread sanitizer as well.
 */
#include <math.h>
#include <string.h>

#include "sixop.h"
#include "test.h"

#define ROWS 70u
#define FRAMES 2300u

static uint8_t voices[ROWS][SX_VOICE_BYTES];
static uint8_t operators[ROWS], notes[ROWS], velocities[ROWS];
static uint32_t holds[ROWS];
static float out[ROWS][FRAMES];
static float again[ROWS][FRAMES];

static sx_batch_job any_job(uint64_t *seed)
{
  static const uint32_t rates[] = { SX_MIN_RATE, 22050, 48000, 49096, 96000, SX_MAX_RATE };
  for (uint32_t row = 0; row < ROWS; ++row) {
    random_bytes(seed, voices[row], SX_VOICE_BYTES);
    operators[row] = (uint8_t)random_below(seed, SX_ALL_OPERATORS + 1);
    notes[row] = (uint8_t)random_below(seed, 128);
    velocities[row] = (uint8_t)random_below(seed, 128);
    holds[row] = random_below(seed, FRAMES + 100);
  }
  const sx_batch_job job = { .sample_rate = rates[random_below(seed, 6)], .kernel = random_below(seed, 2),
                             .output = random_below(seed, 2), .threads = 1 + random_below(seed, 5),
                             .rows = ROWS, .frames = FRAMES, .voices = voices[0], .voice_step = SX_VOICE_BYTES,
                             .operators = operators, .notes = notes, .velocities = velocities, .holds = holds,
                             .out = out[0] };
  return job;
}

static void run(const sx_batch_job *job)
{
  sx_status status;
  sx_batch *batch = sx_batch_start(job, &status);
  CHECK(batch != NULL && status == SX_OK);
  uint32_t before = 0;
  while (!sx_batch_wait(batch, 1)) {
    const uint32_t done = sx_batch_done(batch);
    CHECK(done >= before && done <= job->rows);
    before = done;
  }
  CHECK(sx_batch_done(batch) == job->rows);
  sx_batch_free(batch);
}

/* The note of a row, as an engine plays it. */
static void play(const sx_batch_job *job, uint32_t row, float *samples)
{
  sx_config config = sx_config_default();
  config.sample_rate = job->sample_rate;
  config.kernel = job->kernel;
  config.output = job->output;
  config.voices = 1;
  sx_status status;
  sx_engine *engine = sx_new(&config, &status);
  CHECK(engine != NULL);
  const uint8_t on[] = { 0x90, notes[row], velocities[row] };
  const uint8_t off[] = { 0x80, notes[row], 0 };
  CHECK(sx_load(engine, 0, 0, 0, voices[row], operators[row]) == SX_OK);
  CHECK(sx_midi(engine, 0, 0, on, sizeof on) == SX_OK);
  CHECK(sx_midi(engine, 0, holds[row], off, sizeof off) == SX_OK);
  sx_render(engine, samples, job->frames, 1);
  sx_free(engine);
}

static void rows_are_what_an_engine_plays(void)
{
  for (uint64_t seed = 1; seed < 9; ++seed) {
    uint64_t state = seed;
    sx_batch_job job = any_job(&state);
    memset(out, 0xFF, sizeof out); /* nothing may be left of it */
    run(&job);
    for (uint32_t row = 0; row < ROWS; ++row) {
      for (uint32_t i = 0; i < FRAMES; ++i) {
        CHECK(isfinite(out[row][i]));
      }
    }
    for (uint32_t row = 0; row < ROWS; row += 9) {
      play(&job, row, again[row]);
      CHECK(memcmp(out[row], again[row], sizeof out[row]) == 0);
    }
    job.threads = job.threads % 5 + 1;
    job.rows = ROWS - 7;
    job.out = again[0];
    run(&job);
    CHECK(memcmp(out, again, (ROWS - 7) * sizeof out[0]) == 0);
  }
}

static void one_voice_serves_all_rows(void)
{
  uint64_t state = 99;
  sx_batch_job job = any_job(&state);
  job.voice_step = 0;
  run(&job);
  for (uint32_t row = 0; row < ROWS; ++row) {
    memcpy(voices[row], voices[0], SX_VOICE_BYTES);
  }
  job.voice_step = SX_VOICE_BYTES;
  job.out = again[0];
  run(&job);
  CHECK(memcmp(out, again, sizeof out) == 0);
}

static void nothing_is_a_batch_too(void)
{
  uint64_t state = 3;
  sx_batch_job job = any_job(&state);
  job.rows = 0;
  run(&job);
  job.rows = ROWS;
  job.frames = 0;
  run(&job);
}

/* Minutes of sound that nobody waits for. */
static void a_batch_can_be_cancelled(void)
{
  static float minutes[4][10000000];
  uint64_t state = 5;
  sx_batch_job job = any_job(&state);
  job.rows = 4;
  job.threads = 2;
  job.frames = 10000000;
  job.out = minutes[0];
  for (uint32_t row = 0; row < 4; ++row) {
    velocities[row] = 100;
    holds[row] = 10000000;
  }
  for (uint32_t waits = 0; waits < 3; ++waits) {
    sx_status status;
    sx_batch *batch = sx_batch_start(&job, &status);
    CHECK(batch != NULL);
    if (waits > 0) {
      sx_batch_wait(batch, waits);
      sx_batch_cancel(batch);
      while (!sx_batch_wait(batch, 1000)) {
      }
    }
    sx_batch_free(batch);
  }
}

static void is_refused(const sx_batch_job *job)
{
  sx_status status = SX_OK;
  CHECK(sx_batch_start(job, &status) == NULL && status == SX_RANGE);
}

static void bad_jobs_are_refused(void)
{
  uint64_t state = 6;
  const sx_batch_job good = any_job(&state);
  sx_batch_job job = good;
  job.sample_rate = SX_MIN_RATE - 1;
  is_refused(&job);
  job.sample_rate = SX_MAX_RATE + 1;
  is_refused(&job);
  job = good;
  job.kernel = 2;
  is_refused(&job);
  job = good;
  job.output = 2;
  is_refused(&job);
  job = good;
  job.threads = 0;
  is_refused(&job);
  job.threads = SX_BATCH_THREADS + 1;
  is_refused(&job);
  job = good;
  job.voice_step = SX_VOICE_BYTES - 1;
  is_refused(&job);
  job = good;
  notes[ROWS - 1] = 128;
  is_refused(&job);
  notes[ROWS - 1] = 0;
  velocities[0] = 128;
  is_refused(&job);
  velocities[0] = 0;
  operators[1] = SX_ALL_OPERATORS + 1;
  is_refused(&job);
  sx_batch_free(NULL);
}

int main(void)
{
  rows_are_what_an_engine_plays();
  one_voice_serves_all_rows();
  nothing_is_a_batch_too();
  a_batch_can_be_cancelled();
  bad_jobs_are_refused();
  return 0;
}
