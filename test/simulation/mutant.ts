/** A planted bug: one place in the code, changed so that a guarantee breaks. The simulator has to find it. */
export interface Mutant {
  /** The guarantee that it breaks, in a sentence. */
  readonly breaks: string;
  readonly file: string;
  /** Must be in the file exactly once, however the file is formatted. */
  readonly search: string;
  readonly replace: string;
}

/** Returns the text of a file with the bug planted. Throws unless the place is there exactly once. */
export function planted({ file, search, replace }: Mutant, text: string): string {
  const [place, ...more] = text.matchAll(patternOf(search));
  if (place === undefined || more.length > 0) throw new Error(`${file} should hold exactly once: ${search}`);
  return text.slice(0, place.index) + replace + text.slice(place.index + place[0].length);
}

/** Matches a piece of code with line breaks anywhere between its tokens, and a comma before a closing bracket. */
function patternOf(search: string): RegExp {
  const tokens = search.match(/\w+|[^\w\s]/g) ?? [];
  return new RegExp(
    tokens.map((token) => (/^[)\]}]$/.test(token) ? ',?\\s*' : '') + RegExp.escape(token)).join('\\s*'),
    'g',
  );
}
