/* SPDX-License-Identifier: Apache-2.0 */
#include "meters.h"

#include <string.h>

#include "engine.h"
#include "stopwatch.h"

#define NANOSECOND 1e-9f
#define LONGEST_OUTPUT_DELAY 5.0 /* seconds; some servers report days, which is to say that they do not know */

/* The beginning of PortAudio's PaStreamCallbackTimeInfo: seconds of the stream's clock. */
typedef struct {
  double input_adc;
  double now;
  double output_dac;
} time_of_stream;

uint32_t sx_float_bits(float value)
{
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

void sx_raise(_Atomic uint32_t *highest, uint32_t bits)
{
  if (bits > atomic_load_explicit(highest, memory_order_relaxed)) {
    atomic_store_explicit(highest, bits, memory_order_relaxed);
  }
}

void sx_raise_to(_Atomic uint32_t *highest, float value)
{
  sx_raise(highest, sx_float_bits(value));
}

static void note_output_delay(sx_engine *engine, const time_of_stream *time)
{
  const double delay = time == NULL ? 0.0 : time->output_dac - time->now;
  const int is_known = delay > 0.0 && delay < LONGEST_OUTPUT_DELAY;
  atomic_store_explicit(&engine->counters.output_delay, is_known ? sx_float_bits((float)delay) : 0, memory_order_relaxed);
}

void sx_meters_begin(sx_engine *engine, const void *time_info)
{
  engine->called = sx_now();
  note_output_delay(engine, time_info);
}

void sx_meters_end(sx_engine *engine, uint32_t frames)
{
  const uint64_t took = sx_now() - engine->called;
  engine->called = 0;
  sx_count(&engine->counters.rendering_ns, took);
  if (frames > 0) {
    const float block = (float)frames / (float)engine->config.sample_rate;
    sx_raise_to(&engine->counters.load_peak, (float)took * NANOSECOND / block);
  }
}

void sx_meters_take(sx_engine *engine, const sx_event *event)
{
  if (engine->called == 0) {
    return;
  }
  const uint64_t waited = engine->called > event->posted ? engine->called - event->posted : 0;
  sx_count(&engine->counters.live_events, 1);
  sx_count(&engine->counters.waiting_ns, waited);
  sx_raise_to(&engine->counters.wait_peak, (float)waited * NANOSECOND);
}
