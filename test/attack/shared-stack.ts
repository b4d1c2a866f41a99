import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { readAssembly } from '../../tools/laptop/cloudformation/assembly.ts';
import { Template } from '../../tools/laptop/cloudformation/template.ts';
import { assemblyOf } from '../journey/assemblies.ts';
import { RunningStack, type Port } from './outsider.ts';

/** The stack that all modules of a test file share: starting one takes seconds. */
export let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start();
});

// After each attack, the stack still serves everybody else.
afterEach(async () => {
  expect(await stack.isWell()).toBe(true);
});

afterAll(async () => {
  await stack.stop();
});

/** Returns `held` if there was one answer and it has one of these statuses, else the answers. */
export function onlyOf(statuses: readonly number[], ...allowed: readonly number[]): string {
  const [status, ...more] = statuses;
  return status !== undefined && more.length === 0 && allowed.includes(status)
    ? 'held'
    : `answered ${statuses.join(', ')}`;
}

/** The name of the bucket with payloads, which CloudFormation chooses. */
export async function bucketName(): Promise<string> {
  const assembly = readAssembly(await assemblyOf({}));
  const template = new Template(assembly, { awsUrl: stack.url.aws, edgeHost: stack.host('edge') });
  const [bucket] = template.all('AWS::S3::Bucket');
  if (!bucket) throw new Error('the stack has no bucket');
  return bucket.name;
}

export const amzJson = { 'Content-Type': 'application/x-amz-json-1.1' };
export const putEvents = { ...amzJson, 'X-Amz-Target': 'AWSEvents.PutEvents' };
export const portNumber = (port: Port): string => new URL(stack.url[port]).port;

export function event(article: object): string {
  return JSON.stringify({
    Entries: [
      {
        EventBusName: 'pressrun-local',
        Source: 'newsroom',
        DetailType: 'article.published',
        Detail: JSON.stringify({ article }),
      },
    ],
  });
}
