/* SPDX-License-Identifier: Apache-2.0
 *
 * A real-time function that trusts a mark which its callee does not keep.
 */
#include "falsely_marked.h"

#include "flawed.h"

void sx_flawed(int *out)
{
  *out = sx_slow_number();
}
