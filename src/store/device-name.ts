/** Which names a device can have: such as are the same file everywhere, and lead nowhere else. */

import { StoreError } from "./errors";
import { NAME_MAX_CHARACTERS } from "./limits";

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** Windows opens a device for each of these, whatever follows the first dot. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** What is wrong with the name, in words for a person, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "a device needs a name";
  if (name.length > NAME_MAX_CHARACTERS) {
    return `a device name has at most ${NAME_MAX_CHARACTERS} characters`;
  }
  if (!NAME.test(name)) {
    return (
      'a device name has letters (a to z), digits, ".", "_" and "-"; ' +
      "it begins with a letter or a digit, and does not end with a dot"
    );
  }
  if (RESERVED.test(name)) return `some systems keep the name "${name}" for themselves`;
  return undefined;
}

/** @returns the name. @throws StoreError BAD_NAME */
export function checkName(name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new StoreError("BAD_NAME", problem);
  return name;
}

/** Equal for names that are one file where case does not count. */
export function foldName(name: string): string {
  return name.toLowerCase();
}
