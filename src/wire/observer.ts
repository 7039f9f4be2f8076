/** The part that the observers of TCP and UDP share: which sockets they observe, and how each is restored. */
import type { ActionListener, Observed } from "./observed";
import { restoreAll } from "./override";

export class Observer {
  /** Called with everything that an observed socket does. */
  protected readonly report: ActionListener;
  readonly #sockets = new Map<object, { observed: Observed; restore: (() => void)[] }>();

  constructor(report: ActionListener) {
    this.report = report;
  }

  /** What is known of a server or socket; undefined if it is not observed (any more). */
  get(target: object): Observed | undefined {
    return this.#sockets.get(target)?.observed;
  }

  /** Every object is again as it was. */
  stop(): void {
    for (const target of [...this.#sockets.keys()]) this.forget(target);
  }

  /** `restore` takes back what was replaced on the target. */
  protected keep(target: object, observed: Observed, restore: (() => void)[]): void {
    this.#sockets.set(target, { observed, restore });
  }

  protected forget(target: object): void {
    restoreAll(this.#sockets.get(target)?.restore);
    this.#sockets.delete(target);
  }
}
