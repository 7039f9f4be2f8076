// Node: a promise that is printed shows the numbers by which the kernel leads output back to its cell
// (`[Symbol(async_id_symbol)]: 77`).
// Here: they are hidden when it is printed, which costs other promises nothing.

import { type InspectOptionsStylized, inspect } from "node:util";

/** @param tracked runs its argument as cells run: promises made in it have those numbers */
export function hidePromiseInternals(tracked: <T>(work: () => T) => T): void {
  const symbols = Object.getOwnPropertySymbols(tracked(() => Promise.resolve()));
  if (symbols.length === 0) return;
  const hidden = { configurable: true, writable: true, enumerable: false };
  function print(this: Promise<unknown>, depth: number, options: InspectOptionsStylized): string {
    for (const symbol of symbols.filter((one) => Object.hasOwn(this, one))) {
      Reflect.defineProperty(this, symbol, { enumerable: false });
    }
    // Else this function would be called again. It fails for a frozen promise.
    if (!Reflect.defineProperty(this, inspect.custom, { ...hidden, value: undefined })) {
      return inspect(this, { ...options, depth, customInspect: false });
    }
    try {
      return inspect(this, { ...options, depth });
    } finally {
      Reflect.deleteProperty(this, inspect.custom);
    }
  }
  Object.defineProperty(Promise.prototype, inspect.custom, { ...hidden, value: print });
}
