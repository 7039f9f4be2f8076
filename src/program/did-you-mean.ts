/** Finds the word that was probably meant, for a misspelt name of a part, a program or an option. */

/** The known word that differs least from `word`; undefined when none comes near. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let [best, least] = [undefined as string | undefined, 1 + Math.floor(word.length / 3)];
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance > 0 && distance <= least && (best === undefined || distance < least)) {
      [best, least] = [candidate, distance];
    }
  }
  return best;
}

/** `; did you mean tcp_server?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = closest(word, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** Damerau and Levenshtein's: how many letters to add, drop, replace or swap with the next. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    const [above = [], twoAbove] = [rows[i - 1], rows[i - 2]];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (twoAbove && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j] ?? 0, (twoAbove[j - 2] ?? 0) + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
