import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { narrate, type Narrated, type NarratePorts } from '../../functions/narrate/narrate.ts';
import { store } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures, MemoryRecordings } from '../fakes/memory-articles.ts';
import { MemoryPayloadStore } from '../fakes/memory-webhooks.ts';
import {
  MemoryAnnouncer,
  MemoryClock,
  MemoryPurgeRequests,
  MemoryRejectionQueue,
  MemorySettleSchedule,
} from '../fakes/memory-messages.ts';
import { MemoryNarrationQueue, MemorySoundFiles, MemorySpeech } from '../fakes/memory-speech.ts';
import type { NarrationPoll } from '../../shared/audio/ports.ts';
import { audioFor } from '../../shared/audio/audio-rendition.ts';
import { pictureIdNamed } from '../../shared/picture/picture.ts';
import { busEvent, noon, story } from './story.ts';

const id = articleIdOf('urn:newsroom:harbour-bridge');
const announced: NarrationPoll = { articleId: id, looks: 0 };

/** Called before and after every effect of a port: it may wait, or throw. */
type Between = (effect: string) => Promise<void>;

class Studio {
  readonly articles = new MemoryArticles();
  readonly pictures = new MemoryPictures();
  readonly synthesisJobs = new MemoryRecordings(this.articles);
  readonly files = new MemorySoundFiles();
  readonly speech = new MemorySpeech(this.files);
  readonly looks = new MemoryNarrationQueue();
  readonly purgeRequests = new MemoryPurgeRequests();
  readonly settleSchedule = new MemorySettleSchedule();
  readonly clock = new MemoryClock(noon + 60_000);
  readonly paused: number[] = [];
  minutes = 0;
  voices: NarratePorts['voices'] = { en: { name: 'Amy', engine: 'neural' } };

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
    const { articles, synthesisJobs, files, speech, looks, purgeRequests, settleSchedule } = Object.fromEntries(
      Object.entries({
        articles: this.articles,
        synthesisJobs: this.synthesisJobs,
        files: this.files,
        speech: this.speech,
        looks: this.looks,
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
      looks,
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
    const { articles, settleSchedule, clock } = this;
    const ports = {
      articles,
      settleSchedule,
      clock,
      fronts: new MemoryFronts(),
      pictures: this.pictures,
      announcer: new MemoryAnnouncer(),
      rejections: new MemoryRejectionQueue(),
      payloads: new MemoryPayloadStore(),
      owners: {},
    };
    await store(
      ports,
      busEvent(type, { article: { ...article, versionCreated: new Date(at).toISOString() }, receivedAt: at }),
      'delivery',
    );
  }

  async publish(...paragraphs: string[]): Promise<void> {
    await this.send('article.published', storyOf(paragraphs));
  }

  look(between?: Between, looks = 0): Promise<Narrated> {
    return narrate(this.ports(between), { articleId: id, looks });
  }

  /** Answers every requested poll and the failed ones, while Polly finishes its tasks. */
  async quiet(...failed: readonly NarrationPoll[]): Promise<void> {
    const left: NarrationPoll[] = [...failed];
    for (let look = left.shift() ?? this.looks.asked.shift(); look; look = left.shift() ?? this.looks.asked.shift()) {
      await this.speech.finish();
      await narrate(this.ports(), look).catch(() => left.push(announced));
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
    readonly takes: number;
  }> {
    const head = await this.articles.head(id);
    return {
      visibility: head?.visibility,
      offered: head?.card?.audio?.href,
      audio: this.lying('audio/').map((key) => `/${key}`),
      takes: this.lying('takes/').length,
    };
  }
}

function storyOf(paragraphs: readonly string[], headline = 'A bridge'): Record<string, unknown> {
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

describe('a narrated story', () => {
  test('is synthesised piece by piece, each once, and offered when all pieces are there', async () => {
    const studio = new Studio();
    await studio.publish('One.', 'Two.', 'One.');
    expect(await studio.look()).toBe('under way');
    expect(studio.speech.said).toEqual(['A bridge', 'By Ada Marlow', 'One.', 'Two.']);
    expect(await studio.look()).toBe('under way');
    await studio.speech.finish('done', (text) => text !== 'Two.');
    expect(await studio.look()).toBe('under way');
    expect((await studio.state()).offered).toBeUndefined();
    await studio.speech.finish();
    expect(await studio.look()).toBe('recorded');
    const { offered, audio } = await studio.state();
    expect(audio).toEqual([offered]);
    const head = await studio.articles.head(id);
    const file = studio.files.files.get(offered?.slice(1) ?? '');
    expect(head).toMatchObject({ change: 'revised', card: { audio: { bytes: file?.bytes.length } } });
    expect(file?.tags).toEqual([`article:${id}`]);
    // 42 characters of 26 ms, and four pauses of half a second.
    expect(head?.card?.audio?.seconds).toBe(3);
    expect([await studio.look(), studio.speech.said.length, (await studio.articles.head(id))?.seq]).toEqual([
      'stands',
      4,
      head?.seq,
    ]);
  });

  test('is polled at growing intervals, and given up in the end', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.look();
    const delays: number[] = [];
    let rejected: unknown;
    for (let look = studio.looks.asked.shift(); look; look = studio.looks.asked.shift()) {
      delays.push(look.delaySeconds);
      rejected = await narrate(studio.ports(), look).catch((error: unknown) => error);
    }
    expect(delays.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    expect(delays.length).toBe(36);
    expect(String(rejected)).toMatch(/has not finished/);
  });

  test('with a corrected headline pays for the headline only, and the old rendition is deleted', async () => {
    const studio = new Studio();
    await studio.publish('One.', 'Two.');
    await studio.quiet(announced);
    const before = await studio.state();
    await studio.send('article.updated', storyOf(['One.', 'Two.'], 'A bridge, mended'));
    expect((await studio.state()).offered).toBeUndefined();
    await studio.quiet(announced);
    expect(studio.speech.said.slice(4)).toEqual(['A bridge, mended']);
    const after = await studio.state();
    expect(after.audio).toEqual([after.offered]);
    expect(after.offered).not.toBe(before.offered);
    // No page links to the old file, and its copies expire within a minute, so it needs no purge.
    expect(studio.purgeRequests.asked).toEqual([]);
  });

  test('whose text did not change keeps its rendition through every new version', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    const { offered } = await studio.state();
    await studio.send('article.updated', { ...storyOf(['One.']), genres: [{ name: 'Feature' }], urgency: 2 });
    expect((await studio.state()).offered).toBe(offered);
    expect(await studio.look()).toBe('stands');
    expect(studio.speech.said).toHaveLength(3);
  });

  test('that is withdrawn loses rendition and pieces, is purged, and loses pieces that Polly finishes later', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    await studio.publish('One.', 'Two.');
    await studio.look();
    await studio.send('article.unpublished', { uri: 'urn:newsroom:harbour-bridge' });
    expect(await studio.look()).toBe('silent: it is not live');
    expect(await studio.state()).toEqual({ visibility: 'gone', offered: undefined, audio: [], takes: 0 });
    expect(studio.purgeRequests.asked).toEqual([
      { tags: [`article:${id}`], articles: [], urgent: true, delaySeconds: 11 },
    ]);
    // Its own look comes before Polly is done, and asks for another.
    for (const look of studio.looks.asked.splice(0)) await narrate(studio.ports(), look);
    await studio.speech.finish();
    expect(studio.lying('takes/')).toHaveLength(1);
    await studio.quiet();
    expect(studio.lying('')).toEqual([]);
    expect([await studio.look(), studio.looks.asked]).toEqual(['silent: it is not live', []]);
  });

  test('that returns is synthesised again, and never offers a deleted file', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    await studio.send('article.held', { uri: 'urn:newsroom:harbour-bridge' });
    await studio.quiet(announced);
    await studio.send('article.unheld', { uri: 'urn:newsroom:harbour-bridge' });
    expect(await studio.state()).toMatchObject({ visibility: 'live', offered: undefined, audio: [] });
    await studio.quiet(announced);
    const { offered, audio } = await studio.state();
    expect([offered !== undefined, audio]).toEqual([true, [offered]]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['there is no voice for fr', { ...storyOf(['Un.']), language: 'fr' }],
    [
      'the desk brings its own audio',
      { ...storyOf(['One.']), renditions: [{ href: 'https://sound.example.com/1.mp3', contentType: 'audio/mpeg' }] },
    ],
    ['it has no paragraphs', { ...storyOf([]), bodies: [] }],
    ['it has 100022 characters, of at most 100000', storyOf(['a'.repeat(100_001)])],
  ])('is not synthesised if %s, and an earlier rendition is no longer offered', async (why, article) => {
    const studio = new Studio();
    await studio.send('article.published', article);
    expect(await studio.look()).toBe(`silent: ${why}`);
    expect(studio.speech.said).toEqual([]);
    await studio.publish('One.');
    await studio.quiet(announced);
    expect((await studio.state()).offered).toBeDefined();
    await studio.send('article.updated', article);
    await studio.quiet(announced);
    expect(await studio.state()).toMatchObject({ visibility: 'live', offered: undefined, audio: [], takes: 0 });
  });

  test('is not synthesised before its embargo ends', async () => {
    const studio = new Studio();
    await studio.send('article.published', {
      ...storyOf(['Secret.']),
      embargoedUntil: new Date(noon + 3_600_000).toISOString(),
    });
    expect(await studio.look()).toBe('silent: it is not live');
    expect(studio.speech.said).toEqual([]);
  });

  test('is read without the words of an embargoed or pulled file, as on the page', async () => {
    const href = 'https://media.example/secret.mp4';
    const value = `<p>One.</p><p>See <a href="${href}">the secret</a> now.</p>`;
    for (const said of [{ embargoedUntil: new Date(noon + 3_600_000).toISOString() }, { uri: 'urn:pulled' }]) {
      const studio = new Studio();
      studio.pictures.list = { seq: 1, ids: new Set([pictureIdNamed('urn:pulled')]) };
      await studio.send('article.published', {
        ...storyOf([]),
        bodies: [{ contentType: 'text/html', value }],
        associations: [{ type: 'video', ...said, renditions: [{ href }] }],
      });
      await studio.quiet(announced);
      expect(studio.speech.said.slice(-2)).toEqual(['One.', 'See now.']);
    }
  });

  test('is synthesised again for another voice, and not at all for one that was removed', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    studio.voices = { en: { name: 'Emma', engine: 'neural' } };
    await studio.quiet(announced);
    expect(studio.speech.said).toHaveLength(6);
    studio.voices = {};
    await studio.quiet(announced);
    expect((await studio.state()).offered).toBeUndefined();
  });

  test('with a piece that Polly failed to synthesise is requested again', async () => {
    const studio = new Studio();
    await studio.publish('One.', 'Two.');
    await studio.look();
    await studio.speech.finish('failed', (text) => text === 'Two.');
    expect(await studio.look()).toBe('under way');
    await expect(studio.look(undefined, 4)).rejects.toThrow(/failed to read 1 pieces/);
    await studio.quiet(announced);
    expect(studio.speech.said.filter((text) => text === 'Two.')).toHaveLength(2);
    expect((await studio.state()).offered).toBeDefined();
  });

  test.each([
    ['before the audio was made', true],
    ['without it', false],
  ])('that is withdrawn loses its rendition also if the table was restored to a moment %s', async (_, wasNoted) => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    const { synthesisJobs } = studio.articles;
    const noted = synthesisJobs.get(id);
    await studio.publish('Two.');
    await studio.quiet(announced);
    synthesisJobs.delete(id);
    if (wasNoted && noted) synthesisJobs.set(id, noted);
    await studio.send('article.held', { uri: 'urn:newsroom:harbour-bridge' });
    expect(await studio.look()).toBe('silent: it is not live');
    expect(studio.lying('')).toEqual([]);
    expect(studio.purgeRequests.asked).toEqual([
      { tags: [`article:${id}`], articles: [], urgent: true, delaySeconds: 11 },
    ]);
  });

  test.each([
    ['neural', 250, 120],
    ['generative', 2500, 12],
  ])('is requested at Polly’s rate: with %s voices every %d ms, %d pieces in a poll', async (engine, pace, pieces) => {
    const studio = new Studio();
    studio.voices = { en: { name: 'Amy', engine } };
    await studio.publish(...Array.from({ length: 200 }, (_, number) => `Paragraph ${number}.`));
    expect(await studio.look()).toBe('under way');
    expect(studio.speech.said).toHaveLength(pieces);
    expect(new Set(studio.paused)).toEqual(new Set([pace]));
    // The rest is asked for by the looks that follow, however many there are.
    await studio.quiet();
    expect(studio.speech.said).toHaveLength(202);
    expect((await studio.state()).offered).toBeDefined();
  });

  test('that exceeds Polly’s quota is requested later, each piece once', async () => {
    const studio = new Studio();
    studio.speech.room = 2;
    await studio.publish('One.', 'Two.', 'Three.');
    expect(await studio.look()).toBe('under way');
    expect(studio.looks.asked.map(({ looks, delaySeconds }) => [looks, delaySeconds])).toEqual([[1, 1]]);
    const [second] = studio.looks.asked.splice(0);
    await narrate(studio.ports(), second ?? announced);
    expect(studio.looks.asked.map(({ looks, delaySeconds }) => [looks, delaySeconds])).toEqual([[2, 2]]);
    studio.speech.room = Infinity;
    await studio.quiet();
    expect(studio.speech.said.toSorted()).toEqual(['A bridge', 'By Ada Marlow', 'One.', 'Three.', 'Two.']);
    expect((await studio.state()).offered).toBeDefined();
  });

  test('is looked for in the bucket, and Polly is asked about a few pieces after a while', async () => {
    const studio = new Studio();
    await studio.publish(...Array.from({ length: 30 }, (_, number) => `Paragraph ${number}.`));
    await studio.look();
    const asked: number[] = [];
    for (let looks = 1; looks < 6; looks += 1) {
      let questions = 0;
      await studio.look((effect) => {
        if (effect === 'before progress') questions += 1;
        return Promise.resolve();
      }, looks);
      asked.push(questions);
    }
    expect(asked).toEqual([0, 0, 0, 4, 4]);
  });

  test('is synthesised again if its rendition is missing from the bucket', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    studio.files.files.clear();
    await studio.quiet(announced);
    const { offered, audio } = await studio.state();
    expect(audio).toEqual([offered]);
  });
});

/** Stops at an effect, once, until it is let go. */
function stopAt(
  effect: string,
  holds: () => boolean = () => true,
): { readonly between: Between; readonly reached: Promise<void>; readonly letGo: () => void } {
  const reached = Promise.withResolvers<undefined>();
  const gone = Promise.withResolvers<undefined>();
  const between: Between = async (name) => {
    if (name !== effect || !holds()) return;
    reached.resolve(undefined);
    await gone.promise;
  };
  return {
    between,
    reached: reached.promise,
    letGo: () => {
      gone.resolve(undefined);
    },
  };
}

test('removing an older rendition does not remove one that is being made', async () => {
  const studio = new Studio();
  await studio.publish('One.');
  await studio.look();
  await studio.speech.finish();
  const older = stopAt('before list', () => studio.articles.synthesisJobs.get(id)?.reading !== undefined);
  const removing = studio.look(older.between);
  await older.reached;
  await studio.publish('Two.');
  await studio.look();
  await studio.speech.finish();
  const newer = stopAt('after publish');
  const synthesisJob = studio.look(newer.between);
  await newer.reached;
  older.letGo();
  await removing;
  newer.letGo();
  expect(await synthesisJob).toBe('recorded');
  const { offered, audio } = await studio.state();
  expect(audio).toEqual([offered]);
});

/** Events that may happen between two polls. */
type Step =
  | { readonly kind: 'publish'; readonly text: number }
  | { readonly kind: 'withdraw' | 'hold' | 'unhold' | 'erase' | 'finish' | 'fail' | 'wait' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }).map((text) => ({ kind: 'publish' as const, text })) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...(['withdraw', 'hold', 'unhold', 'finish', 'finish', 'finish', 'fail', 'wait'] as const).map((kind) => ({
        kind,
      })),
    ),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'erase' as const }) },
);

async function take(studio: Studio, step: Step): Promise<void> {
  const uri = 'urn:newsroom:harbour-bridge';
  if (step.kind === 'publish') await studio.publish('Always.', `Text ${step.text}.`);
  else if (step.kind === 'withdraw') await studio.send('article.unpublished', { uri });
  else if (step.kind === 'hold') await studio.send('article.held', { uri });
  else if (step.kind === 'unhold') await studio.send('article.unheld', { uri });
  else if (step.kind === 'erase') await studio.send('article.erased', { uri });
  else if (step.kind === 'wait') studio.clock.time += 61_000;
  else
    await studio.speech.finish(
      step.kind === 'finish' ? 'done' : 'failed',
      (text) => step.kind === 'finish' || text.startsWith('Text'),
    );
}

/** Invariants that hold after all work is done. */
async function expectSound(studio: Studio, failed: readonly NarrationPoll[] = []): Promise<void> {
  studio.clock.time += 61_000;
  await studio.quiet(...failed);
  const head = await studio.articles.head(id);
  const { offered, audio, takes } = await studio.state();
  if (head?.visibility !== 'live') {
    expect({ offered, audio, takes }).toEqual({ offered: undefined, audio: [], takes: 0 });
    return;
  }
  expect(offered).toBeDefined();
  expect(audio).toEqual([offered]);
  const version = await studio.articles.version(id, head.version ?? '');
  expect(version && audioFor(version.content.article, studio.articles.synthesisJobs.get(id)?.reading)).toEqual(
    head.card?.audio,
  );
  expect(head.card?.audio?.bytes).toBe(studio.files.files.get(offered?.slice(1) ?? '')?.bytes.length);
}

/** A function that ends after it has put a file and before it has noted it, and then the text before is published again. */
const diedBeforeItWasNoted: { step: Step; crashAt: number }[] = [
  { step: { kind: 'publish', text: 0 }, crashAt: 0 },
  { step: { kind: 'finish' }, crashAt: 0 },
  { step: { kind: 'publish', text: 1 }, crashAt: 0 },
  { step: { kind: 'finish' }, crashAt: 20 },
  { step: { kind: 'publish', text: 0 }, crashAt: 0 },
];

describe('events in any order', () => {
  test('with a crash between any two effects end in the same state, and each piece is requested once, or twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step: steps, crashAt: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 10 }),
        async (plan) => {
          const studio = new Studio();
          const crashed: NarrationPoll[] = [];
          for (const { step, crashAt } of plan) {
            await take(studio, step);
            let calls = 0;
            const crash = async (): Promise<void> => {
              calls += 1;
              if (calls === crashAt) throw new Error('crashed');
              return Promise.resolve();
            };
            await studio.look(crash).catch(() => crashed.push(announced));
          }
          await expectSound(studio, crashed);
        },
      ),
      { numRuns: 300, examples: [[diedBeforeItWasNoted]] },
    );
  });

  test('with many concurrent polls end in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(steps, { minLength: 2, maxLength: 8 }), async (scheduler, plan) => {
        const studio = new Studio();
        const between = async (): Promise<void> => {
          await scheduler.schedule(Promise.resolve());
        };
        const looks: Promise<unknown>[] = [];
        const failed: NarrationPoll[] = [];
        const script = scheduler.scheduleSequence(
          plan.map((step) => ({
            label: step.kind,
            builder: async () => {
              await take(studio, step);
              // Delivered twice.
              for (let delivery = 0; delivery < 2; delivery += 1)
                looks.push(studio.look(between).catch(() => failed.push(announced)));
            },
          })),
        );
        await scheduler.waitFor(script.task);
        await scheduler.waitFor(Promise.all(looks));
        await expectSound(studio, failed);
      }),
      { numRuns: 150 },
    );
  });

  test('with a repeated announcement at the same moment synthesise each piece once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const studio = new Studio();
        await studio.publish('One.', 'Two.');
        const between = async (): Promise<void> => {
          await scheduler.schedule(Promise.resolve());
        };
        await scheduler.waitFor(Promise.all([studio.look(between), studio.look(between), studio.look(between)]));
        expect(studio.speech.said.toSorted()).toEqual(['A bridge', 'By Ada Marlow', 'One.', 'Two.']);
        await expectSound(studio);
        expect(studio.speech.said).toHaveLength(4);
      }),
      { numRuns: 60 },
    );
  });
});
