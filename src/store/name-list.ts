/** Names in order: finding, adding and removing one takes no walk through all of them. */

export class NameList {
  #names: string[] = [];
  #isSorted = true;

  /** Adds a name without looking for its place: for many names at once, none of them twice. */
  append(name: string): void {
    this.#names.push(name);
    this.#isSorted = false;
  }

  add(name: string): void {
    const at = this.#placeOf(name);
    if (this.#names[at] !== name) this.#names.splice(at, 0, name);
  }

  remove(name: string): void {
    const at = this.#placeOf(name);
    if (this.#names[at] === name) this.#names.splice(at, 1);
  }

  /** The names after `after`, which need not be one of them. */
  *from(after: string): Generator<string> {
    for (let last = after; ; ) {
      // The place is looked for each time: names may come and go while the caller is busy with one.
      const place = this.#placeOf(last);
      const next = this.#names[this.#names[place] === last ? place + 1 : place];
      if (next === undefined) return;
      yield next;
      last = next;
    }
  }

  /** Where the name is, or would be. */
  #placeOf(name: string): number {
    if (!this.#isSorted) this.#names.sort();
    this.#isSorted = true;
    let low = 0;
    for (let high = this.#names.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#names[middle] < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
