/* SPDX-License-Identifier: Apache-2.0
 *
 * Marks for the compiler.
 *
 * SX_REALTIME promises that a function never blocks, allocates, locks or does
 * I/O; Clang 20 and later prove it through every call (-Wfunction-effects),
 * other compilers read it as a comment.
 *
 * SX_CLONED compiles a function for several instruction sets and picks one when
 * the library is loaded. Contraction to fused multiply-add is off in the whole
 * build, so all copies give the same bits. -DSX_CLONED= makes one copy only, for
 * the instruction set the compiler is told.
 */
#ifndef SIXOP_ATTRIBUTES_H
#define SIXOP_ATTRIBUTES_H

#if defined(__clang__) && __clang_major__ >= 20
#define SX_REALTIME __attribute__((nonblocking))
#else
#define SX_REALTIME
#endif

/* Needs GCC 12's names of instruction sets and the GNU loader's indirect functions, which run too early for the
 * sanitizers. */
#if defined(SX_CLONED)
#elif defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && __GNUC__ >= 12 && !defined(__clang__) && \
  !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SX_IS_CLONED
#define SX_CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define SX_CLONED
#endif

/* SX_WIDE marks what is written for vectors of 64 bytes that can look tables up in registers (AVX-512), and may be
 * called where sx_is_wide(). Only GCC has an expression for such look-ups, and only where SX_HAS_WIDE is defined. */
#if defined(__x86_64__) && defined(__GNUC__) && __GNUC__ >= 12 && !defined(__clang__) && !defined(SX_PLAIN)
#if defined(__AVX512BW__)
#define SX_HAS_WIDE
#define SX_WIDE
#define sx_is_wide() 1
#elif defined(SX_IS_CLONED)
#define SX_HAS_WIDE
#define SX_WIDE __attribute__((target("arch=x86-64-v4")))
#define sx_is_wide() __builtin_cpu_supports("x86-64-v4")
#endif
#endif

/* The number of the lowest bit that is set, of at least one. */
#if defined(_MSC_VER)
#include <intrin.h>
static __forceinline unsigned long sx_lowest_bit(unsigned long bits)
{
  unsigned long number;
  _BitScanForward(&number, bits);
  return number;
}
#else
#define sx_lowest_bit(bits) ((uint32_t)__builtin_ctz(bits))
#endif

/* Asks for memory that will soon be written. */
#if defined(__GNUC__)
#define SX_PREFETCH(address) __builtin_prefetch(address, 1)
#else
#define SX_PREFETCH(address) ((void)(address))
#endif

#define SX_CACHE_LINE 64 /* bytes; what two threads write never shares one */

#if defined(__GNUC__)
#define SX_INLINE static inline __attribute__((always_inline))
#else
#define SX_INLINE static inline
#endif

#endif
