import type { Association, Rendition } from '../article/article.ts';
import { renditionsOf } from '../article/media.ts';

/** A rendition that a browser can show. */
export type Shown = Rendition & { readonly href: string };

/** Where a picture is shown: the aspect ratio that suits the place, and the width in pixels that looks sharp there. */
export const places = {
  lead: { ratio: 16 / 9, width: 1000 },
  card: { ratio: 4 / 3, width: 600 },
  square: { ratio: 1, width: 600 },
} as const;

/** A wider file is the original, which costs readers more than it shows. */
const maxWidth = 2000;

/** Renditions are rounded to whole pixels, so those of one crop differ a little: 1.500 and 1.502. */
const ratioTolerance = 0.03;

/**
 * Returns the renditions of one crop of a picture, narrowest first and each width once, so that a browser may choose
 * among them. This is the crop nearest to the ratio of the place, among those that are wide enough; else the widest
 * crop. Only one if no width is known. Empty if no browser can show the picture.
 */
export function renditionsFor(picture: Association, place: keyof typeof places): Shown[] {
  const { ratio, width } = places[place];
  const all = renditionsOf(picture);
  const sized = all.filter((rendition) => widthOf(rendition) > 0);
  if (sized.length === 0) return bestNamed(all);
  const usable = withoutOriginals(sized, width);
  const enough = Math.min(width, Math.max(0, ...usable.map(widthOf)));
  const [nearest] = usable
    .filter((rendition) => ratioOf(rendition) !== undefined && widthOf(rendition) >= enough)
    .sort((a, b) => distance(a, ratio) - distance(b, ratio));
  const crop = nearest && ratioOf(nearest);
  // Without heights the crops are unknown.
  const ofCrop = crop === undefined ? usable : usable.filter((rendition) => distance(rendition, crop) < ratioTolerance);
  return ofCrop.filter((one, index) => widthOf(one) !== (ofCrop[index - 1]?.width ?? -1));
}

/** Returns the rendition whose name promises a picture for pages, of several the last. */
function bestNamed(renditions: readonly Shown[]): Shown[] {
  const named = (pattern: RegExp): Shown[] => renditions.filter(({ name }) => pattern.test(name ?? ''));
  return [renditions.filter((each) => !isAside(each)), named(/original/i), renditions]
    .flatMap((group) => group.slice(-1))
    .slice(0, 1);
}

function isAside({ name = '', href }: Shown): boolean {
  return /thumb|original/i.test(name) || /thumb[^/]*$/i.test(href);
}

/** Returns candidates for `srcset` (HTML, "srcset attributes"). */
export function candidates(renditions: readonly Shown[]): string {
  return renditions.map((rendition) => `${escaped(rendition.href)} ${widthOf(rendition)}w`).join(', ');
}

const typesByExtension: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['gif', 'image/gif'],
  ['svg', 'image/svg+xml'],
]);

/** Returns the media type for the extension of an address; undefined for other addresses. */
export function mediaTypeOf(href: string): string | undefined {
  return typesByExtension.get(/\.(\w+)$/.exec(URL.parse(href)?.pathname ?? '')?.[1]?.toLowerCase() ?? '');
}

/** Leaves out files wider than readers need, unless the rest is too narrow for the place. */
function withoutOriginals(renditions: Shown[], width: number): Shown[] {
  const usable = renditions.filter((rendition) => widthOf(rendition) <= maxWidth);
  const [original] = renditions.slice(usable.length);
  return original === undefined || usable.some((rendition) => widthOf(rendition) >= width / 2)
    ? usable
    : [...usable, original];
}

function widthOf({ width }: Rendition): number {
  return width ?? 0;
}

function ratioOf({ width = 0, height = 0 }: Rendition): number | undefined {
  return width > 0 && height > 0 ? width / height : undefined;
}

/** Returns the distance of a rendition's ratio from another: twice as wide is as far as twice as high. */
function distance(rendition: Rendition, ratio: number): number {
  return Math.abs(Math.log((ratioOf(rendition) ?? Infinity) / ratio));
}

/** Escapes an address within `srcset`, where spaces and commas are separators. */
function escaped(href: string): string {
  return (URL.parse(href)?.href ?? href).replace(/^,|,$/g, '%2C');
}
