import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { contextNames } from '../../infra/context-names.ts';
import { settingSchemas, settingsFrom } from '../../infra/settings.ts';

const settings = (context: Record<string, unknown>): ReturnType<typeof settingsFrom> => settingsFrom(context);

test('a stage needs no context', () => {
  const { stage, site, archiveFor, purgeWindow, reconcileEvery, alarmEmail } = settings({});
  expect({ stage, site, alarmEmail }).toEqual({
    stage: { name: 'dev', keepsData: false, logDays: 7 },
    site: { theme: JSON.parse(readFileSync('infra/theme.json', 'utf8')) as unknown },
    alarmEmail: undefined,
  });
  expect([archiveFor.toDays(), purgeWindow.toSeconds(), reconcileEvery.toHours()]).toEqual([30, 2, 24]);
});

test('prod alone keeps its data', () => {
  expect(settings({ stage: 'prod' }).stage.keepsData).toBe(true);
  expect(settings({ stage: 'production' }).stage.keepsData).toBe(false);
});

test('numbers come as text from the command line and as numbers from cdk.json', () => {
  expect(settings({ purgeWindowSeconds: '0' }).purgeWindow.toSeconds()).toBe(0);
  expect(settings({ purgeWindowSeconds: 60 }).purgeWindow.toSeconds()).toBe(60);
});

test('voices are set by language, neural by default, and absent without the setting', () => {
  expect(settings({}).voices).toBeUndefined();
  expect(settings({ narrate: '' }).voices).toBeUndefined();
  expect(settings({ narrate: '{"en":"Amy"}' }).voices).toEqual({ en: { name: 'Amy', engine: 'neural' } });
  expect(settings({ narrate: { 'pt-BR': { voice: 'Camila', engine: 'standard' } } }).voices).toEqual({
    'pt-BR': { name: 'Camila', engine: 'standard' },
  });
});

test('links lead to siteUrl, else to the domain, else to the host of the request', () => {
  const domain = {
    domainName: 'news.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f',
  };
  expect(settings({ ...domain, siteUrl: 'https://www.example.com/' }).site.url).toBe('https://www.example.com');
  expect(settings(domain).site.url).toBe('https://news.example.com');
  expect(settings({}).site.url).toBeUndefined();
});

test('subscriptions are JSON, as text or as an object in cdk.json', () => {
  const search = { events: ['article.live'], sections: ['sport'], webhook: 'https://search.example.com/pressrun' };
  expect(settings({ subscriptions: { search } }).subscriptions).toEqual({ search });
  expect(settings({ subscriptions: JSON.stringify({ search }) }).subscriptions).toEqual({ search });
  expect(settings({}).subscriptions).toEqual({});
});

test('lists are purged by default; a purge budget is in paths, or in dollars with a $', () => {
  expect([settings({}).lists, settings({ lists: 'ttl' }).lists]).toEqual(['purged', 'ttl']);
  expect(
    [{}, { purgeBudget: 40_000 }, { purgeBudget: '40000' }, { purgeBudget: '$200' }].map(
      (context) => settings(context).purgeBudget,
    ),
  ).toEqual([undefined, 40_000, 40_000, 41_000]);
});

test('the theme is read from the file that the setting names', () => {
  const theme = 'test/fixtures/abendblatt.json';
  expect(settings({ theme, siteUrl: 'https://www.example.com' }).site.theme).toEqual(
    JSON.parse(readFileSync(theme, 'utf8')),
  );
});

test('logs are kept for a week, in production for three months, or as long as logDays says', () => {
  expect(
    [settings({}), settings({ stage: 'prod' }), settings({ logDays: '30' })].map(({ stage }) => stage.logDays),
  ).toEqual([7, 90, 30]);
});

test('a restored table is given with its stream, and slow sources are separated by commas', () => {
  const articlesStream = 'arn:aws:dynamodb:eu-west-1:123456789012:table/articles-2/stream/2026-05-01T12:00:00.000';
  expect(settings({ articlesTable: 'articles-2', articlesStream }).restoredArticles).toEqual({
    name: 'articles-2',
    streamArn: articlesStream,
  });
  expect(
    [{}, { slowSources: 'cms.ghost,cms.strapi' }, { slowSources: ['cms.ghost'] }].map(
      (context) => settings(context).slowSources,
    ),
  ).toEqual([[], ['cms.ghost', 'cms.strapi'], ['cms.ghost']]);
});

test('context keys of the CDK itself are not validated', () => {
  const own = {
    '@aws-cdk/core:checkSecretUsage': true,
    'aws:cdk:enable-path-metadata': true,
    'cdk-migrate': true,
    'availability-zones:account=1:region=eu-west-1': ['eu-west-1a'],
    'hosted-zone:account=1': {},
  };
  expect(settings(own)).toEqual(settings({}));
});

test('every name that context may have has a schema', () => {
  expect(Object.keys(settingSchemas).sort()).toEqual([...contextNames].sort());
});

test('all invalid settings are named at once', () => {
  expect(() => settings({ archiveDays: 0, owns: { desk: [] }, lists: 'never' })).toThrow(
    /^context lists must be [^\n]*\ncontext owns\.desk must be [^\n]*\ncontext archiveDays must be [^\n]*$/,
  );
});

test('prefixes of uris are given by source of the bus', () => {
  const owns = { 'my-newsroom': ['urn:my-newsroom:'], 'cms.ninjs': ['urn:agency:', 'tag:agency.example,2026:'] };
  expect([settings({}).owns, settings({ owns }).owns, settings({ owns: JSON.stringify(owns) }).owns]).toEqual([
    {},
    owns,
    owns,
  ]);
});

describe('an invalid setting is named', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{ stage: 'Prod' }, /stage must be 1 to 20 lower-case .* got "Prod"/],
    [{ stage: '1st' }, /stage must be/],
    [{ stage: 'a-branch-with-far-too-long-a-name' }, /stage must be/],
    [{ stage: 7 }, /stage must be text; got 7/],
    [{ purgeWindowSeconds: '61' }, /purgeWindowSeconds must be a whole number from 0 to 60; got "61"/],
    [{ purgeWindowSeconds: '1.5' }, /purgeWindowSeconds/],
    [{ purgeWindowSeconds: '' }, /purgeWindowSeconds/],
    [{ purgeWindowSeconds: '-1' }, /purgeWindowSeconds/],
    [{ articlesTable: 'articles-2' }, /articlesTable and articlesStream go together/],
    [
      {
        articlesTable: 'articles-2',
        articlesStream: 'arn:aws:dynamodb:eu-west-1:123456789012:table/articles-3/stream/2026',
      },
      /of that very table/,
    ],
    [{ slowSources: 'cms ghost' }, /slowSources must be sources on the bus .* got "cms ghost"/],
    [{ slowSources: ['pressrun'] }, /slowSources/],
    [{ owns: 'my-newsroom' }, /owns must be a JSON object of uri prefixes by source/],
    [{ owns: { pressrun: ['urn:x:'] } }, /owns\.pressrun must be a source on the bus, not one of Pressrun's/],
    [{ owns: { 'pressrun-cli': ['urn:x:'] } }, /owns\.pressrun-cli must be a source on the bus/],
    [{ owns: { desk: 'urn:x:' } }, /owns\.desk must be a list of uri prefixes/],
    [{ owns: { desk: [''] } }, /owns\.desk must be a list of uri prefixes/],
    [{ owns: { desk: [] } }, /owns\.desk must be a list of uri prefixes/],
    [{ lists: 'never' }, /lists must be purged or ttl; got "never"/],
    [
      { purgeBudget: '200 $' },
      /purgeBudget must be paths a month, such as 40000, or dollars, such as \$200; got "200 \$"/,
    ],
    [{ purgeBudget: 0 }, /purgeBudget must be paths a month/],
    [{ archiveDays: 0 }, /archiveDays must be a whole number from 1/],
    [{ reconcileHours: 0 }, /reconcileHours must be a whole number from 1 to 744; got 0/],
    [{ logDays: '31' }, /logDays must be one of 1, 3, 5, 7, 14, 30, .*; got 31/],
    [{ webAcl: 'yes' }, /webAcl must be "managed", or the ARN/],
    [{ webAcl: 'managed', webAclRequests: 9 }, /webAclRequests must be a whole number from 10/],
    [{ siteUrl: 'www.example.com' }, /siteUrl must be an origin/],
    [{ siteUrl: 'https://www.example.com/news' }, /siteUrl must be an origin/],
    [{ siteUrl: 'ftp://www.example.com' }, /siteUrl must be an origin/],
    [{ alarmEmail: 'the desk' }, /alarmEmail must be an e-mail address/],
    [{ theme: 'no-such-file.json' }, /theme must be a file of JSON; no-such-file\.json: .*ENOENT/],
    [{ theme: 'README.md' }, /theme must be a file of JSON; README\.md: /],
    [
      { theme: 'tsconfig.json' },
      /theme tsconfig\.json:\n[^]*  name is missing\n[^]*  extends is not a field of a theme/,
    ],
    [{ subscriptions: 'search' }, /subscriptions must be a JSON object/],
    [
      { subscriptions: { search: { events: ['article.live'] } } },
      /subscriptions\.search must have exactly one of queue, function, webhook, apiDestination, bus/,
    ],
    [
      {
        subscriptions: {
          search: { events: ['article.live'], queue: true, bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/x' },
        },
      },
      /search must have exactly one of/,
    ],
    [
      { subscriptions: { search: { events: ['article.published'], queue: true } } },
      /subscriptions\.search\.events\.0 must be one of article\.live/,
    ],
    [{ subscriptions: { search: { events: [], queue: true } } }, /events must name at least one event/],
    [
      { subscriptions: { Search: { events: ['article.live'], queue: true } } },
      /subscriptions\.Search must be named by/,
    ],
    [
      { subscriptions: { narrate: { events: ['article.live'], queue: true } } },
      /subscriptions\.narrate must have another name/,
    ],
    [
      { subscriptions: { search: { events: ['article.live'], webhook: 'http://search.example.com/' } } },
      /search\.webhook must be an https address/,
    ],
    [
      { subscriptions: { search: { events: ['article.live'], function: 'search' } } },
      /search\.function must be the ARN of a function/,
    ],
    [
      {
        subscriptions: { search: { events: ['article.live'], apiDestination: { url: 'https://search.example.com' } } },
      },
      /search\.apiDestination\.header is missing/,
    ],
    [
      { subscriptions: '{"search":{"events":["cdn.purged"],"sections":["sport"],"queue":true}}' },
      /search\.sections cannot choose among cdn\.purged, which name no feeds/,
    ],
    [{ theme: 'test/fixtures/abendblatt.json' }, /abendblatt\.json: hub needs context siteUrl/],
    [{ narrate: 'Amy' }, /narrate must be a JSON object of voices by language/],
    [{ narrate: {} }, /narrate must be a JSON object/],
    [{ narrate: { english: 'Amy' } }, /narrate\.english must be a language, such as en or pt-BR/],
    [{ narrate: '{"en":"amy"}' }, /narrate\.en must be a voice of Amazon Polly, such as Amy/],
    [{ narrate: { en: { voice: 'Amy', engine: 'steam' } } }, /narrate\.en\.engine must be one of standard, neural/],
    [{ narrate: { en: { name: 'Amy' } } }, /narrate\.en\.name is not a field of a voice/],
    [
      { domainName: 'news.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0b1f' },
      /certificateArn must be the ARN of a certificate in us-east-1/,
    ],
    [{ domainName: 'news.example.com' }, /domainName and certificateArn go together/],
    [{ purgeWindowSecond: '3' }, /context purgeWindowSecond is no setting \(did you mean purgeWindowSeconds\?\)/],
    [{ stagee: 'prod' }, /context stagee is no setting \(did you mean stage\?\)/],
    [{ articleTable: 'x' }, /context articleTable is no setting \(did you mean articlesTable\?\)/],
    [{ STAGE: 'prod' }, /STAGE is no setting \(did you mean stage\?\)/],
    [{ 'cdk-nag': true, nonsense: 1 }, /context nonsense is no setting: it must be one of stage, theme, /],
    [{ sources: { gost: {} } }, /sources\.gost must be one of .*\bghost, .* \(did you mean ghost\?\)/],
    [
      { sources: { strapi: { urll: 'https://cms.example.com' } } },
      /sources\.strapi\.urll must be one of .* \(did you mean url\?\)/,
    ],
    [
      { sources: { strapi: { fields: { titel: 'heading' } } } },
      /sources\.strapi\.fields\.titel must be one of title, .* \(did you mean title\?\)/,
    ],
    [
      { sources: { ghost: { fields: { title: 'heading' } } } },
      /sources\.ghost\.fields\.title .*ghost has no field that can be named/,
    ],
    [
      { sources: { superdesk: { sections: { s: 'News/Sport' } } } },
      /sources\.superdesk\.sections\.s must be a section path, such as news\/world/,
    ],
    [{ sources: { strapi: { populate: 'body,tags' } } }, /populate must be a JSON list of fields of the content type/],
    [{ sources: { strapi: { populate: ['body[populate]'] } } }, /populate\.0 must be a JSON list of fields/],
    [{ sources: { feed: { feeds: { 'blog.example.com': '' } } } }, /feeds must be .* by feed address/],
    [{ sources: { feed: { feeds: { 'https://blog.example.com/feed/': 'A b' } } } }, /must be a section path/],
    [{ sources: { superdesk: { sections: ['sport'] } } }, /superdesk\.sections must be a JSON object of section paths/],
    [
      { subscriptions: { search: { event: ['article.live'], queue: true } } },
      /subscriptions\.search\.event is not a field of a subscription: leave it out \(did you mean events\?\)/,
    ],
    [
      { subscriptions: { search: { events: ['article.live'], section: ['sport'], queue: true } } },
      /search\.section is not a field of a subscription: .*did you mean sections/,
    ],
    [
      {
        subscriptions: {
          search: { events: ['article.live'], apiDestination: { url: 'https://search.example.com', headers: 'X-Key' } },
        },
      },
      /apiDestination\.headers is not a field of an API destination: .*did you mean header/,
    ],
    [
      { narrate: { en: { voices: 'Amy' } } },
      /narrate\.en\.voices is not a field of a voice: leave it out \(did you mean voice\?\)/,
    ],
  ])('%j', (context, message) => {
    expect(() => settings(context)).toThrow(message);
  });
});
