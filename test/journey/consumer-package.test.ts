import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { ArticleLive } from '../../shared/contracts/announcements.ts';
import { freePort } from '../free-port.ts';
import { eventually } from './eventually.ts';
import { examples } from '../../tools/contracts/examples.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A subscriber's project, with the package as its only dependency. */
const project = mkdtempSync(join(tmpdir(), 'pressrun-subscriber-'));
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/contracts/consumer-package.ts')], { stdio: 'inherit' });
  const installed = join(project, 'node_modules/@pressrun/consumer');
  mkdirSync(installed, { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', './dist/consumer', '--pack-destination', project], {
      cwd: root,
      encoding: 'utf8',
    }),
  ) as [{ filename: string }];
  execFileSync('tar', ['xzf', join(project, filename), '-C', installed, '--strip-components=1']);
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true });
});

/** Runs a program of the subscriber and returns the lines that it printed. */
async function run(program: string, environment: Readonly<Record<string, string>> = {}): Promise<string[]> {
  writeFileSync(join(project, 'program.mjs'), program);
  const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: project, env: environment });
  return stdout.trim().split('\n');
}

const article = examples['article.live'] as unknown as ArticleLive;
const live = {
  id: '1d3e',
  source: 'pressrun',
  'detail-type': 'article.live',
  detail: article,
};

test('an installed package passes on each announcement once', async () => {
  const printed = await run(
    `import { consume, MemorySeen } from '@pressrun/consumer';
     const seen = new MemorySeen();
     const handle = async ({ type, detail }) => console.log(type, detail.headline);
     for (const event of [${JSON.stringify(live)}, ${JSON.stringify(live)}]) console.log(await consume(event, { seen, handle }));`,
  );
  expect(printed).toEqual([`article.live ${article.headline}`, 'handled', 'seen']);
});

test('an installed package verifies webhooks and rejects a changed body', async () => {
  const body = JSON.stringify({
    type: 'article.live',
    timestamp: new Date().toISOString(),
    data: article,
  });
  const sentAt = new Date();
  const headers = {
    'Webhook-Id': 'msg_1',
    'Webhook-Timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'Webhook-Signature': new Webhook(secret).sign('msg_1', sentAt, body),
  };
  const printed = await run(
    `import { webhookAnnouncement, InvalidSignature } from '@pressrun/consumer';
     const headers = ${JSON.stringify(headers)};
     console.log(webhookAnnouncement(process.env.BODY, headers, '${secret}').type);
     try { webhookAnnouncement(process.env.BODY + ' ', headers, '${secret}'); }
     catch (error) { console.log(error instanceof InvalidSignature); }`,
    { BODY: body },
  );
  expect(printed).toEqual(['article.live', 'true']);
});

test.each(['nodenext', 'bundler'])(
  'the types of an installed package compile with moduleResolution %s',
  (resolution) => {
    writeFileSync(
      join(project, 'typed.ts'),
      `import { changes, consume, MemorySeen, type Announcement, type ArticleRejected } from '@pressrun/consumer';
     import schema from '@pressrun/consumer/schemas/article.live.json' with { type: 'json' };
     const handle = async (announcement: Announcement): Promise<void> => {
       if (announcement.type === 'article.live') announcement.detail.headline?.trim();
       // @ts-expect-error a rejection has no headline
       if (announcement.type === 'article.rejected') announcement.detail.headline;
     };
     await consume({}, { seen: new MemorySeen(), handle });
     for await (const { changes: page, next } of changes('https://news.example.com')) page[0]?.feeds?.concat(next);
     export const errors: ArticleRejected['errors'] = [{ path: 'detail.article.uri', message: schema.title }];`,
    );
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
    const flags = [
      '--noEmit',
      '--ignoreConfig',
      '--strict',
      '--resolveJsonModule',
      '--target',
      'es2024',
      '--lib',
      'es2024,dom',
    ];
    const { stdout } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        ...flags,
        '--module',
        module,
        '--moduleResolution',
        resolution,
        'typed.ts',
      ],
      { cwd: project, encoding: 'utf8' },
    );
    expect(stdout).toBe('');
  },
);

test('changes are polled once each, starting where the last run ended', async () => {
  const change = (seq: number): object => ({
    type: 'article.live',
    ...article,
    id: `${seq}`.padStart(32, '0'),
    seq,
  });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { port } = server.address() as AddressInfo;
    const since = Number(new URL(request.url ?? '', 'http://any').searchParams.get('since') ?? '0');
    // Each page repeats the change before it.
    response.end(
      JSON.stringify({
        changes: [change(since), change(since + 1)],
        more: since < 2,
        next: `http://127.0.0.1:${port}/changes?since=${since + 1}`,
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = (from: string): string => `
    import { changes } from '@pressrun/consumer';
    const stop = new AbortController();
    for await (const { changes: page, next } of changes('${site}', { from: ${from}, pollMilliseconds: 1, signal: stop.signal })) {
      console.log(...page.map(({ seq }) => seq), next);
      if (page.some(({ seq }) => seq === 3)) break;
    }`;
  const printed = (await run(program('undefined'))).map((line) => line.replace(site, ''));
  expect(printed).toEqual(['0 1 /changes?since=1', '2 /changes?since=2', '3 /changes?since=3']);
  const resumed = (await run(program(`'${site}/changes?since=2'`))).map((line) => line.replace(site, ''));
  expect(resumed).toEqual(['2 3 /changes?since=3']);
  expect(asked).toEqual(['/changes', '/changes?since=1', '/changes?since=2', '/changes?since=2']);
  server.close();
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
const testPython = hasPython ? test : test.skip;

testPython(
  'the Python receiver of docs/subscribing.md handles a webhook once and refuses a wrong signature (python3)',
  async () => {
    const page = readFileSync(join(root, 'docs/subscribing.md'), 'utf8');
    writeFileSync(join(project, 'receiver.py'), /```python\n(.*?)```/s.exec(page)?.[1] ?? '');
    const port = await freePort();
    const receiver = spawn('python3', ['receiver.py'], {
      cwd: project,
      env: { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const body = JSON.stringify({ type: 'article.live', timestamp: article.occurredAt, data: article });
      const post = async (signedWith: string): Promise<number> => {
        const at = new Date();
        const headers = {
          'webhook-id': article.id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(signedWith).sign(article.id, at, body),
        };
        const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
        return status;
      };
      await eventually('the receiver listens', async () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => undefined,
        ),
      );
      expect(await post('whsec_c2VjcmV0IG9mIHNvbWVib2R5IGVsc2U=')).toBe(401);
      expect(await post(secret)).toBe(204);
      expect(await post(secret)).toBe(204);
      receiver.kill();
      expect((await text(receiver.stdout)).trim()).toBe(`article.live ${article.id}`);
    } finally {
      receiver.kill('SIGKILL');
    }
  },
);
