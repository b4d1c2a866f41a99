import type { SchedulerClientConfig } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SettleScheduleEnv } from '../environment.ts';
import { IndexedSettleSchedule } from '../article/indexed-settle-schedule.ts';
import type { Clock } from '../clock.ts';
import type { SettleSchedule } from '../article/ports.ts';
import { DynamoDbScheduleIndex } from './dynamodb-schedule-index.ts';
import { sendMessage } from './sqs.ts';
import type { Table } from './table.ts';

/** SQS's maximum delay of a message. */
const longestDelaySeconds = 900;
/**
 * The schedule runs this much before the instant, because EventBridge Scheduler is precise to the minute. A queue delay
 * waits the rest.
 */
const earlySeconds = 90;
/** A later instant is scheduled in steps of a year, so that Scheduler never gets a date such as the year 9999. */
const longestScheduleDays = 365;

/** Returns the settle schedule of every function that settles: the index first, then the scheduled message. */
export function settleSchedule(
  articlesTable: Table,
  sqs: SQSClient,
  scheduler: SchedulerClientConfig,
  clock: Clock,
  env: SettleScheduleEnv,
): SettleSchedule {
  return new IndexedSettleSchedule(
    new DynamoDbScheduleIndex(articlesTable),
    new SchedulerSettleSchedule(sqs, scheduler, clock, env),
  );
}

/** Schedules messages to `release`: a delayed message for a near instant, a schedule for a later one. */
export class SchedulerSettleSchedule implements SettleSchedule {
  readonly #sqs: SQSClient;
  readonly #scheduler: SchedulerClientConfig;
  readonly #clock: Clock;
  readonly #env: SettleScheduleEnv;

  constructor(sqs: SQSClient, scheduler: SchedulerClientConfig, clock: Clock, env: SettleScheduleEnv) {
    this.#sqs = sqs;
    this.#scheduler = scheduler;
    this.#clock = clock;
    this.#env = env;
  }

  async settleAt(articleId: string, instant: number): Promise<void> {
    const remainingSeconds = Math.max(0, Math.ceil((instant - this.#clock.now()) / 1000));
    const message = JSON.stringify({ articleId });
    if (remainingSeconds <= longestDelaySeconds) {
      await sendMessage(this.#sqs, this.#env.RELEASE_QUEUE_URL, message, remainingSeconds);
      return;
    }
    // An instant beyond the longest schedule gets an intermediate settle, which schedules again.
    const call = Math.min(instant, this.#clock.now() + longestScheduleDays * 86_400_000);
    const minute = new Date(call - earlySeconds * 1000).toISOString().slice(0, 16);
    // The name identifies the schedule: creating it again is a conflict, which is ignored.
    const name = `${articleId}-${minute.replace(/[-:]/g, '')}`;
    await this.#schedule(name, `at(${minute}:00)`, message);
  }

  async #schedule(name: string, expression: string, message: string): Promise<void> {
    // Few stories have an embargo that far ahead, so the client is loaded on first use.
    const { ConflictException, CreateScheduleCommand, SchedulerClient } = await import('@aws-sdk/client-scheduler');
    try {
      await new SchedulerClient(this.#scheduler).send(
        new CreateScheduleCommand({
          Name: name,
          GroupName: this.#env.SCHEDULE_GROUP,
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: 'OFF' },
          ActionAfterCompletion: 'DELETE',
          Target: { Arn: this.#env.RELEASE_QUEUE_ARN, RoleArn: this.#env.SCHEDULE_ROLE_ARN, Input: message },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
    }
  }
}
