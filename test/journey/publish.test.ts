import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Newsroom } from './newsroom.ts';

const cli = fileURLToPath(new URL('../../tools/cli/main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'pressrun-publish-'));
let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
}, 120_000);

afterAll(async () => {
  await newsroom.close();
  rmSync(directory, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function pressrun(...given: readonly string[]): Promise<Ended> {
  const { awsUrl, edgeUrl } = newsroom.stack;
  const env = {
    PATH: process.env['PATH'],
    PRESSRUN_AWS_PORT: new URL(awsUrl).port,
    PRESSRUN_EDGE_PORT: new URL(edgeUrl).port,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...given], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

function fileOf(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

test('publish sends a story made of its options, prints each step, and the story is at its address', async () => {
  const body = fileOf('body.html', '<p>At dawn the first lorries crossed.</p>');
  const { code, stdout, stderr } = await pressrun(
    'publish',
    '--headline',
    'Bridge reopens',
    '--section',
    'news/local',
    '--body',
    body,
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /On the bus: urn:pressrun-cli:\S+ {2}\(event \S+\)\n {2}received .*\n {2}settled .*\n {2}announced .*\n(?: {2}purged .*\n)? {2}fresh /,
  );
  expect(code).toBe(0);
  const address = /^http:\S+$/m.exec(stdout)?.[0] ?? '';
  expect(address).toContain('/bridge-reopens');
  expect(await (await fetch(address)).text()).toContain('At dawn the first lorries crossed.');
  expect((await newsroom.uris('section/news/local')).length).toBe(1);
});

test('publish sends a ninjs item from a file, and another version of the same story', async () => {
  const item = { uri: 'urn:desk:harbour', headlines: [{ value: 'Harbour opens' }] };
  const first = await pressrun('--json', 'publish', fileOf('item.json', JSON.stringify(item)));
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const { address, change } = JSON.parse(first.stdout) as { address: string; change: { change: string } };
  expect(change.change).toBe('live');
  const second = await pressrun('--json', 'publish', '--uri', item.uri, '--headline', 'Harbour closed');
  expect((JSON.parse(second.stdout) as { address: string }).address).toBe(address);
  expect(await (await fetch(address)).text()).toContain('Harbour closed');
});

test('publish names the fields of a rejected story and exits with 1', async () => {
  const item = { uri: 'urn:desk:nameless', headlines: [] };
  const { code, stdout, stderr } = await pressrun('publish', fileOf('nameless.json', JSON.stringify(item)));
  expect(stderr).toBe('');
  expect(stdout).toContain('Rejected:');
  expect(stdout).toContain('article.headlines');
  expect(code).toBe(1);
});

test('publish prints until when an embargoed story waits', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const { code, stdout } = await pressrun('publish', '--headline', 'Budget', '--embargo', at);
  expect(stdout).toMatch(/embargo/i);
  expect(stdout).not.toContain('http://');
  expect(code).toBe(0);
});

test.each([
  [['publish'], 'say --headline "…", or name a JSON file'],
  [['publish', 'no-such.json'], 'no-such.json cannot be read'],
  [['publish', '--headline', 'Late', '--embargo', 'tomorrow'], '--embargo must be an instant with its zone'],
])('pressrun %j is a usage error', async (given, message) => {
  const { code, stderr } = await pressrun(...given);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
