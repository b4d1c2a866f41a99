import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { functionUrl } from '../../tools/laptop/lambda/function-url.ts';
import { FunctionRuntime, maxPayloadBytes } from '../../tools/laptop/lambda/function-runtime.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { noon, story } from './story.ts';

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const uriOf = (n: number): string => `urn:story:${n}`;

/** HTML of so many bytes that hardly grows in JSON, and compresses well below what a version may take. */
const htmlOf = (bytes: number): string =>
  `<p>${'The harbour bridge reopened at dawn. '.repeat(Math.ceil(bytes / 37))}</p>`;

const publish = async (
  pipeline: Pipeline,
  n: number,
  body: { readonly contentType: string; readonly value: string },
): Promise<void> =>
  pipeline.send('article.published', {
    article: story({
      uri: uriOf(n),
      versionCreated: at(n),
      firstPublished: at(n),
      headlines: [{ value: `Story ${n}` }],
      bodies: [body],
    }),
    path: `/s/${n}`,
  });

/** Lambda's bound is on the JSON in which a function returns an answer. */
const payloadBytes = ({ status, headers, body }: { status: number; headers: object; body: string }): number =>
  Buffer.byteLength(JSON.stringify({ statusCode: status, headers, body }));

describe('a feed with whole texts', () => {
  const formats = {
    json: (text: string) => ({
      ids: (parseJsonFeed(text).items ?? []).map(({ id }) => id),
      next: parseJsonFeed(text).next_url,
    }),
    rss: (text: string) => {
      const { items = [], atom } = parseRssFeed(text);
      return { ids: items.map(({ guid }) => guid?.value), next: atom?.links?.find(({ rel }) => rel === 'next')?.href };
    },
    atom: (text: string) => {
      const { entries = [], links = [] } = parseAtomFeed(text);
      return { ids: entries.map(({ id }) => id), next: links.find(({ rel }) => rel === 'next')?.href };
    },
  } as const;

  test.each(Object.entries(formats))(
    '%s: pages fit into an answer, and together hold every story once',
    async (extension, read) => {
      const pipeline = new Pipeline(noon + 3_600_000, { ...theme, feeds: { text: 'full' as const } });
      for (let n = 1; n <= 7; n += 1)
        await publish(pipeline, n, { contentType: 'text/html', value: htmlOf(1_900_000) });
      const ids: (string | undefined)[] = [];
      let url: string | undefined = `/feeds/latest.${extension}`;
      let pages = 0;
      while (url !== undefined && (pages += 1) <= 7) {
        const response = await pipeline.see(url);
        expect(response.status).toBe(200);
        expect(payloadBytes(response)).toBeLessThanOrEqual(maxPayloadBytes);
        const page = read(response.body);
        ids.push(...page.ids);
        url = page.next === undefined ? undefined : page.next.replace(new URL(page.next).origin, '');
      }
      expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1].map(uriOf));
      expect(pages).toBeLessThan(7);
    },
  );
});

describe('one story', () => {
  test.each([
    ['text/html', `<p>${'"'.repeat(990_000)}</p>`],
    ['text/html', htmlOf(1_900_000)],
    ['text/plain', '&'.repeat(390_000)],
  ])('of the longest %s that is accepted has a page and a JSON answer', async (contentType, value) => {
    const pipeline = new Pipeline(noon + 3_600_000, { ...theme, feeds: { text: 'full' as const } });
    await publish(pipeline, 1, { contentType, value });
    for (const url of [
      '/s/1',
      `/articles/${articleIdOf(uriOf(1))}.json`,
      '/feeds/latest.rss',
      '/feeds/latest.atom',
      '/feeds/latest.json',
    ]) {
      const response = await pipeline.see(url);
      expect([url, response.status]).toEqual([url, 200]);
      expect(payloadBytes(response)).toBeLessThanOrEqual(maxPayloadBytes);
    }
  });

  test('with the longest caption beside the longest body, in characters that a page escapes, has a page', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    const picture = {
      type: 'picture',
      uri: 'urn:p:1',
      descriptions: [{ role: 'caption', value: "'".repeat(190_000) }],
      renditions: [{ href: 'https://pictures.example.com/1.jpg' }],
    };
    await pipeline.send('article.published', {
      article: story({
        uri: uriOf(1),
        versionCreated: at(1),
        associations: [picture],
        bodies: [{ contentType: 'text/html', value: htmlOf(1_700_000) }],
      }),
      path: '/s/1',
    });
    const response = await pipeline.see('/s/1');
    expect(response.status).toBe(200);
    expect(payloadBytes(response)).toBeLessThanOrEqual(maxPayloadBytes);
  });

  test('with a longer caption is rejected', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    await pipeline.send('article.published', {
      article: story({ uri: uriOf(1), descriptions: [{ role: 'standfirst', value: 'x'.repeat(200_001) }] }),
    });
    expect(pipeline.announcer.announced).toMatchObject([
      { type: 'article.rejected', detail: { errors: [{ path: 'article' }] } },
    ]);
  });

  test.each([
    ['text/html', htmlOf(2_100_000)],
    ['text/plain', '&'.repeat(410_000)],
  ])('of longer %s is rejected, and the field is named', async (contentType, value) => {
    const pipeline = new Pipeline(noon + 3_600_000);
    await publish(pipeline, 1, { contentType, value });
    expect(pipeline.announcer.announced).toMatchObject([
      { type: 'article.rejected', detail: { errors: [{ path: 'article.bodies' }] } },
    ]);
  });
});

describe('the emulator, as Lambda', () => {
  let directory = '';
  let runtime: FunctionRuntime;
  const failures: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pressrun-payload-'));
    await writeFile(
      join(directory, 'index.js'),
      `exports.handler = async ({ bytes, body }) => (bytes === undefined ? { statusCode: 200, body: String(body.length) } : 'x'.repeat(bytes - 2));`,
    );
    runtime = new FunctionRuntime(
      {
        directory,
        handler: 'index.handler',
        functionName: 'echo',
        functionArn: 'arn:echo',
        memoryMegabytes: 256,
        environment: {},
        timeoutSeconds: 20,
        concurrency: 1,
      },
      { log: ({ line }) => failures.push(line), invoked: () => undefined },
    );
    await runtime.start();
  });

  afterAll(async () => {
    await runtime.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test('carries an answer of its largest size, and no larger', async () => {
    expect(await runtime.invokeJson(JSON.stringify({ bytes: maxPayloadBytes }))).toHaveLength(maxPayloadBytes);
    await expect(runtime.invokeJson(JSON.stringify({ bytes: maxPayloadBytes + 1 }))).rejects.toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  test('takes no event that is larger, and measures a request as the event that carries it', async () => {
    const ask = functionUrl(runtime, 'echo.lambda-url.local');
    const request = (body: string) => ({
      method: 'POST',
      rawPath: '/',
      rawQueryString: '',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    });
    expect((await ask(request('x'.repeat(6_000_000)))).statusCode).toBe(200);
    // Each line break is two characters in JSON.
    expect((await ask(request('\n'.repeat(3_200_000)))).statusCode).toBe(413);
  });
});
