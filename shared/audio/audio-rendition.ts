import type { InferOutput } from 'valibot';
import type { AllReadonly } from '../all-readonly.ts';
import type { audioSchema } from '../article/card-schema.ts';
import { audioOf, type Article } from '../article/article.ts';
import { spokenDigest, spokenOf } from './speech.ts';

/** A story read aloud, as readers get it: a path of the site, its length in bytes and in seconds. */
export type Audio = AllReadonly<InferOutput<typeof audioSchema>>;

/** Audio, and what is said in it by whom. */
export interface AudioRendition extends Audio {
  /** `spokenDigest` of it. */
  readonly digest: string;
  readonly voice: string;
}

/** How far the recording of an article has come: one row beside its versions, written by `narrate` only. */
export interface SynthesisJob {
  /** Rises by one with each write. */
  readonly seq: number;
  readonly reading?: AudioRendition | undefined;
  /** Polly's tasks by the take that each of them makes, as far as that was not seen to lie there. */
  readonly tasks?: Readonly<Record<string, string>> | undefined;
  /** Since when somebody is asking Polly, epoch ms: whoever else comes waits, so that nothing is paid twice. */
  readonly startingAt?: number | undefined;
}

/** All that Polly makes: MP3. */
export const audioType = 'audio/mpeg';

/** Where an article's audio lies, under the path by which readers ask for it. */
export const audioFolder = (articleId: string): string => `audio/${articleId}/`;

/** Where the pieces lie that audio is put together from; no reader gets there. */
export const takesFolder = (articleId: string): string => `takes/${articleId}/`;

/** Whether an address is that of audio made here: who takes an article from us and sends it back brings ours with it. */
export function isMade(href: string): boolean {
  return /\/audio\/[a-z2-7]{16}\/\d+-[a-z2-7]{16}\.mp3$/.test(href);
}

/** Whether the desk brings audio of its own. */
export function bringsAudio(article: Article): boolean {
  return audioOf(article).some(({ href }) => !isMade(href));
}

/** The audio that belongs to what readers see: made of these very words, where the desk brings none of its own. */
export function audioFor(article: Article, reading: AudioRendition | undefined): Audio | undefined {
  if (reading === undefined || bringsAudio(article) || spokenDigest(spokenOf(article)) !== reading.digest)
    return undefined;
  const { href, bytes, seconds } = reading;
  return { href, bytes, seconds };
}
