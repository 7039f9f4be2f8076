/** Async iteration over whatever a socket hands out: connections, chunks, datagrams. */

/**
 * Iterates until `next` gives undefined. Leaving the loop takes back a call that still waits
 * (`takeBack`, by owner), so nothing is handed to a loop that has ended; the socket stays open.
 */
export function iterate<T>(
  next: (owner: object) => Promise<T | undefined>,
  takeBack: (owner: object) => void,
): AsyncIterableIterator<T> {
  const owner = {};
  let over = false;
  return {
    async next() {
      const value = over ? undefined : await next(owner);
      if (value === undefined) {
        over = true;
        return { done: true, value: undefined };
      }
      return { done: false, value };
    },
    async return() {
      over = true;
      takeBack(owner);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
