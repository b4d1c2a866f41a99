import { randomBytes } from 'node:crypto';
import { InvokeCommand, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { announcementTypes } from '../../shared/events/subscription.ts';
import { examples } from '../contracts/examples.ts';
import type { Connection } from './connection.ts';
import { WrongUse } from './exits.ts';
import { queueUrl } from './rejected.ts';

/** The outcome of one announcement. */
export interface Tested {
  readonly type: string;
  readonly id: string;
  /** `taken` by the receiver of a webhook, `queued` for a consumer of a queue, or the reason why it was not taken. */
  readonly outcome: string;
}

/** Sends one made-up announcement of each type to a subscription. @throws {WrongUse} There is no such subscription. */
export async function testSubscription(connection: Connection, name: string, now: number): Promise<Tested[]> {
  const tested: Tested[] = [];
  for (const type of announcementTypes) {
    const event = exampleEvent(type, now);
    const outcome = (await sentByFunction(connection, name, event)) ?? (await sentToQueue(connection, name, event));
    tested.push({ type, id: event.detail.id, outcome });
  }
  return tested;
}

function exampleEvent(type: (typeof announcementTypes)[number], now: number) {
  const id = randomBytes(16).toString('hex');
  const time = new Date(now).toISOString();
  const detail = { ...(examples[type] as object), id, seq: now, occurredAt: time, replay: 'subscribe-test' };
  return { version: '0', id, source: 'pressrun', 'detail-type': type, time, detail };
}

/** Returns undefined if the subscription has no webhook. */
async function sentByFunction(
  { stage, lambda }: Connection,
  name: string,
  event: ReturnType<typeof exampleEvent>,
): Promise<string | undefined> {
  try {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: `pressrun-${stage}-tell-${name}`, Payload: JSON.stringify({ test: event }) }),
    );
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || '{}') as {
      readonly failure?: string;
      readonly errorMessage?: string;
    };
    if (FunctionError !== undefined) return answer.errorMessage ?? FunctionError;
    return answer.failure ?? 'taken';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function sentToQueue(
  { stage, sqs }: Connection,
  name: string,
  event: ReturnType<typeof exampleEvent>,
): Promise<string> {
  const QueueUrl = await queueUrl(sqs, `pressrun-${stage}-to-${name}`).catch((error: unknown) => {
    if (!(error instanceof WrongUse)) throw error;
    throw new WrongUse(
      `stage ${stage} has no subscription ${name} with a webhook or a queue of its own. Context subscriptions (on a laptop PRESSRUN_SUBSCRIPTIONS) names them; a bus, an API destination or another queue is tested where it is`,
      { cause: error },
    );
  });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  return 'queued';
}
