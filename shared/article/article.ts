import { createHash } from 'node:crypto';
import { before } from '../trim.ts';

/**
 * The name of an article for ever: the first 16 characters of lower-case base32 (RFC 4648 §6) of sha256(uri).
 * Known before anything is read, and safe in URLs, keys and cache tags.
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

/** Something an article is about or by (ninjs 3.1 `subjects[]`, `people[]`, `genres[]` …). */
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

/** What goes with an article (ninjs 3.1 `associations[]`): pictures above all, but each may be any item, with an embargo of its own. */
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
}

/**
 * A ninjs 3.1 item as Pressrun keeps it: validated, sanitised, times in UTC with milliseconds. What a page uses
 * is typed here; every other ninjs field is carried as it came.
 */
export interface Article {
  uri: string;
  versionCreated: string;
  type?: string | undefined;
  pubStatus?: 'usable' | 'withheld' | 'canceled' | undefined;
  firstCreated?: string | undefined;
  /**
   * No property of ninjs, and not shown with the item: when the version says that the article was first published, its own
   * `versionCreated` where its sender does not say. Absent in versions stored before it was kept (see docs/decisions/0001-first-published.md).
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
  renditions?: Rendition[] | undefined;
  copyrightHolder?: string | undefined;
  copyrightNotice?: string | undefined;
}

/** A text as one line: every run of spaces, line ends and control characters is one space. */
export function lineOf(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** The byline as the desk wrote it, else the authors' names. */
export function bylineOf(article: Article): string | undefined {
  return lineOf(article.by ?? authorsOf(article).join(', ')) || undefined;
}

/** Whether a byline begins with a "By" of its own: that of the wires' languages, or the word given. */
export function isIntroduced(by: string, word: string): boolean {
  return introduction.test(by) || by.toLowerCase().startsWith(`${word.toLowerCase()} `);
}

/** The headline of role `main`, else the first. */
export function headlineOf(item: { headlines?: Text[] | undefined; title?: string | undefined }): string | undefined {
  const headlines = item.headlines ?? [];
  return (headlines.find((headline) => headline.role === 'main') ?? headlines[0])?.value ?? item.title;
}

const standfirstRoles = ['standfirst', 'summary', 'main', 'text', 'excerpt'];

/** Whether a page shows plain descriptions of this role: as the standfirst, or as what was corrected. */
export function isReadersRole(role: string | undefined): boolean {
  return role === undefined || standfirstRoles.includes(role) || correctionRole.test(role);
}

/** The sentence under the headline: a description meant for readers, never a caption or a note to the desk. */
export function standfirstOf(article: Article): string | undefined {
  const plain = (article.descriptions ?? []).filter((text) => !isHtml(text));
  for (const role of standfirstRoles) {
    const found = plain.find((text) => text.role === role);
    if (found) return found.value.trim();
  }
  return plain.find((text) => text.role === undefined)?.value.trim();
}

/**
 * Whether a text is HTML. ninjs leaves `contentType` optional, so a role that says html, or a leading element,
 * decides where it is absent.
 */
export function isHtml(text: Text): boolean {
  if (text.contentType !== undefined) return /^(?:(?:text\/)?html|application\/xhtml\+xml)\b/i.test(text.contentType);
  return /html/i.test(text.role ?? '') || /^\s*<[a-z!]/i.test(text.value);
}

/** Whether a text is plain, so that it can be shown once escaped. */
export function isPlain(text: Text): boolean {
  return !isHtml(text) && (text.contentType === undefined || /^(?:text\/)?plain\b/i.test(text.contentType));
}

/** The body that a page shows: the first in HTML, else the first in plain text. */
export function bodyOf({ bodies = [] }: Pick<Article, 'bodies'>): Text | undefined {
  return bodies.find(isHtml) ?? bodies.find(isPlain);
}

const leadingBy = /^(?:by|von|av|af|par|por|di|door) /i;
/** How bylines begin that say already whose words these are, in the languages of the wires. */
const introduction =
  /^(?:by|from|with|words|text|texte?|tekst|story|reporting|written|reported|von|vom|aus|av|af|fra|från|par|de|du|por|desde|di|da|dal|door|van|przez|od|от|από|من)[\s:]/iu;
const and = / ?; ?| (?:and|und|och|og|et|y|e|en|&) /i;

/**
 * The authors by name: `people[]` with `rel: "author"`, else the names in `by` without its leading "By" and an
 * agency after a comma. Wires write "By" and "and" in the language of the story.
 */
export function authorsOf(article: Pick<Article, 'by' | 'people'>): string[] {
  const people = (article.people ?? [])
    .filter((person) => person.rel === 'author')
    .flatMap((person) => person.name ?? []);
  if (people.length > 0) return people;
  const names = before(lineOf(article.by ?? '').replace(leadingBy, ''), ',');
  return names
    .split(and)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The pictures, in the order the desk gave them. */
export function picturesOf(article: Article): Association[] {
  return (article.associations ?? []).filter(
    (association) => association.type === 'picture' && renditionsOf(association).length > 0,
  );
}

/** The renditions a browser can show, widest last; one without a width counts as narrow. */
export function renditionsOf(picture: Association): (Rendition & { href: string })[] {
  return (picture.renditions ?? [])
    .filter((rendition): rendition is Rendition & { href: string } => rendition.href !== undefined)
    .filter((rendition) => rendition.contentType === undefined || /^image\//i.test(rendition.contentType))
    .sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
}

/** Caption of a picture. */
export function captionOf(picture: Association): string | undefined {
  const plain = (picture.descriptions ?? []).filter((text) => !isHtml(text));
  return (
    plain.find((text) => text.role === 'caption') ??
    plain.find((text) => text.role === 'text') ??
    plain[0]
  )?.value.trim();
}

/** What a reader who cannot see the picture is told: `headlines`, else `title`. */
export function altOf(picture: Association): string | undefined {
  return headlineOf(picture);
}

/** What reads the article aloud: the renditions of it that are sound (ninjs 3.1 `renditions[]`). */
export function audioOf({ renditions = [] }: Article): (Rendition & { href: string; contentType: string })[] {
  return renditions.filter(
    (rendition): rendition is Rendition & { href: string; contentType: string } =>
      rendition.href !== undefined && /^audio\//i.test(rendition.contentType ?? ''),
  );
}

/** The uris of the articles that the desk puts beside this one, in its order. */
export function relatedUris({ uri: own, associations = [] }: Article): string[] {
  const uris = associations.flatMap(({ type, uri }) =>
    uri !== undefined && (type === 'text' || type === 'composite') ? [uri] : [],
  );
  return [...new Set(uris)].filter((uri) => uri !== own);
}

const correctionRole = /^corrections?$/i;

/** What was corrected, in the desk's words: a plain description of role `correction`. */
export function correctionOf({ descriptions = [] }: Article): string | undefined {
  return descriptions.find((text) => correctionRole.test(text.role ?? '') && !isHtml(text))?.value.trim();
}

/** Sections as slash paths, the first being the primary one. */
export function sectionsOf(article: Pick<Article, 'subjects'>): string[] {
  return (article.subjects ?? []).flatMap((subject) =>
    subject.rel === 'section' && subject.literal !== undefined ? [subject.literal] : [],
  );
}

/**
 * Whether the desk marks this version as a correction: a text that says what was corrected, a genre "Correction", or a trust
 * indicator that says so (ninjs 3.1 `trustIndicators`).
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
