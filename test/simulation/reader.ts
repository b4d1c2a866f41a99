import type { Response } from '../../functions/deliver/http.ts';
import { articleUrls, othersUrls, postUrls, previewUrls, profileUrls } from './addresses.ts';
import type { Chance } from './chance.ts';
import type { Checks } from './checks/checks.ts';
import type { Invocation, Machine } from './machine.ts';
import type { Observed } from './observed.ts';
import { articleIdNamed, articleNames, liveId, paths, postNames, profileName } from './plan.ts';
import type { Scheduler } from './scheduler.ts';

/** The origin's timeout: no answer is on its way for longer, so a withdrawal is purged again after it. */
export const originTimeoutSeconds = 10;

/** The parts of a simulated world that a reader needs. */
export interface Readable extends Observed {
  readonly scheduler: Scheduler;
  readonly machine: Machine;
  readonly checks: Checks;
  readonly hasPosts: boolean;
  /** Asks the origin, on the ports of an invocation that may fail. */
  see(url: string, invocation?: Invocation): Promise<Response>;
}

/** Asks at the edge, at any moment. */
export class Reader {
  readonly #world: Readable;
  readonly #chance: Chance;
  #fills = 0;

  constructor(world: Readable, chance: Chance) {
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
      this.#world.checks.answered(url, response);
      edge.end(fill, response, this.#world.now);
    } catch (error) {
      this.#world.checks.failed(url, error);
    }
  }

  #fillSlowly(url: string): void {
    const { edge, machine, checks } = this.#world;
    this.#fills += 1;
    const fill = edge.begin(url, this.#unseen(url));
    const abandon = (): void => {
      edge.abandon(fill);
    };
    machine.invoke(
      `deliver#${this.#fills}`,
      originTimeoutSeconds * 1000,
      async (invocation) => {
        const response = await this.#world.see(url, invocation);
        checks.answered(url, response);
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
