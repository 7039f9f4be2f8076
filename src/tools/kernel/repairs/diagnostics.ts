// Stock tslab: in a message of several parts, the file is lost, so an error in an imported file looks
// like one in the cell; and the text of a message is all there is, without the source line.
// Here: TypeScript's own diagnostics are kept and told in full.

import type { Ts, TypeScript } from "../tslab";
import { Skippable } from "./skippable";

export interface Problem {
  /** Undefined for the cell itself. */
  file: TypeScript.SourceFile;
  /** Offset in the file that the compiler saw. */
  start: number;
  length: number;
  code: number;
  message: string;
}

/** Only in tslab's TypeScript, hence not in its types. */
type OfFiles = (
  program: TypeScript.Program,
  files: TypeScript.SourceFile[],
) => readonly TypeScript.Diagnostic[];

export class Diagnostics extends Skippable {
  private latest: readonly TypeScript.Diagnostic[] = [];

  constructor(private readonly ts: Ts) {
    super();
  }

  /** TypeScript's functions, remembering what they found. */
  capture(repairCheck: (check: OfFiles) => OfFiles): Partial<Ts> {
    const { ts } = this;
    const ofFiles = repairCheck(
      (ts as unknown as { getPreEmitDiagnosticsOfFiles: OfFiles }).getPreEmitDiagnosticsOfFiles,
    );
    const getPreEmitDiagnosticsOfFiles: OfFiles = (program, files) =>
      (this.latest = ofFiles(program, files));
    return {
      getPreEmitDiagnostics: (...args) =>
        (this.latest = this.skips ? [] : ts.getPreEmitDiagnostics(...args)),
      ...({ getPreEmitDiagnosticsOfFiles } as Partial<Ts>),
    };
  }

  /** The problems behind what tslab reports: those that it did not filter out, once each. */
  problems(reported: readonly { code: number }[]): Problem[] {
    const codes = new Set(reported.map(({ code }) => code));
    const seen = new Set<string>();
    const problems: Problem[] = [];
    for (const { file, start, length, code, messageText } of this.latest) {
      if (!file || start === undefined || !codes.has(code)) continue;
      const message = this.ts.flattenDiagnosticMessageText(messageText, "\n");
      const key = `${file.fileName}:${start}:${message}`;
      if (!seen.has(key)) problems.push({ file, start, length: length ?? 0, code, message });
      seen.add(key);
    }
    return problems;
  }
}
