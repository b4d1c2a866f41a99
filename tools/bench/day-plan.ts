import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { articleIdOf } from '../../shared/article/article.ts';
import { encodingShares, type Read } from './reader.ts';

/** An address where a change is visible, and how a reader sees it. */
export interface Place {
  readonly path: string;
  readonly shows: (text: string) => boolean;
  /** Whether it is still to come; false where the story is not to be found there at all. */
  readonly isDue: (text: string) => boolean;
}

/** One publish: a new story, a new headline with its text, or a new text alone. */
export interface Change {
  /** Milliseconds after midnight. */
  readonly at: number;
  readonly kind: 'story' | 'card' | 'body';
  readonly story: number;
  readonly event: (now: number) => {
    readonly uri: string;
    readonly path: string;
    readonly article: Readonly<Record<string, unknown>>;
  };
  readonly places: () => readonly Place[];
}

export const uriOf = (story: number): string => `urn:newsroom-day:${story}`;

const hour = 3_600_000;
const minute = 60_000;
const burstHours = [9, 13, 18];
const burstMilliseconds = 5 * minute;
/** The share of the day's stories and updates in each burst. */
const burstShare = 0.1;

const sections = [
  'news/world',
  'news/politics',
  'news/local',
  'business/markets',
  'sport/football',
  'culture/books',
  'science/space',
  'opinion/leaders',
];

export interface DayFigures {
  readonly articles: number;
  /** For each article, on average. */
  readonly updates: number;
  readonly bursts: number;
  /** The share of updates that change the card. */
  readonly cardShare: number;
  readonly seed: number;
}

/** The publishes and requests of one day. The same seed gives the same day. */
export class DayPlan {
  readonly figures: DayFigures;

  constructor(figures: DayFigures) {
    this.figures = figures;
  }

  /**
   * Requests at random instants. Each picks from one of several lists by the lists' shares; entries near the start of a
   * list are picked more often.
   */
  readsOf(
    name: string,
    readsASecond: number,
    seconds: number,
    choices: readonly { readonly share: number; readonly paths: readonly string[] }[],
  ): Read[] {
    const chance = new Draws(this.figures.seed + Buffer.from(name).reduce((sum, byte) => sum + byte, 0));
    const count = Math.round(readsASecond * seconds);
    const instants = Array.from({ length: count }, () => chance.below(seconds * 1000)).sort((a, b) => a - b);
    return instants.map((at) => {
      let drawn = chance.share();
      const { paths = [] } = choices.find(({ share }) => (drawn -= share) < 0) ?? choices.at(-1) ?? {};
      // Zipf's law: the logarithm of the rank is evenly spread.
      const rank = Math.floor(Math.exp(chance.share() * Math.log(paths.length + 1))) - 1;
      let kind = chance.share();
      const [encodings] = encodingShares.find(([, share]) => (kind -= share) < 0) ?? [''];
      return { at, path: paths[Math.min(rank, paths.length - 1)] ?? '/', encodings };
    });
  }
}

export function dayPlan({ figures }: DayPlan): {
  readonly changes: readonly Change[];
  readonly bursts: readonly number[];
} {
  const { articles, updates, bursts, cardShare, seed } = figures;
  const chance = new Draws(seed);
  const starts = burstHours.slice(0, bursts).map((at) => at * hour);
  const sketches: { at: number; kind: Change['kind']; story: number }[] = [];
  const inBurst = Math.round(articles * burstShare);
  const total = Math.round(articles * updates);
  const updatesInBurst = Math.round(total * burstShare);
  let story = 0;
  const kindOf = (): Change['kind'] => (chance.share() < cardShare ? 'card' : 'body');
  for (const start of starts) {
    const first = story;
    for (; story < first + inBurst; story += 1)
      sketches.push({ at: start + chance.below(burstMilliseconds / 2), kind: 'story', story });
    for (let n = 0; n < updatesInBurst; n += 1) {
      const of = first + chance.below(Math.max(1, inBurst));
      const published = sketches.find((sketch) => sketch.story === of)?.at ?? start;
      sketches.push({
        at: published + 2000 + chance.below(burstMilliseconds - (published - start) - 2000),
        kind: kindOf(),
        story: of,
      });
    }
  }
  const calm = new Map<number, number>();
  for (; story < articles; story += 1) {
    const at = 6 * hour + chance.below(16 * hour);
    calm.set(story, at);
    sketches.push({ at, kind: 'story', story });
  }
  const stories = [...calm];
  for (let n = sketches.filter(({ kind }) => kind !== 'story').length; n < total && stories.length > 0; n += 1) {
    const [of, published] = stories[chance.below(stories.length)] ?? [0, 0];
    // Most soon after the story, some hours later: two minutes to ten hours, evenly in the logarithm.
    const later = 2 * minute * Math.exp(chance.share() * Math.log(300));
    sketches.push({
      at: Math.min(published + Math.round(later), 24 * hour - 5 * minute - chance.below(hour)),
      kind: kindOf(),
      story: of,
    });
  }
  sketches.sort((a, b) => a.at - b.at);
  // No two changes at one instant, because the version order needs distinct times.
  sketches.forEach((sketch, index) => (sketch.at = Math.max(sketch.at, (sketches[index - 1]?.at ?? -1) + 1)));
  const cards = new Map<number, number>();
  return {
    bursts: starts,
    changes: sketches.map((sketch, revision) => {
      const isCard = sketch.kind !== 'body';
      if (isCard) cards.set(sketch.story, revision);
      return changeOf(sketch, revision, cards.get(sketch.story) ?? revision);
    }),
  };
}

/** Every text names the change it was made by, every headline the last that changed the card; numbers rise. */
function changeOf(
  { at, kind, story }: { readonly at: number; readonly kind: Change['kind']; readonly story: number },
  revision: number,
  cardRevision: number,
): Change {
  const uri = uriOf(story);
  const section = sections[story % sections.length] ?? 'news';
  const newest = (text: string, pattern: RegExp): number =>
    Math.max(-1, ...[...text.matchAll(pattern)].map(([, number]) => Number(number)));
  const inText = new RegExp(`text${story}r(\\d+)`, 'g');
  const inHeadline = new RegExp(`head${story}r(\\d+)`, 'g');
  const page: Place = {
    path: `/articles/${articleIdOf(uri)}.json`,
    shows: (text) => newest(text, inText) >= revision,
    isDue: () => true,
  };
  const listed = (feed: string): Place => ({
    path: `/feeds/${feed}.json`,
    shows: (text) => newest(text, inHeadline) >= cardRevision,
    // An old story is on a later page.
    isDue: (text) => kind === 'story' || newest(text, inHeadline) >= 0,
  });
  return {
    at,
    kind,
    story,
    event: (now) => ({
      uri,
      path: `/${section}/${story}`,
      article: {
        uri,
        type: 'text',
        versionCreated: new Date(now).toISOString(),
        pubStatus: 'usable',
        headlines: [{ role: 'main', value: `Something happened, head${story}r${cardRevision}` }],
        descriptions: [
          {
            role: 'standfirst',
            contentType: 'text/plain',
            value: 'What is known so far, and what it means for everybody who lives here.',
          },
        ],
        bodies: [
          {
            role: 'main',
            contentType: 'text/html',
            value: `<p>text${story}r${revision}</p>${'<p>The harbour was quiet that night, said those who were there, and nobody had seen it come.</p>'.repeat(62)}`,
          },
        ],
        by: `By Author ${story % 60}`,
        subjects: [
          { rel: 'section', literal: section },
          { name: `Topic ${story % 120}` },
          { name: `Other ${story % 75}` },
        ],
      },
    }),
    places: () => [
      ...(kind === 'story' ? [] : [page]),
      ...(kind === 'body' ? [] : [listed('latest'), listed(`section/${section}`)]),
    ],
  };
}

/** Chance by a seed. */
class Draws {
  readonly #generator: RandomGenerator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  below(limit: number): number {
    return uniformInt(this.#generator, 0, Math.max(0, Math.floor(limit) - 1));
  }

  share(): number {
    return uniformInt(this.#generator, 0, 0xff_ff_ff) / 0x1_00_00_00;
  }
}
