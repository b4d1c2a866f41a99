import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { deliver } from '../../functions/deliver/deliver.ts';
import type { Response } from '../../functions/deliver/http.ts';
import { breaksOfAnswers, openApi } from '../../tools/contracts/open-api.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { previewToken } from '../../shared/article/preview-token.ts';
import { cursorOf } from '../../shared/feed/feed.ts';
import type { FeedKindName } from '../../shared/feed/placement.ts';
import { spokenDigest, spokenOf } from '../../shared/audio/speech.ts';
import { parameterValues, routes, type Route } from '../../shared/site/routes.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { noon, story } from './story.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query'; readonly schema: Schema }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

const file = join(fileURLToPath(new URL('../..', import.meta.url)), 'shared/contracts/openapi.json');
const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
const operations = Object.entries(document.paths).map(([path, { get }]) => [path, get] as const);

const published = story({ uri: 'urn:open-api:bridge', versionCreated: '2026-05-01T11:00:00Z' });
const id = articleIdOf(published.uri);
const withdrawn = story({ uri: 'urn:open-api:withdrawn', versionCreated: '2026-05-01T11:00:00Z' });

/** A newsroom with a story that is read aloud, one that was withdrawn, and a front. */
async function newsroom(): Promise<Pipeline> {
  const pipeline = new Pipeline(noon, {
    ...theme,
    hub: 'https://hub.example.com/',
    searchPage: '/search?q={query}',
    ads: ['example.com, 1, DIRECT'],
    security: { contact: 'mailto:security@example.com', expires: '2027-01-01T00:00:00.000Z' },
  });
  for (const article of [withdrawn, published]) await pipeline.send('article.published', { article, live: {} });
  await pipeline.send('article.published', {
    article: story({ uri: 'urn:open-api:post', versionCreated: '2026-05-01T11:20:00Z' }),
    post: { story: published.uri },
  });
  const rendition = {
    digest: spokenDigest(spokenOf(published)),
    voice: 'Amy neural',
    href: `/audio/${id}/1-abcdefghijklmnop.mp3`,
    bytes: 123_456,
    seconds: 21,
  };
  pipeline.articles.synthesisJobs.set(id, { seq: 1, rendition });
  await pipeline.wake(id);
  await pipeline.send('article.unpublished', {
    article: { uri: withdrawn.uri, versionCreated: '2026-05-01T11:30:00Z' },
  });
  const containers = [
    {
      title: 'Top',
      pins: [published.uri],
      backfill: 'latest',
      seeMore: '/latest',
      links: [{ label: 'More', href: 'https://www.example.org/' }],
    },
  ];
  await pipeline.send('front.published', {
    front: { name: 'home', versionCreated: '2026-05-01T11:00:00Z', containers },
  });
  return pipeline;
}

/** The rest of a feed of the published story, by kind. */
const feedNames: Readonly<Record<FeedKindName, string>> = {
  section: 'news',
  topic: 'bridges',
  author: 'ada-marlow',
  genre: 'explainer',
};

type Requests = readonly (readonly [string, number])[];

/** Requests, by the path of the document that describes them, with the statuses that they have to have. */
const requests: Readonly<Record<string, Requests>> = {
  '/': [
    ['/', 200],
    ['/?exclude=!', 400],
  ],
  '/articles/{articleId}': [
    [`/articles/${id}`, 301],
    [`/articles/${articleIdOf(withdrawn.uri)}`, 410],
    [`/articles/${articleIdOf('urn:none')}`, 404],
  ],
  '/articles/{articleId}.json': [
    [`/articles/${id}.json`, 200],
    [`/articles/${articleIdOf(withdrawn.uri)}.json`, 410],
    [`/articles/${articleIdOf('urn:none')}.json`, 404],
  ],
  '/articles/{articleId}.fragment.html': [
    [`/articles/${id}.fragment.html`, 200],
    [`/articles/${articleIdOf('urn:none')}.fragment.html`, 404],
  ],
  '/preview/{token}': [
    [`/preview/${previewToken({ uri: published.uri, expiresAt: noon + 3_600_000 }, 'secret')}`, 200],
    [`/preview/${previewToken({ uri: published.uri, expiresAt: noon + 3_600_000 }, 'another')}`, 404],
  ],
  '/articles/{articleId}.posts.html': [
    [`/articles/${id}.posts.html`, 301],
    [`/articles/${id}.posts.html?after=${cursorOf(`2026-05-01T11:30:00.000Z#${id}`)}`, 200],
    [`/articles/${id}.posts.html?after=!`, 400],
    [`/articles/${articleIdOf(withdrawn.uri)}.posts.html`, 404],
  ],
  '/articles/{articleId}.posts.json': [
    [`/articles/${id}.posts.json`, 200],
    [`/articles/${articleIdOf('urn:none')}.posts.json`, 404],
  ],
  '/feeds/{feed}.json': [
    ['/feeds/latest.json', 200],
    [`/feeds/live/${id}.json`, 200],
    [`/feeds/live%2F${id}.json`, 301],
    ['/feeds/section/news/local.json', 200],
    ['/feeds/section%2Fnews%2flocal.json?limit=5', 301],
    ['/feeds/latest.json?limit=0', 400],
    ['/feeds/topic/none.json', 404],
  ],
  '/feeds/{feed}.rss': [
    ['/feeds/latest.rss', 200],
    ['/feeds/latest.rss?after=!', 400],
    ['/feeds/topic/none.rss', 404],
    ['/feeds/section%2Fnews.rss', 301],
  ],
  '/feeds/{feed}.atom': [
    ['/feeds/latest.atom', 200],
    ['/feeds/latest.atom?limit=x', 400],
    ['/feeds/topic/none.atom', 404],
    ['/feeds/section%2Fnews.atom', 301],
  ],
  '/feeds/{feed}.mrss': [
    ['/feeds/latest.mrss', 200],
    ['/feeds/latest.mrss?limit=x', 400],
    ['/feeds/topic/none.mrss', 404],
    ['/feeds/section%2Fnews.mrss', 301],
  ],
  '/fronts/{name}.json': [
    ['/fronts/home.json', 200],
    [`/fronts/home.json?exclude=${id}`, 200],
    ['/fronts/home.json?exclude=!', 400],
    ['/fronts/none.json', 404],
  ],
  '/fronts/{name}.html': [
    ['/fronts/home.html', 200],
    ['/fronts/home.html?exclude=!', 400],
    ['/fronts/none.html', 404],
  ],
  '/fronts/{name}.fragment.html': [
    ['/fronts/home.fragment.html', 200],
    ['/fronts/none.fragment.html', 404],
  ],
  '/changes': [
    ['/changes', 200],
    ['/changes?since=x', 400],
    ['/changes?since=1', 410],
  ],
  '/latest': [
    ['/latest', 200],
    ['/latest?limit=0', 400],
  ],
  ...Object.fromEntries(
    Object.entries(feedNames).map(([kind, name]): [string, Requests] => [
      `/${kind}/{${kind}}`,
      [
        [`/${kind}/${name}`, 200],
        [`/${kind}/${name}?limit=0`, 400],
        [`/${kind}/none`, 404],
      ],
    ]),
  ),
  '/sitemap-news.xml': [['/sitemap-news.xml', 200]],
  '/robots.txt': [['/robots.txt', 200]],
  '/sitemap.xml': [['/sitemap.xml', 200]],
  '/sitemap-{month}.xml': [
    ['/sitemap-2026-05.xml', 200],
    ['/sitemap-1999-01.xml', 404],
  ],
  '/favicon.ico': [['/favicon.ico', 200]],
  '/opensearch.xml': [['/opensearch.xml', 200]],
  '/ads.txt': [['/ads.txt', 200]],
  '/.well-known/security.txt': [['/.well-known/security.txt', 200]],
  '/site.webmanifest': [['/site.webmanifest', 200]],
  '/assets/icon.svg': [['/assets/icon.svg', 200]],
  '/openapi.json': [['/openapi.json', 200]],
  '/healthz': [['/healthz', 200]],
};

const ask = async (
  { articles, fronts, pictures, feeds, changeList, clock, theme: newspaper }: Pipeline,
  url: string,
  ifNoneMatch?: string,
): Promise<Response> => {
  const { pathname, searchParams } = new URL(url, 'https://www.example.com');
  return deliver(
    {
      articles,
      fronts,
      pictures,
      feeds,
      changeList,
      clock,
      theme: newspaper,
      offersAudio: true,
      preview: { articles, secrets: async () => Promise.resolve(['secret']) },
    },
    { method: 'GET', path: pathname, query: searchParams, host: 'www.example.com', ifNoneMatch },
  );
};

/** An article may have more fields of ninjs; all other types are complete. */
const openTypes = new Set([
  'ArticleDocument',
  'ArticleExtension',
  'Article',
  ...['TextField', 'Subject', 'Concept', 'Rendition', 'Association'],
]);
const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
const closed = Object.entries(document.components.schemas).map(([name, schema]) => [
  name,
  schema['type'] === 'object' && !openTypes.has(name) ? { ...schema, additionalProperties: false } : schema,
]);
ajv.addSchema({ components: { schemas: Object.fromEntries(closed) as object } }, 'openapi');

function issuesOf(schema: Schema, body: unknown): unknown {
  const validate = schema.$ref === undefined ? ajv.compile(schema) : ajv.getSchema(`openapi${schema.$ref}`);
  return validate?.(body) === true ? [] : (validate?.errors ?? 'there is no such schema');
}

describe('the OpenAPI document', () => {
  test('is valid by an outside validator', async () => {
    expect(await new Validator().validate(file)).toEqual({ valid: true });
  });

  test('describes every route with its parameters and their values', () => {
    const described = new Set<string>();
    for (const [path, { parameters }] of operations) {
      const [sample] = requests[path]?.find(([, status]) => status === 200 || status === 301) ?? [];
      if (sample === undefined) throw new Error(`add requests for ${path} to the table of this test`);
      const [name = '', route] = Object.entries<Route>(routes).find(([, { pattern }]) => pattern.test(sample)) ?? [];
      described.add(name);
      const inQuery = parameters.filter((parameter) => parameter.in === 'query');
      expect([path, inQuery.map(({ name }) => name)]).toEqual([path, route?.parameters ?? []]);
      for (const { name, schema } of inQuery) {
        const values = parameterValues[name as keyof typeof parameterValues];
        expect(
          schema.type === 'integer'
            ? [
                values.test(String(schema.minimum)),
                values.test(String(schema.maximum)),
                values.test(String((schema.maximum ?? 0) + 1)),
              ]
            : schema.pattern,
        ).toEqual(schema.type === 'integer' ? [true, true, false] : values.source);
      }
    }
    expect(Object.keys(routes).filter((name) => !described.has(name))).toEqual([]);
  });

  test('is tested with every path and every status', () => {
    const statuses = operations.map(([path, { responses }]) => [
      path,
      Object.keys(responses).filter((status) => status !== '304'),
    ]);
    expect(
      Object.fromEntries(
        Object.entries(requests).map(([path, asked]) => [
          path,
          [...new Set(asked.map(([, status]) => String(status)))].sort(),
        ]),
      ),
    ).toEqual(
      // A page of an article's own is at a path that no document can name.
      Object.fromEntries(
        statuses.map(([path, all]) => [
          path,
          (all as string[]).filter((status) => path !== '/articles/{articleId}' || status !== '200'),
        ]),
      ),
    );
  });

  test.each(
    Object.entries(requests).flatMap(([path, asked]) => asked.map(([url, status]) => [path, url, status] as const)),
  )('%s: %s is answered %i as described', async (path, url, status) => {
    const pipeline = await newsroom();
    const response = await ask(pipeline, url);
    expect(response.status).toBe(status);
    const described = document.paths[path]?.get.responses[String(status)];
    const type = response.headers['content-type']?.replace(/;.*/, '');
    expect(Object.keys(described?.content ?? {})).toEqual(status === 301 ? [] : [type]);
    if (url === '/feeds/latest.json') expect(response.body).toContain('/audio/');
    if (type?.endsWith('json') === true)
      expect(issuesOf(described?.content?.[type]?.schema ?? {}, JSON.parse(response.body))).toEqual([]);
    const { etag } = response.headers;
    expect(etag !== undefined).toBe(document.paths[path]?.get.responses['304'] !== undefined && status === 200);
    if (etag !== undefined) expect((await ask(pipeline, url, etag)).status).toBe(304);
  });

  test('is compatible with the previous version', () => {
    const { schemas } = document.components;
    const without = (type: string, field: string): object => {
      const {
        properties,
        required = [],
        ...rest
      } = (schemas[type] ?? {}) as {
        readonly properties?: Readonly<Record<string, object>>;
        readonly required?: readonly string[];
      };
      const fewer = {
        ...rest,
        properties: Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => name !== field)),
        required: required.filter((name) => name !== field),
      };
      return { ...document, components: { schemas: { ...schemas, [type]: fewer } } };
    };
    expect(breaksOfAnswers(document, openApi())).toEqual([]);
    expect(breaksOfAnswers(document, without('Card', 'headline')).map(({ path }) => path)).toEqual([
      'GET /fronts/{name}.json (application/json): containers[].items[].headline',
    ]);
    expect(breaksOfAnswers(document, without('ArticleState', 'seq')).map(({ path }) => path)).toEqual([
      'GET /articles/{articleId}.json (application/json): _pressrun.seq',
    ]);
    expect(breaksOfAnswers(document, { ...document, paths: {} })).toHaveLength(operations.length);
    expect(breaksOfAnswers(without('Card', 'by'), document)).toEqual([]);
  });

  test('is served at the site that it describes', async () => {
    const { body } = await ask(await newsroom(), '/openapi.json');
    expect(JSON.parse(body)).toEqual({ ...document, servers: [{ url: 'https://www.example.com' }] });
  });

  test('has feeds as one path segment, whose encoded slash leads to the feed', async () => {
    const pipeline = await newsroom();
    expect((await ask(pipeline, '/feeds/section%2Fnews%2Flocal.json?limit=5')).headers['location']).toBe(
      '/feeds/section/news/local.json?limit=5',
    );
    for (const path of ['/feeds/%2F%2Fevil.example%2F.json', '/feeds/section%2F..%2F.json', '/feeds/%2Flatest.json'])
      expect([path, (await ask(pipeline, path)).status]).toEqual([path, 404]);
  });
});
