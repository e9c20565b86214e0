/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder.h"

#include "engine.h"

uint32_t sx_recorder_write(sx_recorder *recorder, const float *left, const float *right, uint32_t frames)
{
  if (recorder->samples == NULL) {
    return 0;
  }
  const uint64_t at = atomic_load_explicit(&recorder->written, memory_order_relaxed);
  const uint64_t used = at - atomic_load_explicit(&recorder->read, memory_order_acquire);
  const uint32_t free = recorder->room - (uint32_t)used;
  const uint32_t taken = frames < free ? frames : free;
  for (uint32_t i = 0; i < taken; ++i) {
    float *frame = &recorder->samples[2 * ((at + i) & (recorder->room - 1))];
    frame[0] = left[i];
    frame[1] = right[i];
  }
  atomic_store_explicit(&recorder->written, at + taken, memory_order_release);
  return frames - taken;
}

uint32_t sx_record_read(sx_engine *engine, float *out, uint32_t frames)
{
  sx_recorder *recorder = &engine->recorder;
  const uint64_t at = atomic_load_explicit(&recorder->read, memory_order_relaxed);
  const uint64_t ready = atomic_load_explicit(&recorder->written, memory_order_acquire) - at;
  const uint32_t taken = ready < frames ? (uint32_t)ready : frames;
  for (uint32_t i = 0; i < taken; ++i) {
    const float *frame = &recorder->samples[2 * ((at + i) & (recorder->room - 1))];
    out[2 * i] = frame[0];
    out[2 * i + 1] = frame[1];
  }
  atomic_store_explicit(&recorder->read, at + taken, memory_order_release);
  return taken;
}
