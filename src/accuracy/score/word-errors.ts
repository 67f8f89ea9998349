/**
 * Words as they are compared, after Whisper's basic normaliser (Radford et al. 2022, appendix C): compatible characters are
 * one (NFKC), what stands in brackets is left out ("[Music]", "(laughs)"), letters are lower case, and punctuation, symbols
 * and spaces of any kind part words, but for an apostrophe inside one. Spellings, numbers and contractions are not made
 * alike, as its English one does.
 */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\[[^\]]*\]|<[^>]*>|\([^)]*\)/g, ' ')
    .replace(/[’‘]/g, "'")
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');

/** The least number of words replaced, left out and put in that makes one text of the other. */
export function wordErrors(said: readonly string[], written: readonly string[]): number {
  let row = Array.from({ length: written.length + 1 }, (_, i) => i);
  for (const [i, word] of said.entries()) {
    const next = [i + 1];
    for (const [j, other] of written.entries()) {
      next.push(Math.min(row[j] + (word === other ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[written.length];
}
