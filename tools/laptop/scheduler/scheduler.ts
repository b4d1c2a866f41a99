import { join } from 'node:path';
import { AwsError } from '../aws-error.ts';
import type { FunctionRuntime } from '../lambda/function-runtime.ts';
import { Journal, type Entry } from '../dynamodb/journal.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Queues } from '../sqs/queues.ts';
import { accountId, region, type Resource } from '../cloudformation/template.ts';

/** A one-time schedule with its original request. */
export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly input: string;
  readonly targetArn: string;
  readonly enabled: boolean;
  readonly deletedWhenDone: boolean;
  readonly clientToken?: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

const minute = 60_000;
/** Node's timers cannot wait longer. */
const longestWait = 2 ** 31 - 1;

/** A schedule of the template, which comes again and again. */
interface Recurring {
  readonly everyMilliseconds: number;
  readonly targetArn: string;
  readonly input: string;
}

/** EventBridge Scheduler's `at(…)` schedules, sent to a queue in their minute, and the template's `rate(…)` ones. */
export class Scheduler {
  readonly groups: readonly Resource[];
  readonly #queues: Queues;
  readonly #now: () => number;
  readonly #schedules = new Map<string, Schedule>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #report: (error: unknown) => void;
  readonly #recurring: readonly Recurring[];
  readonly #againMilliseconds: number;
  readonly #intervals: NodeJS.Timeout[] = [];
  #journal: Journal | undefined;

  private constructor({
    groups,
    schedules,
    queues,
    report,
    now = Date.now,
    againMilliseconds = longestWait,
  }: SchedulerSurroundings) {
    this.groups = groups;
    this.#queues = queues;
    this.#report = report;
    this.#now = now;
    this.#againMilliseconds = againMilliseconds;
    this.#recurring = schedules
      .filter(({ properties }) => properties.optionalText('State') !== 'DISABLED')
      .map(recurringOf);
  }

  static async open(surroundings: SchedulerSurroundings): Promise<Scheduler> {
    const scheduler = new Scheduler(surroundings);
    if (surroundings.directory !== undefined) {
      scheduler.#journal = await Journal.open({
        path: join(surroundings.directory, 'schedules.ndjson'),
        restore: (entries) => {
          scheduler.#restore(entries);
        },
        snapshot: () => Array.from(scheduler.#schedules.values(), (schedule) => ({ schedule })),
      });
    }
    return scheduler;
  }

  /** To be called once the queues can take messages; `functions` by name, of those that a schedule may call. */
  start(functions: ReadonlyMap<string, Pick<FunctionRuntime, 'invoke'>> = new Map()): void {
    for (const schedule of this.#schedules.values()) this.#plan(schedule);
    for (const recurring of this.#recurring) {
      const [, , service, , , ...resource] = recurring.targetArn.split(':');
      // A queue may have the name of the function that works on it.
      const target = service === 'lambda' ? functions.get(resource.at(-1) ?? '') : undefined;
      const call = async (): Promise<unknown> =>
        target
          ? target.invoke(JSON.parse(recurring.input))
          : this.#queues.send(this.#target(recurring), recurring.input);
      // Beyond the longest that Node counts, a laptop does not run.
      const interval = setInterval(
        () => {
          // A call that fails is repeated at the next turn.
          Promise.resolve().then(call).catch(this.#report);
        },
        Math.min(recurring.everyMilliseconds, this.#againMilliseconds),
      );
      this.#intervals.push(interval.unref());
    }
  }

  all(): Iterable<Schedule> {
    return this.#schedules.values();
  }

  get(group: string, name: string): Schedule {
    const schedule = this.#schedules.get(`${group}/${name}`);
    if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
    return schedule;
  }

  async create(schedule: Schedule): Promise<void> {
    const existing = this.#schedules.get(keyOf(schedule));
    if (existing?.clientToken !== undefined && existing.clientToken === schedule.clientToken) return;
    if (existing) throw new AwsError('ConflictException', `Schedule ${schedule.name} already exists.`, 409);
    await this.#keep(schedule);
  }

  async update(schedule: Schedule): Promise<void> {
    const { createdAt } = this.get(schedule.group, schedule.name);
    await this.#keep({ ...schedule, createdAt });
  }

  async delete(group: string, name: string): Promise<void> {
    await this.#drop(this.get(group, name));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const interval of this.#intervals) clearInterval(interval);
    await this.#journal?.close();
  }

  async #keep(schedule: Schedule): Promise<void> {
    if (!this.groups.some(({ name }) => name === schedule.group)) {
      throw new AwsError('ResourceNotFoundException', `Schedule group ${schedule.group} does not exist.`, 404);
    }
    this.#target(schedule);
    dueAt(schedule);
    this.#schedules.set(keyOf(schedule), schedule);
    await this.#journal?.append({ schedule });
    this.#plan(schedule);
  }

  async #drop(schedule: Schedule): Promise<void> {
    const key = keyOf(schedule);
    this.#schedules.delete(key);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    await this.#journal?.append({ deleted: key });
  }

  #plan(schedule: Schedule): void {
    const key = keyOf(schedule);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    if (!schedule.enabled) return;
    const wait = Math.max(0, dueAt(schedule) - this.#now());
    const timer = setTimeout(
      () => {
        if (wait > longestWait) this.#plan(schedule);
        else void this.#fire(schedule);
      },
      Math.min(wait, longestWait),
    );
    timer.unref();
    this.#timers.set(key, timer);
  }

  async #fire(schedule: Schedule): Promise<void> {
    try {
      await this.#queues.send(this.#target(schedule), schedule.input);
      // Sent before it is forgotten: a crash in between sends it twice, which Scheduler may do as well.
      if (schedule.deletedWhenDone) await this.#drop(schedule);
      else {
        const done: Schedule = { ...schedule, enabled: false };
        this.#schedules.set(keyOf(schedule), done);
        await this.#journal?.append({ schedule: done });
      }
    } catch (error) {
      this.#report(error);
    }
  }

  #target({ targetArn }: Pick<Schedule, 'targetArn'>): Queue {
    const queue = this.#queues.withArn(targetArn);
    if (!queue)
      throw new AwsError(
        'ValidationException',
        `The target ${targetArn} is no queue of this stack; on a laptop, only queues and functions are targets.`,
      );
    return queue;
  }

  #restore(entries: readonly Entry[]): void {
    // The shapes are those that this class appends.
    for (const entry of entries as readonly ({ readonly schedule: Schedule } | { readonly deleted: string })[]) {
      if ('schedule' in entry) this.#schedules.set(keyOf(entry.schedule), entry.schedule);
      else this.#schedules.delete(entry.deleted);
    }
  }
}

export interface SchedulerSurroundings {
  readonly groups: readonly Resource[];
  /** The template's own. */
  readonly schedules: readonly Resource[];
  readonly queues: Queues;
  readonly report: (error: unknown) => void;
  readonly directory?: string;
  readonly now?: () => number;
  /** The longest interval of the template's schedules: longer ones are shortened to it. */
  readonly againMilliseconds?: number | undefined;
}

export function scheduleArn({ group, name }: Pick<Schedule, 'group' | 'name'>): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
}

function recurringOf({ logicalId, properties }: Resource): Recurring {
  const expression = properties.text('ScheduleExpression');
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMilliseconds = Number(count) * ({ minute, hour: 60 * minute, day: 1440 * minute }[unit] ?? Number.NaN);
  if (!(everyMilliseconds > 0))
    throw new Error(`${logicalId}.ScheduleExpression is ${expression}: on a laptop, only rate(…) is known`);
  const target = properties.fields('Target');
  return { everyMilliseconds, targetArn: target.text('Arn'), input: target.optionalText('Input') ?? '{}' };
}

function keyOf({ group, name }: Schedule): string {
  return `${group}/${name}`;
}

/** The start of the minute that the schedule names: Scheduler is no more precise than that. */
function dueAt({ expression, timeZone }: Schedule): number {
  const local = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)\)$/.exec(expression)?.[1];
  const asUtc = local === undefined ? Number.NaN : Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) {
    throw new AwsError(
      'ValidationException',
      `Invalid Schedule Expression ${expression}. On a laptop, only at(yyyy-mm-ddThh:mm:ss) is known.`,
    );
  }
  return Math.floor((asUtc - offsetOf(timeZone, asUtc)) / minute) * minute;
}

function offsetOf(timeZone: string, instant: number): number {
  if (timeZone === 'UTC') return 0;
  const wallClock = (at: number): number => {
    const parts = new Intl.DateTimeFormat('en', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    }).formatToParts(at);
    const part = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((found) => found.type === type)?.value);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  };
  try {
    const truncated = Math.floor(instant / minute) * minute;
    const guess = wallClock(truncated) - truncated;
    // The offset in force at the guessed instant, which a change of clocks may have moved.
    return wallClock(truncated - guess) - (truncated - guess);
  } catch {
    throw new AwsError('ValidationException', `Invalid time zone ${timeZone}.`);
  }
}
