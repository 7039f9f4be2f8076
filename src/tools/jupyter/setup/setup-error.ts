/** Something that a person can mend: one line that names it and says what to do. */
import { ProgramError } from "../../../program/failures";
import { systemCode } from "../../../program/system-code";

export class SetupError extends ProgramError {
  override readonly name = "SetupError";
}

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "it is on a read-only file system",
  ENOSPC: "no space is left",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a part of the path is not a folder",
  ELOOP: "its links go round in a circle",
};

/**
 * Does `work`, and says what the system did not allow.
 *
 * @throws {SetupError} naming `file` and `advice`, when the system refused
 */
export async function explained<T>(
  file: string,
  advice: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = systemCode(cause);
    if (!code) throw cause;
    throw new SetupError(`${file}: ${MEANINGS[code] ?? code}. ${advice}`);
  }
}
