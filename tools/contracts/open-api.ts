import type { JsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import {
  articleSchema,
  changesSchema,
  feedSchema,
  healthSchema,
  newPostsSchema,
  problemSchema,
} from '../../shared/events/answer-schema.ts';
import { frontSchema } from '../../shared/article/card-schema.ts';
import { liveFeedPattern } from '../../shared/article/post.ts';
import { feedKinds, feedPattern, latest } from '../../shared/feed/placement.ts';
import { defaultLimit, parameterValues, routes, type Parameter } from '../../shared/site/routes.ts';
import { breaksOf, type Break } from './breaks.ts';
import { NamedSchemas } from './json-schema.ts';

interface Operation {
  readonly id: string;
  readonly summary: string;
  /** Of the 200, by media type. */
  readonly content: Readonly<Record<string, GenericSchema | 'string' | 'object'>>;
  readonly query?: readonly Parameter[];
  readonly errors?: readonly (keyof typeof errors)[];
  /** Whether a browser asks for it, who gets errors as pages. */
  readonly isPage?: boolean;
  /** Whether answers are never cached, so that no request is conditional. */
  readonly isNeverKept?: boolean;
}

const errors = {
  301: 'It is elsewhere: see `location`.',
  400: 'A parameter has a value that it cannot have.',
  404: 'It does not exist, or is not public.',
  410: 'It was public and is withdrawn, or is listed no longer.',
} as const;

const html = { 'text/html': 'string' } as const;

const lists = ['limit', 'after'] as const;

/** Everything that is served, by its path. */
const operations: Readonly<Record<string, Operation>> = {
  '/': {
    id: 'getHome',
    summary: 'The home page: the front `home`, else Latest News.',
    content: html,
    query: routes.home.parameters,
    errors: [400],
    isPage: true,
  },
  '/articles/{articleId}': {
    id: 'findArticle',
    summary: "An article's page, which is at a path of its own.",
    content: html,
    errors: [301, 404, 410],
    isPage: true,
  },
  '/articles/{articleId}.json': {
    id: 'getArticle',
    summary: 'A live article.',
    content: { 'application/json': articleSchema },
    errors: [404, 410],
  },
  '/articles/{articleId}.fragment.html': {
    id: 'getMoreOnTopic',
    summary: 'Other stories of the topic of an article, as they are shown below it.',
    content: html,
    errors: [404],
    isPage: true,
  },
  '/preview/{token}': {
    id: 'getPreview',
    summary: 'The page of an article before it is public, for the newsroom: a JSON Web Token signed with its secret.',
    content: html,
    errors: [404],
    isPage: true,
    isNeverKept: true,
  },
  '/articles/{articleId}.posts.html': {
    id: 'getPosts',
    summary: 'Older posts of a live story as a page. Without `after`, the story has them.',
    content: html,
    query: routes.posts.parameters,
    errors: [301, 400, 404],
    isPage: true,
  },
  '/articles/{articleId}.posts.json': {
    id: 'getNewPosts',
    summary: 'The ids of the newest posts of a live story. Its feed has the posts themselves.',
    content: { 'application/json': newPostsSchema },
    errors: [404],
  },
  '/feeds/{feed}.json': {
    id: 'getFeed',
    summary: 'A page of a feed as JSON Feed 1.1.',
    content: { 'application/feed+json': feedSchema },
    query: lists,
    errors: [301, 400, 404],
  },
  '/feeds/{feed}.rss': {
    id: 'getFeedAsRss',
    summary: 'A page of a feed as RSS 2.0.',
    content: { 'application/rss+xml': 'string' },
    query: lists,
    errors: [301, 400, 404],
  },
  '/feeds/{feed}.atom': {
    id: 'getFeedAsAtom',
    summary: 'A page of a feed as Atom.',
    content: { 'application/atom+xml': 'string' },
    query: lists,
    errors: [301, 400, 404],
  },
  '/feeds/{feed}.mrss': {
    id: 'getFeedForPartners',
    summary: 'A page of a feed for syndication: whole texts with all pictures, as RSS 2.0 with Media RSS.',
    content: { 'application/rss+xml': 'string' },
    query: lists,
    errors: [301, 400, 404],
  },
  '/fronts/{name}.json': {
    id: 'getFront',
    summary: 'A front.',
    content: { 'application/json': frontSchema },
    query: routes.front.parameters,
    errors: [400, 404],
  },
  '/fronts/{name}.html': {
    id: 'getFrontPage',
    summary: 'A front as a page.',
    content: html,
    query: routes.front.parameters,
    errors: [400, 404],
    isPage: true,
  },
  '/fronts/{name}.fragment.html': {
    id: 'getFrontFragment',
    summary: 'A front as it is shown below articles.',
    content: html,
    errors: [404],
    isPage: true,
  },
  '/changes': {
    id: 'getChanges',
    summary: 'What was announced about articles, for those who cannot subscribe.',
    content: { 'application/json': changesSchema },
    query: routes.changes.parameters,
    errors: [400, 410],
  },
  [`/${latest}`]: {
    id: 'getLatest',
    summary: 'Latest News as a page.',
    content: html,
    query: lists,
    errors: [400],
    isPage: true,
  },
  ...Object.fromEntries(
    Object.keys(feedKinds).map((kind) => [
      `/${kind}/{${kind}}`,
      {
        id: `get${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`,
        summary: `The feed of one ${kind} as a page.`,
        content: html,
        query: lists,
        errors: [400, 404],
        isPage: true,
      } satisfies Operation,
    ]),
  ),
  '/sitemap-news.xml': {
    id: 'getNewsSitemap',
    summary: 'The articles of the last two days, for Google News.',
    content: { 'application/xml': 'string' },
  },
  '/robots.txt': {
    id: 'getRobots',
    summary: 'What crawlers may read: everything.',
    content: { 'text/plain': 'string' },
  },
  '/sitemap.xml': {
    id: 'getSitemapIndex',
    summary: 'The months that have articles, as an index of sitemaps.',
    content: { 'application/xml': 'string' },
  },
  '/sitemap-{month}.xml': {
    id: 'getMonthSitemap',
    summary: 'The articles of a month.',
    content: { 'application/xml': 'string' },
    errors: [404],
    isPage: true,
  },
  '/site.webmanifest': {
    id: 'getManifest',
    summary: 'The site as an application.',
    content: { 'application/manifest+json': 'object' },
  },
  '/favicon.ico': {
    id: 'getFavicon',
    summary: "The site's icon, where browsers look for it.",
    content: { 'image/svg+xml': 'string' },
  },
  '/opensearch.xml': {
    id: 'getOpenSearch',
    summary: 'How to search the site, if the theme names a search page.',
    content: { 'application/opensearchdescription+xml': 'string' },
  },
  '/ads.txt': {
    id: 'getAds',
    summary: "Who may sell the site's advertising, if the theme says so.",
    content: { 'text/plain': 'string' },
  },
  '/.well-known/security.txt': {
    id: 'getSecurity',
    summary: 'Where to report a vulnerability, if the theme says so.',
    content: { 'text/plain': 'string' },
  },
  '/assets/icon.svg': { id: 'getIcon', summary: "The site's icon.", content: { 'image/svg+xml': 'string' } },
  '/openapi.json': { id: 'getOpenApi', summary: 'This document.', content: { 'application/json': 'object' } },
  '/healthz': {
    id: 'getHealth',
    summary: 'Whether the site answers.',
    content: { 'application/json': healthSchema },
    isNeverKept: true,
  },
};

const queryTexts: Readonly<Record<Parameter, string>> = {
  limit: `How many articles, at most; ${defaultLimit} unless given.`,
  after: 'A cursor: taken from the `next` link of the page before.',
  since: 'A `seq`, or a time in epoch milliseconds: changes from then on. Without it, from now on.',
  exclude: 'The id of an article that is to be left out.',
};

function queryParameter(name: Parameter): object {
  const schema: JsonSchema =
    name === 'limit'
      ? { type: 'integer', minimum: 1, maximum: 100, default: defaultLimit }
      : { type: 'string', pattern: parameterValues[name].source };
  return { name, in: 'query', required: false, description: queryTexts[name], schema };
}

const pathTexts: Readonly<Record<string, { readonly description: string; readonly pattern: string }>> = {
  articleId: {
    description: 'The first 16 characters of lower-case base32 of sha256 of the uri.',
    pattern: '^[a-z2-7]{16}$',
  },
  feed: {
    description:
      'Such as `latest`, `section/news/world` or `topic/bridges`; `live/{articleId}` has the posts of a live story, `live/{articleId}/key` its key points. Its slashes may be encoded; then the answer is a 301.',
    pattern: `${feedPattern.source}|${liveFeedPattern.source}`,
  },
  month: { description: 'Such as `2026-05`.', pattern: '^(?:19|20)\\d\\d-(?:0[1-9]|1[0-2])$' },
  token: { description: 'See docs/preview.md.', pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$' },
  name: { description: 'Of the front.', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' },
};

function pathParameter(name: string): object {
  const { description, pattern } = pathTexts[name] ?? {
    description: `The slug of the ${name}.`,
    pattern: '^[a-z0-9-]+$',
  };
  return { name, in: 'path', required: true, description, schema: { type: 'string', pattern } };
}

/** The parts of such a document that describe JSON answers. */
interface AnswersDocument {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get: {
          readonly responses: Readonly<
            Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
          >;
        };
      }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Where the answers of one document break programs that rely on those of another. */
export function breaksOfAnswers(old: object, next: object): Break[] {
  const answersOf = (document: object): ReadonlyMap<string, JsonSchema> => {
    const { paths, components } = document as AnswersDocument;
    return new Map(
      Object.entries(paths).flatMap(([path, { get }]) =>
        Object.entries(get.responses[200]?.content ?? {}).map(
          ([type, { schema }]) =>
            [`GET ${path} (${type})`, { ...schema, definitions: { ...components.schemas } }] as const,
        ),
      ),
    );
  };
  const answers = answersOf(next);
  return [...answersOf(old)].flatMap(([path, before]) => {
    const after = answers.get(path);
    if (after === undefined) return [{ path, message: 'is answered no more' }];
    return breaksOf('out', before, after).map((one) => ({
      path: `${path}: ${one.path || 'answer'}`,
      message: one.message,
    }));
  });
}

/** Everything that readers and programs can ask for over HTTP (OpenAPI 3.1). */
export function openApi(): object {
  const schemas = new NamedSchemas('draft-2020-12', '#/components/schemas');
  const problem = schemas.schemaOf(problemSchema);
  const body = (content: Operation['content']): Record<string, { schema: JsonSchema }> =>
    Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [
        type,
        { schema: typeof schema === 'string' ? { type: schema } : schemas.schemaOf(schema) },
      ]),
    );
  const failure = (status: keyof typeof errors, isPage: boolean | undefined): object => ({
    description: errors[status],
    ...(status === 301
      ? { headers: { location: { schema: { type: 'string' } } } }
      : {
          content:
            isPage === true
              ? { 'text/html': { schema: { type: 'string' } } }
              : { 'application/problem+json': { schema: problem } },
        }),
  });
  const get = (
    path: string,
    { id, summary, content, query = [], errors: statuses = [], isPage, isNeverKept }: Operation,
  ): object => ({
    operationId: id,
    summary,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name)),
      ...query.map(queryParameter),
    ],
    responses: {
      200: { description: summary, content: body(content) },
      ...(isNeverKept !== true && {
        304: { description: 'Nothing has changed since the `etag` that `if-none-match` names.' },
      }),
      ...Object.fromEntries(statuses.map((status) => [status, failure(status, isPage)])),
    },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pressrun',
      version: '1.0.0',
      description:
        'What readers and programs can ask for. `HEAD` is answered like `GET`; any other method is 405. An article is a page at its own `path`, which is none of those listed here.',
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, operation]) => [path, { get: get(path, operation) }]),
    ),
    components: { schemas: schemas.definitions },
  };
}
