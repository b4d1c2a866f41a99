import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesise } from './synthesised.ts';

describe('narrate', () => {
  const { template } = synthesise({ stage: 'dev', narrate: '{"en":"Amy","de":{"voice":"Vicki","engine":"standard"}}' });
  const silent = synthesise({ stage: 'dev' }).template;

  test('without the setting, there is no function, queue, bucket or cache behaviour for audio', () => {
    const { Resources } = silent.toJSON() as { Resources: Record<string, { Type: string }> };
    // Contracts name every kind of item that there is.
    const built = Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::EventSchemas::Schema');
    expect(JSON.stringify(built)).not.toMatch(/narrate|polly|audio/i);
    silent.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { CacheBehaviors: [Match.objectLike({ PathPattern: '/preview/*' })] },
    });
  });

  test('receives every change that readers see', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pressrun-dev-to-narrate',
      EventPattern: {
        source: ['pressrun'],
        'detail-type': ['article.live', 'article.revised', 'article.withdrawn'],
        detail: { replay: [{ exists: false }, { 'anything-but': { prefix: 'announce-rebuild-' } }] },
      },
    });
    // Concurrent invocations share Polly's quota.
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Narrate') },
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pressrun-dev-narrate',
      Environment: {
        Variables: {
          VOICES: '{"en":{"name":"Amy","engine":"neural"},"de":{"name":"Vicki","engine":"standard"}}',
          LANGUAGE: 'en-GB',
          PURGE_AGAIN_SECONDS: '11',
        },
      },
    });
  });

  test('has a bucket that only the distribution can read', () => {
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        CacheBehaviors: Match.arrayWith([
          Match.objectLike({
            PathPattern: '/audio/*',
            ViewerProtocolPolicy: 'redirect-to-https',
            AllowedMethods: ['GET', 'HEAD'],
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^AudioBucket') },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 's3:GetObject',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [{ Prefix: 'takes/', ExpirationInDays: 30, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });
});
