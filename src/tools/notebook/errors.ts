/** A place in a notebook. Lines and columns count from 1, within the cell when a cell is given. */
export interface NotebookPlace {
  /** The notebook as shown to people: relative to the repository, `notebooks/02-tcp.ipynb`. */
  readonly file: string;
  readonly cell?: string;
  readonly line?: number;
  readonly column?: number;
}

/** `notebooks/02-tcp.ipynb#tcp-server:3:5`: what an editor or a person can follow. */
export function formatPlace({ file, cell, line, column }: NotebookPlace): string {
  const place = cell === undefined ? file : `${file}#${cell}`;
  if (line === undefined) return place;
  return column === undefined ? `${place}:${line}` : `${place}:${line}:${column}`;
}

/** Something is wrong with a notebook (not with our code): where, what, and what to do about it. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
  readonly place: NotebookPlace;
  /** The message without the place. */
  readonly reason: string;

  constructor(place: NotebookPlace, reason: string, options?: ErrorOptions) {
    super(`${formatPlace(place)}: ${reason}`, options);
    this.place = place;
    this.reason = reason;
  }
}

/** Several notebook errors found in one pass; the message has a line for each. */
export class NotebookErrors extends Error {
  override readonly name = "NotebookErrors";
  readonly errors: readonly NotebookError[];

  constructor(errors: readonly NotebookError[]) {
    super(errors.map((error) => error.message).join("\n"));
    this.errors = errors;
  }
}

/** The errors to tell a person about when `error` is theirs to mend, or undefined when it is a bug of ours. */
export function notebookErrorsIn(error: unknown): readonly NotebookError[] | undefined {
  if (error instanceof NotebookErrors) return error.errors;
  return error instanceof NotebookError ? [error] : undefined;
}
