/**
 * Returns a text without the matching characters at its end, in linear time. A pattern such as `/-+$/` would need
 * quadratic time.
 */
export function trimmedEnd(text: string, character: RegExp): string {
  let end = text.length;
  while (end > 0 && character.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Returns the part of a text before a mark, or all of it if the mark is missing. */
export function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at === -1 ? text : text.slice(0, at);
}
