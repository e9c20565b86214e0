/* SPDX-License-Identifier: Apache-2.0 */
#if !defined(_WIN32) && !defined(_GNU_SOURCE)
#define _POSIX_C_SOURCE 199309L
#endif
#include "stopwatch.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <time.h>
#endif

#define SECOND 1000000000u

/* Reading the clock neither waits nor locks: the kernel keeps the time in memory that every process can see (Linux's
 * vDSO, macOS's comm page), and a machine without such a clock answers a call within a microsecond or two. No compiler
 * knows that, so the proof has to be told. */
#if defined(__clang__) && __clang_major__ >= 20
#pragma clang diagnostic ignored "-Wfunction-effects"
#endif

uint64_t sx_now(void)
{
#if defined(_WIN32)
  LARGE_INTEGER ticks;
  LARGE_INTEGER rate;
  QueryPerformanceCounter(&ticks);
  QueryPerformanceFrequency(&rate);
  const uint64_t count = (uint64_t)ticks.QuadPart;
  const uint64_t a_second = (uint64_t)rate.QuadPart;
  return count / a_second * SECOND + count % a_second * SECOND / a_second;
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
#endif
}
