/** The beginning of the comment that Ghost writes before a card that is not for everybody. */
const begin = '<!--kg-gated-block:begin ';
const end = '<!--kg-gated-block:end-->';
/** Matches every opening that an HTML parser reads as such a comment. */
const anyBegin = /<!--\s*kg-gated-block:begin/;
/** The end of a post's public preview. */
export const membersOnly = '<!--members-only-->';
/** Ghost does not nest blocks; the content of a deeper one is cut off. */
const maxNested = 8;

/**
 * Returns a post's HTML as Ghost's Content API gives it to a reader who is not signed in (Ghost's own post-gating.js).
 * Of a post that is not `public`, this is the part before its public-preview divider, or nothing if it has none. Of
 * every post, only the cards for non-members remain.
 */
export function anonymousHtml(html: string, visibility: string): string {
  if (visibility === 'public') return withoutGatedBlocks(html);
  const divider = html.indexOf(membersOnly);
  return divider < 0 ? '' : withoutGatedBlocks(html.slice(0, divider));
}

/**
 * Removes the cards that are not for non-members. The replacement is repeated until nothing changes, so HTML that Ghost
 * has gated already stays the same. A block without an end is cut off to the end of the text.
 */
export function withoutGatedBlocks(html: string): string {
  let open = html;
  for (let round = 0; round < maxNested; round += 1) {
    const next = replacedOnce(open);
    if (next === open) break;
    open = next;
  }
  const unended = open.search(anyBegin);
  return unended < 0 ? open : open.slice(0, unended);
}

/**
 * Replaces every block once, up to the first that Ghost would not read as a block. Linear time, unlike Ghost's own
 * regular expression.
 */
function replacedOnce(html: string): string {
  let open = '';
  let read = 0;
  for (;;) {
    const start = html.indexOf(begin, read);
    const close = start < 0 ? -1 : html.indexOf('-->', start + begin.length + 1);
    const stop = close < 0 ? -1 : html.indexOf(end, close);
    const parameters = html.slice(start + begin.length, close).trimEnd();
    if (stop < 0 || parameters.includes('\n')) return open + html.slice(read);
    open += html.slice(read, start) + (isForNonMembers(parameters) ? html.slice(close + '-->'.length, stop) : '');
    read = stop + end.length;
  }
}

/**
 * Returns whether a block is for non-members: the last `nonMember` that is `true` or `false` counts. A block without
 * one is not for non-members.
 */
function isForNonMembers(parameters: string): boolean {
  const given = [...parameters.matchAll(/\bnonMember:["']?([^"'\s]+)["']?/g)].map(([, value]) => value);
  return given.filter((value) => value === 'true' || value === 'false').at(-1) === 'true';
}
