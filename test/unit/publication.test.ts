import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { publicationOf } from '../../shared/cms/publication.ts';
import type { GivenSettings } from '../../shared/cms/sources.ts';
import { directusItem, ghostPost, strapiEntry, wordpressPost } from '../fixtures/cms/newsroom.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { busEvent, noon } from './story.ts';

const minute = 60_000;
/** In the seconds that CMSes write. */
const clock = (minutes: number): string => new Date(noon + minutes * minute).toISOString().slice(0, 19) + 'Z';
const [published, edited, ahead] = [clock(-60), clock(-1), clock(60)];
const secret = 'Nobody may read this yet';

describe('the state of publication', () => {
  const words = { published: 'published', scheduled: 'scheduled' };

  test('is published for one word, and scheduled for another with a date', () => {
    expect(publicationOf('published', words, published)).toEqual({ state: 'published', since: published });
    expect(publicationOf('published', words, undefined)).toEqual({ state: 'published' });
    expect(publicationOf('scheduled', words, ahead)).toEqual({ state: 'scheduled', at: ahead });
  });

  test.each([undefined, null, '', 'Published', 'draft', 'anything', 1, true, ['published']])(
    'is not public for %j',
    (status) => {
      expect(publicationOf(status, words, ahead)).toEqual({ state: 'not public' });
    },
  );

  test('is not public for a schedule without a date, or in a CMS without schedules', () => {
    expect(publicationOf('scheduled', words, undefined)).toEqual({ state: 'not public' });
    expect(publicationOf(undefined, { published: 'published' }, ahead)).toEqual({ state: 'not public' });
  });
});

/** A story in the words of one CMS. Stories differ only in the fields that decide about publication. */
interface Dialect {
  readonly source: string;
  readonly settings?: GivenSettings;
  readonly uri: string;
  /** A webhook of the state; `before` says whether the story was published until then. */
  readonly webhook: (
    headline: string,
    state: Readonly<Record<string, unknown>>,
    updated: string,
    before: boolean,
  ) => unknown;
  /** The state of a published story. */
  readonly live: Readonly<Record<string, unknown>>;
  readonly shown: readonly Readonly<Record<string, unknown>>[];
  /** Shown at `ahead`. */
  readonly scheduled: readonly Readonly<Record<string, unknown>>[];
  readonly notPublic: readonly Readonly<Record<string, unknown>>[];
  /** Says nothing of publication: names the field. */
  readonly rejected: readonly (readonly [state: Readonly<Record<string, unknown>>, field: string])[];
}

const unknownStatuses = [
  '',
  'PUBLISHED',
  'Published',
  'live',
  'archived',
  'in_review',
  'unpublished',
  0,
  1,
  true,
  null,
  {},
  ['published'],
].map((status) => ({ status }));

const dialects: Readonly<Record<string, Dialect>> = {
  Ghost: {
    source: 'ghost',
    uri: 'ghost:main/x1',
    webhook: (title, state, updated, before) => ({
      post: {
        current: without(ghostPost('x1', { title, updated_at: updated, ...state })),
        previous: before ? { status: 'published', title: 'x' } : { status: 'draft' },
      },
    }),
    live: { status: 'published', published_at: published },
    shown: [{ status: 'published', published_at: null }],
    scheduled: [{ status: 'scheduled', published_at: ahead }],
    notPublic: [
      { status: 'draft', published_at: published },
      { status: 'sent', published_at: published },
      { status: 'sent', published_at: published, email_only: true },
      { status: 'scheduled', published_at: null },
      { status: 'scheduled', published_at: undefined },
      { status: 'scheduled', published_at: ahead, email_only: true },
      { status: 'published', published_at: published, email_only: true },
      ...unknownStatuses,
    ],
    rejected: [[{ status: undefined }, 'post.current.status']],
  },
  WordPress: {
    source: 'wordpress',
    uri: 'wordpress:main/11',
    webhook: (rendered, state, updated, before) => {
      const rest = without(wordpressPost(11, { title: { rendered }, modified_gmt: updated.slice(0, 19), ...state }));
      const status = 'status' in rest ? { new_status: rest['status'] } : {};
      return {
        hook: 'wp_after_insert_post',
        sent_at: Date.parse(updated) / 1000,
        rest,
        ...status,
        old_status: before ? 'publish' : null,
      };
    },
    live: { status: 'publish', date_gmt: published.slice(0, 19) },
    shown: [{ status: 'publish', date_gmt: null }],
    scheduled: [{ status: 'future', date_gmt: ahead.slice(0, 19) }],
    notPublic: [
      { status: 'future', date_gmt: null },
      { status: 'future', date_gmt: undefined },
      ...[
        'draft',
        'pending',
        'private',
        'trash',
        'auto-draft',
        'inherit',
        'request-pending',
        'request-confirmed',
        'acf-disabled',
        'published',
      ].map((status) => ({
        status,
      })),
      ...unknownStatuses,
    ],
    rejected: [[{ status: undefined }, 'rest.status']],
  },
  Strapi: {
    source: 'strapi',
    settings: { strapi: { fields: { embargo: 'embargoedUntil' } } },
    uri: 'strapi:main/s1',
    webhook: (title, state, updatedAt) => ({
      event: 'entry.update',
      createdAt: updatedAt,
      model: 'article',
      entry: without(strapiEntry(1, 's1', { title, updatedAt, ...state })),
    }),
    live: { publishedAt: published, embargoedUntil: null },
    shown: [{ publishedAt: published, embargoedUntil: published }],
    scheduled: [{ publishedAt: published, embargoedUntil: ahead }],
    // Strapi keeps a draft beside the published entry: a change of the draft hides nothing.
    notPublic: [],
    rejected: [
      [{ embargoedUntil: null, publishedAt: undefined }, 'entry.publishedAt'],
      [{ publishedAt: published, embargoedUntil: undefined }, 'entry.embargoedUntil'],
      [{ publishedAt: published, embargoedUntil: 'soon' }, 'entry.embargoedUntil'],
    ],
  },
  Directus: {
    source: 'directus',
    uri: 'directus:main/d1',
    webhook: (title, state, updated) =>
      without(
        directusItem('d1', {
          title,
          date_created: clock(-120),
          date_updated: updated,
          published_at: published,
          ...state,
        }),
      ),
    live: { status: 'published' },
    shown: [
      { status: 'published', published_at: null },
      { status: 'published', published_at: undefined },
    ],
    scheduled: [
      { status: 'scheduled', published_at: ahead },
      { status: 'published', published_at: ahead },
      { status: 'published', published_at: ahead, date_created: edited, date_updated: null },
      { status: 'scheduled', published_at: ahead, date_created: edited, date_updated: undefined },
    ],
    notPublic: [
      { status: 'scheduled', published_at: null },
      { status: 'scheduled', published_at: undefined },
      { status: 'draft' },
      { status: 'draft', standfirst: 7 },
      { status: 'archived' },
      ...unknownStatuses,
    ],
    rejected: [
      [{ status: undefined }, 'status'],
      [{ status: 'published', published_at: 'soon' }, 'published_at'],
    ],
  },
  'Directus with fields of other names': {
    source: 'directus',
    settings: { directus: { fields: { status: 'workflow', embargo: 'embargo' } } },
    uri: 'directus:main/d1',
    webhook: (title, state, updated) =>
      without(
        directusItem('d1', {
          title,
          status: 'published',
          date_updated: updated,
          published_at: published,
          embargo: null,
          ...state,
        }),
      ),
    live: { workflow: 'published' },
    shown: [{ workflow: 'published', embargo: published }],
    scheduled: [
      { workflow: 'published', embargo: ahead },
      { workflow: 'scheduled', embargo: ahead },
      { workflow: 'scheduled', embargo: ahead, published_at: null },
      { workflow: 'published', embargo: published, published_at: ahead },
    ],
    notPublic: [
      { workflow: 'draft', embargo: ahead },
      { workflow: 'scheduled', published_at: null },
    ],
    rejected: [
      [{}, 'workflow'],
      [{ workflow: 'published', embargo: undefined }, 'embargo'],
      [{ workflow: 'published', embargo: 'tomorrow' }, 'embargo'],
    ],
  },
  'Directus without a status': {
    source: 'directus',
    settings: { directus: { fields: { status: '' } } },
    uri: 'directus:main/d1',
    webhook: (title, state, updated) =>
      without(
        directusItem('d1', { title, status: undefined, date_updated: updated, published_at: published, ...state }),
      ),
    live: {},
    shown: [{ status: 'draft' }],
    scheduled: [{ published_at: ahead }],
    notPublic: [],
    rejected: [],
  },
};

/** Undefined fields are left out of the payload. */
function without(payload: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(payload)) as Record<string, unknown>;
}

/** Sends webhooks one after another. Returns each status and the final state. */
async function newsroom(
  { source, settings = {} }: Dialect,
  webhooks: readonly unknown[],
): Promise<{ pipeline: Pipeline; statuses: number[]; fields: string[] }> {
  const [endpoint, pipeline] = [new WebhookEndpoint(), new Pipeline(noon)];
  const [statuses, fields]: [number[], string[]] = [[], []];
  for (const body of webhooks) {
    endpoint.clock.time += 1000;
    pipeline.clock.time = endpoint.clock.time;
    const { status, issues } = await endpoint.post(source, body, { settings });
    statuses.push(status);
    fields.push(...issues.map(({ path }) => path));
    const time = new Date(endpoint.clock.time).toISOString();
    await pipeline.deliver(
      endpoint.bus.events.splice(0).map((event) => busEvent(event.type, event.detail, { source: event.source, time })),
    );
  }
  expect(pipeline.rejections.kept).toEqual([]);
  return { pipeline, statuses, fields };
}

describe.each(Object.entries(dialects))('%s', (_, dialect) => {
  const { uri, webhook, live, shown, scheduled, notPublic, rejected } = dialect;
  const headline = 'Everybody may read this';
  const id = articleIdOf(uri);

  /** Returns the story's visibility, and whether readers can see its secret anywhere. */
  const seen = async ({
    pipeline,
  }: {
    pipeline: Pipeline;
  }): Promise<readonly [visibility: string, isSecretSeen: boolean]> => {
    const urls = [
      `/articles/${id}.json`,
      `/articles/${id}/x`,
      '/feeds/latest.json',
      '/latest',
      '/sitemap-news.xml',
      '/',
    ];
    const pages = await Promise.all(urls.map(async (url) => JSON.stringify(await pipeline.see(url))));
    return [pipeline.articles.heads.get(id)?.visibility ?? 'hidden', pages.some((page) => page.includes(secret))];
  };
  /** After the state alone, and after a published story that the state follows. */
  const alone = async (state: Readonly<Record<string, unknown>>) =>
    newsroom(dialect, [webhook(secret, state, edited, false)]);
  const after = async (state: Readonly<Record<string, unknown>>) =>
    newsroom(dialect, [webhook(headline, live, published, false), webhook(secret, state, edited, true)]);

  test.each([live, ...shown].map((state) => [state]))('shows %j', async (state) => {
    expect(await seen(await alone(state))).toEqual(['live', true]);
    expect(await seen(await after(state))).toEqual(['live', true]);
  });

  test('shows a scheduled story from its date on, and hides it until then if it was public', async () => {
    for (const state of scheduled) {
      const [fresh, hidden] = [await alone(state), await after(state)];
      expect([state, await seen(fresh), await seen(hidden)]).toEqual([state, ['hidden', false], ['gone', false]]);
      for (const { pipeline } of [fresh, hidden]) {
        await pipeline.pass(Date.parse(ahead) + 1000 - pipeline.clock.time);
        expect([state, await seen({ pipeline })]).toEqual([state, ['live', true]]);
      }
    }
  });

  test('does not show a story that is not public, and withdraws one that was', async () => {
    for (const state of notPublic) {
      const [fresh, withdrawn] = [await alone(state), await after(state)];
      expect([state, await seen(fresh), await seen(withdrawn)]).toEqual([state, ['hidden', false], ['gone', false]]);
      expect([...fresh.statuses, ...withdrawn.statuses].every((status) => status === 202 || status === 204)).toBe(true);
      await withdrawn.pipeline.pass(Date.parse(ahead) + 1000 - withdrawn.pipeline.clock.time);
      expect([state, await seen(withdrawn)]).toEqual([state, ['gone', false]]);
    }
  });

  test('is rejected if the deciding field is missing or invalid, and readers keep the version that they have', async () => {
    for (const [state, field] of rejected) {
      const kept = await after(state);
      expect([state, kept.statuses, kept.fields, await seen(kept)]).toEqual([
        state,
        [202, 422],
        [field],
        ['live', false],
      ]);
    }
  });
});

test('a scheduled post that is published is a later version, and brings its path', async () => {
  const dialect = dialects['WordPress'];
  if (!dialect) throw new Error('no WordPress');
  const post = (status: string, was: string, sent: string, link: string) => {
    const rest = wordpressPost(11, {
      status,
      date_gmt: ahead.slice(0, 19),
      modified_gmt: edited.slice(0, 19),
      link: `https://wp.example.com/${link}`,
    });
    return {
      hook: 'wp_after_insert_post',
      sent_at: Date.parse(sent) / 1000,
      rest,
      new_status: status,
      old_status: was,
    };
  };
  const { pipeline } = await newsroom(dialect, [
    dialect.webhook('x', dialect.live, published, false),
    post('future', 'publish', edited, '?p=11'),
    post('publish', 'future', clock(0), '2026/story-11/'),
  ]);
  const head = pipeline.articles.heads.get(articleIdOf(dialect.uri));
  expect([head?.visibility, head?.path]).toEqual(['live', '/2026/story-11']);
});
