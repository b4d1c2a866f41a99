import type { Association, Rendition } from './article.ts';
import { plainTextOf } from './sanitise.ts';
import { trimmedEnd } from '../trim.ts';

/** The end of a caption that names the picture's source: "(Image: Agency/AB)", "Picture: Getty". */
const creditMark = /[([]?(?<!\s)\s*\b(?:pictures?|images?|photos?|photographs?|photography|pics?|credits?)\s*:\s*/gi;
const longestCredit = 120;

/** Splits a caption, HTML or plain, into the caption itself and the credit at its end. */
export function captionAndCredit(caption: string | null | undefined): {
  readonly caption?: string;
  readonly credit?: string;
} {
  const text = plainTextOf(caption ?? '');
  const mark = [...text.matchAll(creditMark)].at(-1);
  const tail = mark ? text.slice(mark.index + mark[0].length) : '';
  const credit = withoutClosing(tail);
  // Text that continues after a closing bracket, or is long, is part of the sentence and not a credit.
  const isCredit = mark !== undefined && credit !== '' && credit.length <= longestCredit && !/[)\]]/.test(credit);
  const rest = isCredit ? trimmedEnd(text.slice(0, mark.index), /[\s–—|•;,-]/) : text;
  return { ...(rest !== '' && { caption: rest }), ...(isCredit && { credit }) };
}

/** Returns a credit without its closing bracket and a final full stop. */
function withoutClosing(tail: string): string {
  return trimmedEnd(tail, /\s/)
    .replace(/\.$/, '')
    .trimEnd()
    .replace(/[)\]]$/, '')
    .trim();
}

/** Returns a rendition. CMSes give 0, null or a text for a size that they do not know, so only a whole number counts. */
export function renditionOf(
  name: string,
  href: string,
  { contentType, width, height }: Readonly<Partial<Record<'contentType' | 'width' | 'height', unknown>>>,
): Rendition {
  return {
    name,
    href,
    ...(typeof contentType === 'string' && contentType !== '' && { contentType }),
    ...(isSize(width) && { width }),
    ...(isSize(height) && { height }),
  };
}

function isSize(pixels: unknown): pixels is number {
  return Number.isInteger(pixels) && Number(pixels) > 0;
}

/** A story's picture as CMSes describe it. `caption` may be HTML and end with a credit. */
export interface GivenPicture {
  readonly renditions: readonly Rendition[];
  readonly alt?: string | null | undefined;
  readonly caption?: string | null | undefined;
  readonly credit?: string | null | undefined;
}

/** Returns the lead picture as a ninjs association; undefined without an address that a browser can open. */
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
