import { EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { sign } from '../../shared/cms/signature.ts';
import { sourceNamed } from '../../shared/cms/sources.ts';
import { connect } from '../../tools/cli/connection.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { eventually } from '../journey/eventually.ts';
import { RunningStack, type Answers } from './outsider.ts';
import { stack } from './shared-stack.ts';

/** Attempts of a sender with rights that are limited: on the bus, and with the secret of one webhook endpoint. */

const anyKey = { accessKeyId: 'any', secretAccessKey: 'any' };

function put(
  source: string,
  type: string,
  detail: object,
  credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  } = anyKey,
  time?: Date,
): Promise<PutEventsCommandOutput> {
  const eventBridge = new EventBridgeClient({
    endpoint: stack.url.aws,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials,
  });
  return eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: 'pressrun-local',
          Source: source,
          DetailType: type,
          Detail: JSON.stringify(detail),
          Time: time,
        },
      ],
    }),
  );
}

interface Webhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A webhook as the CMS itself would have sent it at an instant. */
function webhook(source: string, payload: unknown, at = Date.now()): Webhook {
  const authentication = sourceNamed(source)?.authentication;
  if (!authentication) throw new Error(`there is no source ${source}`);
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      ...sign(authentication, Buffer.from(body), RunningStack.secret, at),
    },
  };
}

const send = (source: string, { headers, body }: Webhook): Promise<Answers> =>
  stack.ask('ingest', `/ingest/${source}`, { method: 'POST', headers, body });
const statusOf = async (uri: string): Promise<number | undefined> =>
  (await stack.ask('edge', `/articles/${articleIdOf(uri)}.json`)).statuses[0];
/** Waits for the head, because the edge keeps the 404 of a story for five seconds if it was asked too early. */
const isLive = async (uri: string): Promise<void> => {
  const { articles } = connect('local', stack.url.aws, '');
  await eventually(
    `${uri} is live`,
    async () => (await articles.head(articleIdOf(uri)))?.visibility === 'live' || undefined,
  );
  expect(await statusOf(uri)).toBe(200);
};
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const item = (uri: string, more: object = {}): object => ({
  uri,
  type: 'text',
  versionCreated: minutesAgo(1),
  headlines: [{ value: `About ${uri}` }],
  ...more,
});

/** Puts an event on the bus and waits until it is stored: then all earlier ones are stored, too. */
async function allIsStored(name: string): Promise<void> {
  const uri = `urn:newsroom:after-${name}`;
  await put('newsroom', 'article.published', { article: item(uri) });
  await isLive(uri);
}

describe("events with one of Pressrun's own sources", () => {
  const forged = {
    id: 'forged',
    articleId: 'x',
    uri: 'urn:forged',
    seq: 9_999_999_999_999,
    article: item('urn:forged'),
  };

  test.each(['pressrun', 'pressrun.canary', 'cms.ghost', 'cms.ninjs'])(
    'only a function can publish events of source %s',
    async (source) => {
      await expect(put(source, 'article.live', forged)).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('explicit deny') as unknown,
      });
    },
  );

  test.each([
    ['no token', undefined],
    ['a token of its own', 'guessed'],
  ])('an access key of a function with %s does not count as a function’s', async (_, sessionToken) => {
    const credentials = {
      accessKeyId: 'function-pressrun-local-project',
      secretAccessKey: 'local',
      ...(sessionToken !== undefined && { sessionToken }),
    };
    await expect(put('pressrun', 'article.live', forged, credentials)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test("events of AWS's own sources are rejected entry by entry, as EventBridge does", async () => {
    expect(await put('aws.s3', 'article.live', forged)).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }],
    });
  });
});

describe('stories of another source', () => {
  test.each(['ghost:main/1', 'Strapi:main/1', canaryUri])(
    'an agency can neither write nor withdraw %s',
    async (uri) => {
      for (const more of [{}, { pubStatus: 'canceled' }, { type: 'picture', pubStatus: 'canceled' }]) {
        const { statuses, text } = await send('ninjs', webhook('ninjs', item(uri, more)));
        expect([statuses, text.includes('"article.uri"')]).toEqual([[422], true]);
      }
    },
  );

  test('events of other sources on the bus do not change them, and they keep their paths', async () => {
    const uri = 'ghost:main/owned';
    const post = {
      id: 'owned',
      uuid: 'owned',
      title: 'Owned',
      slug: 'owned',
      status: 'published',
      visibility: 'public',
      html: '<p>Ours.</p>',
      url: 'http://127.0.0.1/owned/',
      created_at: minutesAgo(9),
      updated_at: minutesAgo(9),
      published_at: minutesAgo(9),
    };
    expect((await send('ghost', webhook('ghost', { post: { current: post, previous: {} } }))).statuses).toEqual([202]);
    await isLive(uri);
    for (const type of ['article.updated', 'article.unpublished', 'article.deleted', 'article.held', 'article.erased'])
      await put('newsroom', type, { article: item(uri, { headlines: [{ value: 'Stolen' }] }) });
    await put('newsroom', 'article.published', {
      article: item('urn:newsroom:thief', { headlines: [{ value: 'Stolen' }] }),
      path: '/owned',
    });
    await allIsStored('owned');
    await isLive('urn:newsroom:thief');
    expect(await statusOf(uri)).toBe(200);
    for (const target of ['/owned', `/articles/${articleIdOf(uri)}.json`]) {
      const { statuses, text } = await stack.ask('edge', target);
      expect([target, statuses, text.includes('Stolen')]).toEqual([target, [200], false]);
    }
  });

  test('a story id that would change a request to the CMS is rejected', async () => {
    for (const id of ['../../admin', 'a%2f..%2fadmin', 'x?key=1', 'a b', "1'"]) {
      const { statuses } = await send(
        'ghost',
        webhook('ghost', {
          post: {
            current: {
              id,
              title: 'x',
              slug: 'x',
              status: 'published',
              visibility: 'public',
              updated_at: minutesAgo(1),
            },
            previous: {},
          },
        }),
      );
      expect([id, statuses]).toEqual([id, [422]]);
    }
  });
});

describe('events whose times are in the future', () => {
  test('do not keep a later hold, withdrawal or picture pull from taking effect', async () => {
    const [held, killed] = ['urn:newsroom:held-later', 'urn:newsroom:killed-later'];
    const picture = 'https://pictures.example.com/pulled-later.jpg';
    const associations = [{ type: 'picture', renditions: [{ href: picture }] }];
    for (const uri of [held, killed])
      await put('newsroom', 'article.published', { article: item(uri, { associations }) });
    await Promise.all([held, killed].map(isLive));
    for (const time of [new Date('2099-01-01T00:00:00Z'), new Date(8.64e15)]) {
      const ahead = { versionCreated: '2099-01-01T00:00:00Z', headlines: [{ value: 'Pinned' }] };
      await put('newsroom', 'article.updated', { article: item(killed, ahead) }, anyKey, time);
      await put('newsroom', 'article.unheld', { article: item(held) }, anyKey, time);
      await put('newsroom', 'article.unheld', { article: item(picture, { type: 'picture' }) }, anyKey, time);
    }
    await allIsStored('ahead');
    await put('newsroom', 'article.unpublished', { article: item(killed, { versionCreated: minutesAgo(0) }) });
    await put('pressrun-cli', 'article.held', { article: item(picture, { type: 'picture' }) });
    await eventually('the kill counts', async () => (await statusOf(killed)) === 410 || undefined);
    await eventually(
      'the picture is pulled',
      async () =>
        !(await stack.ask('edge', `/articles/${articleIdOf(held)}.json`)).text.includes('pulled-later') || undefined,
    );
    await put('pressrun-cli', 'article.held', { article: item(held) });
    await eventually('the hold counts', async () => (await statusOf(held)) === 410 || undefined);
  });
});

describe('pictures and fronts of other sources', () => {
  test('a picture is protected by its source also if its uri is long', async () => {
    const uri = `ghost:main/${'a'.repeat(300)}`;
    const { statuses, text } = await send(
      'ninjs',
      webhook('ninjs', item(uri, { type: 'picture', pubStatus: 'canceled' })),
    );
    expect([statuses, text.includes('"article.uri"')]).toEqual([[422], true]);
  });

  test('the answer to a webhook does not grow with the names of its fields', async () => {
    const more = { ['a'.repeat(25_000)]: Array.from({ length: 50 }, () => ({ embarg: 1 })) };
    const { statuses, text } = await send('ninjs', webhook('ninjs', item('urn:agency:long-names', more)));
    expect(statuses).toEqual([422]);
    expect(text.length).toBeLessThan(50_000);
  });
});

describe('paths that belong to the site', () => {
  test('are not given to a story: it is published at its default path', async () => {
    const paths = [
      '/feeds/latest.json?limit=1',
      '/feeds/latest.json',
      '/feeds%2Flatest.json',
      '/changes',
      '/ingest/ghost',
      '/sw.js',
      '/.well-known/security.txt',
      '/a/../healthz',
      '/%%32e',
    ];
    const uriOf = (path: string): string => `urn:newsroom:at-${paths.indexOf(path)}`;
    const before = await Promise.all(paths.map((path) => stack.ask('edge', path)));
    await Promise.all(paths.map((path) => put('newsroom', 'article.published', { article: item(uriOf(path)), path })));
    await allIsStored('addresses');
    for (const [index, path] of paths.entries()) {
      const { statuses, text } = await stack.ask('edge', path);
      expect([path, statuses, text.includes('og:type')]).toEqual([path, before[index]?.statuses, false]);
      await isLive(uriOf(path));
      expect((await stack.ask('edge', `/articles/${articleIdOf(uriOf(path))}.json`)).text).toContain(
        `"path":"/articles/${articleIdOf(uriOf(path))}/`,
      );
    }
  });
});

describe('a webhook that is sent again with its signature', () => {
  test('does not bring back a story that was withdrawn after it', async () => {
    const uri = 'urn:agency:killed';
    const story = webhook('ninjs', item(uri), Date.now() - 10_000);
    const kill = webhook('ninjs', item(uri, { pubStatus: 'canceled' }), Date.now() - 5000);
    expect((await send('ninjs', story)).statuses).toEqual([202]);
    await isLive(uri);
    expect((await send('ninjs', kill)).statuses).toEqual([202]);
    await eventually('it is killed', async () => (await statusOf(uri)) === 410 || undefined);
    for (const again of [story, story, kill]) expect((await send('ninjs', again)).statuses).toEqual([202]);
    await allIsStored('killed');
    expect(await statusOf(uri)).toBe(410);
  });

  test('is one change, however often it is sent', async () => {
    const uri = 'urn:agency:repeated';
    const story = webhook('ninjs', item(uri));
    for (let times = 0; times < 5; times += 1) expect((await send('ninjs', story)).statuses).toEqual([202]);
    await isLive(uri);
    await allIsStored('repeated');
    await eventually('the change is listed', async () => (await changesOf(uri)) > 0 || undefined);
    expect(await changesOf(uri)).toBe(1);
  });

  test('is rejected if a field stands in it twice', async () => {
    const embargoed = JSON.stringify(item('urn:agency:twice', { embargoedUntil: '2099-01-01T00:00:00Z' })).replace(
      '"embargoedUntil"',
      '"embargoedUntil":null,"embargoedUntil"',
    );
    for (const body of [embargoed, embargoed.replace('"embargoedUntil":null', '"embargoed\\u0055ntil":null')])
      expect((await send('ninjs', webhook('ninjs', body))).statuses).toEqual([422]);
    expect(await statusOf('urn:agency:twice')).toBe(404);
  });
});

async function changesOf(uri: string): Promise<number> {
  // An instant of its own each time: no answer comes from the cache.
  const { text } = await stack.ask('edge', `/changes?since=${Date.now() - 3_600_000}`);
  const { changes } = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as {
    readonly changes: readonly { readonly uri: string }[];
  };
  return changes.filter((change) => change.uri === uri).length;
}
