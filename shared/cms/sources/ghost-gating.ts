/** As Ghost writes it around a card that is not for everybody. */
const begin = '<!--kg-gated-block:begin ';
const end = '<!--kg-gated-block:end-->';
/** A begin as loosely as an HTML parser still reads it as a comment. */
const anyBegin = /<!--\s*kg-gated-block:begin/;
/** Where a post's public preview ends. */
export const membersOnly = '<!--members-only-->';
/** Ghost nests no blocks; what nests deeper than this is cut off. */
const maxNested = 8;

/**
 * What Ghost's Content API gives of a post's HTML to a reader who is not signed in (Ghost's own post-gating.js): of a post
 * that is not `public`, what stands before its public-preview divider, and nothing where it has none; of every post, only
 * those cards that are for non-members.
 */
export function anonymousHtml(html: string, visibility: string): string {
  if (visibility === 'public') return withoutGatedBlocks(html);
  const divider = html.indexOf(membersOnly);
  return divider < 0 ? '' : withoutGatedBlocks(html.slice(0, divider));
}

/**
 * HTML without the cards that are not for non-members. Ghost's replacement is repeated until nothing changes, so that HTML
 * which Ghost has gated already stays as it is. A block that begins and does not end is cut off to the end of the text.
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

/** One replacement of every block, up to the first that Ghost would not read as one. In linear time, unlike Ghost's own regular expression. */
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

/** The last `nonMember` that is `true` or `false` counts; a block without one is not for non-members. */
function isForNonMembers(parameters: string): boolean {
  const given = [...parameters.matchAll(/\bnonMember:["']?([^"'\s]+)["']?/g)].map(([, value]) => value);
  return given.filter((value) => value === 'true' || value === 'false').at(-1) === 'true';
}
