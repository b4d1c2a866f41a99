import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StackLog } from '../../tools/laptop/stack.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

const budget = 10;

const lines: StackLog[] = [];
let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open(
    { purgeWindowSeconds: '0', purgeBudget: String(budget), canaryMinutes: '0' },
    { log: (entry) => lines.push(entry) },
  );
});

afterAll(async () => newsroom.close());

/** Each value of the metric that the alarm looks at. */
function percents(): number[] {
  return lines
    .filter(({ from, line }) => from === 'pressrun-local-purge' && line.startsWith('{'))
    .flatMap(({ line }) => {
      const { PurgeBudgetPercent: percent } = JSON.parse(line) as { PurgeBudgetPercent?: number };
      return percent === undefined ? [] : [percent];
    });
}

async function held(): Promise<number> {
  const { QueueUrl } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: 'pressrun-local-purge' }));
  const { Attributes } = await newsroom.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessagesDelayed']);
}

const urgent = { urgency: 1 };
const publish = async (uri: string, minutes: number, more: object = {}): Promise<string> =>
  newsroom.put(
    'article.published',
    story({
      uri,
      versionCreated: minutesAgo(minutes),
      urgency: 5,
      headlines: [{ value: `${uri} of ${minutes}` }],
      ...more,
    }),
  );
const isPurged =
  (uri: string, times = 1) =>
  (): boolean =>
    newsroom.about(uri, 'cdn.purged').length >= times;

test('with its purge budget used up, lists expire by themselves, and urgent changes and withdrawals are still purged', async () => {
  // Each story costs two paths: its pin, and the one tag of all lists, because it is in more than three feeds.
  for (let used = 1; used <= budget / 2; used += 1) {
    const uri = `urn:budget:${used}`;
    await publish(uri, 9);
    await newsroom.until(`${uri} is purged`, isPurged(uri));
    await newsroom.until('the metric says so', () => percents().length === used);
  }
  expect(percents()).toEqual([20, 40, 60, 80, 100]);

  // Held purges go at the end of the minute: enough of it must remain to see that readers do not wait for it.
  await newsroom.until('a minute has begun', () => Date.now() % 60_000 < 40_000);
  const late = 'urn:budget:late';
  await newsroom.uris('latest');
  await publish(late, 8);
  await newsroom.until('its purge is held', async () => (await held()) === 1);
  await newsroom.until('readers see it without', async () => (await newsroom.uris('latest')).includes(late));
  expect(newsroom.about(late, 'cdn.purged')).toEqual([]);

  const alarm = 'urn:budget:alarm';
  await publish(alarm, 7, urgent);
  await newsroom.until('big news is purged', isPurged(alarm));

  const page = `/articles/${articleIdOf(late)}.json`;
  expect((await newsroom.get(page)).status).toBe(200);
  await newsroom.put('article.unpublished', { uri: late, versionCreated: minutesAgo(6) });
  await newsroom.until('the withdrawal is purged', isPurged(late));
  expect((await newsroom.get(page)).status).toBe(410);
  expect(await newsroom.uris('latest')).not.toContain(late);
  expect(percents().at(-1)).toBeGreaterThan(100);
});
