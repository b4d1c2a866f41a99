import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { accept } from '../../shared/article/accept.ts';
import { articleIdOf, sectionsOf } from '../../shared/article/article.ts';
import { altOf, captionOf, picturesOf } from '../../shared/article/media.ts';
import { authorsOf } from '../../shared/article/byline.ts';
import type { Article } from '../../shared/article/article.ts';
import { publishSampleEdition, sampleEdition, summaryOf } from '../../tools/sample-newsroom/sample-edition.ts';
import type { SampleEvent, SampleStack } from '../../tools/sample-newsroom/sample-edition.ts';
import { liveStoryPath, sampleParts } from '../../tools/sample-newsroom/sample-live-story.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import type { Observation } from '../../tools/laptop/observations.ts';
import { closeServer } from '../close-server.ts';

const now = Date.UTC(2026, 5, 1, 18, 30);
const edgeUrl = 'http://127.0.0.1:8080';

describe('the sample edition', () => {
  const edition = sampleEdition(now, edgeUrl);
  const published = edition.filter((event) => event['detail-type'] === 'article.published');
  const articles = published.map(({ detail }) => detail.article as unknown as Article & Record<string, unknown>);

  test('has only events that are accepted', () => {
    for (const [index, event] of edition.entries()) {
      const body = JSON.stringify({ id: `e${index}`, time: new Date(now).toISOString(), ...event });
      expect(accept(body, `m${index}`)).toMatchObject({ kind: 'version' });
    }
  });

  test('has several stories in five sections, two authors, an explainer and a story in another language', () => {
    expect(articles).toHaveLength(18);
    expect(new Set(articles.flatMap(sectionsOf)).size).toBe(5);
    expect(new Set(articles.flatMap(authorsOf)).size).toBe(2);
    expect(articles.flatMap(({ genres }) => genres?.map(({ name }) => name))).toContain('Explainer');
    expect(new Set(articles.map(({ language }) => language)).size).toBe(2);
    expect(articles.filter((article) => sectionsOf(article).includes('news/royals')).length).toBeGreaterThan(1);
    expect(new Set(published.map(({ detail }) => detail.path)).size).toBe(18);
  });

  test('has pictures with a caption, a credit, an alternative text and renditions', () => {
    const pictures = articles.flatMap(picturesOf);
    expect(pictures.length).toBeGreaterThan(5);
    for (const picture of pictures) {
      expect([captionOf(picture), altOf(picture), picture.by].every((text) => text !== undefined && text !== '')).toBe(
        true,
      );
      for (const { href } of picture.renditions ?? [])
        expect(href).toMatch(/^http:\/\/127\.0\.0\.1:8080\/assets\/sample\/[a-z-]+-\d+\.svg$/);
    }
  });

  test('is recent, sorted newest first, and ends with an update and a withdrawal of its stories', () => {
    const times = articles.map(({ versionCreated }) => Date.parse(versionCreated));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times.every((time) => time < now && time > now - 6 * 3_600_000)).toBe(true);
    const later = edition.slice(18);
    expect(later.map((event) => event['detail-type'])).toEqual(['article.updated', 'article.unpublished']);
    for (const { detail } of later) {
      const before = articles.find(({ uri }) => uri === detail.article.uri);
      expect(Date.parse(detail.article.versionCreated)).toBeGreaterThan(Date.parse(before?.versionCreated ?? ''));
      expect(Date.parse(detail.article.versionCreated)).toBeLessThan(now);
    }
    const [update] = later;
    const before = published.find(({ detail }) => detail.article.uri === update?.detail.article.uri);
    expect(update?.detail.path).toBe(before?.detail.path);
    expect(update?.detail.article['firstPublished']).toBe(before?.detail.article['firstPublished']);
    expect(update?.detail.article.headlines).not.toEqual(before?.detail.article.headlines);
    expect(update?.detail.article['bodies']).not.toEqual(before?.detail.article['bodies']);
  });
});

/** A fake stack: an event on its bus passes through the pipeline at once. */
class Facade implements SampleStack {
  readonly busName = 'pressrun-local';
  awsUrl = '';
  edgeUrl = '';
  readonly calls: SampleEvent[][] = [];
  /** Replaces the stack's processing of an event. */
  process: (event: SampleEvent, eventId: string) => void = (event, eventId) => {
    this.pass(event, eventId);
  };
  readonly events = {
    on: (listener: (observation: Observation) => void): (() => void) => {
      this.#listeners.add(listener);
      return () => {
        this.#listeners.delete(listener);
      };
    },
  };
  /** The edge's answers, by articleId. */
  readonly edge = new Map<string, { status: number; seq: number }>();
  readonly reads: string[] = [];
  readonly #listeners = new Set<(observation: Observation) => void>();
  readonly #servers: Server[] = [];
  #seq = 1_000;
  #ids = 0;

  async open(): Promise<this> {
    this.awsUrl = await this.#serve((request, response) => {
      void this.#putEvents(request, response);
    });
    this.edgeUrl = await this.#serve((request, response) => {
      const articleId = /^\/articles\/(.+)\.json$/.exec(request.url ?? '')?.[1] ?? '';
      this.reads.push(articleId);
      const { status, seq } = this.edge.get(articleId) ?? { status: 404, seq: 0 };
      response.writeHead(status).end(status === 200 ? JSON.stringify({ _pressrun: { seq } }) : '{}');
    });
    return this;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closeServer));
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  notify(observation: Observation): void {
    for (const listener of this.#listeners) listener(observation);
  }

  announce(type: string, detail: unknown): void {
    this.notify({
      kind: 'bus-event',
      event: { id: `out-${++this.#ids}`, source: 'pressrun', 'detail-type': type, detail, time: '' },
      at: Date.now(),
    });
  }

  receive(event: SampleEvent, eventId: string): string {
    this.notify({ kind: 'bus-event', event: { ...event, id: eventId, time: '' }, at: Date.now() });
    return articleIdOf(event.detail.article.uri);
  }

  store(articleId: string, sk: string): void {
    this.notify({ kind: 'table-write', table: 'articles', key: { articleId, sk }, at: Date.now() });
  }

  pass(event: SampleEvent, eventId: string): void {
    const articleId = this.receive(event, eventId);
    this.store(articleId, `v#${event.detail.article.versionCreated}`);
    this.store(articleId, 'head');
    const seq = ++this.#seq;
    const isGone = event['detail-type'] === 'article.unpublished';
    this.edge.set(articleId, { status: isGone ? 410 : 200, seq });
    this.announce('cdn.purged', { articles: [{ articleId, seq }] });
    this.announce(isGone ? 'article.withdrawn' : 'article.live', { articleId, seq });
  }

  async #putEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const { Entries } = JSON.parse(body) as {
      Entries: { EventBusName: string; Source: string; DetailType: string; Detail: string }[];
    };
    const call = Entries.map(
      ({ Source, DetailType, Detail }) =>
        ({ source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) as unknown }) as SampleEvent,
    );
    this.calls.push(call);
    const ids = call.map(() => `in-${++this.#ids}`);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ FailedEntryCount: 0, Entries: ids.map((EventId) => ({ EventId })) }));
    for (const [index, event] of call.entries()) this.process(event, ids[index] ?? '');
  }

  async #serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(handle);
    this.#servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

test('the live story and the author’s profile are accepted, and readers see them', async () => {
  const pipeline = new Pipeline(now, theme);
  for (const [index, detail] of sampleParts(now, edgeUrl).entries()) {
    const body = JSON.stringify({
      id: `e${index}`,
      time: new Date(now).toISOString(),
      source: 'sample-newsroom',
      'detail-type': 'article.published',
      detail,
    });
    expect(accept(body, `m${index}`)).toMatchObject({ kind: 'version' });
    await pipeline.send('article.published', { ...detail });
  }
  const live = (await pipeline.see(liveStoryPath)).body;
  expect(live.match(/ id="post-/g)).toHaveLength(6);
  expect(live).toContain('class="post pinned"');
  expect(live.match(/<nav class="more" aria-label="Key points">.*?<\/nav>/)?.[0].match(/<li>/g)).toHaveLength(3);
  expect((await pipeline.see('/author/ines-okonjo-vale')).body).toContain('World affairs correspondent');
});

describe('publishing the sample edition', () => {
  let stack: Facade | undefined;
  afterEach(() => stack?.close());

  test('puts every event once, changes a story only once it is fresh, and prints a line for each', async () => {
    stack = await new Facade().open();
    const lines: string[] = [];
    const times = await publishSampleEdition(stack, (line) => lines.push(line));
    expect(stack.calls.map((call) => call.length)).toEqual([10, 8, 1, 1]);
    for (const call of stack.calls.slice(2)) {
      const followed = call[0]?.detail.article.uri ?? '';
      expect(stack.reads).toContain(articleIdOf(followed));
    }
    const rows = lines.filter((line) => /^ {2}(published|updated|unpublished) .*( +\d+){5}$/.test(line));
    expect(rows).toHaveLength(20);
    expect(new Set(rows.map((line) => line.length)).size).toBe(1);
    expect(rows.filter((line) => line.startsWith('  updated'))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/received +stored +feeds +purged +fresh/);
    const summary = summaryOf(times);
    expect(summary.length).toBeLessThanOrEqual(6);
    expect(
      summary.filter((line) =>
        /^ {2}(published +18 stories|updated +1 story|unpublished +1 story)( +\d+){5}$/.test(line),
      ),
    ).toHaveLength(3);
    expect(stack.listeners).toBe(0);
  });

  test('recognises a change by its own version and seq', async () => {
    const running = (stack = await new Facade().open());
    const readsTooEarly: string[] = [];
    running.process = (event, eventId) => {
      if (event['detail-type'] !== 'article.updated') {
        running.pass(event, eventId);
        return;
      }
      const articleId = running.receive(event, eventId);
      const old = running.edge.get(articleId)?.seq ?? 0;
      // All of this belongs to the first publication: repeats, late purges.
      running.announce('article.live', { articleId, seq: old });
      running.announce('cdn.purged', { articles: [{ articleId, seq: old }] });
      running.store(articleId, `v#${sampleEdition(0, edgeUrl)[0]?.detail.article.versionCreated ?? ''}#other`);
      running.announce('article.revised', { articleId, seq: old + 100 });
      running.announce('cdn.purged', { articles: [{ articleId, seq: old + 50 }] });
      const readsBefore = running.reads.length;
      setImmediate(() => {
        readsTooEarly.push(...running.reads.slice(readsBefore).filter((read) => read === articleId));
        running.edge.set(articleId, { status: 200, seq: old + 100 });
        running.announce('cdn.purged', { articles: [{ articleId, seq: old + 100 }] });
      });
    };
    await publishSampleEdition(running, () => undefined);
    expect(running.reads).toHaveLength(20);
    expect(readsTooEarly).toEqual([]);
  });

  test.each<[string, (running: Facade, event: SampleEvent, eventId: string) => void]>([
    ['did not arrive on the bus', () => undefined],
    ['was not stored', (running, event, eventId) => running.receive(event, eventId)],
    [
      'did not reach its feeds',
      (running, event, eventId) => {
        running.store(running.receive(event, eventId), 'v#1');
      },
    ],
    [
      'was not purged',
      (running, event, eventId) => {
        const articleId = running.receive(event, eventId);
        running.store(articleId, 'v#1');
        running.announce('article.live', { articleId, seq: 7 });
        running.announce('cdn.purged', { articles: [{ articleId, seq: 6 }] });
      },
    ],
    [
      'was not fresh at the edge',
      (running, event, eventId) => {
        running.pass(event, eventId);
        running.edge.set(articleIdOf(event.detail.article.uri), { status: 200, seq: 6 });
      },
    ],
  ])('names the story that %s', async (message, process) => {
    const running = (stack = await new Facade().open());
    const stuck = sampleEdition(now, edgeUrl)[3];
    running.process = (event, eventId) => {
      if (event.detail.article.uri === stuck?.detail.article.uri) process(running, event, eventId);
      else running.pass(event, eventId);
    };
    await expect(publishSampleEdition(running, () => undefined, { timeoutMilliseconds: 700 })).rejects.toThrow(
      `“${stuck?.detail.article.headlines?.[0]?.value ?? ''}” ${message} within 0.7 s`,
    );
    expect(running.listeners).toBe(0);
  });

  test('names the reason why a story was rejected', async () => {
    const running = (stack = await new Facade().open());
    running.process = (event, eventId) => {
      running.receive(event, eventId);
      running.announce('article.rejected', {
        eventId,
        errors: [{ path: 'article.headlines', message: 'must hold a headline' }],
      });
    };
    await expect(publishSampleEdition(running, () => undefined)).rejects.toThrow(
      'was rejected: article.headlines must hold a headline',
    );
  });
});
