import type { Parsed } from '../field-schema.ts';
import type { cardSchema } from './card-schema.ts';
import {
  articleIdOf,
  canonicalUrlOf,
  headlineOf,
  lineOf,
  sectionsOf,
  standfirstOf,
  topicsOf,
  type Article,
} from './article.ts';
import { altOf, captionOf, picturesOf } from './media.ts';
import { shortened } from '../shortened.ts';
import { cardBylineOf } from './byline.ts';
import { nameOfSlug } from './slug.ts';
import { pictureIdOf } from '../picture/picture.ts';
import { candidates, mediaTypeOf, places, renditionsFor } from '../picture/renditions.ts';
import { languageTag } from './language.ts';
import type { Live } from './post.ts';
import type { Audio } from '../audio/audio-rendition.ts';

/** The summary of an article that lists show. Times in UTC, ISO 8601 with milliseconds; absent fields are left out. */
export type Card = Parsed<typeof cardSchema>;

/** A picture in a list. `picture.ts` computes its `id`. */
type CardPicture = NonNullable<Card['picture']>;

/**
 * A feed entry with its keys costs one write unit: 1,024 bytes. The difference is reserved for the other attributes of
 * the row.
 */
const largestCardBytes = 1024 - 218;

/**
 * Returns the card of a live article. Fields that do not fit into one write unit are cut or left out, least needed
 * first.
 */
export function cardOf(
  article: Article,
  path: string,
  firstPublished: number,
  { audio, live }: { readonly audio?: Audio | undefined; readonly live?: Live | undefined } = {},
): Card {
  const standfirst = standfirstOf(article);
  const by = cardBylineOf(article);
  const [section] = sectionsOf(article);
  const genres = (article.genres ?? []).flatMap((genre) => genre.name ?? []);
  const topics = topicsOf(article);
  const language = article.language === undefined ? undefined : languageTag(article.language);
  const picture = cardPicture(article);
  const canonical = canonicalUrlOf(article);
  const card = fitted({
    articleId: articleIdOf(article.uri),
    uri: article.uri,
    path,
    headline: lineOf(headlineOf(article) ?? ''),
    ...(standfirst !== undefined && standfirst !== '' && { standfirst }),
    ...(by !== undefined && { by }),
    ...(picture && { picture }),
    ...(section !== undefined && { section, ...sectionNameIn(article, section) }),
    ...(genres.length > 0 && { genres }),
    ...(topics.length > 0 && { topics }),
    ...(language !== undefined && { language }),
    ...(canonical !== undefined && canonical.host.length <= 100 && { canonicalHost: canonical.host }),
    firstPublished: new Date(firstPublished).toISOString(),
    updated: article.versionCreated,
    ...(live && {
      live: live.coverageEndTime === undefined ? {} : { coverageEndTime: live.coverageEndTime },
    }),
  });
  // Audio is added beyond the limit and costs a second write unit: if it replaced another field, new audio would purge
  // every list.
  return audio === undefined ? card : { ...card, audio };
}

/** Returns whether the coverage of a live story goes on at `now`, epoch ms. */
export function isCovered({ live }: { readonly live?: Pick<Live, 'coverageEndTime'> }, now: number): boolean {
  return live !== undefined && (live.coverageEndTime === undefined || Date.parse(live.coverageEndTime) > now);
}

/** Returns the CMS's name for a section, unless a name made from its path would be the same. */
function sectionNameIn({ subjects = [] }: Article, path: string): Pick<Card, 'sectionName'> {
  const name = lineOf(subjects.find(({ rel, literal }) => rel === 'section' && literal === path)?.name ?? '');
  return name === '' || name === nameOfSlug(path.split('/').at(-1) ?? '') ? {} : { sectionName: name };
}

function cardPicture(article: Article): CardPicture | undefined {
  const [picture] = picturesOf(article);
  if (!picture) return undefined;
  const renditions = renditionsFor(picture, 'card');
  const rendition = renditions.find(({ width }) => (width ?? 0) >= places.card.width) ?? renditions.at(-1);
  if (!rendition) return undefined;
  const smaller = renditions.find(({ width }) => (width ?? 0) >= places.card.width / 2);
  const larger = renditions.find(({ width }) => (width ?? 0) >= places.card.width * 2) ?? renditions.at(-1);
  const others = renditions.filter((one) => one !== rendition && (one === larger || one === smaller));
  const id = pictureIdOf(picture);
  if (id === undefined) return undefined;
  const alt = altOf(picture);
  const caption = captionOf(picture);
  const { href, width, height, sizeInBytes } = rendition;
  const type = /^image\/[\w.+-]+$/.exec(rendition.contentType ?? '')?.[0];
  return {
    id,
    href,
    ...(others.length > 0 && width !== undefined && { srcset: candidates(others) }),
    ...(type !== undefined && type !== mediaTypeOf(href) && { contentType: type }),
    ...(width !== undefined && height !== undefined && { width, height }),
    ...(isCount(sizeInBytes) && { sizeInBytes }),
    ...(alt !== undefined && { alt }),
    ...(caption !== undefined && { caption }),
    ...(picture.by !== undefined && { credit: picture.by }),
  };
}

/** The schema of articles does not validate the sizes of files. */
function isCount(bytes: unknown): bytes is number {
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0;
}

type Trim = (card: Card) => Card;

/** One character may have any number of bytes, and a card must fit, so bytes are bounded too. */
const maxBytesPerCharacter = 3;

function cutText(text: string, characters: number): string {
  return shortened(text, { characters, bytes: characters * maxBytesPerCharacter });
}

const withoutPictureText =
  (fields: readonly ('caption' | 'alt' | 'credit')[], characters: number): Trim =>
  (card) => {
    if (!card.picture) return card;
    const picture: { -readonly [Field in keyof CardPicture]: CardPicture[Field] } = { ...card.picture };
    for (const field of fields) {
      const text = picture[field];
      if (text === undefined || characters === 0) Reflect.deleteProperty(picture, field);
      else picture[field] = cutText(text, characters);
    }
    return { ...card, picture };
  };

const withoutChoice: Trim = (card) => {
  if (!card.picture) return card;
  const { srcset, ...picture } = card.picture;
  return { ...card, picture };
};

const withTopics =
  (count: number): Trim =>
  ({ topics, ...card }) =>
    count === 0 || topics === undefined ? card : { ...card, topics: topics.slice(0, count) };

const withStandfirst =
  (characters: number): Trim =>
  (card) => {
    const { standfirst, ...rest } = card;
    return standfirst === undefined || characters === 0
      ? rest
      : { ...rest, standfirst: cutText(standfirst, characters) };
  };

const withBy =
  (characters: number): Trim =>
  (card) =>
    card.by === undefined ? card : { ...card, by: cutText(card.by, characters) };

const without =
  (field: 'genres' | 'picture' | 'by' | 'section' | 'sectionName' | 'live'): Trim =>
  (card) => {
    const rest: Record<string, unknown> = { ...card };
    Reflect.deleteProperty(rest, field);
    return rest as unknown as Card; // Only optional fields can be named above.
  };

const withHeadline =
  (characters: number): Trim =>
  (card) => ({ ...card, headline: cutText(card.headline, characters) });

const trims: readonly Trim[] = [
  withTopics(8),
  withoutPictureText(['caption'], 120),
  withoutChoice,
  withTopics(3),
  withoutPictureText(['caption'], 0),
  withStandfirst(200),
  withoutPictureText(['alt'], 80),
  withStandfirst(120),
  withoutPictureText(['alt'], 0),
  withHeadline(160),
  withoutPictureText(['credit'], 40),
  withTopics(0),
  without('sectionName'),
  without('genres'),
  withBy(120),
  withStandfirst(60),
  without('picture'),
  withStandfirst(0),
  withHeadline(80),
  without('by'),
  withHeadline(40),
  without('section'),
  withHeadline(20),
  without('live'),
];

function fitted(card: Card): Card {
  let fit = card;
  for (const trim of trims) {
    if (Buffer.byteLength(JSON.stringify(fit)) <= largestCardBytes) return fit;
    fit = trim(fit);
  }
  return fit;
}
