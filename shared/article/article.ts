import { createHash } from 'node:crypto';

/**
 * Returns the permanent id of an article: the first 16 characters of lower-case base32 (RFC 4648 §6) of sha256(uri). It
 * is safe in URLs, keys and cache tags.
 */
export function articleIdOf(uri: string): string {
  return base32(createHash('sha256').update(uri).digest()).slice(0, 16);
}

export function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
}

/** A text with a role: headline, description or body (ninjs 3.1 `headlines[]`, `descriptions[]`, `bodies[]`). */
export interface Text {
  role?: string | undefined;
  contentType?: string | undefined;
  value: string;
}

/** A concept that an article is about, or a person who wrote it (ninjs 3.1 `subjects[]`, `people[]`, `genres[]` …). */
export interface Concept {
  name?: string | undefined;
  literal?: string | undefined;
  rel?: string | undefined;
  uri?: string | undefined;
}

/** One technical form of a picture, a video or an audio (ninjs 3.1 `renditions[]`). `width` and `height` in pixels. */
export interface Rendition {
  name?: string | undefined;
  href?: string | undefined;
  contentType?: string | undefined;
  width?: number | undefined;
  height?: number | undefined;
  sizeInBytes?: number | undefined;
  /** Seconds. */
  duration?: number | undefined;
}

/**
 * An item that belongs to an article (ninjs 3.1 `associations[]`): mostly a picture, but any item with its own embargo
 * is possible.
 */
export interface Association {
  uri?: string | undefined;
  pubStatus?: 'usable' | 'withheld' | 'canceled' | undefined;
  embargoedUntil?: string | undefined;
  expires?: string | undefined;
  type?: string | undefined;
  name?: string | undefined;
  title?: string | undefined;
  by?: string | undefined;
  headlines?: Text[] | undefined;
  descriptions?: Text[] | undefined;
  bodies?: Text[] | undefined;
  renditions?: Rendition[] | undefined;
  associations?: Association[] | undefined;
  copyrightHolder?: string | undefined;
  copyrightNotice?: string | undefined;
  usageTerms?: string | undefined;
}

/**
 * A ninjs 3.1 item as Pressrun stores it: validated, sanitised, times in UTC with milliseconds. Fields that pages use
 * are typed here; other ninjs fields are stored as received.
 */
export interface Article {
  uri: string;
  versionCreated: string;
  type?: string | undefined;
  pubStatus?: 'usable' | 'withheld' | 'canceled' | undefined;
  firstCreated?: string | undefined;
  /**
   * When the article was first published according to this version; `versionCreated` if the sender names no time. Not a
   * ninjs property, and not in the published item. Absent in versions of early releases
   * (docs/decisions/0001-first-published.md).
   */
  firstPublished?: string | undefined;
  embargoedUntil?: string | undefined;
  expires?: string | undefined;
  urgency?: number | undefined;
  language?: string | undefined;
  headlines?: Text[] | undefined;
  descriptions?: Text[] | undefined;
  bodies?: Text[] | undefined;
  by?: string | undefined;
  slugline?: string | undefined;
  located?: string | undefined;
  edNote?: string | undefined;
  subjects?: Concept[] | undefined;
  people?: Concept[] | undefined;
  genres?: Concept[] | undefined;
  trustIndicators?: unknown;
  associations?: Association[] | undefined;
  altIds?: { role?: string | undefined; value?: string | undefined }[] | undefined;
  renditions?: Rendition[] | undefined;
  copyrightHolder?: string | undefined;
  copyrightNotice?: string | undefined;
}

/** Returns a text as one line: each run of spaces, line ends and control characters becomes one space. */
export function lineOf(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** Returns the headline of role `main`, else the first. */
export function headlineOf(item: { headlines?: Text[] | undefined; title?: string | undefined }): string | undefined {
  const headlines = item.headlines ?? [];
  return (headlines.find((headline) => headline.role === 'main') ?? headlines[0])?.value ?? item.title;
}

/** Agencies' words for the text between headline and body. */
const leadRoles = ['lead', 'ingress', 'intro', 'preamble', 'abstract', 'teaser', 'subheadline'];
const standfirstRoles = ['standfirst', 'summary', ...leadRoles, 'main', 'text', 'excerpt'];

/** Returns whether a body of this role belongs before the text. */
export function isLeadRole(role: string | undefined): boolean {
  return leadRoles.includes(role?.toLowerCase() ?? '');
}

/** Returns whether pages show plain descriptions of this role, as the standfirst or as the correction. */
export function isReadersRole(role: string | undefined): boolean {
  return role === undefined || standfirstRoles.includes(role) || correctionRole.test(role);
}

/** Returns the sentence under the headline: a description meant for readers, never a caption or a note to the desk. */
export function standfirstOf(article: Pick<Article, 'descriptions'>): string | undefined {
  const plain = (article.descriptions ?? []).filter((text) => !isHtml(text));
  for (const role of standfirstRoles) {
    const found = plain.find((text) => text.role === role);
    if (found) return found.value.trim();
  }
  return plain.find((text) => text.role === undefined)?.value.trim();
}

/**
 * Returns whether a text is HTML. `contentType` is optional in ninjs; without it, a role that says html or a leading
 * element decides.
 */
export function isHtml(text: Text): boolean {
  if (text.contentType !== undefined) return /^(?:(?:text\/)?html|application\/xhtml\+xml)\b/i.test(text.contentType);
  return /html/i.test(text.role ?? '') || /^\s*<[a-z!]/i.test(text.value);
}

/** Returns whether a text is plain, so that it can be shown once it is escaped. */
export function isPlain(text: Text): boolean {
  return !isHtml(text) && (text.contentType === undefined || /^(?:text\/)?plain\b/i.test(text.contentType));
}

/** Returns the body that a page shows: the first in HTML, else the first in plain text. */
export function bodyOf({ bodies = [] }: Pick<Article, 'bodies'>): Text | undefined {
  return bodies.find(isHtml) ?? bodies.find(isPlain);
}

/** Returns the uris of the related articles that the desk chose, in its order. */
export function relatedUris({ uri: own, associations = [] }: Article): string[] {
  const uris = associations.flatMap(({ type, uri }) =>
    uri !== undefined && (type === 'text' || type === 'composite') ? [uri] : [],
  );
  return [...new Set(uris)].filter((uri) => uri !== own);
}

/** Returns the uris of the same article in other languages: `altIds` of role `translation`. */
export function translationUris({ uri: own, altIds = [] }: Article): string[] {
  const uris = altIds.flatMap(({ role, value }) => (role === 'translation' && value !== undefined ? [value] : []));
  return [...new Set(uris)].filter((uri) => uri !== own);
}

/**
 * Returns the address of the page that search engines should show instead of the article's: `altIds` of role
 * `canonical`. A syndicated story names that of its first publisher.
 */
export function canonicalUrlOf({ altIds = [] }: Pick<Article, 'altIds'>): URL | undefined {
  const urls = altIds.flatMap(({ role, value }) => (role === 'canonical' ? (URL.parse(value ?? '') ?? []) : []));
  return urls.find(({ protocol }) => protocol === 'https:' || protocol === 'http:');
}

const correctionRole = /^corrections?$/i;

/** Returns the correction in the desk's words: a plain description of role `correction`. */
export function correctionOf({ descriptions = [] }: Article): string | undefined {
  return descriptions.find((text) => correctionRole.test(text.role ?? '') && !isHtml(text))?.value.trim();
}

/** Returns sections as slash paths, the primary one first. */
export function sectionsOf(article: Pick<Article, 'subjects'>): string[] {
  return (article.subjects ?? []).flatMap((subject) =>
    subject.rel === 'section' && subject.literal !== undefined ? [subject.literal] : [],
  );
}

/** Returns the names of the article's topics: its subjects without the sections. */
export function topicsOf({ subjects = [] }: Pick<Article, 'subjects'>): string[] {
  const names = subjects.flatMap(({ rel, name, literal }) => (rel === 'section' ? [] : (name ?? literal ?? '').trim()));
  return [...new Set(names)].filter((name) => name !== '');
}

/**
 * Returns whether the desk marks this version as a correction: by a correction text, a genre "Correction", or a trust
 * indicator (ninjs 3.1 `trustIndicators`).
 */
export function isCorrection(article: Article): boolean {
  if (correctionOf(article) !== undefined) return true;
  const indicators: unknown[] = Array.isArray(article.trustIndicators) ? article.trustIndicators : [];
  return [...(article.genres ?? []), ...indicators].some(
    (marked) =>
      typeof marked === 'object' &&
      marked !== null &&
      ['name', 'literal', 'title', 'role'].some((field) => /^corrections?$/i.test(String(Reflect.get(marked, field)))),
  );
}
