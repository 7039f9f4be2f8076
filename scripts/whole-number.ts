/** The value of a command's option `--name`, 0 to `max`; `otherwise` when it was not given. @throws RangeError */
export function wholeNumber(
  name: string,
  text: string | undefined,
  otherwise: number,
  max: number,
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new RangeError(`--${name} must be a whole number from 0 to ${max}, not "${text}"`);
  }
  return value;
}
