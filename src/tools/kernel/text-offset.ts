// Positions in messages count Unicode characters; those in JavaScript strings count UTF-16 units.

/** The offset in UTF-16 units of the character at offset `characters`. */
export function utf16Offset(text: string, characters: number): number {
  return [...text].slice(0, characters).join("").length;
}

/** The offset in characters of what is at the offset `utf16` in UTF-16 units. */
export function characterOffset(text: string, utf16: number): number {
  return [...text.slice(0, utf16)].length;
}
