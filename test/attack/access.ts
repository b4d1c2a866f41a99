import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sign, signsTime } from '../../shared/cms/signature.ts';
import { sources } from '../../shared/cms/sources.ts';
import { RunningStack } from './outsider.ts';
import { onlyOf, stack } from './shared-stack.ts';

describe('webhooks without a valid signature', () => {
  const body = '{"post":{"current":{"id":"1","title":"Not by us","status":"published"}}}';

  test.each(sources.map(({ name, authentication }) => [name, authentication] as const))(
    '%s: a signature that is missing, wrong, cut short, too old, from the future or of another body is answered 401',
    async (name, authentication) => {
      const now = Date.now();
      const signed = sign(authentication, Buffer.from(body), RunningStack.secret, now);
      const forged: Readonly<Record<string, string>>[] = [
        {},
        sign(authentication, Buffer.from(body), 'another secret', now),
        sign(authentication, Buffer.from(body), '', now),
        Object.fromEntries(Object.entries(signed).map(([header, value]) => [header, value.slice(0, -1)])),
        Object.fromEntries(Object.keys(signed).map((header) => [header, ''])),
        Object.fromEntries(Object.keys(signed).map((header) => [header, '__proto__'])),
        ...(authentication.kind === 'token'
          ? []
          : [
              sign(authentication, Buffer.from(`${body} `), RunningStack.secret, now),
              ...(signsTime(authentication) ? [-6, 6] : []).map((minutes) =>
                sign(authentication, Buffer.from(body), RunningStack.secret, now + minutes * 60_000),
              ),
            ]),
      ];
      for (const headers of forged) {
        const { statuses } = await stack.ask('ingest', `/ingest/${name}`, { method: 'POST', headers, body });
        expect([headers, statuses]).toEqual([headers, [401]]);
      }
    },
  );

  test('no other spelling of its address reaches a webhook endpoint', async () => {
    for (const target of [
      '/',
      '/ingest',
      '/ingest/',
      '/ingest/nobody',
      '/INGEST/ghost',
      '/ingest//ghost',
      '/ingest/ghost/../ninjs',
      '/ingest/ghost%2f',
      '//ingest/ghost',
      '/ingest/ghost;x',
    ]) {
      const { statuses } = await stack.ask('ingest', target, { method: 'POST', body });
      expect([target, onlyOf(statuses, 400, 404)]).toEqual([target, 'held']);
    }
  });
});

describe('files on disk', () => {
  test('are not readable for other accounts of this machine', async () => {
    const directory = join(stack.dataDirectory, 'data');
    const open: string[] = [];
    for (const entry of [
      { parentPath: stack.dataDirectory, name: 'data' },
      ...(await readdir(directory, { recursive: true, withFileTypes: true })),
    ]) {
      const path = join(entry.parentPath, entry.name);
      if (((await stat(path)).mode & 0o077) !== 0) open.push(path.slice(directory.length));
    }
    expect(open).toEqual([]);
  });
});
