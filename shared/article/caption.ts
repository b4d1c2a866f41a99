import type { Association, Rendition } from './article.ts';
import { plainTextOf } from './sanitise.ts';
import { trimmedEnd } from '../trim.ts';

/** A caption's tail that says whose picture it is: "(Image: Agency/AB)", "Picture: Getty". */
const creditMark = /[([]?(?<!\s)\s*\b(?:pictures?|images?|photos?|photographs?|photography|pics?|credits?)\s*:\s*/gi;
const longestCredit = 120;

/** Parts a caption, HTML or not, from the credit at its end. */
export function captionAndCredit(caption: string | null | undefined): {
  readonly caption?: string;
  readonly credit?: string;
} {
  const text = plainTextOf(caption ?? '');
  const mark = [...text.matchAll(creditMark)].at(-1);
  const tail = mark ? text.slice(mark.index + mark[0].length) : '';
  const credit = withoutClosing(tail);
  // What goes on after a closed bracket, or for long, is no credit but part of the sentence.
  const isCredit = mark !== undefined && credit !== '' && credit.length <= longestCredit && !/[)\]]/.test(credit);
  const rest = isCredit ? trimmedEnd(text.slice(0, mark.index), /[\s–—|•;,-]/) : text;
  return { ...(rest !== '' && { caption: rest }), ...(isCredit && { credit }) };
}

/** A credit without the bracket that closes it, and a full stop behind. */
function withoutClosing(tail: string): string {
  return trimmedEnd(tail, /\s/)
    .replace(/\.$/, '')
    .trimEnd()
    .replace(/[)\]]$/, '')
    .trim();
}

/** What CMSes say of a story's picture. `caption` may be HTML, and end in a credit. */
export interface GivenPicture {
  readonly renditions: readonly Rendition[];
  readonly alt?: string | null | undefined;
  readonly caption?: string | null | undefined;
  readonly credit?: string | null | undefined;
}

/** The lead picture as ninjs has it; none without an address that a reader can open. */
export function pictureOf({ renditions, alt, caption: given, credit: givenCredit }: GivenPicture): Association[] {
  const shown = renditions.filter(({ href }) => href !== undefined && URL.canParse(href) && /^https?:/i.test(href));
  if (shown.length === 0) return [];
  const { caption, credit } = captionAndCredit(given);
  const by = [givenCredit, credit].find((text) => text !== undefined && text !== null && text.trim() !== '');
  return [
    {
      type: 'picture',
      name: 'lead',
      ...(by !== undefined && by !== null && { by: plainTextOf(by) }),
      ...(alt !== undefined &&
        alt !== null &&
        alt.trim() !== '' && { headlines: [{ role: 'main', value: alt.trim() }] }),
      ...(caption !== undefined && { descriptions: [{ role: 'caption', contentType: 'text/plain', value: caption }] }),
      renditions: [...shown],
    },
  ];
}
