import { describe, expect, test } from '@jest/globals';
import { synthesise } from './synthesised.ts';

describe('data', () => {
  const dev = synthesise({ stage: 'dev' }).template;
  const prod = synthesise({ stage: 'prod' }).template;

  const tables = ['articles', 'feeds'];
  /** Data that cannot be restored. */
  const KEPT = [
    'AWS::DynamoDB::Table',
    'AWS::Events::Archive',
    // A bus can't be deleted while an archive has its managed rule on it.
    'AWS::Events::EventBus',
    'AWS::S3::Bucket',
    'AWS::SecretsManager::Secret',
  ];

  describe('production keeps its data', () => {
    test.each(tables)('%s: protected, restorable, kept when the stack goes', (table) => {
      prod.hasResource('AWS::DynamoDB::Table', {
        Properties: {
          TableName: `pressrun-prod-${table}`,
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    });

    test('and so is all else that cannot be made again', () => {
      const { Resources } = prod.toJSON() as { Resources: Record<string, { Type: string; DeletionPolicy?: string }> };
      const lost = Object.entries(Resources).filter(
        ([, { Type, DeletionPolicy }]) => KEPT.includes(Type) && DeletionPolicy !== 'RetainExceptOnCreate',
      );
      expect(lost).toEqual([]);
      for (const type of KEPT) expect(Object.keys(prod.findResources(type)).length).toBeGreaterThan(0);
    });
  });

  test('other stages leave nothing behind', () => {
    const { Resources } = dev.toJSON() as {
      Resources: Record<
        string,
        { Type: string; DeletionPolicy?: string; Properties?: { DeletionProtectionEnabled?: boolean } }
      >;
    };
    const left = Object.entries(Resources).filter(
      ([, { DeletionPolicy, Properties }]) =>
        DeletionPolicy?.startsWith('Retain') === true || Properties?.DeletionProtectionEnabled === true,
    );
    expect(left).toEqual([]);
    expect(
      Object.values(Resources).filter(({ Type, DeletionPolicy }) => KEPT.includes(Type) && DeletionPolicy !== 'Delete'),
    ).toEqual([]);
  });

  test('articles: versions and heads by articleId and sk, told to the stream before and after; the schedule index forgets by itself', () => {
    dev.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'pressrun-dev-articles',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'articleId', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'articleId', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('feeds: entries by feedId and sk, whose tombstones expire', () => {
    dev.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'pressrun-dev-feeds',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'feedId', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});
