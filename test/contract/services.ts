import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../shared/aws/clients.ts';
import { startLocalStack } from '../../tools/laptop/stack.ts';
import { missing, Moto } from '../deploy/moto.ts';
import { writeAssembly } from '../fixtures/small-assembly.ts';
import { local } from './engines.ts';

/**
 * Services with the queues `work` (two receives, then `work-dlq`), `limits` and `published`, the bus `news` whose rule
 * brings `article.published` to the latter, the group `settles`, the bucket `payloads` and a secret.
 */
export interface Services {
  /** Of SDK clients. */
  readonly settings: ReturnType<typeof clientSettings> & typeof local & { readonly endpoint: string };
  readonly queueArn: (name: string) => string;
  readonly close: () => Promise<void>;
}

export interface ServicesKind {
  readonly name: string;
  /** Why it cannot run here. */
  readonly missing?: string | undefined;
  readonly open: () => Promise<Services>;
}

const secret = { name: 'pressrun-local-ingest-ghost', value: '{"current":"sesame"}' };
const pattern = { 'detail-type': ['article.published'] };
const settingsOf = (endpoint: string): Services['settings'] => ({ ...local, ...clientSettings(), endpoint });

/** The services of `npm start`. */
export const laptop: ServicesKind = {
  name: "the laptop's services",
  open: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pressrun-services-'));
    const arnOf = (id: string): unknown => ({ 'Fn::GetAtt': [id, 'Arn'] });
    const queue = (QueueName: string, more: object = {}) => ({
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName, ...more },
    });
    const assembly = writeAssembly(directory, {
      resources: {
        DeadLetters: queue('work-dlq'),
        Work: queue('work', { RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 2 } }),
        Limits: queue('limits'),
        Published: queue('published'),
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'news' } },
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            Name: 'published',
            EventBusName: { Ref: 'Bus' },
            EventPattern: pattern,
            State: 'ENABLED',
            Targets: [{ Id: 'queue', Arn: arnOf('Published') }],
          },
        },
        Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'settles' } },
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'payloads' } },
        Secret: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: secret.name, SecretString: secret.value },
        },
      },
      code: {},
    });
    const stack = await startLocalStack({ assembly, awsPort: 0, edgePort: 0 });
    return {
      settings: settingsOf(stack.awsUrl),
      queueArn: (name) => `arn:aws:sqs:us-east-1:000000000000:${name}`,
      close: async () => {
        await stack.stop();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
};

/** An emulator of AWS that knows nothing of this project. */
export const moto: ServicesKind = {
  name: 'moto',
  missing,
  open: async () => {
    const server = await Moto.start();
    const settings = settingsOf(server.url);
    const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:${name}`;
    const sqs = new SQSClient(settings);
    for (const QueueName of ['work-dlq', 'limits', 'published']) await sqs.send(new CreateQueueCommand({ QueueName }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('work-dlq'), maxReceiveCount: 2 });
    await sqs.send(new CreateQueueCommand({ QueueName: 'work', Attributes: { RedrivePolicy } }));
    const eventBridge = new EventBridgeClient(settings);
    await eventBridge.send(new CreateEventBusCommand({ Name: 'news' }));
    const rule = { EventBusName: 'news', EventPattern: JSON.stringify(pattern) };
    await eventBridge.send(new PutRuleCommand({ Name: 'published', ...rule }));
    const Targets = [{ Id: 'queue', Arn: queueArn('published') }];
    await eventBridge.send(new PutTargetsCommand({ Rule: 'published', EventBusName: 'news', Targets }));
    await new SchedulerClient(settings).send(new CreateScheduleGroupCommand({ Name: 'settles' }));
    await new S3Client({ ...settings, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'payloads' }));
    await new SecretsManagerClient(settings).send(
      new CreateSecretCommand({ Name: secret.name, SecretString: secret.value }),
    );
    return { settings, queueArn, close: () => server.stop() };
  },
};
