import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { sources } from '../../shared/cms/sources.ts';
import { synthesise } from './synthesised.ts';

describe('the webhook endpoints', () => {
  const dev = synthesise({ stage: 'dev' }).template;

  test('have a random secret for each source and one for previews, none of which is in the template', () => {
    const secrets = Object.values(dev.findResources('AWS::SecretsManager::Secret')) as {
      Properties: { Name: string; SecretString?: unknown; GenerateSecretString?: unknown };
    }[];
    expect(secrets.map(({ Properties }) => Properties.Name).sort()).toEqual(
      [...sources.map(({ name }) => `pressrun-dev-ingest-${name}`), 'pressrun-dev-preview'].sort(),
    );
    for (const { Properties } of secrets) {
      expect(Properties.SecretString).toBeUndefined();
      expect(Properties.GenerateSecretString).toMatchObject({ GenerateStringKey: 'current', PasswordLength: 40 });
    }
  });

  test('can be called by anybody, and their function can be invoked in no other way', () => {
    dev.hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'NONE',
      TargetFunctionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Ingest'), 'Arn'] },
    });
    expect(Object.keys(dev.findResources('AWS::Lambda::Url', { Properties: { AuthType: 'NONE' } }))).toHaveLength(1);
  });

  test('have reserved concurrency, so that a flood of webhooks cannot use up the account’s', () => {
    const ingest = { FunctionName: 'pressrun-dev-ingest' };
    dev.hasResourceProperties('AWS::Lambda::Function', { ...ingest, ReservedConcurrentExecutions: 50 });
    synthesise({ ingestConcurrency: '7' }).template.hasResourceProperties('AWS::Lambda::Function', {
      ...ingest,
      ReservedConcurrentExecutions: 7,
    });
    synthesise({ ingestConcurrency: '0' }).template.hasResourceProperties('AWS::Lambda::Function', {
      ...ingest,
      ReservedConcurrentExecutions: Match.absent(),
    });
    expect(() => synthesise({ ingestConcurrency: '-1' })).toThrow(
      /ingestConcurrency must be a whole number from 0 to 1000/,
    );
  });

  test('store payloads privately, for longer than the archive and the queues keep events', () => {
    dev.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 60, Status: 'Enabled' })] },
    });
    synthesise({ archiveDays: 365 }).template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 395 })] },
    });
    dev.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    synthesise({ stage: 'prod' }).template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate' });
  });

  test.each<[string, unknown, RegExp]>([
    ['an unknown kind of CMS', { typewriter: {} }, /sources\.typewriter must be one of .*\bghost\b/],
    ['an unknown setting of a CMS', { ghost: { secret: 'x' } }, /sources\.ghost\.secret must be one of/],
    ['a site that cannot be part of a uri', { ghost: { site: 'a b' } }, /sources\.ghost\.site/],
    ['an address with a slash at its end', { strapi: { url: 'https://cms.example.com/' } }, /sources\.strapi\.url/],
    ['no JSON', 'ghost', /sources must be a JSON object/],
  ])('reject %s', (_, given, message) => {
    expect(() => synthesise({ sources: typeof given === 'string' ? given : JSON.stringify(given) })).toThrow(message);
  });

  test('have a sweep schedule for each configured CMS, and none without a CMS', () => {
    const { template } = synthesise({
      sources: JSON.stringify({ ghost: { url: 'https://blog.example.com' } }),
      sweepMinutes: 15,
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'pressrun-dev-sweep',
      ScheduleExpression: 'rate(15 minutes)',
      Target: Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Sweep'), 'Arn'] } }),
    });
    dev.resourcePropertiesCountIs('AWS::Scheduler::Schedule', { Name: 'pressrun-dev-sweep' }, 0);
  });

  test('have a sweep that writes only its own progress to the articles table', () => {
    dev.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:PutItem',
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['sweep#*'] } },
          }),
        ]),
      },
    });
  });

  test('get the settings of each CMS', () => {
    const { template } = synthesise({
      sources: JSON.stringify({ strapi: { site: 'sport', fields: { title: 'headline' } } }),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pressrun-dev-ingest',
      Environment: {
        Variables: Match.objectLike({ SOURCES: '{"strapi":{"site":"sport","fields":{"title":"headline"}}}' }),
      },
    });
  });

  test('accept uris of the newsroom at the ninjs endpoint in production only if owns says so', () => {
    const ownersIn = (stage: string): unknown => {
      const [{ Properties } = { Properties: undefined }] = Object.values(
        synthesise({ stage }).template.findResources('AWS::Lambda::Function', {
          Properties: { FunctionName: `pressrun-${stage}-store` },
        }),
      ) as { Properties: { Environment: { Variables: { OWNERS: string } } } }[];
      return (JSON.parse(Properties?.Environment.Variables.OWNERS ?? '{}') as Record<string, unknown>)['cms.ninjs'];
    };
    expect([ownersIn('prod'), ownersIn('dev')]).toEqual([['urn:pressrun:test:'], undefined]);
  });

  test('give ingest and store the same owners of uris', () => {
    const { template } = synthesise({
      sources: JSON.stringify({ ghost: { url: 'https://blog.example.com' } }),
      owns: JSON.stringify({ 'cms.ninjs': ['urn:agency:'] }),
    });
    for (const name of ['ingest', 'store']) {
      const [{ Properties } = { Properties: undefined }] = Object.values(
        template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: `pressrun-dev-${name}` } }),
      ) as { Properties: { Environment: { Variables: { OWNERS: string } } } }[];
      expect(JSON.parse(Properties?.Environment.Variables.OWNERS ?? '')).toMatchObject({
        'cms.ghost': ['ghost:', 'https://blog.example.com/'],
        'cms.ninjs': ['urn:pressrun:test:', 'urn:agency:'],
        'pressrun.canary': ['urn:pressrun:canary'],
      });
    }
  });
});
