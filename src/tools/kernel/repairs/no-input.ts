// Node: a cell that reads from standard input waits for ever, since a kernel has none.
// Here: it fails at once, and says what to do.

/** Has `process.stdin` throw. */
export function refuseInput(): void {
  Object.defineProperty(process, "stdin", {
    configurable: true,
    get: () => {
      throw new Error(
        'a cell cannot read from the keyboard: write the text into the cell, for example const answer = "yes";',
      );
    },
  });
}
