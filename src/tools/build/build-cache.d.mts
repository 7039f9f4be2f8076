export function fingerprint(root: string, sources: readonly string[]): string;

export interface Build {
  readonly directory: string;
  /** Nothing can be kept: the directory is the caller's, to be removed. */
  readonly temporary: boolean;
}

export function buildOnce(
  directory: string,
  make: (draft: string) => Promise<void>,
): Promise<Build>;
