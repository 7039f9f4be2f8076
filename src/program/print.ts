/** The way of every command to the terminal: lines that no foreign text in them can turn into commands to it. */
import { safeStyled } from "./safe-text";

/** Writes lines to standard output; colours stay. */
export function print(text = ""): void {
  console.log(safeStyled(text));
}

/** Writes lines to standard error; colours stay. */
export function printError(text: string): void {
  console.error(safeStyled(text));
}

/** On a terminal: writes over the line that the last call wrote. */
export function printProgress(text = ""): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${safeStyled(text)}`);
}

/** On a terminal: empties the screen. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write("\u001b[H\u001b[2J");
}
