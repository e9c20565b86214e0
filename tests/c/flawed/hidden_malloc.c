/* SPDX-License-Identifier: Apache-2.0
 *
 * A real-time function that allocates, two calls away.
 */
#include <stdlib.h>

#include "flawed.h"

static int *fetch(void)
{
  int *number = malloc(sizeof *number);
  if (number != NULL) {
    *number = 1;
  }
  return number;
}

static int number(void)
{
  int *const fetched = fetch();
  const int value = fetched != NULL ? *fetched : 0;
  free(fetched);
  return value;
}

void sx_flawed(int *out)
{
  *out = number();
}
