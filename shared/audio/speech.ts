import { createHash } from 'node:crypto';
import { base32, headlineOf, lineOf, type Article } from '../article/article.ts';
import { bylineOf } from '../article/byline.ts';
import { bodyHtmlOf } from '../article/body.ts';
import { unescapeHtml } from '../article/html.ts';
import { trimmedEnd } from '../trim.ts';

/** A voice of Amazon Polly, and the engine that it needs. */
export interface Voice {
  readonly name: string;
  readonly engine: string;
}

/** The number of articles that are narrated at once. They share Polly's quota. */
export const narrationsAtOnce = 2;

/**
 * Returns the number of tasks that Polly starts a second for the whole account.
 *
 * @see https://docs.aws.amazon.com/polly/latest/dg/limits.html
 */
export function tasksASecond({ engine }: Pick<Voice, 'engine'>): number {
  return engine === 'standard' || engine === 'neural' ? 10 : 1;
}

/** Voices by language (BCP 47). */
export type Voices = Readonly<Record<string, Voice>>;

/**
 * Returns the voice of a language, else that of its primary subtag: `en` serves `en-AU`, but `pt-BR` does not serve
 * `pt`.
 */
export function voiceFor(voices: Voices, language: string): Voice | undefined {
  const asked = language.replaceAll('_', '-').toLowerCase();
  const named = (tag: string | undefined): Voice | undefined =>
    Object.entries(voices).find(([name]) => name.toLowerCase() === tag)?.[1];
  return named(asked) ?? named(asked.split('-')[0]);
}

/** Polly bills by the character and limits their number. Pieces of this size also make a correction cheap. */
const longestPiece = 3000;

/**
 * Returns the text to synthesise, piece by piece: headline, byline, paragraphs. Returns an empty list if the article
 * has no paragraphs. Two states of a story begin with the same pieces up to their first difference, so only the changed
 * pieces are synthesised again.
 */
export function spokenOf(article: Article): string[] {
  const byline = bylineOf(article);
  const paragraphs = paragraphsIn(bodyHtmlOf(article)).filter((paragraph, index) => index > 0 || paragraph !== byline);
  if (paragraphs.length === 0) return [];
  return [lineOf(headlineOf(article) ?? ''), byline ?? '', ...paragraphs]
    .filter((text) => text !== '')
    .flatMap(piecesOf);
}

/** Returns the digest of a text, independent of the voice. */
export function spokenDigest(pieces: readonly string[]): string {
  return shortDigest(JSON.stringify(pieces));
}

/** Returns the id of a part of the audio: one piece in one voice. */
export function partIdOf(piece: string, { name, engine }: Voice): string {
  return shortDigest(JSON.stringify([piece, name, engine]));
}

export function shortDigest(bytes: string | Uint8Array): string {
  return base32(createHash('sha256').update(bytes).digest()).slice(0, 16);
}

/** Elements that only make sense on a page, and text that was deleted. */
const unspoken = new Set(['figure', 'figcaption', 'table', 'pre', 's', 'del', 'rt', 'rp']);
/** Inline elements. Every other element ends a paragraph, before and after it. */
const within = new Set([
  ...[
    'a',
    'abbr',
    'b',
    'bdi',
    'bdo',
    'br',
    'cite',
    'code',
    'dfn',
    'em',
    'i',
    'img',
    'ins',
    'kbd',
    'mark',
    'q',
    'ruby',
    'samp',
    'small',
    'span',
    'strong',
  ],
  ...['sub', 'sup', 'time', 'u', 'var', 'wbr', ...unspoken],
]);
const block = (name: string): boolean => !within.has(name) || name === 'figure' || name === 'table' || name === 'pre';

/** Returns the paragraphs of a text that the sanitiser wrote: its elements are nested, and `<` always begins a tag. */
function paragraphsIn(html: string): string[] {
  const paragraphs: string[] = [];
  let text = '';
  let linked = '';
  let silence = 0;
  let links = 0;
  const end = (): void => {
    const paragraph = lineOf(unescapeHtml(text));
    if (paragraph !== '' && !leadsElsewhere(paragraph, lineOf(unescapeHtml(linked)))) paragraphs.push(paragraph);
    text = linked = '';
  };
  for (const [, words = '', closing, name = ''] of html.matchAll(/([^<]*)(?:<(\/?)([a-z][a-z0-9]*)\b[^>]*>)?/g)) {
    if (silence === 0) {
      text += words;
      if (links > 0) linked += words;
    }
    const step = closing === '/' ? -1 : 1;
    if (block(name)) end();
    if (unspoken.has(name)) silence += step;
    if (name === 'a') links += step;
    if (name === 'br') text += ' ';
  }
  return paragraphs;
}

/** The phrases for "read more" in newsrooms. */
const pointer =
  /^(?:read (?:more|also|next)|see also|also read|related(?: (?:stories|articles|topics))?|more on this(?: story)?|lesen sie (?:auch|mehr)|mehr zum thema|lire aussi|à lire aussi|lea también|leggi anche|leia (?:mais|também)|lees (?:ook|meer|verder)|läs (?:också|mer)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää))(?=$|[\s:.…–—-])/i;

/** Returns whether a paragraph is only a link to another story. */
function leadsElsewhere(paragraph: string, linked: string): boolean {
  if (linked !== '' && linked.length >= trimmedEnd(paragraph, /[\s.:;,|·…»›>–—-]/).length) return true;
  const [said] = pointer.exec(paragraph) ?? [];
  return said !== undefined && (linked !== '' || /^[\s.…–—-]*(?::|$)/.test(paragraph.slice(said.length)));
}

/** Splits a text into pieces of bounded length, after a sentence if possible, else between words. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longestPiece) {
    const piece =
      /^[^]*[.!?…。！？]["'”’»)]*(?=\s)/u.exec(rest.slice(0, longestPiece + 1))?.[0] ??
      /^[^]*\S(?=\s)/u.exec(rest.slice(0, longestPiece + 1))?.[0] ??
      rest.slice(0, longestPiece).replace(/[\uD800-\uDBFF]$/, '');
    pieces.push(piece);
    rest = rest.slice(piece.length).trimStart();
  }
  return [...pieces, rest];
}
