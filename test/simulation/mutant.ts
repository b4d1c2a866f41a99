/** A planted bug: one place in the code, changed so that a guarantee breaks. The simulator has to find it. */
export interface Mutant {
  /** The guarantee that it breaks, in a sentence. */
  readonly breaks: string;
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly search: string;
  readonly replace: string;
}

/** The text of a file with the bug planted; throws when the place is not there, or not the only one. */
export function planted({ file, search, replace }: Mutant, text: string): string {
  const [before, after, ...more] = text.split(search);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`${file} should hold exactly once: ${search}`);
  return before + replace + after;
}
