import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { newsroom, pressrun, pressrunIn } from './shared-newsroom.ts';

const directory = mkdtempSync(join(tmpdir(), 'pressrun-publish-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function fileOf(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

test('publish sends a story made of its options, prints each step, and the story is at its address', async () => {
  const body = fileOf('body.html', '<p>At dawn the first lorries crossed.</p>');
  const { awsUrl, edgeUrl } = newsroom.stack;
  const { code, out, err } = await pressrunIn(
    {
      PATH: process.env['PATH'],
      PRESSRUN_AWS_PORT: new URL(awsUrl).port,
      PRESSRUN_EDGE_PORT: new URL(edgeUrl).port,
    },
    'publish',
    '--headline',
    'Bridge reopens',
    '--section',
    'news/lorries',
    '--body',
    body,
  );
  expect(err).toBe('');
  expect(out).toMatch(
    /On the bus: urn:pressrun-cli:\S+ {2}\(event \S+\)\n {2}received .*\n {2}settled .*\n {2}announced .*\n(?: {2}purged .*\n)? {2}fresh /,
  );
  expect(code).toBe(0);
  const address = /^http:\S+$/m.exec(out)?.[0] ?? '';
  expect(address).toContain('/bridge-reopens');
  expect(await (await fetch(address)).text()).toContain('At dawn the first lorries crossed.');
  expect((await newsroom.uris('section/news/lorries')).length).toBe(1);
});

test('publish sends a ninjs item from a file, and another version of the same story', async () => {
  const item = { uri: 'urn:desk:quay', headlines: [{ value: 'Harbour opens' }] };
  const first = await pressrun('--json', 'publish', fileOf('item.json', JSON.stringify(item)));
  expect(first).toMatchObject({ code: 0, err: '' });
  const { address, change } = JSON.parse(first.out) as { address: string; change: { change: string } };
  expect(change.change).toBe('live');
  const second = await pressrun('--json', 'publish', '--uri', item.uri, '--headline', 'Harbour closed');
  expect((JSON.parse(second.out) as { address: string }).address).toBe(address);
  expect(await (await fetch(address)).text()).toContain('Harbour closed');
});

test('publish names the fields of a rejected story and exits with 1', async () => {
  const item = { uri: 'urn:desk:nameless', headlines: [] };
  const { code, out, err } = await pressrun('publish', fileOf('nameless.json', JSON.stringify(item)));
  expect(err).toBe('');
  expect(out).toContain('Rejected:');
  expect(out).toContain('article.headlines');
  expect(code).toBe(1);
});

test('publish prints until when an embargoed story waits', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const { code, out } = await pressrun('publish', '--headline', 'Budget', '--embargo', at);
  expect(out).toMatch(/embargo/i);
  expect(out).not.toContain('http://');
  expect(code).toBe(0);
});

test('preview prints a link to the page of an embargoed story, which the edge does not cache', async () => {
  const uri = 'urn:desk:budget';
  const at = new Date(Date.now() + 3_600_000).toISOString();
  await pressrun('publish', '--headline', 'Budget of the century', '--uri', uri, '--embargo', at);
  const { code, out, err } = await pressrun('--json', 'preview', uri, '--hours', '2');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { url, expiresAt } = JSON.parse(out) as { url: string; expiresAt: string };
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
  expect(unknown.err).toContain('nothing was ever received');
});

test('publish takes a live story and its posts', async () => {
  const uri = 'urn:desk:storm';
  const story = await pressrun('--json', 'publish', '--headline', 'Storm', '--uri', uri, '--live');
  const { address } = JSON.parse(story.out) as { address: string };
  const post = await pressrun('publish', '--headline', 'Harbour closed', '--post-of', uri, '--key');
  expect(post).toMatchObject({ code: 0, err: '' });
  expect(post.out).toContain(`a post of ${uri}`);
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
  const { code, err } = await pressrun(...given);
  expect(err).toContain(message);
  expect(code).toBe(2);
});
