/**
 * Node's options to make a snapshot, and to start from it. Rehashing every map with a seed of its own would
 * take a sixth of a start, and guards against those who send keys to servers on the Internet.
 */
export function snapshotOptions(file: string): string[] {
  return ["--no-rehash-snapshot", "--snapshot-blob", file];
}
