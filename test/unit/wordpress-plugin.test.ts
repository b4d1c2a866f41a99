import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ingest } from '../../functions/ingest/ingest.ts';
import { MemorySecrets } from '../fakes/memory-webhooks.ts';
import { wordpressPost } from '../fixtures/cms/newsroom.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';

const stub = fileURLToPath(new URL('../fixtures/wordpress/stub.php', import.meta.url));
const plugin = fileURLToPath(new URL('../../functions/ingest/wordpress-plugin/', import.meta.url));
const secret = 'of the plugin';

const hasPhp = spawnSync('php', ['--version']).status === 0;
// Without PHP, the reporter shows these as skipped.
const withPhp = hasPhp ? test : test.skip;

interface Sent {
  readonly url: string;
  readonly blocking: boolean;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface After {
  readonly after: string;
  readonly kept: number;
  readonly given_up: readonly { readonly error: string }[];
  /** Who is signed in. */
  readonly user: number;
  readonly scheduled: readonly number[];
}

function run(steps: readonly unknown[]): { sent: Sent[]; after: After[] } {
  const { stdout, stderr, status } = spawnSync('php', [stub], {
    input: JSON.stringify(steps),
    encoding: 'utf8',
    env: { ...process.env, PRESSRUN_TEST_SECRET: secret },
  });
  if (status !== 0) throw new Error(stderr + stdout);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sent | After);
  return { sent: lines.filter((line) => 'url' in line), after: lines.filter((line) => 'after' in line) };
}

const row = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  ID: 11,
  post_type: 'post',
  post_status: 'publish',
  post_date_gmt: '2026-03-02 07:00:00',
  post_modified_gmt: '2026-03-02 07:00:00',
  ...overrides,
});
const save = { do: 'save', post: row(), rest: wordpressPost(11), before: { post_status: 'draft' } };

/** The endpoint's answer to a request of the plugin. */
async function postTo(endpoint: WebhookEndpoint, { headers, body }: Sent) {
  endpoint.clock.time = Date.now();
  const secrets = new MemorySecrets({ wordpress: secret });
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return ingest(endpoint.with({ secrets }), {
    method: 'POST',
    path: '/ingest/wordpress',
    headers: lowerCase,
    body: Buffer.from(body),
    requestId: 'request-1',
  });
}

describe('the WordPress plugin', () => {
  withPhp('is PHP', () => {
    for (const file of globSync('**/*.php', { cwd: plugin }))
      expect(spawnSync('php', ['-l', join(plugin, file)], { encoding: 'utf8' }).stdout).toContain('No syntax errors');
  });

  withPhp('signs requests that the endpoint accepts, and does not make the editor wait', async () => {
    const { sent, after } = run([save, { do: 'shutdown' }]);
    expect(sent).toMatchObject([{ url: 'https://press.example.com/ingest/wordpress', blocking: false }]);
    // Kept until somebody has said that it arrived.
    expect(after.at(-1)).toMatchObject({ kept: 1, scheduled: [30] });
    const endpoint = new WebhookEndpoint();
    for (const each of sent) expect((await postTo(endpoint, each)).status).toBe(202);
    expect(endpoint.bus.events).toMatchObject([
      { source: 'cms.wordpress', detail: { article: { uri: 'wordpress:main/11' } } },
    ]);
  });

  withPhp('retries by WP-Cron until a request is accepted, with the sent_at of the first attempt', async () => {
    const { sent, after } = run([
      save,
      { do: 'shutdown' },
      { do: 'cron', answers: [0] },
      { do: 'cron', answers: [503] },
      { do: 'cron', answers: [401] },
      { do: 'cron', answers: [202] },
      { do: 'cron' },
    ]);
    expect(sent.map(({ blocking, status }) => [blocking, status])).toEqual([
      [false, null],
      [true, 0],
      [true, 503],
      [true, 401],
      [true, 202],
    ]);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect(after.map(({ scheduled }) => scheduled)).toEqual([[30], [30], [60], [300], [900], [], []]);
    expect(after.at(-1)?.kept).toBe(0);
    const endpoint = new WebhookEndpoint();
    for (const each of sent) await postTo(endpoint, each);
    expect(new Set(endpoint.bus.events.map(({ detail }) => detail['receivedAt'])).size).toBe(1);
  });

  withPhp('gives up a request that Pressrun rejects as unreadable', () => {
    const { after } = run([save, { do: 'shutdown' }, { do: 'cron', answers: [422] }]);
    expect(after.at(-1)).toMatchObject({ kept: 0, scheduled: [], given_up: [{ error: 'Pressrun answered 422' }] });
  });

  withPhp('sends the post as a reader may see it, and not as its editor sees it', async () => {
    const staff = wordpressPost(11, { content: { rendered: '<p>LOCKED</p>', protected: false } });
    for (const [status, type] of [
      ['publish', 'article.published'],
      ['future', 'article.published'],
      ['draft', 'article.unpublished'],
    ]) {
      const post = row({ post_status: status });
      const rest = wordpressPost(11, { status, date_gmt: '2026-03-02T07:00:00' });
      const { sent, after } = run([
        { ...save, post, rest, staff, user: 7, before: { post_status: 'future' } },
        { do: 'shutdown' },
      ]);
      expect(sent[0]?.body).not.toContain('LOCKED');
      expect(sent[0]?.body.includes('Body of 11')).toBe(status !== 'draft');
      expect(after[0]?.user).toBe(7);
      const endpoint = new WebhookEndpoint();
      for (const each of sent) expect((await postTo(endpoint, each)).status).toBe(202);
      expect(endpoint.bus.events.map((event) => event.type)).toEqual([type]);
    }
  });

  withPhp('sends withdrawals and deletes, also without a signed-in user, and no drafts', async () => {
    const trashed = row({ post_status: 'trash', post_modified_gmt: '2026-03-02 07:05:00' });
    const { sent } = run([
      { do: 'save', post: row({ post_status: 'draft' }), rest: null },
      { do: 'save', post: row({ post_type: 'revision' }), rest: null },
      { do: 'save', post: trashed, rest: null, before: { post_status: 'publish' } },
      { do: 'delete', post: trashed },
      { do: 'shutdown' },
    ]);
    const endpoint = new WebhookEndpoint();
    for (const each of sent) expect((await postTo(endpoint, each)).status).toBe(202);
    expect(endpoint.bus.events.map(({ type }) => type)).toEqual(['article.unpublished', 'article.deleted']);
  });
});
