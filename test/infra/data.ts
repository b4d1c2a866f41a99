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
    test.each(tables)('%s is protected, restorable, and kept when the stack is deleted', (table) => {
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

    test('every other resource that cannot be rebuilt is kept, too', () => {
      const { Resources } = prod.toJSON() as { Resources: Record<string, { Type: string; DeletionPolicy?: string }> };
      const lost = Object.entries(Resources).filter(
        ([, { Type, DeletionPolicy }]) => KEPT.includes(Type) && DeletionPolicy !== 'RetainExceptOnCreate',
      );
      expect(lost).toEqual([]);
      for (const type of KEPT) expect(Object.keys(prod.findResources(type)).length).toBeGreaterThan(0);
    });
  });

  test('other stages leave no data behind', () => {
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

  test('the articles table has articleId and sk as keys, old and new images in its stream, and expiring rows of the schedule index', () => {
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

  test('the feeds table has feedId and sk as keys, and tombstones that expire', () => {
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
