import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { story } from '../../unit/story.ts';
import { minutesAgo } from '../newsroom.ts';
import { announced, newsroom, pressrun, statusesOf } from './shared-newsroom.ts';

const many = ['urn:desk:many-1', 'urn:desk:many-2', 'urn:desk:many-3'];

test('stories in a file are withdrawn together; erasure asks first, and a mistyped uri stops it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pressrun-desk-'));
  const file = join(directory, 'uris.txt');
  await writeFile(file, ['# from legal', ...many, ''].join('\n'));
  for (const [index, each] of many.entries())
    await newsroom.put('article.published', story({ uri: each, versionCreated: minutesAgo(9 - index) }));
  const visibilities = async (): Promise<string> => statusesOf(...many);
  await announced(...many);
  expect(await visibilities()).toBe('200,200,200');

  expect(await pressrun('withdraw', '--from', file)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--yes/) as unknown,
  });
  expect(await pressrun('withdraw', '--from', file, 'urn:desk:typo', '--yes')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/urn:desk:typo/) as unknown,
  });
  expect(await visibilities()).toBe('200,200,200');

  const { code, out } = await pressrun(
    '--json',
    'withdraw',
    '--from',
    file,
    '--yes',
    '--actor',
    'ada',
    '--reason',
    'injunction 7',
  );
  expect([code, (JSON.parse(out) as { notYet: unknown }).notYet]).toEqual([0, []]);
  await newsroom.until('all are gone', async () => (await visibilities()) === '410,410,410');
  expect((await pressrun('history', many[0] ?? '')).out).toMatch(
    /withdrawn by version 2 \(article\.unpublished\), received .* by ada \(injunction 7\): readers get 410[^]*article\.unpublished.*\[ada: injunction 7\]/,
  );
  await rm(directory, { recursive: true });
});

test('times are in the time zone that is asked for', async () => {
  const { out } = await pressrun('history', many[0] ?? '');
  const { out: inTokyo } = await pressrun('--time-zone', 'Asia/Tokyo', 'history', many[0] ?? '');
  expect(out).not.toBe(inTokyo);
});

test('a replay that is impossible is reported before the command asks for confirmation', async () => {
  const since = ['--from', minutesAgo(9)];
  expect(await pressrun('replay', ...since, '--to-subscription', 'nobody')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/nobody subscribed as nobody/) as unknown,
  });
  expect(await pressrun('replay', ...since)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--yes/) as unknown,
  });
});
