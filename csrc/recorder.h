/* SPDX-License-Identifier: Apache-2.0
 *
 * What the device was given, kept for a reading thread: a ring of stereo
 * frames that drops what finds no room, and counts it.
 */
#ifndef SIXOP_RECORDER_H
#define SIXOP_RECORDER_H

#include <stdatomic.h>
#include <stdint.h>

#include "attributes.h"

typedef struct {
  float *samples;   /* 2 a frame, or NULL: not recording */
  uint32_t room;    /* frames, a power of two */
  _Alignas(SX_CACHE_LINE) _Atomic uint64_t written;
  _Alignas(SX_CACHE_LINE) _Atomic uint64_t read;
} sx_recorder;

/* Returns how many frames were lost. */
uint32_t sx_recorder_write(sx_recorder *recorder, const float *left, const float *right,
                            uint32_t frames) SX_REALTIME;

#endif
