import type { Response } from '../../functions/deliver/http.ts';
import type { Chance } from './chance.ts';
import { previewToken } from '../../shared/article/preview-token.ts';
import {
  articleIdNamed,
  articleNames,
  frontNames,
  liveName,
  paths,
  postNames,
  profileName,
  start,
  uriOf,
} from './plan.ts';
import type { World } from './world.ts';

/** The origin's timeout: no answer is on its way for longer, so a withdrawal is purged again after it. */
export const originTimeoutSeconds = 10;

export const feeds = [
  'latest',
  'section/news',
  'section/news/world',
  'section/sport',
  'topic/bridges',
  'author/ada-marlow',
] as const;

const listUrls = [
  ...feeds.map((feed) => `/feeds/${feed}.json`),
  '/feeds/latest.rss',
  '/section/news',
  ...frontNames.map((name) => `/fronts/${name}.json`),
  `/fronts/home.json?exclude=${articleIdNamed('a')}`,
  '/',
];

const articleUrls = [
  ...articleNames.flatMap((name) => [
    `/articles/${articleIdNamed(name)}.json`,
    `/articles/${articleIdNamed(name)}/story-${name}-one`,
  ]),
  ...paths,
];

const liveId = articleIdNamed(liveName);

/** Where posts of the live story could be seen. */
const postUrls = [
  `/feeds/live/${liveId}.json`,
  `/feeds/live/${liveId}/key.json`,
  `/articles/${liveId}.posts.json`,
  `/articles/${liveId}.posts.html?after=${Buffer.from(`2026-05-01T12:00:30.000Z#${liveId}`).toString('base64url')}`,
  ...postNames.map((name) => `/articles/${articleIdNamed(name)}.json`),
];

/** The pages of the authors, and where their profile could be seen. */
export const authorUrls = ['/author/ada-marlow', '/author/jon-bright'] as const;
const profileUrls = [...authorUrls, `/articles/${articleIdNamed(profileName)}.json`];

export const previewSecret = 'the newsroom’s';

/** Previews for which no newsroom gave a link: of another secret, and of links that have expired. */
const previewUrls = [
  ['a', 'a guess', start + 3_600_000],
  ['b', previewSecret, start - 1000],
  ['p', 'a guess', start + 3_600_000],
].map(
  ([name, secret, expiresAt]) =>
    `/preview/${previewToken({ uri: uriOf(String(name)), expiresAt: Number(expiresAt) }, String(secret))}`,
);

const othersUrls = [...listUrls, ...articleUrls];

/** Everything that somebody reads here. */
export const urls: readonly string[] = [...othersUrls, ...postUrls, ...previewUrls, ...profileUrls];

/** The parts of an answer that must be current. In lists, `updated` and its `seq` may be ten seconds old. */
export function said(url: string, { status, headers, body }: Response): string {
  const isList = [...listUrls, ...authorUrls].includes(url);
  const text = isList
    ? body
        .replaceAll(/"(?:updated|date_modified)":"[^"]*"|"seq":\d+/g, '')
        .replaceAll(/<(atom:updated|lastBuildDate)>[^<]*<\/\1>/g, '')
    : body;
  return JSON.stringify([status, headers['location'], text]);
}

/** Asks at the edge, at any moment. */
export class Reader {
  readonly #world: World;
  readonly #chance: Chance;
  #fills = 0;

  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
  }

  /** Something is about to change: readers of it, and of everything else. */
  lookSoon(article?: string): void {
    const all = this.#urls();
    const own =
      article === undefined
        ? all
        : article === profileName
          ? profileUrls
          : (postNames as readonly string[]).includes(article)
            ? [...postUrls, ...articleUrls.filter((url) => url.includes(liveId))]
            : [...articleUrls.filter((url) => url.includes(articleIdNamed(article))), ...paths];
    for (let look = 0; look < 4; look += 1)
      this.#look(
        this.#chance.between(0, this.#chance.one(look < 2 ? [50, 50, 2000] : [50, 3000, 15_000])),
        look < 2 ? own : all,
      );
  }

  /** Requests purged addresses at once. */
  comeBack(forgotten: readonly string[]): void {
    for (const url of forgotten) if (this.#chance.happens(0.4)) this.#look(this.#chance.between(0, 30), [url]);
  }

  lookPerhaps(): void {
    if (this.#chance.happens(0.12)) this.#look(this.#chance.between(0, 30));
  }

  /** Everybody reads everything. */
  async lookAtAll(): Promise<void> {
    for (const url of this.#urls()) await this.#fillAtOnce(url);
  }

  /** Histories without posts have no readers of posts, and those without a profile no readers of authors' pages. */
  #urls(): readonly string[] {
    const { hasPosts, hasProfile } = this.#world;
    return [...othersUrls, ...(hasPosts ? [...postUrls, ...previewUrls] : []), ...(hasProfile ? profileUrls : [])];
  }

  #look(delay: number, choices = this.#urls()): void {
    const url = choices[this.#chance.between(0, choices.length - 1)] ?? '/';
    this.#world.scheduler.after(delay, () => {
      const { edge, now } = this.#world;
      // Cached answers may be refreshed, too.
      if (edge.get(url, now) && this.#chance.happens(0.5)) return;
      if (this.#chance.happens(0.5)) {
        void this.#fillAtOnce(url);
        return;
      }
      this.#fillSlowly(url);
    });
  }

  async #fillAtOnce(url: string): Promise<void> {
    const { edge } = this.#world;
    const fill = edge.begin(url, this.#unseen(url));
    try {
      const response = await this.#world.see(url);
      this.#world.watch.answered(url, response);
      edge.end(fill, response, this.#world.now);
    } catch (error) {
      this.#world.watch.broke('answers', `${url} fails: ${String(error)}`);
    }
  }

  #fillSlowly(url: string): void {
    const { edge, machine, watch } = this.#world;
    this.#fills += 1;
    const fill = edge.begin(url, this.#unseen(url));
    const abandon = (): void => {
      edge.abandon(fill);
    };
    machine.invoke(
      `deliver#${this.#fills}`,
      originTimeoutSeconds * 1000,
      async (invocation) => {
        const response = await this.#world.see(url, this.#world.ports(invocation));
        watch.answered(url, response);
        this.#world.note(() => `the edge keeps ${url} (${response.status})`);
        edge.end(fill, response, this.#world.now);
      },
      abandon,
      abandon,
    );
  }

  /** The tags of articles that have not been public yet, and of Latest News, whose headlines are on error pages. Missing lists have none. */
  #unseen(url: string): ReadonlySet<string> | undefined {
    if (![...articleUrls, ...postUrls, ...previewUrls, ...profileUrls].includes(url)) return undefined;
    const { heads } = this.#world.articles;
    return new Set([
      'feed:latest',
      'feeds',
      ...(heads.has(liveId) ? [] : [`feed:live:${liveId}`]),
      ...[...articleNames, ...postNames, profileName]
        .map(articleIdNamed)
        .flatMap((id) => (heads.has(id) ? [] : [`article:${id}`])),
    ]);
  }
}
