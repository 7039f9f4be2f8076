/**
 * Node's options to make a snapshot, and to start from it. Rehashing every map with a seed of its own would
 * take a sixth of a start, and guards against those who send keys to servers on the Internet.
 */
export function snapshotOptions(file: string): string[] {
  return ["--no-rehash-snapshot", "--snapshot-blob", file];
}

/**
 * In place of a connection file: tries what kernels and cells need in a process that started from the snapshot.
 * Node 22 and 24 abort a thread that loads node:net or node:crypto there.
 */
export const PROBE_ARGUMENT = "--probe";
