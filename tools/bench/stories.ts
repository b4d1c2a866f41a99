import { mulberry } from './chance.ts';
import { sampleStories } from '../sample-newsroom/sample-stories.ts';
import type { Article } from '../../shared/article/article.ts';

/** Sentences of real English, so that bodies compress as those of a newspaper do. */
const sentences = sampleStories.flatMap(({ body, standfirst }) =>
  [body.replaceAll(/<[^>]*>/g, ' '), standfirst]
    .flatMap((text) => text.split(/(?<=[.?!])\s+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 30),
);

const words = [...new Set(sentences.flatMap((sentence) => sentence.toLowerCase().match(/[a-z]{4,}/g) ?? []))];
const bodyBytes = 6 * 1024;

export interface Publication {
  readonly article: Article;
  readonly path: string;
}

export const uriOf = (story: number): string => `urn:bench:${story}`;

/**
 * The reference story of the cost model: a section two levels deep, two topics, one author, a picture, a body of 6 KB.
 * `edition` changes the text of card and body.
 */
export function publicationOf(
  story: number,
  {
    edition = 0,
    at = Date.now() - 60_000,
    firstAt = at,
  }: { readonly edition?: number; readonly at?: number; readonly firstAt?: number } = {},
): Publication {
  const below = mulberry(story * 1009 + edition);
  const pick = <T>(from: readonly T[]): T | undefined => from[below(from.length)];
  const phrase = (count: number): string => Array.from({ length: count }, () => pick(words) ?? '').join(' ');
  const paragraphs: string[] = [];
  let bytes = 0;
  while (bytes < bodyBytes) {
    // A few of its own words in each sentence: names and figures differ from story to story.
    const paragraph = `<p>${Array.from({ length: 3 }, () => `${(pick(sentences) ?? '').replace(/[.?!]$/, '')} ${phrase(4)} ${below(10_000)}.`).join(' ')}</p>`;
    paragraphs.push(paragraph);
    bytes += Buffer.byteLength(paragraph);
  }
  const topics = [pick(words) ?? '', `${pick(words) ?? ''} ${pick(words) ?? ''}`];
  return {
    path: `/news/local/story-${story}`,
    article: {
      uri: uriOf(story),
      type: 'text',
      language: 'en',
      pubStatus: 'usable',
      versionCreated: new Date(at).toISOString(),
      firstPublished: new Date(firstAt).toISOString(),
      headlines: [{ role: 'main', value: `${story}: ${phrase(7)}` }],
      descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: (pick(sentences) ?? '').slice(0, 160) }],
      bodies: [{ role: 'main', contentType: 'text/html', value: paragraphs.join('\n') }],
      people: [{ rel: 'author', name: 'Ada Marlow' }],
      subjects: [
        { rel: 'section', literal: 'news/local', name: 'Local' },
        ...topics.map((name) => ({ rel: 'about', name })),
      ],
      associations: [
        {
          type: 'picture',
          name: 'lead',
          uri: `urn:bench:picture:${story}`,
          by: 'Mia Stone',
          headlines: [{ value: phrase(6) }],
          descriptions: [{ role: 'caption', contentType: 'text/plain', value: phrase(9) }],
          renditions: [
            {
              name: 'small',
              href: `https://pictures.example.com/${story}-320.jpg`,
              contentType: 'image/jpeg',
              width: 320,
              height: 213,
            },
            {
              name: 'large',
              href: `https://pictures.example.com/${story}-1280.jpg`,
              contentType: 'image/jpeg',
              width: 1280,
              height: 853,
            },
          ],
        },
      ],
    },
  };
}
