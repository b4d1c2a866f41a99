import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { failureOf, pauseSecondsAfter, notify, type AnnouncedEvent } from '../../functions/notify/notify.ts';
import { HttpWebhook } from '../../shared/aws/http-webhook.ts';
import { MemoryClock } from '../fakes/memory-messages.ts';

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const event: AnnouncedEvent = {
  'detail-type': 'article.live',
  time: '2026-05-01T12:00:00Z',
  detail: { id: '0'.repeat(32), uri: 'urn:announced' },
};
const good = randomBytes(24).toString('base64');

/** The requests that a subscriber with this secret receives. */
async function postsOf(value: string): Promise<Post[]> {
  const posts: Post[] = [];
  await notify(
    {
      webhook: {
        post: (headers, body) => {
          posts.push({ headers, body });
          return Promise.resolve(204);
        },
      },
      secrets: { secretOf: () => Promise.resolve(value) },
      clock: new MemoryClock(Date.now()),
      subscriber: 'search',
    },
    event,
  );
  return posts;
}

test.each([
  ['24 bytes', good],
  ['24 bytes, marked as a secret', `whsec_${good}`],
  ['two, while it is being changed', JSON.stringify({ current: good, previous: randomBytes(64).toString('base64') })],
  ['one, and a previous that was emptied', JSON.stringify({ current: good, previous: '' })],
])('a secret of %s makes a signature that the receiver accepts', async (_, value) => {
  const [post, ...others] = await postsOf(value);
  expect(others).toEqual([]);
  expect(new Webhook(good).verify(post?.body ?? '', post?.headers ?? {})).toMatchObject({ type: 'article.live' });
});

test.each([
  ['the mark alone', 'whsec_'],
  ['no base64', '!!!!'],
  ['23 bytes', randomBytes(23).toString('base64')],
  ['a current that is too short', JSON.stringify({ current: 'whsec_c2hvcnQ=', previous: good })],
  ['a previous that is too short', JSON.stringify({ current: good, previous: 'changeme' })],
])('a secret of %s is an error with the secret’s name and without its text, and nothing is sent', async (_, value) => {
  await expect(postsOf(value)).rejects.toThrow(/^the secret to-search has .* at least 24 bytes .*: write a longer one/);
  await expect(postsOf(value)).rejects.not.toThrow(/changeme|c2hvcnQ/);
});

test('without a secret, nothing is sent', async () => {
  await expect(postsOf('')).rejects.toThrow('there is no signing secret for search');
});

test('the error of a failed attempt names subscriber, host, reason and the next attempt, and no secret part of the address', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await once(nobody, 'listening');
  const { port } = nobody.address() as AddressInfo;
  nobody.close();
  const url = `http://127.0.0.1:${port}/a/token?key=secret`;
  const rejected = await new HttpWebhook(url).post({}, '{}').catch((error: unknown) => error);
  const said = (attempt: number): string => failureOf(rejected, { subscriber: 'search', url, attempt }).message;
  expect(said(2)).toBe(
    `search was not reached at 127.0.0.1:${port}: no answer (ECONNREFUSED); that was attempt 2, the next is in 60 s`,
  );
  expect(said(10)).toMatch(/that was attempt 10, it goes to the dead-letter queue$/);
  expect(said(1)).not.toMatch(/token|secret/);
});

test('ten attempts take more than a day, and no wait follows the last', () => {
  const pauses = Array.from({ length: 10 }, (_, n) => pauseSecondsAfter(n + 1));
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(24 * 3600);
  expect(pauses.at(-1)).toBe(0);
});
