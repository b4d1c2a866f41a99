import { pathOf } from './cms-story.ts';

/** Segments of addresses below which a CMS has files, lists and its own pages. */
const notStories = new Set(
  'wp-content wp-admin wp-includes wp-json category tag author feed rss page comments content ghost members assets'.split(
    ' ',
  ),
);

const isNumber = (segment: string | undefined): boolean => /^\d+$/.test(segment ?? '');

/**
 * Returns the address of a link in a story's text as the newspaper has it. A link to another story of the same CMS
 * becomes a path, because a story has the same path in both; a link to a part of the story itself becomes a fragment.
 * Every other address is returned as it is: of files, of lists, of other sites.
 *
 * Which addresses are stories cannot be looked up, since a story may arrive after one that links to it. Where the
 * story's own path has numbers, as in `/2026/03/bridge-opens`, those of other stories have them too.
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
 * Returns the address that a CMS names as a story's canonical one, if it is of another site. One at the CMS itself is
 * the story's own address there, which readers do not use.
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
