import { ProgramError } from "../../program/failures";

/** JupyterLab cannot be had or started, and a person can mend it. The message says how. */
export class JupyterError extends ProgramError {
  override readonly name = "JupyterError";
}
