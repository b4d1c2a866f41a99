import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ingest } from '../../functions/ingest/ingest.ts';
import { MemorySecrets } from '../fakes/memory-webhooks.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';

const page = readFileSync(new URL('../../docs/cms/your-own.md', import.meta.url), 'utf8');
const secret = 'of my own CMS';

/** The program of each interpreter, as the page prints it, and how it is run. */
const programs: readonly (readonly [title: string, file: string, command: string])[] = [
  ['curl', 'request.sh', 'bash'],
  ['Python', 'request.py', 'python3'],
  ['PHP', 'request.php', 'php'],
  ['Node', 'request.mjs', process.execPath],
];

function programOf(title: string): string {
  const [, program] = new RegExp(`^## ${title}\\n+\`\`\`\\w+\\n([^]*?)\`\`\`$`, 'm').exec(page) ?? [];
  if (program === undefined) throw new Error(`the page has no program for ${title}`);
  return program;
}

const isThere = (command: string): boolean =>
  spawnSync(command, ['--version']).status === 0 &&
  (command !== 'bash' || ['curl', 'openssl'].every((tool) => spawnSync(tool, ['version']).error === undefined));

describe('the request that docs/cms/your-own.md shows', () => {
  const endpoint = new WebhookEndpoint();
  const directory = mkdtempSync(join(tmpdir(), 'pressrun-own-cms-'));
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const ports = endpoint.with({ clock: { now: Date.now }, secrets: new MemorySecrets({ ninjs: secret }) });
      const asked = { method: request.method ?? '', path: request.url ?? '', headers, body: Buffer.concat(parts) };
      void ingest(ports, { ...asked, requestId: 'request-1' }).then(({ status, headers: answered, body }) =>
        response.writeHead(status, answered).end(body),
      );
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  for (const [title, file, command] of programs)
    (isThere(command) ? test : test.skip)(`${title}: is taken, with its headline and its text`, async () => {
      endpoint.bus.events.length = 0;
      const script = join(directory, file);
      writeFileSync(script, programOf(title));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { stdout } = await promisify(execFile)(command, [script], {
        env: { ...process.env, PRESSRUN_URL: url, PRESSRUN_SECRET: secret },
      });
      expect(stdout).toContain('"accepted":["mycms:1"]');
      expect(endpoint.bus.events).toMatchObject([
        {
          source: 'cms.ninjs',
          type: 'article.published',
          detail: {
            article: {
              uri: 'mycms:1',
              headlines: [{ value: 'A bridge opens' }],
              bodies: [{ value: '<p>Traffic flowed.</p>' }],
            },
          },
        },
      ]);
    });
});
