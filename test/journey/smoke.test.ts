import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Newsroom } from './newsroom.ts';

let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
}, 60_000);

afterAll(async () => newsroom.close());

/** As `npm run smoke -- …` runs it. */
async function smoke(
  ...more: string[]
): Promise<{ readonly code: number; readonly lines: string[]; readonly error: string }> {
  const child = spawn(
    process.execPath,
    [
      'tools/cli/main.ts',
      'smoke',
      '--endpoint-url',
      newsroom.stack.awsUrl,
      '--site-url',
      newsroom.stack.edgeUrl,
      '--embargo-seconds',
      '8',
      ...more,
    ],
    {
      env: { ...process.env, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [output, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, lines: output.trim().split('\n'), error };
}

test('smoke passes on a stage that works, and leaves nothing behind', async () => {
  const { code, lines, error } = await smoke();
  expect({ code, faults: lines.filter((line) => !line.startsWith('✔')), error }).toEqual({
    code: 0,
    faults: [],
    error: '',
  });
  expect(lines.map((line) => line.slice(3, 48).trim())).toEqual(
    expect.arrayContaining([
      'published: in Latest News',
      'updated: its page',
      'withdrawn: its page is 410',
      'embargo over: its page',
      'cleaned up: nothing in the section',
    ]),
  );
  expect(await newsroom.uris('latest')).toEqual([]);
});

test('smoke fails on a stage without a bus, and names the bus', async () => {
  const { code, error } = await smoke('--stage', 'nowhere');
  expect(code).toBe(2);
  expect(error).toMatch(/--stage/);
});

test('smoke asks first in production', async () => {
  const { code, error } = await smoke('--stage', 'prod');
  expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining('add --yes') });
});
