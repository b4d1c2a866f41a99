import { number, seconds } from './feed-values.ts';
import { elementsOf, textAt, type XmlElement } from './xml.ts';

/** A picture, sound or video of an entry, as the feed describes it. */
export interface FeedFile {
  readonly href: string | undefined;
  readonly medium?: string | undefined;
  readonly contentType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly bytes?: number | undefined;
  /** Seconds. */
  readonly duration?: number | undefined;
  readonly caption?: string | undefined;
  readonly credit?: string | undefined;
  readonly isThumbnail?: boolean;
}

/** Returns the files of Media RSS: those of an entry, and those of its groups. */
export function filesIn(item: XmlElement): FeedFile[] {
  return [item, ...elementsOf(item, 'media:group')].flatMap((around) =>
    elementsOf(around, 'media:content').map((content) => {
      const { url, medium, type, width, height, filesize, duration } = content.attributes;
      return {
        href: url,
        medium,
        contentType: type,
        width: number(width),
        height: number(height),
        bytes: number(filesize),
        duration: seconds(duration),
        caption:
          textAt(content, 'media:description') ?? textAt(content, 'media:title') ?? textAt(around, 'media:description'),
        credit: textAt(content, 'media:credit') ?? textAt(around, 'media:credit'),
      };
    }),
  );
}

/** Returns the pictures that stand for an entry in lists. */
export function thumbnailsIn(item: XmlElement): FeedFile[] {
  const around = [item, ...elementsOf(item, 'media:group'), ...elementsOf(item, 'media:content')];
  return [...around.flatMap((one) => elementsOf(one, 'media:thumbnail')), ...elementsOf(item, 'itunes:image')].map(
    ({ attributes: { url, href = url } }) => ({ href, medium: 'image', isThumbnail: true }),
  );
}
