import { AwsError, unknownOperation } from '../aws-error.ts';
import type { Fields } from '../fields.ts';
import { scheduleArn, type Schedule, type Scheduler } from './scheduler.ts';
import { segmentsOf } from '../wire.ts';

type Answer = Readonly<Record<string, unknown>>;

/** Scheduler's REST operations: `/schedules`, `/schedules/{name}`, `/schedule-groups`, `/schedule-groups/{name}`. */
export class SchedulerApi {
  readonly #scheduler: Scheduler;
  readonly #now: () => number;

  constructor(scheduler: Scheduler, now: () => number = Date.now) {
    this.#scheduler = scheduler;
    this.#now = now;
  }

  async call(method: string, path: string, query: URLSearchParams, input: Fields): Promise<Answer> {
    const [collection, name] = segmentsOf(path);
    if (collection === 'schedule-groups' && method === 'GET') {
      const groups = this.#scheduler.groups.map((group) => ({ Name: group.name, Arn: group.arn, State: 'ACTIVE' }));
      if (name === undefined) return { ScheduleGroups: groups };
      const group = groups.find((known) => known.Name === name);
      if (!group) throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
      return group;
    }
    if (collection !== 'schedules') throw unknownOperation('Scheduler', `${method} ${path}`);
    if (name === undefined) {
      if (method !== 'GET') throw unknownOperation('Scheduler', `${method} ${path}`);
      return this.#list(query.get('ScheduleGroup'), query.get('NamePrefix') ?? '');
    }
    const group = query.get('groupName') ?? 'default';
    switch (method) {
      case 'GET':
        return described(this.#scheduler.get(group, name));
      case 'POST': {
        const schedule = scheduleOf(name, input, this.#now());
        await this.#scheduler.create(schedule);
        return { ScheduleArn: scheduleArn(schedule) };
      }
      case 'PUT': {
        const schedule = scheduleOf(name, input, this.#now());
        await this.#scheduler.update(schedule);
        return { ScheduleArn: scheduleArn(schedule) };
      }
      case 'DELETE':
        await this.#scheduler.delete(group, name);
        return {};
      default:
        throw unknownOperation('Scheduler', `${method} ${path}`);
    }
  }

  #list(group: string | null, prefix: string): Answer {
    return {
      Schedules: Array.from(this.#scheduler.all())
        .filter((schedule) => (group === null || schedule.group === group) && schedule.name.startsWith(prefix))
        .map((schedule) => ({
          Arn: scheduleArn(schedule),
          Name: schedule.name,
          GroupName: schedule.group,
          State: schedule.enabled ? 'ENABLED' : 'DISABLED',
          CreationDate: schedule.createdAt / 1000,
          LastModificationDate: schedule.modifiedAt / 1000,
          Target: { Arn: schedule.targetArn },
        })),
    };
  }
}

function scheduleOf(name: string, input: Fields, now: number): Schedule {
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$, and have length less than or equal to 64`,
    );
  // Both are required, though nothing on a laptop reads them.
  input.fields('FlexibleTimeWindow').text('Mode');
  const target = input.fields('Target');
  target.text('RoleArn');
  const token = input.optionalText('ClientToken');
  return {
    name,
    group: input.optionalText('GroupName') ?? 'default',
    expression: input.text('ScheduleExpression'),
    timeZone: input.optionalText('ScheduleExpressionTimezone') ?? 'UTC',
    input: target.optionalText('Input') ?? '',
    targetArn: target.text('Arn'),
    enabled: input.optionalText('State') !== 'DISABLED',
    deletedWhenDone: input.optionalText('ActionAfterCompletion') === 'DELETE',
    ...(token !== undefined && { clientToken: token }),
    request: input.record,
    createdAt: now,
    modifiedAt: now,
  };
}

function described(schedule: Schedule): Answer {
  return {
    ...schedule.request,
    Arn: scheduleArn(schedule),
    Name: schedule.name,
    GroupName: schedule.group,
    ScheduleExpressionTimezone: schedule.timeZone,
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    CreationDate: schedule.createdAt / 1000,
    LastModificationDate: schedule.modifiedAt / 1000,
  };
}
