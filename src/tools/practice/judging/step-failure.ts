/** A step that fails: what the step knows of it, and what the runner adds before it is printed. */

/** A nudge, an approach, the call to use: shown one at a time, each only when it is asked for. */
export type Hints = readonly [nudge: string, approach: string, call: string];

export interface StepFailureFields {
  /** One sentence: what was expected, and what came instead. */
  readonly what: string;
  /** Written for this failure, not for the step at large. */
  readonly hints: Hints;
  /** What was sent and received, in order, bytes made visible. */
  readonly transcript?: string | undefined;
  /** A shell command that does the same again (`curl`, `nc`, `npm run program`). */
  readonly replay?: string | undefined;
  /** The module cell to look at, when it is another than the step's: `http_head`. */
  readonly edit?: string | undefined;
  /** Added by the runner: the name of the step. */
  readonly step?: string;
  /** Added by the runner: the command that starts the program whose port `replay` names. */
  readonly start?: string | undefined;
  /** Added by the runner: the id of the cell whose TODO was reached. */
  readonly cell?: string | undefined;
}

/** The learner's work does not do what the step asks. Any other error that a step throws is a bug of the judge. */
export class StepFailure extends Error implements StepFailureFields {
  override readonly name = "StepFailure";
  readonly what: string;
  readonly hints: Hints;
  readonly transcript: string;
  readonly replay: string | undefined;
  readonly edit: string | undefined;
  readonly step: string;
  readonly start: string | undefined;
  readonly cell: string | undefined;

  constructor(fields: StepFailureFields) {
    super(fields.what);
    this.what = fields.what;
    this.hints = fields.hints;
    this.transcript = fields.transcript ?? "";
    this.replay = fields.replay;
    this.edit = fields.edit;
    this.step = fields.step ?? "";
    this.start = fields.start;
    this.cell = fields.cell;
  }

  /** The same failure, with more or other things said of it. */
  with(fields: Partial<StepFailureFields>): StepFailure {
    return new StepFailure({ ...this, ...fields });
  }
}
