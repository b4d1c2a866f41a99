import { pathOf } from './cms-story.ts';

/** Path segments of a CMS's files, lists and own pages. */
const notStories = new Set(
  'wp-content wp-admin wp-includes wp-json category tag author feed rss page comments content ghost members assets'.split(
    ' ',
  ),
);

const isNumber = (segment: string | undefined): boolean => /^\d+$/.test(segment ?? '');

/**
 * Returns the address of a link in a story's text on the newspaper's site. A link to another story of the same CMS
 * becomes a path, because a story has the same path on both sites. A link to a part of the story itself becomes a
 * fragment. All other addresses are returned unchanged: those of files, lists and other sites.
 *
 * A story is recognised by its address alone, because it may arrive after one that links to it. If the story's own path
 * has numbers, as in `/2026/03/bridge-opens`, paths of other stories have numbers at the same positions.
 */
export function ownLink(address: string, story: string | null | undefined): string {
  const own = URL.parse(story ?? '');
  const link = own && !address.trim().startsWith('#') ? URL.parse(address, own.href) : null;
  if (!own || !link || !isSameSite(link, own)) return address;
  const { path } = pathOf(link.href);
  if (path === undefined) return address;
  const { path: ownPath = '' } = pathOf(own.href);
  if (path === ownPath) return link.hash === '' ? path : link.hash;
  const segments = path.split('/');
  const isStory =
    !segments.some((segment) => notStories.has(segment)) &&
    !/\.(?!html?$)[a-z0-9]{2,5}$/i.test(path) &&
    ownPath.split('/').every((segment, index) => !isNumber(segment) || isNumber(segments[index]));
  return isStory ? path + link.hash : address;
}

/**
 * Returns the canonical address that a CMS names for a story, if it is on another site. An address on the CMS's own site
 * is the story's address there, which readers do not use.
 */
export function foreignCanonical(canonical: unknown, story: string | null | undefined): string | undefined {
  const address = typeof canonical === 'string' ? URL.parse(canonical) : null;
  const own = URL.parse(story ?? '');
  if (!address || !/^https?:$/.test(address.protocol) || (own && isSameSite(address, own))) return undefined;
  return address.href;
}

function isSameSite(a: URL, b: URL): boolean {
  const hostOf = ({ protocol, host }: URL): string => (/^https?:$/.test(protocol) ? host.replace(/^www\./, '') : '');
  return hostOf(a) !== '' && hostOf(a) === hostOf(b);
}
