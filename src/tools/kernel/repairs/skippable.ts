/** Work of the compiler that a caller may leave out, where its result is known. */
export abstract class Skippable {
  protected skips = false;

  /** Runs something of tslab's without the compiler's work in it. */
  skip(work: () => void): void {
    this.skips = true;
    try {
      work();
    } finally {
      this.skips = false;
    }
  }
}
