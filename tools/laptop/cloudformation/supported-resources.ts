const run: ReadonlySet<string> = new Set([
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginRequestPolicy',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::ApiDestination',
  'AWS::Events::Archive',
  'AWS::Events::Connection',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Url',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
]);

/** Permissions, alarms and log groups: a laptop has nothing to run for them. */
const nothingToRun = [
  'AWS::ApplicationInsights::',
  'AWS::CDK::Metadata',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudWatch::',
  'AWS::EventSchemas::',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::',
  'AWS::KMS::',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::',
  'AWS::SQS::QueuePolicy',
  'AWS::XRay::',
];

/** Types of resource that the laptop stack runs. */
export function isRun(type: string): boolean {
  return run.has(type);
}

/** Whether a type of resource has nothing to run: permissions, alarms, logs. */
export function isNothingToRun(type: string): boolean {
  return nothingToRun.some((prefix) => (prefix.endsWith('::') ? type.startsWith(prefix) : type === prefix));
}
