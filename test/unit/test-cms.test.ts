import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SweepMark } from '../../shared/cms/ports.ts';
import { busSourceOf, settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import { cmsWriters } from '../../tools/cli/cms/cms-writers.ts';
import { Unreachable, WrongUse } from '../../tools/cli/exits.ts';
import { testCms } from '../../tools/cli/test-cms.ts';
import { MemoryPublishTraces } from '../fakes/memory-publish-traces.ts';
import { GhostAdmin } from '../fixtures/cms/ghost-admin.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { read } from './sources/newsroom.ts';
import { busEvent } from './story.ts';

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Ghost is missing');
  return value;
}
const source = present(sourceNamed('ghost'));
const writer = present(cmsWriters['ghost']);
const target = 'http://127.0.0.1:8787/ingest/ghost';
const open: { stop(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.stop();
});

/** A Ghost whose webhooks arrive, except those of which `isLost`. */
async function ghostAnd({ isLost = () => false }: { isLost?: (body: unknown) => boolean } = {}) {
  const pipeline = new Pipeline(Date.now());
  const ghost = new GhostAdmin(async (body) => {
    if (isLost(body)) return;
    pipeline.clock.time = Date.now();
    const commands = read('ghost', body, {}, Date.now());
    await pipeline.deliver(
      commands.map(({ type, detail }) =>
        busEvent(type, { receivedAt: Date.now(), ...detail }, { source: busSourceOf(source) }),
      ),
    );
  });
  const url = await ghost.start();
  open.push(ghost);
  const marks: SweepMark[] = [];
  const lines: string[] = [];
  const run = (given: { key?: string; url?: string } = {}): Promise<boolean> =>
    testCms(
      {
        articles: pipeline.articles,
        publishTraces: new MemoryPublishTraces(),
        sweepMarks: { read: () => Promise.resolve(marks.shift()) },
      },
      {
        source,
        writer,
        target,
        timeoutMs: 0,
        key: given.key ?? ghost.key,
        settings: { ...settingsOf(source, {}), url: given.url ?? url },
      },
      (line) => lines.push(line),
    );
  return { ghost, run, lines, marks, pipeline };
}

describe('a test story in the CMS itself', () => {
  test('is published, updated and deleted, and each change is seen', async () => {
    const { ghost, run, lines, pipeline } = await ghostAnd();
    expect(await run()).toBe(true);
    expect(ghost.requests).toEqual(['POST', 'PUT', 'DELETE']);
    expect([...ghost.posts.keys()]).toEqual([]);
    expect([...pipeline.articles.heads.values()].map(({ visibility }) => visibility)).toEqual(['gone']);
    expect(lines).toHaveLength(6);
  });

  test.each([
    ['publish', 'Post published', (body: unknown) => JSON.stringify(body).includes('"previous":{}')],
    ['update', 'Post updated', (body: unknown) => JSON.stringify(body).includes('test, updated')],
    ['delete', 'Post deleted', (body: unknown) => JSON.stringify(body).includes('"current":{}')],
  ])('names the webhook that did not arrive: %s', async (_, event, isLost) => {
    const { ghost, run } = await ghostAnd({ isLost });
    const failure = await run().catch((error: unknown) => error);
    expect(String(failure)).toContain(event);
    expect(String(failure)).toContain(target);
    // It is not left behind.
    expect([...ghost.posts.keys()]).toEqual([]);
  });

  test('says which key it needs, and never the key', async () => {
    const { ghost, run } = await ghostAnd();
    const wrong = ghost.key.replaceAll('b2', 'c3');
    const failure = await run({ key: wrong }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(String(failure)).toMatch(/401.*Unknown Admin API Key.*Admin API key of a custom integration/);
    expect(String(failure)).not.toContain('c3c3');
    await expect(run({ key: '22444f78447824223cefc48062' })).rejects.toThrow(WrongUse);
    expect(ghost.requests).toEqual([]);
  });

  test('does not follow a redirect with the key', async () => {
    const moved = createServer((_, response) => {
      response.writeHead(301, { location: 'https://blog.example.com/' }).end();
    });
    await new Promise<void>((resolve) => moved.listen({ port: 0, host: '127.0.0.1' }, resolve));
    open.push({ stop: () => moved.close() });
    const { run } = await ghostAnd();
    const url = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    await expect(run({ url })).rejects.toThrow('leads to https://blog.example.com/: give that address to --cms');
  });

  test('is no proof if a sweep ran meanwhile', async () => {
    const { run, marks } = await ghostAnd();
    marks.push({ sweptAt: '2026-03-02T06:00:00.000Z' }, { sweptAt: '2026-03-02T06:05:00.000Z' });
    expect(await run()).toBe(false);
  });
});
