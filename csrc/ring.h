/* SPDX-License-Identifier: Apache-2.0
 *
 * A queue between one writing and one reading thread, without locks. Indices
 * only grow; a slot belongs to the reader once the write index has passed it.
 */
#ifndef SIXOP_RING_H
#define SIXOP_RING_H

#include <stdatomic.h>
#include <stdint.h>

#include "attributes.h"
#include "event.h"

#define SX_RING_EVENTS 4096 /* a power of two */

typedef struct {
  _Alignas(SX_CACHE_LINE) _Atomic uint32_t written;
  _Alignas(SX_CACHE_LINE) _Atomic uint32_t read;
  sx_event *events;
} sx_ring;

/* Writer. Returns 0 if the ring is full. */
static inline int sx_ring_push(sx_ring *ring, const sx_event *event) SX_REALTIME;
/* Reader. The oldest event, which stays; returns 0 if the ring is empty. */
static inline int sx_ring_peek(const sx_ring *ring, sx_event *event) SX_REALTIME;
/* Reader. Lets go of the event just seen. */
static inline void sx_ring_drop(sx_ring *ring) SX_REALTIME;

/* Reader. How many events have gone through, modulo 2^32. */
static inline uint32_t sx_ring_dropped(const sx_ring *ring) SX_REALTIME;

static inline int sx_ring_push(sx_ring *ring, const sx_event *event)
{
  const uint32_t at = atomic_load_explicit(&ring->written, memory_order_relaxed);
  if (at - atomic_load_explicit(&ring->read, memory_order_acquire) == SX_RING_EVENTS) {
    return 0;
  }
  ring->events[at & (SX_RING_EVENTS - 1)] = *event;
  atomic_store_explicit(&ring->written, at + 1, memory_order_release);
  return 1;
}

static inline int sx_ring_peek(const sx_ring *ring, sx_event *event)
{
  const uint32_t at = atomic_load_explicit(&ring->read, memory_order_relaxed);
  if (at == atomic_load_explicit(&ring->written, memory_order_acquire)) {
    return 0;
  }
  *event = ring->events[at & (SX_RING_EVENTS - 1)];
  return 1;
}

static inline void sx_ring_drop(sx_ring *ring)
{
  const uint32_t at = atomic_load_explicit(&ring->read, memory_order_relaxed);
  atomic_store_explicit(&ring->read, at + 1, memory_order_release);
}

static inline uint32_t sx_ring_dropped(const sx_ring *ring)
{
  return atomic_load_explicit(&ring->read, memory_order_relaxed);
}

#endif
