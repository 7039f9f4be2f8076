/** Async iteration over whatever a socket hands out: connections, chunks, datagrams. */

import { traced } from "./errors";

/** Where an iteration gets its values. */
export interface Source<T> {
  /** The next value if it is there already; undefined if one has to wait. Throws what went wrong. */
  ready(): T | undefined;
  /** Nothing more will come. */
  over(): boolean;
  /** Waits for a value on behalf of `owner`; undefined when the iteration is over. */
  wait(owner: object): Promise<T | undefined>;
  /** Takes back what `owner` waits for. */
  takeBack(owner: object): void;
}

/**
 * Iterates over a source. Leaving the loop takes back a call that still waits, so that nothing is
 * handed to a loop that has ended; the socket stays open.
 */
export function iterate<T>(source: Source<T>): AsyncIterableIterator<T> {
  let over = false;
  const result = (value: T | undefined): IteratorResult<T> => {
    if (value !== undefined) return { done: false, value };
    over = true;
    return { done: true, value: undefined };
  };
  const failed = (error: unknown): never => {
    over = true;
    throw traced(error);
  };
  // Not an async function: a promise less for each of the many values that loops wait for.
  return {
    next() {
      try {
        if (over || source.over()) return Promise.resolve(result(undefined));
        const ready = source.ready();
        if (ready !== undefined) return Promise.resolve(result(ready));
        return source.wait(this).then(result, failed);
      } catch (error) {
        over = true;
        return Promise.reject(error);
      }
    },
    async return() {
      over = true;
      source.takeBack(this);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
