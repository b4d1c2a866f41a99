import type { Article } from '../../shared/article/article.ts';
import { withCurrentMarkup } from '../../shared/article/current-markup.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import type { Articles } from '../../shared/article/ports.ts';
import { readableAt } from '../../shared/article/readable.ts';
import { bringsAudio } from '../../shared/audio/audio-rendition.ts';
import { articleWithout } from '../../shared/picture/picture.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import { spokenOf, voiceFor, type Voice, type Voices } from '../../shared/audio/speech.ts';

/** The text to synthesise, piece by piece, and its voice. */
export interface Script {
  readonly pieces: readonly string[];
  readonly voice: Voice;
  /** The path of the audio that readers are offered now. */
  readonly shown: string | undefined;
}

/** Why an article is not synthesised, for the log. */
export interface Silence {
  readonly why: string;
  readonly shown: string | undefined;
}

/**
 * Polly's limit for one task, about two hours of audio. A longer text is not a news story, and would cost as much as a
 * book.
 */
const maxCharacters = 100_000;

/** Returns the text to synthesise for an article's present state, or why there is none. */
export async function scriptOf(
  {
    articles,
    pictures,
    voices,
    language,
  }: {
    readonly articles: Pick<Articles, 'head' | 'version'>;
    readonly pictures: Pick<Pictures, 'pulled'>;
    readonly voices: Voices;
    readonly language: string;
  },
  articleId: string,
): Promise<Script | Silence> {
  const head = await articles.head(articleId);
  const shown = head?.card?.audio?.href;
  if (head?.visibility !== 'live' || head.version === undefined) return { why: 'it is not live', shown };
  const version = await articles.version(articleId, head.version);
  if (!version || isStripped(version.content)) return { why: 'it is not live', shown };
  const current = await withCurrentMarkup(version.content);
  // The text leaves out the same parts as the page, such as a link to an embargoed video.
  const article = articleWithout(readableAt(current.article, head.settledAt).article, await pictures.pulled());
  if (bringsAudio(article)) return { why: 'the desk brings its own audio', shown };
  const spoken = languageOf(article, language);
  const voice = voiceFor(voices, spoken);
  if (!voice) return { why: `there is no voice for ${spoken}`, shown };
  const pieces = spokenOf(article);
  if (pieces.length === 0) return { why: 'it has no paragraphs', shown };
  const characters = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (characters > maxCharacters) return { why: `it has ${characters} characters, of at most ${maxCharacters}`, shown };
  return { pieces, voice, shown };
}

function languageOf(article: Article, otherwise: string): string {
  return article.language ?? otherwise;
}
