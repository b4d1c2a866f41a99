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

test('preview prints a link to the page of an embargoed story, which the edge does not cache', async () => {
  const uri = 'urn:desk:budget';
  const at = new Date(Date.now() + 3_600_000).toISOString();
  await pressrun('publish', '--headline', 'Budget of the century', '--uri', uri, '--embargo', at);
  const { code, stdout, stderr } = await pressrun('--json', 'preview', uri, '--hours', '2');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { url, expiresAt } = JSON.parse(stdout) as { url: string; expiresAt: string };
  expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + 2 * 3_600_000);
  for (let asked = 0; asked < 2; asked += 1) {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(response.headers.get('x-cache')).toMatch(/^Miss/);
    const page = await response.text();
    expect(page).toContain('Budget of the century');
    expect(page).toContain(new URL(url).host);
  }
  const forged = await fetch(`${url.slice(0, -3)}AAA`);
  expect(forged.status).toBe(404);
  expect(await forged.text()).toBe(await (await fetch(new URL('/no/such/story', url))).text());
  const unknown = await pressrun('preview', 'urn:desk:none');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('nothing was ever received');
});

test('publish takes a live story and its posts', async () => {
  const uri = 'urn:desk:storm';
  const story = await pressrun('--json', 'publish', '--headline', 'Storm', '--uri', uri, '--live');
  const { address } = JSON.parse(story.stdout) as { address: string };
  const post = await pressrun('publish', '--headline', 'Harbour closed', '--post-of', uri, '--key');
  expect(post).toMatchObject({ code: 0, stderr: '' });
  expect(post.stdout).toContain(`a post of ${uri}`);
  await newsroom.until('the post is on the page', async () =>
    (await (await fetch(address)).text()).includes('aria-label="Key points"'),
  );
});

test.each([
  [['publish', '--headline', 'A', '--key'], '--key and --pinned are for posts'],
  [['preview', 'urn:desk:budget', '--hours', '200'], '--hours'],
  [['publish'], 'say --headline "…", or name a JSON file'],
  [['publish', 'no-such.json'], 'no-such.json cannot be read'],
  [['publish', '--headline', 'Late', '--embargo', 'tomorrow'], '--embargo must be an instant with its zone'],
])('pressrun %j is a usage error', async (given, message) => {
  const { code, stderr } = await pressrun(...given);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
