import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PressrunApp } from '../../infra/pressrun-app.ts';

interface Attribute {
  readonly 'Fn::GetAtt': readonly [string, string];
}

interface Reference {
  readonly Ref: string;
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Document {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** The properties that tests read, by CloudFormation's names. */
export interface Properties {
  'AWS::SQS::Queue': {
    readonly QueueName: string;
    readonly VisibilityTimeout?: number;
    readonly MessageRetentionPeriod?: number;
    readonly SqsManagedSseEnabled?: boolean;
    readonly RedrivePolicy?: { readonly deadLetterTargetArn: Attribute; readonly maxReceiveCount: number };
  };
  'AWS::SQS::QueuePolicy': Document & { readonly Queues: readonly Reference[] };
  'AWS::SNS::TopicPolicy': Document;
  'AWS::IAM::Policy': Document & { readonly Roles: readonly Reference[] };
  'AWS::IAM::Role': {
    readonly ManagedPolicyArns?: unknown;
    readonly Policies?: unknown;
    readonly AssumeRolePolicyDocument: unknown;
  };
  'AWS::Lambda::Function': {
    readonly FunctionName: string;
    readonly Architectures: readonly string[];
    readonly Runtime: string;
    readonly Timeout?: number;
    readonly MemorySize?: number;
    readonly RecursiveLoop?: string;
    readonly ReservedConcurrentExecutions?: number;
    readonly Role: Attribute;
    readonly LoggingConfig: { readonly LogGroup: Reference };
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  };
  'AWS::Lambda::EventSourceMapping': {
    readonly EventSourceArn: Attribute;
    readonly FunctionName: Reference;
    readonly BatchSize: number;
    readonly MaximumBatchingWindowInSeconds?: number;
    readonly FunctionResponseTypes?: readonly string[];
    readonly StartingPosition?: string;
    readonly FilterCriteria?: { readonly Filters: readonly { readonly Pattern: string }[] };
  };
  'AWS::Logs::LogGroup': { readonly LogGroupName: string; readonly RetentionInDays?: number };
  'AWS::DynamoDB::Table': { readonly TableName: string };
  'AWS::CloudWatch::Alarm': {
    readonly AlarmName: string;
    readonly AlarmDescription: string;
    readonly MetricName: string;
    readonly Namespace: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
    readonly AlarmActions?: readonly Reference[];
  };
  'AWS::CloudFront::Function': { readonly FunctionCode: string };
}

export interface Resource<P> {
  readonly id: string;
  readonly properties: P;
}

export interface Synthesised {
  readonly stack: Stack;
  readonly assembly: string;
  readonly template: Template;
}

// The check against CloudFormation's schemas takes longer than the synthesis; `own-app.test.ts` and every deployment have it.
process.env['CDK_VALIDATION'] = 'false';

const made = new Map<string, Synthesised>();

/** A stage as `cdk synth` would make it with these `-c`; made once for all who ask for the same. */
export function synthesise(context: Readonly<Record<string, string | number>>): Synthesised {
  const key = JSON.stringify(context);
  const known = made.get(key);
  if (known !== undefined) {
    return known;
  }
  const assembly = mkdtempSync(join(tmpdir(), 'pressrun-synth-'));
  const { stack } = new PressrunApp({ context, outdir: assembly });
  const synthesised = { stack, assembly, template: Template.fromStack(stack) };
  made.set(key, synthesised);
  return synthesised;
}

export function removeAssemblies(): void {
  for (const { assembly } of made.values()) {
    rmSync(assembly, { recursive: true, force: true });
  }
  made.clear();
}

export function resourcesOf<T extends keyof Properties>({ template }: Synthesised, type: T): Resource<Properties[T]>[] {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string; Properties: Properties[T] }> };
  return Object.entries(Resources).flatMap(([id, resource]) =>
    resource.Type === type ? [{ id, properties: resource.Properties }] : [],
  );
}
