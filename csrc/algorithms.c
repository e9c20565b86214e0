/* SPDX-License-Identifier: Apache-2.0 */
#include "algorithms.h"

enum { OP1 = 1, OP2 = 2, OP3 = 4, OP4 = 8, OP5 = 16, OP6 = 32 };

/* Carriers, the modulators of OP1 to OP6, feedback source and target.
 * Algorithms 4 and 6 feed back around a loop of three and two operators. */
const sx_algorithm sx_algorithms[SX_ALGORITHMS] = {
  { OP1 | OP3, { OP2, 0, OP4, OP5, OP6, 0 }, 6 - 1, 6 - 1 }, /* 1 */
  { OP1 | OP3, { OP2, 0, OP4, OP5, OP6, 0 }, 2 - 1, 2 - 1 }, /* 2 */
  { OP1 | OP4, { OP2, OP3, 0, OP5, OP6, 0 }, 6 - 1, 6 - 1 }, /* 3 */
  { OP1 | OP4, { OP2, OP3, 0, OP5, OP6, 0 }, 4 - 1, 6 - 1 }, /* 4 */
  { OP1 | OP3 | OP5, { OP2, 0, OP4, 0, OP6, 0 }, 6 - 1, 6 - 1 }, /* 5 */
  { OP1 | OP3 | OP5, { OP2, 0, OP4, 0, OP6, 0 }, 5 - 1, 6 - 1 }, /* 6 */
  { OP1 | OP3, { OP2, 0, OP5 | OP4, 0, OP6, 0 }, 6 - 1, 6 - 1 }, /* 7 */
  { OP1 | OP3, { OP2, 0, OP5 | OP4, 0, OP6, 0 }, 4 - 1, 4 - 1 }, /* 8 */
  { OP1 | OP3, { OP2, 0, OP5 | OP4, 0, OP6, 0 }, 2 - 1, 2 - 1 }, /* 9 */
  { OP1 | OP4, { OP2, OP3, 0, OP6 | OP5, 0, 0 }, 3 - 1, 3 - 1 }, /* 10 */
  { OP1 | OP4, { OP2, OP3, 0, OP6 | OP5, 0, 0 }, 6 - 1, 6 - 1 }, /* 11 */
  { OP1 | OP3, { OP2, 0, OP6 | OP5 | OP4, 0, 0, 0 }, 2 - 1, 2 - 1 }, /* 12 */
  { OP1 | OP3, { OP2, 0, OP6 | OP5 | OP4, 0, 0, 0 }, 6 - 1, 6 - 1 }, /* 13 */
  { OP1 | OP3, { OP2, 0, OP4, OP6 | OP5, 0, 0 }, 6 - 1, 6 - 1 }, /* 14 */
  { OP1 | OP3, { OP2, 0, OP4, OP6 | OP5, 0, 0 }, 2 - 1, 2 - 1 }, /* 15 */
  { OP1, { OP5 | OP3 | OP2, 0, OP4, 0, OP6, 0 }, 6 - 1, 6 - 1 }, /* 16 */
  { OP1, { OP5 | OP3 | OP2, 0, OP4, 0, OP6, 0 }, 2 - 1, 2 - 1 }, /* 17 */
  { OP1, { OP4 | OP3 | OP2, 0, 0, OP5, OP6, 0 }, 3 - 1, 3 - 1 }, /* 18 */
  { OP1 | OP4 | OP5, { OP2, OP3, 0, OP6, OP6, 0 }, 6 - 1, 6 - 1 }, /* 19 */
  { OP1 | OP2 | OP4, { OP3, OP3, 0, OP6 | OP5, 0, 0 }, 3 - 1, 3 - 1 }, /* 20 */
  { OP1 | OP2 | OP4 | OP5, { OP3, OP3, 0, OP6, OP6, 0 }, 3 - 1, 3 - 1 }, /* 21 */
  { OP1 | OP3 | OP4 | OP5, { OP2, 0, OP6, OP6, OP6, 0 }, 6 - 1, 6 - 1 }, /* 22 */
  { OP1 | OP2 | OP4 | OP5, { 0, OP3, 0, OP6, OP6, 0 }, 6 - 1, 6 - 1 }, /* 23 */
  { OP1 | OP2 | OP3 | OP4 | OP5, { 0, 0, OP6, OP6, OP6, 0 }, 6 - 1, 6 - 1 }, /* 24 */
  { OP1 | OP2 | OP3 | OP4 | OP5, { 0, 0, 0, OP6, OP6, 0 }, 6 - 1, 6 - 1 }, /* 25 */
  { OP1 | OP2 | OP4, { 0, OP3, 0, OP6 | OP5, 0, 0 }, 6 - 1, 6 - 1 }, /* 26 */
  { OP1 | OP2 | OP4, { 0, OP3, 0, OP6 | OP5, 0, 0 }, 3 - 1, 3 - 1 }, /* 27 */
  { OP1 | OP3 | OP6, { OP2, 0, OP4, OP5, 0, 0 }, 5 - 1, 5 - 1 }, /* 28 */
  { OP1 | OP2 | OP3 | OP5, { 0, 0, OP4, 0, OP6, 0 }, 6 - 1, 6 - 1 }, /* 29 */
  { OP1 | OP2 | OP3 | OP6, { 0, 0, OP4, OP5, 0, 0 }, 5 - 1, 5 - 1 }, /* 30 */
  { OP1 | OP2 | OP3 | OP4 | OP5, { 0, 0, 0, 0, OP6, 0 }, 6 - 1, 6 - 1 }, /* 31 */
  { OP1 | OP2 | OP3 | OP4 | OP5 | OP6, { 0, 0, 0, 0, 0, 0 }, 6 - 1, 6 - 1 }, /* 32 */
};

static const uint16_t compensation[SX_MOST_CARRIERS + 1] = {
  0, 0, 1024, 1664, 2048, 2432, 2688,
  2944, 3072, 3328, 3456, 3584, 3712, 3840,
  3968, 4096, 4096, 4224, 4352, 4352, 4480,
  4608, 4608, 4736, 4736, 4864, 4864, 4992,
  4992, 4992, 5120, 5120, 5120,
};

uint32_t sx_compensation(uint32_t carriers)
{
  return compensation[carriers];
}
