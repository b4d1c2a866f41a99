import { timeoutMs, watch, type WatchPorts } from '../../../functions/watch/watch.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { MemoryPublishTraces } from '../../fakes/memory-publish-traces.ts';
import type { Reader } from '../../../shared/trace/ports.ts';
import { shownHeader } from '../../../shared/trace/publish-trace.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { noon, story } from '../story.ts';

export const uri = 'urn:newsroom:harbour-bridge';

export const articleId = articleIdOf(uri);

export const path = '/news/local/harbour-bridge';

export const page = `/articles/${articleId}.json`;

type Answer = Awaited<ReturnType<Reader['read']>>;

/**
 * The pipeline behind an edge that keeps answers until they are purged, and a watcher whose pauses advance the clock.
 */
export class Watched {
  readonly pipeline = new Pipeline(noon + 3_600_000);
  readonly publishTraces = new MemoryPublishTraces();
  readonly counted: string[] = [];
  readonly measured: Record<string, number[]> = {};
  readonly asked: string[] = [];
  /** Runs while the watcher pauses. */
  meanwhile: () => Promise<void> | void = () => undefined;
  readonly #cache = new Map<string, Answer>();

  readonly ports: WatchPorts = {
    articles: this.pipeline.articles,
    publishTraces: this.publishTraces,
    announcer: this.pipeline.announcer,
    reader: { read: async (asked) => this.read(asked) },
    meter: {
      count: (...names) => this.counted.push(...names),
      milliseconds: (values) => {
        for (const [name, value] of Object.entries(values)) (this.measured[name] ??= []).push(value);
      },
    },
    timer: {
      now: () => this.pipeline.clock.now(),
      pause: async (milliseconds) => {
        this.pipeline.clock.time += milliseconds;
        await this.meanwhile();
      },
    },
  };

  async read(asked: string): Promise<Answer> {
    this.asked.push(asked);
    const kept = this.#cache.get(asked);
    if (kept) return kept;
    const { status, headers, body } = await this.pipeline.see(asked);
    const answer = { status, shown: headers[shownHeader], body };
    this.#cache.set(asked, answer);
    return answer;
  }

  purge(...paths: readonly string[]): void {
    if (paths.length === 0) this.#cache.clear();
    for (const purged of paths) this.#cache.delete(purged);
  }

  /** Sends one event. Returns its announcement. */
  async send(
    type: string,
    detail: Record<string, unknown>,
    envelope: Record<string, unknown> = {},
  ): Promise<{ readonly type: string; readonly detail: unknown }> {
    const before = this.pipeline.announcer.announced.length;
    await this.pipeline.send(type, detail, envelope);
    const announced = this.pipeline.announcer.announced
      .slice(before)
      .find((one) => /^article\.(?:live|revised|withdrawn)$/.test(one.type));
    if (!announced) throw new Error('nothing was announced');
    return announced;
  }

  /** Follows a change until it is fresh or `inHand` is over. Default: announced now. */
  follow(
    announced: { readonly type: string; readonly detail: unknown },
    { at = this.pipeline.clock.now(), inHand = 2 * timeoutMs } = {},
  ): ReturnType<typeof watch> {
    return watch(this.ports, { ...announced, at }, this.pipeline.clock.now() + inHand);
  }

  fresh(): unknown[] {
    return this.pipeline.announcer.announced.filter(({ type }) => type === 'article.fresh').map(({ detail }) => detail);
  }
}

export const published = { article: story(), path };

export const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
