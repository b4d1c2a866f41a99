import { expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { serveDashboard } from '../../../tools/dashboard/serve.ts';
import { story } from '../../unit/story.ts';
import { minutesAgo } from '../newsroom.ts';
import { announced, connection, newsroom, pressrun } from './shared-newsroom.ts';

test('rejected events are listed with times in the time zone that is asked for', async () => {
  await newsroom.put('article.published', { uri: 'urn:desk:refused', versionCreated: 'yesterday' });
  await newsroom.until('it is refused', async () =>
    (await connection.publishTraces.rejections(9)).some(({ uri }) => uri === 'urn:desk:refused'),
  );
  const events = JSON.parse((await pressrun('--json', 'rejected')).out) as { uri?: string; time?: string }[];
  const { time = '' } = events.find(({ uri }) => uri === 'urn:desk:refused') ?? {};
  for (const [zone, hours] of [
    ['UTC', 0],
    ['Asia/Tokyo', 9],
  ] as const) {
    const shown = new Date(Date.parse(time) + hours * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    expect((await pressrun('--time-zone', zone, 'rejected')).out).toMatch(
      new RegExp(`^${shown}  article\\.published  urn:desk:refused`, 'm'),
    );
  }
});

test('trace, history, status and the dashboard explain what readers see in the same sentence', async () => {
  const [owner, clashing] = ['urn:desk:owner', 'urn:desk:clashing'];
  await newsroom.put('article.published', story({ uri: owner, versionCreated: minutesAgo(9) }), {
    path: '/news/desk/taken',
  });
  await announced(owner);
  await newsroom.put('article.published', story({ uri: clashing, versionCreated: minutesAgo(8) }), {
    path: '/news/desk/taken',
  });
  await newsroom.put(
    'article.updated',
    { ...story({ uri: clashing, versionCreated: minutesAgo(7) }), embargoedUntil: '2099-05-01T12:00:00Z' },
    { path: '/news/desk/taken' },
  );
  await newsroom.until('both versions are stored', async () => (await newsroom.versions(clashing)) === 2);
  await newsroom.put('article.updated', { uri: clashing, versionCreated: minutesAgo(6), headlines: [] });
  await newsroom.putFront('front.published', {
    name: 'desk',
    versionCreated: minutesAgo(6),
    containers: [{ title: 'Top', backfill: 'latest' }],
  });
  const sentence = new RegExp(
    `live at /articles/${articleIdOf(clashing)}/\\S+; the path /news/desk/taken that it asks for belongs to ${owner}; version 2 is embargoed until 2099-05-01 13:00:00; an event of it was rejected on .*: article\\.headlines `,
  );
  await newsroom.until('the rejection is noted', async () => sentence.test((await pressrun('trace', clashing)).out));
  expect((await pressrun('history', clashing)).out).toMatch(sentence);
  expect((await pressrun('status')).out.replaceAll(/\s+/g, ' ')).toMatch(sentence);
  const page = async (query: string): Promise<string> =>
    (await (await fetch(`${newsroom.stack.awsUrl}/_desk${query}`)).text()).replaceAll(
      '2099-05-01 12:00:00',
      '2099-05-01 13:00:00',
    );
  expect(await page(`?uri=${clashing}`)).toMatch(sentence);
  expect(await page('')).toMatch(sentence);
  expect((await pressrun('trace', 'front:desk')).out).toMatch(/the front desk shows version 1, received /);
  expect(await pressrun('trace', 'front:dsk')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/nothing was ever received of the front dsk/) as unknown,
  });
  expect((await pressrun('trace', 'urn:desk:refused')).out).toMatch(
    /not public: readers get 404; an event of it was rejected on .*: article\.versionCreated must be/,
  );
  expect((await pressrun('trace', 'urn:desk:picture')).out).toMatch(/a picture that readers see/);
});

test('the dashboard of a stage is served on the loopback interface, to pages of its own only', async () => {
  const { url, server } = await serveDashboard(connection, newsroom.stack.edgeUrl, 0, () => undefined);
  try {
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('From the CMS to the readers')]);
    expect((await fetch(new URL('/', url))).url).toBe(url);
    expect((await fetch(url, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
