import { afterEach, expect, jest, test } from '@jest/globals';
import { Fields } from '../../tools/laptop/fields.ts';
import { Queues } from '../../tools/laptop/sqs/queues.ts';
import { Scheduler, type Schedule } from '../../tools/laptop/scheduler/scheduler.ts';
import { Template } from '../../tools/laptop/cloudformation/template.ts';

const opened: (Scheduler | Queues)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((resource) => resource.close()));
});

async function scheduleAt(now: string, more: Partial<Schedule>): Promise<{ readonly fired: () => Promise<boolean> }> {
  const resources = {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'g' } },
  };
  const template = new Template(
    { stackName: 'test', template: new Fields({ Resources: resources }, (field) => new Error(field)) },
    { awsUrl: 'http://127.0.0.1:1', edgeHost: '127.0.0.1:2' },
  );
  const queues = await Queues.open(template);
  const scheduler = await Scheduler.open({
    groups: template.all('AWS::Scheduler::ScheduleGroup'),
    schedules: template.all('AWS::Scheduler::Schedule'),
    queues,
    now: () => Date.parse(now),
    report: (error) => {
      throw error;
    },
  });
  opened.push(scheduler, queues);
  await scheduler.create({
    name: 's',
    group: 'g',
    expression: 'at(2026-07-01T12:00:30)',
    timeZone: 'UTC',
    input: 'due',
    targetArn: 'arn:aws:sqs:us-east-1:000000000000:q',
    enabled: true,
    deletedWhenDone: true,
    request: {},
    createdAt: 0,
    modifiedAt: 0,
    ...more,
  });
  return {
    // A due schedule is sent within the next turns of the event loop; after them, others have not been sent.
    fired: async () => {
      const messages = await queues.named('q')?.receive({ atMost: 1, waitMilliseconds: 50 });
      return messages?.[0]?.body === 'due';
    },
  };
}

test.each<[string, Partial<Schedule>, boolean]>([
  ['2026-07-01T11:59:59Z', {}, false],
  // Precise to the minute only: the seconds of the expression do not count.
  ['2026-07-01T12:00:00Z', {}, true],
  ['2027-01-01T00:00:00Z', {}, true],
  ['2027-01-01T00:00:00Z', { enabled: false }, false],
  ['2026-07-01T09:59:00Z', { timeZone: 'Europe/Stockholm' }, false],
  ['2026-07-01T10:00:00Z', { timeZone: 'Europe/Stockholm' }, true],
  ['2026-12-01T10:59:00Z', { timeZone: 'Europe/Stockholm', expression: 'at(2026-12-01T12:00:00)' }, false],
  ['2026-12-01T11:00:00Z', { timeZone: 'Europe/Stockholm', expression: 'at(2026-12-01T12:00:00)' }, true],
  ['2026-07-01T16:00:00Z', { timeZone: 'America/New_York' }, true],
])('at %s a schedule %j has fired: %s', async (now, schedule, expected) => {
  const { fired } = await scheduleAt(now, schedule);
  expect(await fired()).toBe(expected);
});

test.each(['rate(1 minute)', 'at(tomorrow)', 'at(2026-13-01T00:00:00)'])('%s is rejected', async (expression) => {
  await expect(scheduleAt('2026-07-01T00:00:00Z', { expression })).rejects.toThrow('Invalid Schedule Expression');
});

test('an unknown time zone, group or target is rejected', async () => {
  await expect(scheduleAt('2026-07-01T00:00:00Z', { timeZone: 'Mars/Olympus' })).rejects.toThrow('Invalid time zone');
  await expect(scheduleAt('2026-07-01T00:00:00Z', { group: 'nowhere' })).rejects.toThrow('Schedule group nowhere');
  await expect(scheduleAt('2026-07-01T00:00:00Z', { targetArn: 'arn:aws:lambda:x' })).rejects.toThrow(
    'no queue of this stack',
  );
});

/** A scheduler with one schedule of the template, and the messages that it sent since the last call. */
async function declared(
  properties: Record<string, unknown>,
): Promise<{ readonly scheduler: Scheduler; readonly sent: () => Promise<readonly string[]> }> {
  const target = { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', Input: 'again' };
  const resources = {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
    Every: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: target, ...properties } },
  };
  const template = new Template(
    { stackName: 'test', template: new Fields({ Resources: resources }, (field) => new Error(field)) },
    { awsUrl: 'http://127.0.0.1:1', edgeHost: '127.0.0.1:2' },
  );
  const queues = await Queues.open(template);
  opened.push(queues);
  const report = (error: unknown): void => {
    throw error;
  };
  const scheduler = await Scheduler.open({
    groups: [],
    schedules: template.all('AWS::Scheduler::Schedule'),
    queues,
    report,
  });
  return {
    scheduler,
    sent: async () =>
      ((await queues.named('q')?.receive({ atMost: 10, waitMilliseconds: 0 })) ?? []).map(({ body }) => body),
  };
}

test('a schedule of the template fires repeatedly from the start of the stack until it stops', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const { scheduler, sent } = await declared({ ScheduleExpression: 'rate(5 minutes)' });
    // The schedule does not mean a function with the queue's name.
    scheduler.start(new Map([['q', { invoke: () => Promise.reject(new Error('nobody called the function')) }]]));
    await jest.advanceTimersByTimeAsync(299_999);
    expect(await sent()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(await sent()).toEqual(['again']);
    await jest.advanceTimersByTimeAsync(600_000);
    await scheduler.close();
    await jest.advanceTimersByTimeAsync(600_000);
    expect(await sent()).toEqual(['again', 'again', 'again']);
  } finally {
    jest.useRealTimers();
  }
});

test('a disabled schedule never fires, and an unsupported one is an error at the start', async () => {
  await expect(declared({ ScheduleExpression: 'cron(0 3 * * ? *)' })).rejects.toThrow(
    'Every.ScheduleExpression is cron',
  );
  await expect(declared({ ScheduleExpression: 'cron(0 3 * * ? *)', State: 'DISABLED' })).resolves.toBeDefined();
});
