// Node: a promise that is printed shows the numbers by which the kernel leads output back to its cell
// (`[Symbol(async_id_symbol)]: 77`).
// Here: they are kept where printing does not look.

/** @param tracked runs its argument as cells run: promises made in it have those numbers */
export function hidePromiseInternals(tracked: <T>(work: () => T) => T): void {
  const probe = tracked(() => Promise.resolve());
  for (const symbol of Object.getOwnPropertySymbols(probe)) {
    Object.defineProperty(Promise.prototype, symbol, {
      configurable: true,
      get: () => undefined,
      set(this: Promise<unknown>, value: unknown) {
        Object.defineProperty(this, symbol, { value, writable: true, configurable: true });
      },
    });
  }
}
