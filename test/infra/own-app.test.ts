import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { matches } from '../../tools/laptop/events/event-pattern.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from '../unit/story.ts';

const app = fileURLToPath(new URL('../../examples/own-app', import.meta.url));
const page = readFileSync(new URL('../../docs/subscribing.md', import.meta.url), 'utf8');
const outdir = mkdtempSync(join(tmpdir(), 'pressrun-own-app-'));
let template: Template;

beforeAll(async () => {
  const env = { PATH: process.env['PATH'], CDK_OUTDIR: outdir };
  await promisify(execFile)(process.execPath, ['app.ts'], { cwd: app, env });
  template = Template.fromString(readFileSync(join(outdir, 'Newsroom.template.json'), 'utf8'));
}, 120_000);

afterAll(() => {
  rmSync(outdir, { recursive: true });
});

test('an app that imports the stack gets all functions of Pressrun', () => {
  for (const name of ['store', 'project', 'purge', 'deliver', 'reconcile'])
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: `pressrun-dev-${name}` });
});

test('a CMS of that app may put events of its own source only', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^Cms') }],
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: 'events:PutEvents',
          Effect: 'Allow',
          Condition: Match.objectLike({ 'ForAllValues:StringEquals': { 'events:source': ['my-cms'] } }),
        }),
      ],
    },
  });
});

test('a function of that app reads a queue of announcements, whose dead-letter queue has an alarm', () => {
  template.hasResourceProperties('AWS::Events::Rule', { Name: 'pressrun-dev-to-search' });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionName: { Ref: Match.stringLikeRegexp('^Indexer') },
  });
  template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'pressrun-dev-to-search-dlq' });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  expect(JSON.stringify(alarms)).toContain('pressrun-dev-Search-QueueDeadLetters-a-dead-letter-queue-is-not-empty');
});

describe('rules of another stack', () => {
  /** The announcements that the pipeline makes of a story of each kind, as the bus delivers them. */
  const announced = async (): Promise<{ readonly what: string; readonly event: object }[]> => {
    const pipeline = new Pipeline(noon);
    const send = (type: string, name: string, hour: number, section: string, envelope = {}): Promise<void> =>
      pipeline.send(
        type,
        {
          article: story({
            uri: name === 'canary' ? canaryUri : `urn:rules:${name}`,
            versionCreated: `2026-05-01T${String(hour).padStart(2, '0')}:00:00Z`,
            subjects: [{ rel: 'section', literal: section }],
          }),
        },
        envelope,
      );
    await send('article.published', 'match', 6, 'sport/football');
    await send('article.updated', 'match', 7, 'news');
    await send('article.unpublished', 'match', 8, 'news');
    await send('article.published', 'old', 1, 'sport', { 'replay-name': 'may' });
    await pipeline.send('article.published', { article: { headlines: [] } }, { source: 'cms.ghost' });
    await pipeline.send('article.published', { article: { headlines: [] } }, { source: 'desk' });
    await send('article.published', 'canary', 6, 'news', { source: 'pressrun.canary' });
    await send('article.unpublished', 'canary', 7, 'news', { source: 'pressrun.canary' });
    return pipeline.announcer.announced.map(({ type, detail }) => {
      const { uri = '', source = '' } = detail as { readonly uri?: string; readonly source?: string };
      const about = uri === canaryUri ? 'canary' : uri.replace('urn:rules:', '');
      return {
        what: `${type} ${about === '' ? source : about}`,
        event: { source: 'pressrun', account: '123456789012', 'detail-type': type, detail },
      };
    });
  };

  const expected = {
    Sport: ['article.live match', 'article.revised match', 'article.live old'],
    Publications: ['article.live match'],
    Rejected: ['article.rejected cms.ghost'],
    Withdrawals: ['article.withdrawn match'],
  };

  test('match the announcements that they are for, and no others', async () => {
    const { Resources } = JSON.parse(readFileSync(join(outdir, 'Rules.template.json'), 'utf8')) as {
      readonly Resources: Readonly<
        Record<string, { readonly Type: string; readonly Properties: { EventPattern: object } }>
      >;
    };
    const events = await announced();
    expect(events.length).toBeGreaterThan(12);
    const matched = Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
      .map(([id, { Properties }]) => [
        id.slice(0, -8),
        events.filter(({ event }) => matches(Properties.EventPattern, event)).map(({ what }) => what),
      ]);
    expect(Object.fromEntries(matched)).toEqual(expected);
  });

  test('in docs/subscribing.md match the same', async () => {
    const section = page.split('\n## ').find((part) => part.startsWith('Rules of your own\n')) ?? '';
    const patterns = [...section.matchAll(/--event-pattern '(.*?)'/gs)].map(
      ([, pattern = '']) => JSON.parse(pattern) as object,
    );
    const events = await announced();
    const matchedBy = (pattern: object, among = events): typeof events =>
      among.filter(({ event }) => matches(pattern, event));
    const names = (found: typeof events): string[] => found.map(({ what }) => what);
    const [fromPressrun = {}, withdrawals = {}, ...others] = patterns.reverse();
    expect([...others.reverse(), withdrawals].map((pattern) => names(matchedBy(pattern)))).toEqual(
      Object.values(expected),
    );
    // The other account receives what the rule before it sends.
    const sent = matchedBy(withdrawals);
    expect(names(matchedBy(fromPressrun, sent))).toEqual(expected.Withdrawals);
    const elsewhere = sent.map(({ what, event }) => ({ what, event: { ...event, account: '000000000000' } }));
    expect(matchedBy(fromPressrun, elsewhere)).toEqual([]);
  });
});
