/** Where a judge stands while it is at one step. */
import { unsharedAddress } from "../../../lab/own-address";
import type { StepContext } from "../judging/judge";

const addresses = new WeakMap<StepContext, Promise<string>>();

/**
 * A loopback address that nobody else uses, one for each step: nobody else opens or closes a port of it, and no
 * program has heard from one of its ports before.
 */
export function stepAddress(context: StepContext): Promise<string> {
  const known = addresses.get(context) ?? unsharedAddress();
  addresses.set(context, known);
  return known;
}
