import { UsageError } from "../src/program/failures";

/** The value of a command's option `--name`, `min` to `max`; `otherwise` when it was not given. @throws UsageError */
export function wholeNumber(
  values: ReadonlyMap<string, string>,
  name: string,
  otherwise: number,
  max: number,
  min = 0,
): number {
  const text = values.get(name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}
