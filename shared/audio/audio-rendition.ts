import type { Parsed } from '../field-schema.ts';
import type { audioSchema } from '../article/card-schema.ts';
import type { Article } from '../article/article.ts';
import { audioOf } from '../article/media.ts';
import { spokenDigest, spokenOf } from './speech.ts';

/** The audio of a story as readers get it: its path on the site, its length in bytes and in seconds. */
export type Audio = Parsed<typeof audioSchema>;

/** Audio with the voice and the digest of the text that was synthesised. */
export interface AudioRendition extends Audio {
  /** `spokenDigest` of the text. */
  readonly digest: string;
  readonly voice: string;
}

/** The progress of an article's text-to-speech: one row beside its versions, written only by `narrate`. */
export interface SynthesisJob {
  /** Rises by one with each write. */
  readonly seq: number;
  readonly rendition?: AudioRendition | undefined;
  /** The ids of Polly's tasks, by the id of their part, until the part's file is found. */
  readonly tasks?: Readonly<Record<string, string>> | undefined;
  /**
   * When an invocation began to start tasks, epoch ms. Until it has ended, other invocations wait, so that no text is
   * billed twice.
   */
  readonly startingAt?: number | undefined;
}

/** The format of Polly's output. */
export const audioType = 'audio/mpeg';

/** Returns the folder of an article's audio files, which is also their path on the site. */
export const audioFolder = (articleId: string): string => `audio/${articleId}/`;

/** Returns the folder of the parts that audio is joined from. Readers cannot reach it. */
export const partsFolder = (articleId: string): string => `takes/${articleId}/`;

/** Returns whether Pressrun made the audio at this address. A source that republishes our articles sends it back. */
export function isMade(href: string): boolean {
  return /\/audio\/[a-z2-7]{16}\/\d+-[a-z2-7]{16}\.mp3$/.test(href);
}

/** Returns whether the desk supplies audio of its own. */
export function bringsAudio(article: Article): boolean {
  return audioOf(article).some(({ href }) => !isMade(href));
}

/**
 * Returns the audio of the article's present text; undefined if its text changed since, or if the desk supplies audio
 * of its own.
 */
export function audioFor(article: Article, rendition: AudioRendition | undefined): Audio | undefined {
  if (rendition === undefined || bringsAudio(article) || spokenDigest(spokenOf(article)) !== rendition.digest)
    return undefined;
  const { href, bytes, seconds } = rendition;
  return { href, bytes, seconds };
}
