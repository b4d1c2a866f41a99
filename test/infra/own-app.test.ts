import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const app = fileURLToPath(new URL('../../examples/own-app', import.meta.url));
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
