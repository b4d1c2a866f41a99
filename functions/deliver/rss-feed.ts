import { generateRssFeed } from 'feedsmith';
import { escapeHtml } from '../../shared/article/html.ts';
import { mediaTypeOf } from '../../shared/picture/renditions.ts';
import { audioType } from '../../shared/audio/audio-rendition.ts';
import {
  authorsIn,
  links,
  mediaOf,
  picturesIn,
  tagsOf,
  withExactValues,
  withoutXmlFaults,
  type FeedContent,
  type FeedItem,
} from './feed-parts.ts';
import { absolute, type Site } from './site.ts';

/** Returns a feed as RSS 2.0 (rssboard.org/rss-specification) with Media RSS, Dublin Core, Content and Atom's links. */
export function rss(site: Site, { page, title, items, changedAt, selfUrl, nextUrl }: FeedContent): string {
  const { name, language } = site.theme;
  const image = channelImage(site);
  const link = site.url + page;
  return withoutXmlFaults(
    withExactValues(
      generateRssFeed({
        title: `${title} – ${name}`,
        link,
        description: `${title} – ${name}`,
        language,
        ...(image !== undefined && { image: { url: image, title: `${title} – ${name}`, link } }),
        ...(changedAt.getTime() > 0 && { lastBuildDate: changedAt }),
        atom: { links: links(site, selfUrl, nextUrl, 'application/rss+xml') },
        items: items.map((item) => itemOf(site, item)),
      }),
    ),
  );
}

/** RSS 2.0 allows only these as the image of a channel. */
const imageTypes: readonly (string | undefined)[] = ['image/gif', 'image/jpeg', 'image/png'];

function channelImage(site: Site): string | undefined {
  const { logo, touchIcon } = site.theme;
  return [logo?.href, touchIcon]
    .flatMap((href) => (href === undefined ? [] : absolute(site, href)))
    .find((href) => imageTypes.includes(mediaTypeOf(href)));
}

function itemOf(site: Site, item: FeedItem) {
  const { card, content, copyright } = item;
  const authors = authorsIn(card);
  const enclosure = enclosureOf(site, item);
  const dc = {
    ...(authors.length > 0 && { creators: authors }),
    ...(card.language !== undefined && { languages: [card.language] }),
    ...(copyright !== undefined && { rights: [copyright] }),
  };
  return {
    title: card.headline,
    link: site.url + card.path,
    guid: { value: card.uri, isPermaLink: false },
    pubDate: new Date(card.firstPublished),
    // Feed readers read the description as HTML, and a standfirst is plain text.
    description: escapeHtml(card.standfirst ?? card.headline),
    ...(content !== undefined && { content: { encoded: content } }),
    ...(enclosure && { enclosures: [enclosure] }),
    ...(tagsOf(site, card).length > 0 && { categories: tagsOf(site, card).map((category) => ({ name: category })) }),
    ...(Object.keys(dc).length > 0 && { dc }),
    atom: { updated: new Date(card.updated) },
    ...mediaOf(site, item),
  };
}

/**
 * Returns the audio, else the picture: feed readers expect at most one enclosure of an item (rssboard.org/rss-profile).
 */
function enclosureOf(site: Site, item: FeedItem): { url: string; length: number; type: string } | undefined {
  const { audio } = item.card;
  if (audio) return { url: absolute(site, audio.href), length: audio.bytes, type: audioType };
  const [picture] = picturesIn(site, item);
  return picture?.contentType === undefined
    ? undefined
    : { url: picture.href, length: picture.sizeInBytes ?? 0, type: picture.contentType };
}
