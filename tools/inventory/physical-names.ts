import type { Template } from './template.ts';

/** The property that CloudFormation takes the physical name from, by type; null for types without one. */
const nameProperty: Readonly<Record<string, string | null>> = {
  'AWS::CloudFront::CachePolicy': 'CachePolicyConfig.Name',
  'AWS::CloudFront::Distribution': null,
  'AWS::CloudFront::Function': 'Name',
  'AWS::CloudFront::OriginRequestPolicy': 'OriginRequestPolicyConfig.Name',
  'AWS::CloudFront::OriginAccessControl': 'OriginAccessControlConfig.Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::EventSchemas::Registry': 'RegistryName',
  'AWS::EventSchemas::Schema': 'SchemaName',
  'AWS::Events::ApiDestination': 'Name',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Events::Connection': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::EventBusPolicy': 'StatementId',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Policy': null,
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::EventSourceMapping': null,
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Lambda::Permission': null,
  'AWS::Lambda::Url': null,
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::S3::BucketPolicy': null,
  'AWS::SNS::Subscription': null,
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SNS::TopicPolicy': null,
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SQS::QueuePolicy': null,
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::WAFv2::WebACL': 'Name',
};

export interface Named {
  readonly id: string;
  readonly isKept: boolean;
}

/** Returns the resources with a fixed name, by type and name. Throws for a type that the table lacks. */
export function namedIn({ Resources }: Template): ReadonlyMap<string, Named> {
  return new Map(
    Object.entries(Resources).flatMap(([id, { Type, DeletionPolicy = 'Delete', Properties }]) => {
      const property = nameProperty[Type];
      if (property === undefined) throw new Error(`add ${Type} to nameProperty, with the property that names it`);
      const name = property?.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], Properties);
      return name === undefined
        ? []
        : [[`${Type} ${JSON.stringify(name)}`, { id, isKept: DeletionPolicy.startsWith('Retain') }] as const];
    }),
  );
}

/**
 * Returns the logical id of each physical name, by type and name. Alarms are left out, because their names are made from their
 * ids.
 */
export function logicalIdsIn(template: Template): Readonly<Record<string, string>> {
  const ids = [...namedIn(template)].map(([name, { id }]) => [name, id] as const);
  return Object.fromEntries(ids.filter(([name]) => !name.startsWith('AWS::CloudWatch::Alarm')).sort());
}
