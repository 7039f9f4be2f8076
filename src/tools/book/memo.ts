/** Keeps what was made from one build of the book to the next, so that an edit costs only what it changes. */
export class Memo {
  #kept = new Map<string, unknown>();
  #used = new Map<string, unknown>();

  /** What `make` makes, or made before for the same key: the key says everything that it depends on. */
  get<T>(key: readonly string[], make: () => T): T {
    const name = JSON.stringify(key);
    // The key names what kind of thing it is, and each kind has one maker.
    const found = (this.#used.get(name) ?? this.#kept.get(name) ?? make()) as T;
    this.#used.set(name, found);
    return found;
  }

  /** A build is over: forgets what it did not ask for. */
  turn(): void {
    this.#kept = this.#used;
    this.#used = new Map();
  }
}
