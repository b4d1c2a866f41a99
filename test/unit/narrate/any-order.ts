import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NarrationPoll } from '../../../shared/audio/ports.ts';
import { audioFor } from '../../../shared/audio/audio-rendition.ts';
import { id, announced, Studio } from './studio.ts';

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
  const { offered, audio, parts } = await studio.state();
  if (head?.visibility !== 'live') {
    expect({ offered, audio, parts }).toEqual({ offered: undefined, audio: [], parts: 0 });
    return;
  }
  expect(offered).toBeDefined();
  expect(audio).toEqual([offered]);
  const version = await studio.articles.version(id, head.version ?? '');
  expect(version && audioFor(version.content.article, studio.articles.synthesisJobs.get(id)?.rendition)).toEqual(
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
            await studio.poll(crash).catch(() => crashed.push(announced));
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
        const polls: Promise<unknown>[] = [];
        const failed: NarrationPoll[] = [];
        const script = scheduler.scheduleSequence(
          plan.map((step) => ({
            label: step.kind,
            builder: async () => {
              await take(studio, step);
              // Delivered twice.
              for (let delivery = 0; delivery < 2; delivery += 1)
                polls.push(studio.poll(between).catch(() => failed.push(announced)));
            },
          })),
        );
        await scheduler.waitFor(script.task);
        await scheduler.waitFor(Promise.all(polls));
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
        await scheduler.waitFor(Promise.all([studio.poll(between), studio.poll(between), studio.poll(between)]));
        expect(studio.speech.said.toSorted()).toEqual(['A bridge', 'By Ada Marlow', 'One.', 'Two.']);
        await expectSound(studio);
        expect(studio.speech.said).toHaveLength(4);
      }),
      { numRuns: 60 },
    );
  });
});
