/** Bounds of a text, with its ellipsis: characters as readers count them (Unicode's grapheme clusters), bytes in UTF-8. */
export interface TextBounds {
  readonly characters?: number;
  readonly bytes?: number;
}

const ellipsis = '…';
const ellipsisBytes = Buffer.byteLength(ellipsis);

/**
 * Returns a text that fits, or else its beginning and an ellipsis. It ends with a whole word, unless that would cost
 * half of it.
 */
export function shortened(text: string, { characters = Infinity, bytes = Infinity }: TextBounds): string {
  if (text.length <= characters && Buffer.byteLength(text) <= bytes) return text;
  let end = 0;
  let [count, size] = [0, 0];
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    if (count < characters && size + ellipsisBytes <= bytes) end = index;
    count += 1;
    size += Buffer.byteLength(segment);
    if (count > characters || size > bytes) return cutAt(text, end);
  }
  return text;
}

function cutAt(text: string, end: number): string {
  // A word that ends at the cut is whole.
  const lastSpace = text.slice(0, end + 1).lastIndexOf(' ');
  return `${text.slice(0, lastSpace > end / 2 ? lastSpace : end).trimEnd()}${ellipsis}`;
}
