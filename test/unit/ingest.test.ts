import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ingest } from '../../functions/ingest/ingest.ts';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import { repeatedNameIn } from '../../shared/canonical.ts';
import { largestDetailBytes } from '../../shared/events/claim-check.ts';
import { MemorySecrets } from '../fakes/memory-webhooks.ts';
import type { Source } from '../../shared/cms/source.ts';
import { noSettings, uriOf } from '../../shared/cms/source-settings.ts';
import { sources } from '../../shared/cms/sources.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { ghostPost, ghostPublished } from '../fixtures/cms/newsroom.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { busEvent, noon, story } from './story.ts';

const errorsOf = ({ body }: { readonly body: string }): { path: string; message: string }[] =>
  (JSON.parse(body) as { errors?: { path: string; message: string }[] }).errors ?? [];
const bytes = (text: string): Buffer => Buffer.from(text);

describe('a request that is not authenticated', () => {
  test('is answered 401 without a word of its body', async () => {
    const endpoint = new WebhookEndpoint();
    const response = await endpoint.postWith('ghost', bytes('{"post":{"current":{"title":"Secret plans"}}}'), {
      'x-ghost-signature': 'sha256=00, t=1',
    });
    expect(response.status).toBe(401);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(JSON.stringify(response)).not.toContain('Secret plans');
    expect(endpoint.bus.events).toEqual([]);
  });

  test('is answered 401 if the secret of its source was never set', async () => {
    const endpoint = new WebhookEndpoint();
    endpoint.secrets.secrets.delete('strapi');
    expect((await endpoint.post('strapi', {})).status).toBe(401);
  });
});

describe('the answer', () => {
  test('to a story is 202 once the bus has it, with the time of its receipt', async () => {
    const endpoint = new WebhookEndpoint();
    const response = await endpoint.post('ghost', ghostPublished(ghostPost('g1')));
    expect([response.status, JSON.parse(response.body)]).toEqual([202, { accepted: ['ghost:main/g1'] }]);
    expect(endpoint.bus.events).toMatchObject([
      {
        source: 'cms.ghost',
        type: 'article.published',
        detail: { receivedAt: noon, path: '/story-g1', article: { uri: 'ghost:main/g1' } },
      },
    ]);
  });

  test('fails if the bus does not accept the event', async () => {
    const endpoint = new WebhookEndpoint();
    const bus = { put: (): Promise<never> => Promise.reject(new Error('throttled')) };
    await expect(endpoint.post('ghost', ghostPublished(ghostPost('g1')), { bus })).rejects.toThrow('throttled');
  });

  test.each<[string, string, unknown]>([
    ['site.changed', 'ghost', {}],
    ['tag.added', 'ghost', { tag: { current: { id: 't' } } }],
    ['a page', 'ghost', { page: { current: { id: 'p', status: 'published' } } }],
    ['a draft', 'ghost', ghostPublished(ghostPost('g1', { status: 'draft' }))],
    ['a newsletter that is no page', 'ghost', ghostPublished(ghostPost('g1', { status: 'sent' }))],
    ['a test of the webhook', 'strapi', { event: 'trigger-test' }],
    ['a picture that was uploaded', 'strapi', { event: 'media.create', media: {} }],
    ['another collection', 'directus', { event: 'pages.items.delete', collection: 'pages', keys: ['1'] }],
  ])('to %s, which does not concern readers, is 204', async (_, source, payload) => {
    const endpoint = new WebhookEndpoint();
    expect((await endpoint.post(source, payload)).status).toBe(204);
    expect(endpoint.bus.events).toEqual([]);
  });

  test('to an unknown endpoint is 404, to another method 405, to a body over 6 MB 413', async () => {
    const endpoint = new WebhookEndpoint();
    expect((await endpoint.post('nobody', {})).status).toBe(404);
    expect(
      (
        await ingest(endpoint.with(), {
          method: 'POST',
          path: '/',
          headers: {},
          body: bytes(''),
          requestId: 'request-1',
        })
      ).status,
    ).toBe(404);
    expect(
      await ingest(endpoint.with(), {
        method: 'GET',
        path: '/ingest/ghost',
        headers: {},
        body: bytes(''),
        requestId: 'request-1',
      }),
    ).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
    expect((await endpoint.postWith('ghost', Buffer.alloc(6 * 1024 * 1024 + 1, 32))).status).toBe(413);
  });

  test.each(['OPTIONS', 'GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'BREW', 'post'])(
    'to %s needs no secret and no body',
    async (method) => {
      const secretOf = (): never => {
        throw new Error('read a secret');
      };
      const body = new Proxy(bytes('{}'), {
        get: () => {
          throw new Error('looked at the body');
        },
      });
      expect(
        await ingest(new WebhookEndpoint().with({ secrets: { secretOf } }), {
          method,
          path: '/ingest/ghost',
          headers: {},
          body,
          requestId: 'request-1',
        }),
      ).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    },
  );

  test('to a body that is not JSON is 422', async () => {
    expect(await new WebhookEndpoint().postWith('ghost', bytes('{"post":'))).toMatchObject({
      status: 422,
      issues: [{ path: '', message: expect.stringContaining('nested at most 100 deep') as unknown }],
    });
  });

  test.each([
    ['{"uri":"urn:a","embargoed":"2030-01-01T00:00:00Z","embargoed":null}', 'embargoed'],
    ['{"uri":"urn:a","embargoed":null,"\\u0065mbargoed" : "2030-01-01T00:00:00Z"}', 'embargoed'],
    ['[{"a":1},{"b":[{"c":{}},{"d":1,"e":{"d":2},"d":3}]}]', 'd'],
    ['{"a \\" \u00e9 b":{},"a \\" \\u00e9 b":{}}', 'ab'],
    ['{"":1,"":1}', ''],
  ])('to an object with two values of one name is 422: %s', async (text, name) => {
    const endpoint = new WebhookEndpoint();
    const response = await endpoint.postWith('ninjs', bytes(text));
    expect(response).toMatchObject({
      status: 422,
      issues: [{ path: name, message: expect.stringMatching(/^must occur once/) as unknown }],
    });
    expect(endpoint.bus.events).toEqual([]);
  });

  test('accepts names that only resemble a repeated one', async () => {
    const text = JSON.stringify({
      ...story(),
      extra: {
        uri: 'x',
        a: ['uri', 'uri', { uri: '","uri":"' }, { uri: 1 }],
        '{"uri":1,"uri":2}': '{"uri":1,"uri":2}',
        'uri\\': 1,
        'uri"': 1,
      },
    });
    expect((await new WebhookEndpoint().postWith('ninjs', bytes(text))).status).toBe(202);
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
        expect(repeatedNameIn(JSON.stringify(JSON.parse(json)))).toBeUndefined();
      }),
    );
  });

  test.each(sources.map(({ name }) => name))(
    'of %s to extreme nesting is 422, before any field is read',
    async (source) => {
      const endpoint = new WebhookEndpoint();
      for (const deep of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`])
        expect(await endpoint.postWith(source, bytes(deep))).toMatchObject({
          status: 422,
          issues: [{ path: '', message: expect.stringContaining('nested at most 100 deep') as unknown }],
        });
      expect(endpoint.bus.events).toEqual([]);
    },
  );

  test('names each wrong field in the CMS’s words or in those of ninjs', async () => {
    const endpoint = new WebhookEndpoint();
    const broken = await endpoint.post(
      'ghost',
      ghostPublished(ghostPost('g1', { title: 7, tags: [{ name: 'x' }], updated_at: 'yesterday' })),
    );
    expect(broken.status).toBe(422);
    expect(errorsOf(broken).map(({ path }) => path)).toEqual(['post.current.updated_at', 'post.current.title']);
    expect(errorsOf(await endpoint.post('ghost', ghostPublished(ghostPost('g1', { title: ' ' }))))).toMatchObject([
      { path: 'article.headlines' },
    ]);
    expect(
      errorsOf(
        await endpoint.post('ghost', ghostPublished(ghostPost('g1', { updated_at: '2031-01-01T00:00:00.000Z' }))),
      ),
    ).toMatchObject([{ path: 'article.versionCreated' }]);
    expect(endpoint.bus.events).toEqual([]);
  });

  test('to several stories accepts the valid ones, even if one cannot be read, and names at most fifty issues', async () => {
    const endpoint = new WebhookEndpoint();
    const good = { id: 'a', status: 'published', title: 'Good', date_updated: '2026-05-01T11:00:00Z' };
    const response = await endpoint.post('directus', [good, ...Array.from({ length: 200 }, () => ({}))]);
    expect(response.status).toBe(422);
    const { accepted, errors } = JSON.parse(response.body) as { accepted: string[]; errors: { path: string }[] };
    expect(accepted).toEqual(['directus:main/a']);
    expect(errors[0]?.path).toMatch(/^1\./);
    expect(errors.length).toBeLessThanOrEqual(50);
    expect(endpoint.bus.events).toHaveLength(1);
  });

  test('to several stories accepts the valid ones, because a CMS sends the request only once', async () => {
    const endpoint = new WebhookEndpoint();
    const item = (id: string, title: string | null) => ({
      id,
      title,
      status: 'published',
      date_updated: '2026-05-01T11:00:00.000Z',
    });
    const response = await endpoint.post('directus', [item('a', 'Good'), item('b', null)]);
    expect(response.status).toBe(422);
    expect(JSON.parse(response.body)).toMatchObject({
      accepted: ['directus:main/a'],
      errors: [{ path: '1.article.headlines' }],
    });
    expect(endpoint.bus.events).toHaveLength(1);
  });

  test('to any JSON names a field for every rejection, and puts only what store accepts on the bus', async () => {
    const somewhere = (source: string): fc.Arbitrary<unknown> => {
      const loose = fc.jsonValue({ maxDepth: 3 });
      const post = fc.dictionary(
        fc.constantFrom(
          'id',
          'status',
          'updated_at',
          'title',
          'html',
          'tags',
          'documentId',
          'updatedAt',
          'publishedAt',
          'modified_gmt',
          'type',
          'title',
          '_embedded',
          'uri',
          'versionCreated',
          'date_updated',
        ),
        fc.oneof(loose, fc.constantFrom('published', 'publish', 'draft', 'post', '2026-05-01T10:00:00Z', 'x1')),
      );
      return fc.oneof(
        loose,
        post,
        fc.record({ post: fc.record({ current: fc.oneof(post, loose), previous: fc.oneof(post, loose) }) }),
        fc.record({
          hook: fc.constant('wp_after_insert_post'),
          rest: fc.oneof(post, loose),
          new_status: fc.constantFrom('publish', 'trash', 'deleted'),
          old_status: fc.oneof(loose, fc.constant('publish')),
        }),
        fc.record({
          event: fc.constantFrom(
            'entry.publish',
            'entry.delete',
            `${source}.items.delete`,
            'articles.items.create',
            'articles.items.update',
          ),
          model: fc.constant('article'),
          collection: fc.constant('articles'),
          entry: fc.oneof(post, loose),
          payload: fc.oneof(post, loose),
          keys: loose,
          key: loose,
        }),
      );
    };
    for (const { name } of sources) {
      await fc.assert(
        fc.asyncProperty(somewhere(name), async (payload) => {
          const endpoint = new WebhookEndpoint();
          const response = await endpoint.post(name, payload);
          expect([202, 204, 422]).toContain(response.status);
          if (response.status === 422)
            for (const { path, message } of errorsOf(response))
              expect([typeof path, message]).toEqual(['string', expect.stringMatching(/\S/)]);
          if (response.status === 422) expect(errorsOf(response).length).toBeGreaterThan(0);
          if (response.status === 202) expect(endpoint.bus.events.length).toBeGreaterThan(0);
        }),
        { numRuns: 300 },
      );
    }
  });
});

describe('a story that is too large for the bus', () => {
  /** Incompressible, so that it is large however it is stored, but smaller than a version may be. */
  const longRead = (characters: number): string =>
    `<p>${Array.from({ length: characters / 10 }, (_, index) => `paragraph ${index % 97}`).join(' ')}</p>`;

  test('is sent directly if it is small enough without fields for editors', async () => {
    const endpoint = new WebhookEndpoint();
    const revisions = Array.from({ length: 25 }, (_, index) => ({
      id: index,
      lexical: 'x'.repeat(100_000),
      author: { email: 'desk@example.com' },
    }));
    expect(
      (
        await endpoint.post(
          'ghost',
          ghostPublished(ghostPost('g1', { post_revisions: revisions, plaintext: 'y'.repeat(500_000) })),
        )
      ).status,
    ).toBe(202);
    const [event] = endpoint.bus.events;
    expect(JSON.stringify(event).length).toBeLessThan(5000);
    expect(JSON.stringify(event)).not.toMatch(/example\.com"|@/);
    expect(endpoint.payloads.withClaimCheck.size).toBe(0);
  });

  test('is put into the payload store, and store reads the same version from there', async () => {
    const endpoint = new WebhookEndpoint();
    const payload = ghostPublished(ghostPost('g1', { html: longRead(1_100_000) }));
    expect((await endpoint.post('ghost', payload)).status).toBe(202);
    const [event] = endpoint.bus.events;
    expect(Buffer.byteLength(JSON.stringify(event?.detail))).toBeLessThan(1000);
    expect([...endpoint.payloads.withClaimCheck.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(event?.detail).toMatchObject({
      claim: { key: [...endpoint.payloads.withClaimCheck.keys()][0] },
      receivedAt: noon,
      article: { uri: 'ghost:main/g1' },
    });

    const claimed = new Pipeline(noon + 60_000);
    for (const [key, text] of endpoint.payloads.withClaimCheck) await claimed.payloads.put(key, text);
    await claimed.deliver([busEvent(event?.type ?? '', event?.detail ?? {}, { source: 'cms.ghost' })]);
    const whole = new Pipeline(noon + 60_000);
    const bulk = JSON.parse([...endpoint.payloads.withClaimCheck.values()][0] ?? '') as Record<string, unknown>;
    await whole.deliver([busEvent('article.published', { ...bulk, receivedAt: noon }, { source: 'cms.ghost' })]);
    expect(await claimed.seen()).toEqual(await whole.seen());
    expect(claimed.articles.heads.get(articleIdOf('ghost:main/g1'))?.visibility).toBe('live');
    expect(largestDetailBytes).toBeLessThan(1_000_000);
  });

  test('has one payload, however often it is sent', async () => {
    const endpoint = new WebhookEndpoint();
    const payload = ghostPublished(ghostPost('g1', { html: longRead(1_100_000) }));
    await endpoint.post('ghost', payload);
    endpoint.clock.time += 1000;
    await endpoint.post('ghost', payload);
    expect(endpoint.payloads.withClaimCheck.size).toBe(1);
    expect(endpoint.bus.events).toHaveLength(2);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['the claim check of another source', { claim: { key: 'KEY' } }, 'newsroom'],
    ['a claim check for a payload that is not stored', { claim: { key: 'f'.repeat(64) } }, 'cms.ghost'],
    ['a claim check that is a path', { claim: { key: '../../other/object' } }, 'cms.ghost'],
    ['a claim check beside an article', { claim: { key: 'f'.repeat(64) }, article: story() }, 'newsroom'],
  ])('is rejected and stored if it has %s', async (_, detail, source) => {
    const pipeline = new Pipeline(noon);
    const key = articleIdOf('x').padEnd(64, '0');
    await pipeline.payloads.put(key, '{}');
    await pipeline.deliver([
      busEvent('article.published', JSON.parse(JSON.stringify(detail).replace('KEY', key)) as Record<string, unknown>, {
        source,
      }),
    ]);
    expect(pipeline.rejections.kept).toHaveLength(1);
    expect(pipeline.announcer.announced).toMatchObject([
      { type: 'article.rejected', detail: { errors: [{ path: 'claim' }] } },
    ]);
    expect(pipeline.articles.heads.size).toBe(0);
  });

  test('is rejected if the payload does not match its key', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.payloads.put('a'.repeat(64), JSON.stringify({ article: story() }));
    await pipeline.deliver([
      busEvent('article.published', { claim: { key: 'a'.repeat(64) } }, { source: 'cms.ghost' }),
    ]);
    expect(pipeline.articles.heads.size).toBe(0);
    expect(pipeline.rejections.kept).toHaveLength(1);
  });
});

/** A CMS that names the event in a header alone, as Drupal's and Superdesk's do. */
const typewriter: Source = {
  name: 'typewriter',
  authentication: { kind: 'token', header: 'x-typewriter-key' },
  headers: ['x-typewriter-event'],
  hidesScheduled: false,
  defaults: noSettings,
  read: (payload, settings, { headers }) =>
    headers['x-typewriter-event'] === undefined
      ? { issues: [{ path: '', message: `is without the header x-typewriter-event: ${Object.keys(headers).join()}` }] }
      : {
          commands: [
            {
              type: headers['x-typewriter-event'] === 'gone' ? 'article.deleted' : 'article.published',
              detail: { article: { ...(payload as Article), uri: uriOf('typewriter', settings, '1') } },
            },
          ],
        },
  sample: () => [
    { body: {}, headers: { 'x-typewriter-event': 'out' } },
    { body: {}, headers: { 'x-typewriter-event': 'gone' } },
  ],
};

describe('a source that reads headers of the request', () => {
  const said = bytes(JSON.stringify({ versionCreated: '2026-05-01T11:00:00Z', headlines: [{ value: 'Typed' }] }));
  const others = {
    sources: [...sources, typewriter],
    secrets: new MemorySecrets({ typewriter: 'a secret of the newsroom' }),
  };

  test('receives those that it names', async () => {
    const endpoint = new WebhookEndpoint();
    expect(await endpoint.postWith('typewriter', said, { 'x-typewriter-event': 'out' }, others)).toMatchObject({
      status: 202,
    });
    expect(await endpoint.postWith('typewriter', said, { 'x-typewriter-event': 'gone' }, others)).toMatchObject({
      status: 202,
    });
    expect(endpoint.bus.events.map(({ type }) => type)).toEqual(['article.published', 'article.deleted']);
  });

  test('receives no others, such as the secret of the request', async () => {
    const endpoint = new WebhookEndpoint();
    const response = await endpoint.postWith('typewriter', said, { authorization: 'Basic x' }, others);
    expect(response).toMatchObject({
      status: 422,
      issues: [{ message: 'is without the header x-typewriter-event: x-typewriter-event' }],
    });
  });
});
