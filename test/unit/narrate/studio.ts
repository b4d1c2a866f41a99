import { narrate, type Narrated } from '../../../functions/narrate/narrate.ts';
import type { NarratePorts } from '../../../functions/narrate/ports.ts';
import { store } from '../../../functions/store/store.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { MemoryRecordings } from '../../fakes/memory-articles.ts';
import { MemoryPorts } from '../../fakes/memory-ports.ts';
import { MemoryNarrationQueue, MemorySoundFiles, MemorySpeech } from '../../fakes/memory-speech.ts';
import type { NarrationPoll } from '../../../shared/audio/ports.ts';
import { busEvent, noon, story } from '../story.ts';

export const id = articleIdOf('urn:newsroom:harbour-bridge');

export const announced: NarrationPoll = { articleId: id, polls: 0 };

/** Called before and after every effect of a port: it may wait, or throw. */
export type Between = (effect: string) => Promise<void>;

export class Studio extends MemoryPorts {
  readonly synthesisJobs = new MemoryRecordings(this.articles);
  readonly files = new MemorySoundFiles();
  readonly speech = new MemorySpeech(this.files);
  readonly narrationQueue = new MemoryNarrationQueue();
  readonly paused: number[] = [];
  minutes = 0;
  voices: NarratePorts['voices'] = { en: { name: 'Amy', engine: 'neural' } };

  constructor() {
    super(noon + 60_000);
  }

  ports(between: Between = () => Promise.resolve()): NarratePorts {
    const { voices } = this;
    const clock = {
      now: () => this.clock.now(),
      pause: (milliseconds: number) => {
        this.paused.push(milliseconds);
        this.clock.time += milliseconds;
        return Promise.resolve();
      },
    };
    const { articles, synthesisJobs, files, speech, narrationQueue, purgeRequests, settleSchedule } =
      Object.fromEntries(
        Object.entries({
          articles: this.articles,
          synthesisJobs: this.synthesisJobs,
          files: this.files,
          speech: this.speech,
          narrationQueue: this.narrationQueue,
          purgeRequests: this.purgeRequests,
          settleSchedule: this.settleSchedule,
        }).map(([name, port]) => [name, interrupted(port, between)]),
      ) as unknown as NarratePorts;
    return {
      articles,
      pictures: this.pictures,
      synthesisJobs,
      files,
      speech,
      narrationQueue,
      purgeRequests,
      settleSchedule,
      clock,
      voices,
      language: 'en',
      purgeAgainSeconds: 11,
    };
  }

  /** As `store` does it, with another version each time. */
  async send(type: string, article: Record<string, unknown>): Promise<void> {
    this.minutes += 1;
    this.clock.time += 60_000;
    const at = noon + this.minutes * 60_000;
    await store(
      this,
      busEvent(type, { article: { ...article, versionCreated: new Date(at).toISOString() }, receivedAt: at }),
      'delivery',
    );
  }

  async publish(...paragraphs: string[]): Promise<void> {
    await this.send('article.published', storyOf(paragraphs));
  }

  poll(between?: Between, polls = 0): Promise<Narrated> {
    return narrate(this.ports(between), { articleId: id, polls });
  }

  /** Answers every requested poll and the failed ones, while Polly finishes its tasks. */
  async quiet(...failed: readonly NarrationPoll[]): Promise<void> {
    const left: NarrationPoll[] = [...failed];
    for (
      let poll = left.shift() ?? this.narrationQueue.asked.shift();
      poll;
      poll = left.shift() ?? this.narrationQueue.asked.shift()
    ) {
      await this.speech.finish();
      await narrate(this.ports(), poll).catch(() => left.push(announced));
    }
  }

  lying(folder: string): string[] {
    return [...this.files.files.keys()].filter((key) => key.startsWith(folder));
  }

  /** The audio that readers are offered, and the stored objects. */
  async state(): Promise<{
    readonly visibility: string | undefined;
    readonly offered: string | undefined;
    readonly audio: string[];
    readonly parts: number;
  }> {
    const head = await this.articles.head(id);
    return {
      visibility: head?.visibility,
      offered: head?.card?.audio?.href,
      audio: this.lying('audio/').map((key) => `/${key}`),
      parts: this.lying('takes/').length,
    };
  }
}

export function storyOf(paragraphs: readonly string[], headline = 'A bridge'): Record<string, unknown> {
  return story({
    headlines: [{ value: headline }],
    by: 'By Ada Marlow',
    bodies: [{ contentType: 'text/html', value: paragraphs.map((text) => `<p>${text}</p>`).join('') }],
  });
}

function interrupted(port: object, between: Between): object {
  return new Proxy(port, {
    get: (target, name) => {
      const held: unknown = Reflect.get(target, name);
      if (typeof held !== 'function') return held;
      return async (...input: unknown[]): Promise<unknown> => {
        await between(`before ${String(name)}`);
        const answer: unknown = await (held as (...input: unknown[]) => unknown).apply(target, input);
        await between(`after ${String(name)}`);
        return answer;
      };
    },
  });
}
