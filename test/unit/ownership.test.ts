import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import { frontOwnershipIssue, ownershipIssue, type Owners } from '../../shared/article/ownership.ts';
import { readWebhook } from '../../shared/cms/source.ts';
import { busSourceOf, ownersOf, settingsOf, sources } from '../../shared/cms/sources.ts';
import { articleEvents } from '../../shared/article/version.ts';
import { pictureIdNamed } from '../../shared/picture/picture.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { busEvent, noon, story } from './story.ts';

const defaults = ownersOf({}, {});
const may = (source: string, uri: string, owners: Owners = defaults): boolean =>
  ownershipIssue(owners, source, uri) === undefined;

/** The uris in each source's own sample. */
const samples = sources.map((source) => {
  const [publish, end] = source.sample('7', '2026-05-01T12:00:00.000Z');
  const uris = [publish, end].flatMap(({ body, headers = {} }) => {
    const reading = readWebhook(source, body, settingsOf(source, {}), { receivedAt: noon, headers });
    return 'commands' in reading ? reading.commands.map(({ detail }) => detail.article.uri) : [];
  });
  return [source, uris] as const;
});

describe('the right to write a uri', () => {
  test.each(samples.map(([source, uris]) => [source.name, source, uris] as const))(
    '%s may write its own uris, and no other CMS may',
    (_, source, uris) => {
      expect(uris.length).toBeGreaterThan(0);
      for (const uri of uris) {
        expect(may(busSourceOf(source), uri)).toBe(true);
        if (!source.hasOwnUris)
          for (const other of [...sources.map(busSourceOf), 'newsroom'].filter((name) => name !== busSourceOf(source)))
            expect(may(other, uri)).toBe(false);
      }
    },
  );

  test('a CMS may write only its own uris, for any site and in any case of its name', () => {
    expect([
      may('cms.ghost', 'ghost:sport/1'),
      may('cms.ghost', 'Ghost:main/1'),
      may('cms.ghost', 'urn:agency:1'),
      may('cms.ghost', 'strapi:main/1'),
    ]).toEqual([true, true, false, false]);
    expect([may('cms.ninjs', 'GHOST:main/1'), may('newsroom', 'wordPress:main/1')]).toEqual([false, false]);
  });

  test('uris without an owner may be written by any source without uris of its own, such as agencies', () => {
    expect([
      may('cms.ninjs', 'urn:agency:1'),
      may('my-newsroom', 'urn:agency:1'),
      may('cms.day', 'urn:day:1'),
      may('cms.ninjs', 'ghosts:1'),
    ]).toEqual([true, true, true, true]);
  });

  test('the canary belongs to watch, stories of the smoke test to smoke; pressrun-cli may write any uri', () => {
    expect([
      may('pressrun.canary', canaryUri),
      may('cms.ninjs', canaryUri),
      may('newsroom', canaryUri),
      may('pressrun.canary', 'urn:x'),
    ]).toEqual([true, false, false, false]);
    expect([may('pressrun-smoke', 'urn:pressrun:smoke:1:embargoed'), may('newsroom', 'urn:pressrun:smoke:1')]).toEqual([
      true,
      false,
    ]);
    for (const uri of ['ghost:main/1', canaryUri, 'urn:x', 'https://pictures.example.com/1.jpg'])
      expect(may('pressrun-cli', uri)).toBe(true);
  });

  test('prefixes in `owns` limit their source to them, and exclude others', () => {
    const owners = ownersOf({}, { 'cms.ninjs': ['urn:agency:'], sport: ['urn:agency:sport:', 'ghost:sport/'] });
    expect([
      may('cms.ninjs', 'urn:agency:1', owners),
      may('cms.ninjs', 'urn:agency:sport:1', owners),
      may('cms.ninjs', 'urn:elsewhere:1', owners),
    ]).toEqual([true, false, false]);
    expect([
      may('sport', 'urn:agency:sport:1', owners),
      may('sport', 'ghost:sport/1', owners),
      may('cms.ghost', 'ghost:sport/1', owners),
      may('sport', 'ghost:main/1', owners),
    ]).toEqual([true, true, false, false]);
    expect([may('newsroom', 'urn:agency:1', owners), may('newsroom', 'urn:newsroom:1', owners)]).toEqual([false, true]);
    // `test-webhook ninjs --story` must still work.
    expect(may('cms.ninjs', 'urn:pressrun:test:1', owners)).toBe(true);
    expect(may('cms.ghost', 'urn:old:1', ownersOf({}, { 'cms.ghost': ['urn:old:'] }))).toBe(true);
  });

  test('in production, an endpoint for any uri may write none before `owns` names them', () => {
    const closed = ownersOf({}, {}, { isProduction: true });
    expect([
      may('cms.ninjs', 'urn:newsroom:1', closed),
      may('cms.ninjs', 'https://pictures.example.com/1.jpg', closed),
      may('cms.ninjs', 'urn:pressrun:test:1', closed),
    ]).toEqual([false, false, true]);
    expect([may('my-newsroom', 'urn:newsroom:1', closed), may('cms.ghost', 'ghost:main/1', closed)]).toEqual([
      true,
      true,
    ]);
    const given = ownersOf({}, { 'cms.ninjs': ['urn:agency:'] }, { isProduction: true });
    expect([may('cms.ninjs', 'urn:agency:1', given), may('cms.ninjs', 'urn:newsroom:1', given)]).toEqual([true, false]);
  });

  test('uris with two owners may be written by both', () => {
    const owners = ownersOf({}, { importer: ['ghost:'] });
    expect([
      may('importer', 'ghost:main/1', owners),
      may('cms.ghost', 'ghost:main/1', owners),
      may('newsroom', 'ghost:main/1', owners),
    ]).toEqual([true, true, false]);
  });

  test('pictures without a uri are identified by their address, and those at a CMS’s address belong to it', () => {
    const owners = ownersOf({ ghost: { url: 'https://blog.example.com' } }, {});
    const picture = 'https://blog.example.com/content/images/1.jpg';
    expect([
      may('cms.ghost', picture, owners),
      may('cms.ninjs', picture, owners),
      may('cms.ninjs', 'https://blog.example.com.agency.example/1.jpg', owners),
    ]).toEqual([true, false, true]);
  });

  test.each([
    'https:/cms.example/1.jpg',
    String.raw`https:\\cms.example\1.jpg`,
    'https:cms.example/1.jpg',
    ' https://cms.example/1.jpg',
    'https://cms.example:443/1.jpg',
    'https://%63ms.example/1.jpg',
    'https://cms\uff0eexample/1.jpg',
    'https://CMS.example/a/../1.jpg',
    'https://cms.exa\nmple/1.jpg',
  ])('%s is an address of the CMS, as browsers read it', (address) => {
    for (const url of ['https://cms.example', 'https://CMS.example:443', 'http://cms.example']) {
      const owners = ownersOf({ ghost: { url } }, {});
      expect(pictureIdNamed(address)).toBe(pictureIdNamed('https://cms.example/1.jpg'));
      expect([may('newsroom', address, owners), may('cms.ninjs', address, owners)]).toEqual([false, false]);
      expect(may('cms.ghost', 'https://cms.example/1.jpg', owners)).toBe(true);
    }
  });

  test('an address that browsers resolve to another site’s does not belong to the source', () => {
    const owners = ownersOf({ ghost: { url: 'https://cms.example' } }, { agency: ['https://pics.example/agency/'] });
    for (const address of ['https://pics.example/agency/../other/1.jpg', 'https://cms.example/agency/1.jpg'])
      expect(may('agency', address, owners)).toBe(false);
    expect(may('agency', 'https://pics.example/agency/1.jpg', owners)).toBe(true);
  });

  test('no source has the name of a JavaScript property', () => {
    for (const source of ['constructor', '__proto__', 'toString']) expect(may(source, 'urn:x')).toBe(true);
  });
});

describe('the right to write a front', () => {
  const mayFront = (source: string, name: string, given: Owners = {}): boolean =>
    frontOwnershipIssue(ownersOf({}, given), source, name) === undefined;

  test('a front without an owner may be written by any source of the bus, and by no webhook endpoint', () => {
    for (const source of ['newsroom', 'agency', 'pressrun-cli']) expect(mayFront(source, 'home')).toBe(true);
    for (const source of sources.map(busSourceOf)) expect(mayFront(source, 'home')).toBe(false);
  });

  test('a front with an owner may be written by that source, and by pressrun-cli', () => {
    const given = { desk: ['front:'], sport: ['front:sport', 'urn:sport:'], agency: ['urn:agency:'] };
    expect(
      ['desk', 'sport', 'agency', 'newsroom', 'pressrun-cli'].map((source) => mayFront(source, 'home', given)),
    ).toEqual([true, false, false, false, true]);
    expect(['desk', 'sport', 'agency'].map((source) => mayFront(source, 'sport-today', given))).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('a source that owns fronts may write no others; one that owns uris only may write fronts without an owner', () => {
    const given = { sport: ['front:sport'], agency: ['urn:agency:'] };
    expect([mayFront('sport', 'home', given), mayFront('agency', 'home', given)]).toEqual([false, true]);
    // Prefixes of fronts say nothing of articles.
    expect([may('sport', 'urn:x', ownersOf({}, given)), may('agency', 'urn:x', ownersOf({}, given))]).toEqual([
      true,
      false,
    ]);
  });

  test.each(['front.published', 'front.unpublished'])('%s about another source’s front is rejected', (event) => {
    const front = {
      name: 'home',
      versionCreated: '2026-05-01T12:00:00Z',
      containers: [{ title: 'News', backfill: 'latest' }],
    };
    const judged = (source: string): unknown =>
      accept(busEvent(event, { front }, { source }), 'd', { desk: ['front:'] });
    expect(judged('agency')).toMatchObject({ kind: 'rejected', front: 'home', errors: [{ path: 'front.name' }] });
    expect(judged('desk')).toMatchObject({ kind: 'front' });
  });
});

describe('at each intake', () => {
  const at = '2026-05-01T12:00:00Z';
  const judged = (event: string, article: Record<string, unknown>, source: string): unknown =>
    accept(busEvent(event, { article }, { source }), 'd', defaults);
  const rejection = {
    kind: 'rejected',
    errors: [{ path: 'article.uri', message: expect.stringContaining('another source') as unknown }],
  };

  test.each(articleEvents.map((event) => [event]))(
    '%s about another source’s story is rejected, and so is one about its picture',
    (event) => {
      expect(judged(event, story({ uri: 'ghost:main/1' }), 'cms.ninjs')).toMatchObject(rejection);
      expect(judged(event, story({ uri: 'ghost:main/1' }), 'newsroom')).toMatchObject(rejection);
      expect(
        judged(event, { uri: 'ghost:main/1', type: 'picture', pubStatus: 'canceled', versionCreated: at }, 'cms.ninjs'),
      ).toMatchObject(rejection);
      expect(judged(event, { uri: 'ghost:main/1', versionCreated: at }, 'pressrun-cli')).not.toMatchObject(rejection);
    },
  );

  test('a uri too long for the error message has an owner like any other', () => {
    const picture = {
      uri: `ghost:main/${'a'.repeat(300)}`,
      type: 'picture',
      versionCreated: at,
      pubStatus: 'canceled',
    };
    for (const event of articleEvents) {
      expect(judged(event, picture, 'cms.ninjs')).toMatchObject(rejection);
      expect(judged(event, picture, 'cms.ninjs')).not.toHaveProperty('uri');
    }
  });

  test('an event at the wire endpoint is answered 422 with the field, and is not put on the bus', async () => {
    for (const uri of ['ghost:main/1', 'Directus:main/1', canaryUri]) {
      const endpoint = new WebhookEndpoint();
      for (const item of [story({ uri }), { uri, type: 'picture', versionCreated: at, pubStatus: 'canceled' }])
        expect(await endpoint.post('ninjs', item)).toMatchObject({ status: 422, issues: [{ path: 'article.uri' }] });
      expect(endpoint.bus.events).toEqual([]);
    }
  });

  test('events of other sources on the bus do not change a story', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...articleEvents),
            fc.constantFrom('cms.ninjs', 'cms.strapi', 'newsroom', 'pressrun.canary', 'pressrun-smoke'),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (attacks) => {
          const pipeline = new Pipeline(noon);
          await pipeline.deliver([
            busEvent('article.published', { article: story({ uri: 'ghost:main/1' }) }, { source: 'cms.ghost' }),
          ]);
          const seen = await pipeline.seen();
          await pipeline.deliver(
            attacks.map(([event, source], index) =>
              busEvent(
                event,
                {
                  article: story({ uri: 'ghost:main/1', versionCreated: new Date(noon + 1000 + index).toISOString() }),
                },
                { source },
              ),
            ),
          );
          expect(await pipeline.seen()).toEqual(seen);
          expect(pipeline.rejections.kept).toHaveLength(attacks.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});
