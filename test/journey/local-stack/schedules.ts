import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-scheduler';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { scheduler, take } from './shared-stack.ts';

describe('schedules', () => {
  const Target = {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:small-inbox',
    RoleArn: 'arn:aws:iam::000000000000:role/any',
    Input: '{"woken":true}',
  };
  const common = {
    GroupName: 'small',
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    ActionAfterCompletion: 'DELETE' as const,
    Target,
  };

  test('of the past are sent at once and deleted', async () => {
    await scheduler.send(
      new CreateScheduleCommand({ ...common, Name: 'past', ScheduleExpression: 'at(2020-01-01T00:00:00)' }),
    );
    expect(await take('small-inbox', (body) => body.includes('woken'))).toBe('{"woken":true}');
    await eventually('the schedule to be gone', () =>
      scheduler.send(new GetScheduleCommand({ GroupName: 'small', Name: 'past' })).then(
        () => undefined,
        (error: unknown) => (error instanceof ResourceNotFoundException ? true : undefined),
      ),
    );
  });

  test('of the future wait; a name is taken once, and a repeated call with one client token is accepted', async () => {
    const create = new CreateScheduleCommand({
      ...common,
      Name: 'future',
      ScheduleExpression: 'at(2099-01-01T00:00:00)',
      ClientToken: 'once',
    });
    await scheduler.send(create);
    await scheduler.send(create);
    await expect(
      scheduler.send(
        new CreateScheduleCommand({ ...common, Name: 'future', ScheduleExpression: 'at(2098-01-01T00:00:00)' }),
      ),
    ).rejects.toThrow(ConflictException);
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'small' }));
    expect(Schedules?.map(({ Name }) => Name)).toEqual(['future']);
    expect(await scheduler.send(new GetScheduleCommand({ GroupName: 'small', Name: 'future' }))).toMatchObject({
      ScheduleExpression: 'at(2099-01-01T00:00:00)',
      State: 'ENABLED',
      Target,
    });
    await scheduler.send(new DeleteScheduleCommand({ GroupName: 'small', Name: 'future' }));
    await expect(
      scheduler.send(new CreateScheduleCommand({ ...common, Name: 'odd', ScheduleExpression: 'rate(5 minutes)' })),
    ).rejects.toThrow('Invalid Schedule Expression');
  });
});
