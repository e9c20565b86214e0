/* SPDX-License-Identifier: Apache-2.0 */
#include "arrivals.h"

#include "engine.h"

void sx_arrivals_write(sx_arrivals *arrivals, uint64_t frame, uint32_t events)
{
  const uint32_t at = atomic_load_explicit(&arrivals->written, memory_order_relaxed);
  if (at - atomic_load_explicit(&arrivals->read, memory_order_acquire) < SX_ARRIVALS) {
    const sx_arrival entry = { frame, events };
    arrivals->entry[at & (SX_ARRIVALS - 1)] = entry;
    atomic_store_explicit(&arrivals->written, at + 1, memory_order_release);
  }
}

uint32_t sx_arrivals_read(sx_engine *engine, sx_arrival *out, uint32_t most)
{
  sx_arrivals *arrivals = &engine->watched;
  const uint32_t at = atomic_load_explicit(&arrivals->read, memory_order_relaxed);
  const uint32_t ready = atomic_load_explicit(&arrivals->written, memory_order_acquire) - at;
  const uint32_t taken = ready < most ? ready : most;
  for (uint32_t i = 0; i < taken; ++i) {
    out[i] = arrivals->entry[(at + i) & (SX_ARRIVALS - 1)];
  }
  atomic_store_explicit(&arrivals->read, at + taken, memory_order_release);
  return taken;
}

sx_status sx_watch(sx_engine *engine, uint32_t producer)
{
  if (producer >= SX_PRODUCERS) {
    return SX_RANGE;
  }
  atomic_store_explicit(&engine->watched.producer, producer, memory_order_relaxed);
  return SX_OK;
}

uint32_t sx_fed(const sx_engine *engine, uint32_t producer)
{
  return producer < SX_PRODUCERS ? atomic_load_explicit(&engine->ring[producer].written, memory_order_relaxed) : 0;
}
