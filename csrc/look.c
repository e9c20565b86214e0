/* SPDX-License-Identifier: Apache-2.0
 *
 * Read-only views for every thread: counters, delay, and the DX7's tables.
 */
#include <math.h>
#include <string.h>

#include "engine.h"
#include "rom.h"
#include "units.h"

static uint64_t value_of(const _Atomic uint64_t *counter)
{
  return atomic_load_explicit(counter, memory_order_relaxed);
}

static float float_of(const _Atomic uint32_t *bits)
{
  const uint32_t loaded = atomic_load_explicit(bits, memory_order_relaxed);
  float value;
  memcpy(&value, &loaded, sizeof value);
  return value;
}

void sx_get_stats(const sx_engine *engine, sx_stats *stats)
{
  const sx_counters *c = &engine->counters;
  stats->frames = value_of(&c->frames);
  stats->native_frames = value_of(&c->native_frames);
  stats->blocks = value_of(&c->blocks);
  stats->underflows = value_of(&c->underflows);
  stats->events = value_of(&c->events);
  stats->notes_on = value_of(&c->notes_on);
  stats->notes_stolen = value_of(&c->notes_stolen);
  stats->notes_dropped = value_of(&c->notes_dropped);
  stats->late_events = value_of(&c->late_events);
  stats->record_lost = value_of(&c->record_lost);
  stats->voices_sounding = atomic_load_explicit(&c->voices_sounding, memory_order_relaxed);
  stats->keys_held = atomic_load_explicit(&c->keys_held, memory_order_relaxed);
  stats->rendering_ns = value_of(&c->rendering_ns);
  stats->live_events = value_of(&c->live_events);
  stats->waiting_ns = value_of(&c->waiting_ns);
  stats->peak = float_of(&c->peak);
  stats->load_peak = float_of(&c->load_peak);
  stats->wait_peak = float_of(&c->wait_peak);
  stats->limiter_gain = float_of(&c->limiter_gain);
  stats->output_delay = float_of(&c->output_delay);
}

void sx_get_keys(const sx_engine *engine, sx_keys *keys)
{
  const sx_counters *c = &engine->counters;
  for (uint32_t i = 0; i < SX_KEY_WORDS; ++i) {
    keys->held[i] = value_of(&c->held[i]);
    keys->sustained[i] = value_of(&c->sustained[i]);
    keys->released[i] = value_of(&c->released[i]);
  }
}

float sx_take_level(sx_engine *engine)
{
  const uint32_t bits = atomic_exchange_explicit(&engine->counters.level, 0, memory_order_relaxed);
  float level;
  memcpy(&level, &bits, sizeof level);
  return level;
}

void sx_reset_peak(sx_engine *engine)
{
  atomic_store_explicit(&engine->counters.peak, 0, memory_order_relaxed);
  atomic_store_explicit(&engine->counters.load_peak, 0, memory_order_relaxed);
  atomic_store_explicit(&engine->counters.wait_peak, 0, memory_order_relaxed);
}

double sx_group_delay(const sx_engine *engine)
{
  const uint32_t limited = atomic_load_explicit(&engine->counters.is_limited, memory_order_relaxed);
  const double limiter = limited ? (double)sx_limiter_delay(&engine->limiter) / engine->config.sample_rate : 0.0;
  return engine->resampler.delay + limiter; /* the resampler's is 0 where there is none */
}

/* The envelope chip adds level and velocity registers; the operator chip turns the sum into a phase deviation. */
double sx_modulation_index(uint32_t output_level)
{
  const uint32_t output = 2 * sx_level_attenuation(output_level) + sx_velocity_attenuation(0, 0);
  const double octaves = output / 16.0;
  const double peak = 4.0 * 2048.0 * 2.0; /* of the exponential ROM's untruncated curve, at attenuation 0 */
  return peak * exp2(-octaves) * 2.0 * 3.14159265358979323846 / SX_PHASE_STEPS;
}

uint32_t sx_is_carrier(uint32_t algorithm, uint32_t op)
{
  return algorithm < SX_ALGORITHMS && op >= 1 && op <= SX_OPERATORS && (sx_algorithms[algorithm].carriers >> (op - 1)) & 1;
}

uint32_t sx_modulates(uint32_t algorithm, uint32_t source, uint32_t target)
{
  return algorithm < SX_ALGORITHMS && source >= 1 && source <= SX_OPERATORS && target >= 1 && target <= SX_OPERATORS &&
         (sx_algorithms[algorithm].sources[target - 1] >> (source - 1)) & 1;
}

uint32_t sx_feedback_path(uint32_t algorithm)
{
  if (algorithm >= SX_ALGORITHMS) {
    return 0;
  }
  const sx_algorithm *a = &sx_algorithms[algorithm];
  return (a->feedback_source + 1u) * 8u + a->feedback_target + 1u;
}
