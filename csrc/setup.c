/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes engines and takes them apart, before and after sound.
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "meters.h"
#include "rom.h"
#include "sixop.h"

sx_config sx_config_default(void)
{
  const sx_config config = { .sample_rate = 48000, .voices = 32, .parts = SX_PARTS, .steal = 1,
                             .kernel = SX_KERNEL_CHIP, .output = SX_OUTPUT_CLEAN, .clamp = 0, .mono = 0, .limiter = 0, .volume = 1.0f,
                             .record_frames = 0 };
  return config;
}

static int is_valid(const sx_config *c)
{
  return c->sample_rate >= SX_MIN_RATE && c->sample_rate <= SX_MAX_RATE && c->voices >= 1 &&
         c->voices <= SX_MAX_VOICES && c->parts >= 1 && c->parts <= SX_PARTS && c->steal <= 1 && c->clamp <= 1 &&
         c->mono <= 1 && c->limiter <= 1 && c->kernel <= SX_KERNEL_CLEAN && c->output <= SX_OUTPUT_DX7 && c->volume >= 0.0f &&
         c->volume <= (float)SX_MAX_VOLUME && c->record_frames <= SX_MAX_RECORD_FRAMES;
}

static int allocate_recorder(sx_recorder *recorder, uint32_t frames)
{
  if (frames == 0) {
    return 1;
  }
  recorder->room = 1;
  while (recorder->room < frames) {
    recorder->room *= 2;
  }
  const size_t size = (size_t)recorder->room * 2 * sizeof *recorder->samples;
  recorder->samples = malloc(size);
  volatile char *touched = (volatile char *)recorder->samples;
  for (size_t at = 0; touched != NULL && at < size; at += SX_CACHE_LINE) {
    touched[at] = 0; /* so that the audio thread never waits for a page of memory */
  }
  return recorder->samples != NULL;
}

static int allocate_resampler(sx_engine *engine)
{
  const sx_config *c = &engine->config;
  const sx_rate *rate = &engine->rate;
  engine->unresampled = !sx_rate_is_resampled(rate, c->output);
  if (engine->unresampled) {
    return 1;
  }
  const int with_filter = c->output == SX_OUTPUT_DX7;
  return sx_resampler_init(&engine->resampler, rate->clock, rate->divider, c->sample_rate, with_filter) &&
         sx_resampler_share(&engine->sides.right, &engine->resampler, 1, SX_RESAMPLER_INPUT);
}

static int allocate(sx_engine *engine)
{
  int ok = allocate_recorder(&engine->recorder, engine->config.record_frames);
  engine->queue.events = calloc(SX_QUEUE_EVENTS, sizeof *engine->queue.events);
  ok = ok && engine->queue.events != NULL;
  for (uint32_t i = 0; i < SX_PRODUCERS; ++i) {
    engine->ring[i].events = calloc(SX_RING_EVENTS, sizeof *engine->ring[i].events);
    ok = ok && engine->ring[i].events != NULL;
  }
  engine->chip.outputs = sx_output_table();
  ok = ok && engine->chip.outputs != NULL;
  return ok && allocate_resampler(engine);
}

/* Parts play INIT VOICE; all voices wait for part 0. */
static void start_up(sx_engine *engine)
{
  engine->volume = engine->config.volume;
  sx_pan_curve_init(&engine->pan_curve);
  sx_limiter_init(&engine->limiter, engine->config.sample_rate, engine->config.limiter > 0);
  atomic_store_explicit(&engine->counters.is_limited, engine->limiter.is_on, memory_order_relaxed);
  atomic_store_explicit(&engine->counters.limiter_gain, sx_float_bits(1.0f), memory_order_relaxed);
  engine->master = sx_ramp_at(engine->config.volume);
  engine->last_started = engine->config.voices - 1; /* so that the first note takes voice 0 */
  engine->programs = engine->config.parts;
  for (uint32_t i = 0; i < engine->config.parts; ++i) {
    sx_program *program = &engine->program[i];
    sx_part_reset(&engine->part[i]);
    sx_tuning_reset(&engine->tuning[i]);
    sx_patch_compile(&program->patch, sx_init_voice);
    sx_lfo_reset(&program->lfo);
    program->operators = SX_ALL_OPERATORS;
    program->part = (uint8_t)i;
    program->references = 1;
    engine->playing[i] = program;
  }
  for (uint32_t i = 0; i < sx_voice_count(engine); ++i) {
    sx_voice_reset(&engine->voice[i], engine->playing[0], &engine->rate);
    engine->playing[0]->references += 1;
  }
}

/* The rings' indices want cache lines of their own, which calloc alone does not promise. */
static sx_engine *allocate_engine(void)
{
  char *block = calloc(1, sizeof(sx_engine) + SX_CACHE_LINE);
  if (block == NULL) {
    return NULL;
  }
  sx_engine *engine = (sx_engine *)(void *)(block + (SX_CACHE_LINE - (uintptr_t)block % SX_CACHE_LINE));
  engine->block = block;
  return engine;
}

sx_engine *sx_new(const sx_config *config, sx_status *status)
{
  if (!is_valid(config)) {
    *status = SX_RANGE;
    return NULL;
  }
  sx_engine *engine = allocate_engine();
  if (engine != NULL) {
    engine->config = *config;
    engine->rate = sx_rate_of(config->kernel, config->sample_rate);
    engine->channels = 2;
    atomic_init(&engine->watched.producer, SX_PRODUCERS);
    if (allocate(engine)) {
      start_up(engine);
      *status = SX_OK;
      return engine;
    }
    sx_free(engine);
  }
  *status = SX_MEMORY;
  return NULL;
}

void sx_free(sx_engine *engine)
{
  if (engine == NULL) {
    return;
  }
  sx_score_free(engine->score);
  sx_resampler_free(&engine->sides.right);
  sx_resampler_free(&engine->resampler);
  free(engine->recorder.samples);
  free(engine->queue.events);
  for (uint32_t i = 0; i < SX_PRODUCERS; ++i) {
    free(engine->ring[i].events);
  }
  free(engine->block);
}

void sx_set_channels(sx_engine *engine, uint32_t channels)
{
  engine->channels = channels;
}

static int by_frame(const void *a, const void *b)
{
  const sx_event *left = a;
  const sx_event *right = b;
  if (left->frame != right->frame) {
    return left->frame < right->frame ? -1 : 1;
  }
  return left->order < right->order ? -1 : left->order > right->order;
}

sx_status sx_play(sx_engine *engine, sx_score *score)
{
  if (score == engine->score) {
    return SX_RANGE;
  }
  if (score->count > 0) {
    qsort(score->events, score->count, sizeof *score->events, by_frame);
  }
  score->next = 0;
  sx_score_free(engine->score);
  engine->score = score;
  return SX_OK;
}

const char *sx_strerror(sx_status status)
{
  switch (status) {
  case SX_OK: return "success";
  case SX_FULL: return "the engine's queue is full: let it render before sending more";
  case SX_RANGE: return "an argument is outside its range";
  default: return "out of memory";
  }
}
