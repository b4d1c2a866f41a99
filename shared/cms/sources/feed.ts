import type { Association, Rendition } from '../../article/article.ts';
import { pictureOf, renditionOf } from '../../article/caption.ts';
import { escapeHtml } from '../../article/html.ts';
import { plainTextOf } from '../../article/sanitise.ts';
import { mediaTypeOf } from '../../picture/renditions.ts';
import { shortened } from '../../shortened.ts';
import { ninjsOf } from '../cms-story.ts';
import { entriesIn, type FeedEntry, type FeedText } from '../feed-document.ts';
import type { FeedFile } from '../feed-files.ts';
import { withAddresses } from '../file-addresses.ts';
import { idGrammars } from '../ids.ts';
import { sectionBySetting, type GivenSection } from '../sections.ts';
import { bearer } from '../source-api.ts';
import { readAll, type ReadResult } from '../command.ts';
import type { Source } from '../source.ts';
import { noSettings, uriOf, type SourceSettings } from '../source-settings.ts';

const noFeed = 'must be a whole RSS or Atom feed, nested at most 100 deep, of at most 8 MB';
const accept = 'application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1';

/** Feeds of other sites, in RSS or Atom: `sweep` asks for them. A site may also send its feed to the endpoint. */
export const feed: Source = {
  name: 'feed',
  authentication: { kind: 'hmac', prefix: 'x-pressrun' },
  hidesScheduled: false,
  defaults: noSettings,
  format: 'xml',

  sample: (id, at) => {
    const document = (content: string): string =>
      `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:pressrun:test</id><title>Test</title><updated>${at}</updated>${content}</feed>`;
    const entry = `<entry><id>urn:pressrun:test:${id}</id><title>Test of the feed</title><updated>${at}</updated><content>It works.</content></entry>`;
    return [
      { body: document(entry) },
      { body: document(`<at:deleted-entry ref="urn:pressrun:test:${id}" when="${at}"/>`) },
    ];
  },

  divide: (payload, settings, { receivedAt }) => {
    const entries = typeof payload === 'string' ? entriesIn(payload) : undefined;
    return entries
      ? { stories: entries.map((entry) => () => stateOf(entry, settings, receivedAt)) }
      : { issues: [{ path: '', message: noFeed }] };
  },

  read: (payload, settings, arrival) => readAll(feed.divide?.(payload, settings, arrival)),

  api: {
    id: idGrammars.feed,
    // A feed has one page, with the latest entries only.
    list: (settings, credentials, _, page) =>
      page > 1
        ? []
        : addressesOf(settings).map((url) => ({
            url,
            headers: { accept, ...bearer(credentials) },
            format: 'xml',
            isConditional: true,
          })),
    byIds: () => [],
    one: () => [],
    isGone: () => false,
    names: () => [],
    listed: ({ status, body }, _, { url }) => {
      const items = status === 200 && typeof body === 'string' ? entriesIn(body, url) : undefined;
      return items && { items, isLast: true, total: items.length };
    },
    // The items are those of `listed`.
    state: (item, settings, asked) => stateOf(item as FeedEntry, settings, asked),
  },
};

function addressesOf({ url, feeds }: SourceSettings): string[] {
  return [...new Set([url, ...Object.keys(feeds)])].filter((address) => address !== '');
}

function stateOf(entry: FeedEntry, settings: SourceSettings, asked: number): ReadResult {
  const now = new Date(asked).toISOString();
  const uri = uriOf(feed.name, settings, entry.id);
  const times = [entry.updated, entry.published].filter((time) => time !== undefined);
  // A date ahead is the time of the entry's publication, not that of its last change.
  const stated = times
    .filter((time) => time <= now)
    .sort()
    .at(-1);
  const updated = stated ?? now;
  const undated = stated === undefined && ({ isUndated: true } as const);
  if (entry.isDeleted)
    return {
      commands: [{ type: 'article.deleted', detail: { article: { uri, versionCreated: updated } }, ...undated }],
    };
  const { published, link } = entry;
  const html = bodyOf(entry);
  const article = ninjsOf({
    uri,
    updated,
    publication:
      published !== undefined && published > now
        ? { state: 'scheduled', at: published }
        : { state: 'published', ...(published !== undefined && { since: published }) },
    language: entry.language,
    canonical: link,
    title: titleOf(entry),
    standfirst:
      entry.content && plain(entry.summary && { ...entry.summary, value: withoutFooter(entry, entry.summary.value) }),
    html,
    ...categoriesOf(entry, settings),
    genres: [],
    authors: entry.authors,
    pictures: filesOf(entry),
  });
  return { commands: [{ type: 'article.published', detail: { article }, ...undated }] };
}

/** The length of a headline that is made from the text. */
const maxTitle = 80;

/** Returns the title; of an entry without one, as in a microblog, the beginning of its text. */
function titleOf({ title, summary, content }: FeedEntry): string {
  const given = plain(title);
  if (given !== '') return given;
  return shortened(plain(summary ?? content), { characters: maxTitle });
}

/** Returns the text as HTML, with absolute addresses. A summary alone ends with a link to the whole text. */
function bodyOf(entry: FeedEntry): string {
  const { content, summary, link, base } = entry;
  const text = content ?? summary;
  if (!text) return '';
  const html = text.isHtml ? withoutFooter(entry, text.value) : `<p>${escapeHtml(text.value.trim())}</p>`;
  const isInPage = (address: string): boolean => address.startsWith('#');
  const whole = withAddresses(html, (address) =>
    isInPage(address) ? address : (URL.parse(address, base)?.href ?? address),
  );
  return content || link === undefined
    ? whole
    : `${whole}<p><a href="${escapeHtml(link)}">${escapeHtml(new URL(link).host)}</a></p>`;
}

const maxFooter = 1000;

/**
 * Returns a text without the last paragraph that WordPress adds in a feed: it links to the story itself and its site.
 */
function withoutFooter({ link, site }: FeedEntry, html: string): string {
  const start = html.lastIndexOf('<p>');
  const end = html.slice(Math.max(start, 0));
  const isFooter = start >= 0 && end.length <= maxFooter && /<\/p>\s*$/.test(end);
  const isLinked = (address = ''): boolean =>
    address !== '' && [address, address.replace(/\/$/, '')].some((one) => end.includes(`href="${one}"`));
  return isFooter && isLinked(link) && isLinked(site) ? html.slice(0, start) : html;
}

function plain(text: FeedText | undefined): string {
  if (!text) return '';
  return text.isHtml ? plainTextOf(text.value) : text.value.trim();
}

/** Returns categories that the newsroom's settings name as sections, and the others as topics. */
function categoriesOf(
  { categories, feed: address = '' }: FeedEntry,
  settings: SourceSettings,
): { readonly sections: GivenSection[]; readonly topics: string[] } {
  const found = categories.map((names) => ({ section: sectionBySetting(settings, names), name: names.at(-1) ?? '' }));
  const own = settings.feeds[address] ?? '';
  const sections = [...found.flatMap(({ section }) => section ?? []), ...(own === '' ? [] : [{ literal: own }])];
  return {
    sections: [...new Map(sections.map((section) => [section.literal, section])).values()],
    topics: found.flatMap(({ section, name }) => (section === undefined ? [plainTextOf(name)] : [])),
  };
}

type File = FeedFile & { readonly href: string; readonly type: 'picture' | 'audio' | 'video' };

/** Returns pictures, the first as the lead, then sounds and videos. */
function filesOf({ files, base }: FeedEntry): Association[] {
  const known = new Map<string, File>();
  for (const file of files) {
    const href = URL.parse(file.href ?? '', base)?.href;
    const type = href && typeOf({ ...file, href });
    if (href && type && !known.has(href)) known.set(href, { ...file, href, type });
  }
  const all = [...known.values()];
  const pictures = all.filter(({ type }) => type === 'picture');
  const whole = pictures.filter(({ isThumbnail }) => isThumbnail !== true);
  return [
    ...sizesOf(whole.length > 0 ? whole : pictures.slice(0, 1)).flatMap((sizes, index) =>
      pictureOf({
        renditions: sizes.map(fileOf),
        caption: sizes[0]?.caption,
        credit: sizes[0]?.credit,
      }).map(({ name, ...picture }) => ({ ...picture, ...(index === 0 && { name }) })),
    ),
    ...all
      .filter(({ type }) => type !== 'picture')
      .map((file) => ({
        type: file.type,
        ...(file.caption !== undefined && {
          descriptions: [{ role: 'caption', contentType: 'text/plain', value: plainTextOf(file.caption) }],
        }),
        renditions: [fileOf(file)],
      })),
  ];
}

/** Divides files into pictures: sizes of one picture have the same caption, and a width. The widest comes first. */
function sizesOf(files: readonly File[]): File[][] {
  const groups = Map.groupBy(files, ({ caption, width, href }) => (width === undefined ? href : (caption ?? '')));
  return [...groups.values()].map((sizes) => sizes.toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0)));
}

function fileOf({ href, bytes, duration, type, ...file }: File, index = 0): Rendition {
  return {
    ...renditionOf(index === 0 ? 'original' : `w${file.width ?? index}`, href, file),
    ...(bytes && { sizeInBytes: bytes }),
    ...(duration && type !== 'picture' && { duration }),
  };
}

/** Returns the kind of a file by its medium or media type; without them, a picture by the extension of its address. */
function typeOf({ medium, contentType, href }: FeedFile & { readonly href: string }): File['type'] | undefined {
  const kind = medium ?? (contentType || mediaTypeOf(href))?.split('/')[0]?.toLowerCase();
  if (kind === 'audio' || kind === 'video') return kind;
  return kind === 'image' ? 'picture' : undefined;
}
