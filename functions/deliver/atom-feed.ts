import { generateAtomFeed } from 'feedsmith';
import { html } from 'hono/html';
import { audioType } from '../../shared/audio/audio-rendition.ts';
import type { RemovedEntry } from '../../shared/feed/feed.ts';
import {
  authorFeedsIn,
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
import { iriOf } from './iri.ts';
import { absolute, sectionName, type Site } from './site.ts';

/** Returns a feed as Atom (RFC 4287), with withdrawn stories as `at:deleted-entry` (RFC 6721). */
export async function atom(
  site: Site,
  { feed, page, title, items, removed, changedAt, selfUrl, nextUrl }: FeedContent,
): Promise<string> {
  const { name, logo } = site.theme;
  const document = withExactValues(
    generateAtomFeed({
      id: `${site.url}/feeds/${feed}.atom`,
      title: { value: `${title} – ${name}` },
      updated: changedAt,
      // RFC 4287 §4.1.1: entries without an author need one on the feed.
      authors: [{ name }],
      ...(logo && { logo: absolute(site, logo.href) }),
      links: [
        ...links(site, selfUrl, nextUrl, 'application/atom+xml'),
        { href: site.url + page, rel: 'alternate', type: 'text/html' },
      ],
      entries: items.map((item) => entryOf(site, item)),
    }),
  );
  const deleted = await tombstones(items, removed);
  return withoutXmlFaults(document.replace(/<\/feed>\s*$/, () => `${deleted}</feed>`));
}

/** Feed readers need tombstones only of stories that they may still have. */
const maxTombstones = 100;

/** Returns deleted entries (RFC 6721 §3), but none for a story that is in the feed at another position. */
async function tombstones(items: readonly FeedItem[], removed: readonly RemovedEntry[]): Promise<string> {
  const present = new Set(items.map(({ card }) => card.uri));
  const gone = removed
    .filter(({ uri }) => !present.has(uri))
    .sort((a, b) => b.seq - a.seq)
    .slice(0, maxTombstones);
  // A head's seq is the instant of its change, or a few milliseconds later.
  const elements = await html`${gone.map(
    ({ uri, seq }) =>
      html`<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${iriOf(uri)}" when="${new Date(seq).toISOString()}" />`,
  )}`;
  return elements.toString();
}

function entryOf(site: Site, item: FeedItem) {
  const { card, content, copyright } = item;
  const { section, language } = card;
  const name = section === undefined ? undefined : sectionName(site, section, card.sectionName);
  const categories = tagsOf(site, card).map((tag) =>
    tag === name && section !== undefined ? { term: section, label: tag } : { term: tag },
  );
  return {
    ...(language !== undefined && { xml: { lang: language } }),
    id: iriOf(card.uri),
    title: { value: card.headline, type: 'text' },
    published: new Date(card.firstPublished),
    updated: new Date(card.updated),
    links: [{ href: site.url + card.path, rel: 'alternate', type: 'text/html' }, ...enclosuresOf(site, item)],
    ...(authorsIn(card).length > 0 && {
      authors: authorFeedsIn(site, card).map(({ name: author, url }) => ({ name: author, uri: url })),
    }),
    summary: { value: card.standfirst ?? card.headline, type: 'text' },
    ...(content !== undefined && { content: { value: content, type: 'html' } }),
    ...(categories.length > 0 && { categories }),
    ...(copyright !== undefined && { rights: { value: copyright } }),
    ...mediaOf(site, item),
  };
}

/** Returns the audio and the first picture. */
function enclosuresOf(site: Site, item: FeedItem): { href: string; rel: string; type: string; length?: number }[] {
  const { audio } = item.card;
  const [picture] = picturesIn(site, item);
  return [
    ...(audio ? [{ href: absolute(site, audio.href), rel: 'enclosure', type: audioType, length: audio.bytes }] : []),
    ...(picture?.contentType === undefined
      ? []
      : [
          {
            href: picture.href,
            rel: 'enclosure',
            type: picture.contentType,
            ...(picture.sizeInBytes !== undefined && { length: picture.sizeInBytes }),
          },
        ]),
  ];
}
