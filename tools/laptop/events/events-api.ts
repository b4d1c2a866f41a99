import { AwsError, unknownOperation } from '../aws-error.ts';
import type { BusAccess, Caller } from './bus-access.ts';
import type { EventBuses, NewEvent, Rule } from './event-bus.ts';
import { matches } from './event-pattern.ts';
import { EventReplays } from './event-replays.ts';
import { isRecord, type Fields } from '../fields.ts';
import type { Resource } from '../cloudformation/template.ts';

type Answer = Readonly<Record<string, unknown>>;

const maxEntries = 10;
const maxBytes = 1_048_576;
const maxDetailTypeCharacters = 128;
const maxTargets = 5;

/** EventBridge's operations. */
export class EventsApi {
  readonly #buses: EventBuses;
  readonly #replays: EventReplays;
  readonly #access: BusAccess;

  constructor(buses: EventBuses, access: BusAccess) {
    this.#buses = buses;
    this.#access = access;
    this.#replays = new EventReplays(buses);
  }

  async call(operation: string, input: Fields, caller: Caller = {}): Promise<Answer> {
    switch (operation) {
      case 'PutEvents':
        return this.#putEvents(input.fieldsList('Entries'), caller);
      case 'ListEventBuses':
        return { EventBuses: this.#buses.buses.map(({ name, arn }) => ({ Name: name, Arn: arn })) };
      case 'DescribeEventBus': {
        const { name, arn } = this.#bus(input.optionalText('Name') ?? 'default');
        return { Name: name, Arn: arn };
      }
      case 'ListRules': {
        const bus = this.#bus(input.optionalText('EventBusName') ?? 'default');
        return { Rules: this.#buses.rules.filter(({ busName }) => busName === bus.name).map(described) };
      }
      case 'DescribeRule':
        return described(this.#rule(input.text('Name')));
      case 'ListTargetsByRule':
        return { Targets: this.#rule(input.text('Rule')).targets.map(({ declaration }) => declaration) };
      case 'PutRule': {
        const bus = this.#bus(input.optionalText('EventBusName') ?? 'default');
        return { RuleArn: this.#buses.putRule(bus, input.text('Name'), patternIn(input.text('EventPattern'))).arn };
      }
      case 'PutTargets':
        this.#checkTargets(this.#rule(input.text('Rule')), input.fieldsList('Targets'));
        this.#buses.putTargets(this.#rule(input.text('Rule')), input.fieldsList('Targets'));
        return { FailedEntryCount: 0, FailedEntries: [] };
      case 'RemoveTargets':
        this.#buses.removeTargets(this.#rule(input.text('Rule')), input.texts('Ids'));
        return { FailedEntryCount: 0, FailedEntries: [] };
      case 'DeleteRule':
        this.#buses.deleteRule(this.#bus(input.optionalText('EventBusName') ?? 'default'), input.text('Name'));
        return {};
      case 'StartReplay':
        return this.#replays.start(input);
      case 'DescribeReplay':
        return this.#replays.describe(input.text('ReplayName'));
      case 'CancelReplay':
        return this.#replays.cancel(input.text('ReplayName'));
      case 'ListReplays':
        return this.#replays.list();
      case 'DescribeArchive': {
        const archive = this.#buses.archives.find(({ name }) => name === input.text('ArchiveName'));
        if (!archive)
          throw new AwsError('ResourceNotFoundException', `Archive ${input.text('ArchiveName')} does not exist.`);
        const { name, arn, busArn, pattern, retentionDays, size } = archive;
        return {
          ArchiveName: name,
          ArchiveArn: arn,
          EventSourceArn: busArn,
          EventPattern: JSON.stringify(pattern),
          State: 'ENABLED',
          RetentionDays: retentionDays,
          EventCount: size,
        };
      }
      case 'ListArchives':
        return {
          Archives: this.#buses.archives.map(({ name, busArn, retentionDays, size }) => ({
            ArchiveName: name,
            EventSourceArn: busArn,
            State: 'ENABLED',
            RetentionDays: retentionDays,
            EventCount: size,
          })),
        };
      default:
        throw unknownOperation('EventBridge', operation);
    }
  }

  async #putEvents(entries: readonly Fields[], caller: Caller): Promise<Answer> {
    if (entries.length === 0 || entries.length > maxEntries) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${maxEntries}`,
      );
    }
    if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > maxBytes) {
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    }
    const byBus = Map.groupBy(entries, (entry) => entry.optionalText('EventBusName') ?? 'default');
    for (const [name, own] of byBus) {
      const bus = this.#buses.find(name);
      if (bus)
        this.#access.check(
          caller,
          bus,
          own.map((entry) => entry.optionalText('Source') ?? ''),
        );
    }
    const results = await Promise.all(
      entries.map(async (entry) => {
        try {
          const bus = this.#bus(entry.optionalText('EventBusName') ?? 'default');
          return { EventId: await this.#buses.put(bus, eventOf(entry)) };
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return { ErrorCode: error.code, ErrorMessage: error.message };
        }
      }),
    );
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  #checkTargets(rule: Rule, added: readonly Fields[]): void {
    const ids = new Set([
      ...rule.targets.map(({ declaration }) => String(declaration['Id'])),
      ...added.map((target) => target.text('Id')),
    ]);
    if (ids.size > maxTargets)
      throw new AwsError(
        'LimitExceededException',
        `The requested resource exceeds the maximum of ${maxTargets} targets.`,
      );
  }

  #bus(name: string): Resource {
    const bus = this.#buses.find(name);
    if (bus) return bus;
    // AWS accepts an event for a missing bus and drops it. On a laptop, that is an error.
    throw new AwsError(
      'ResourceNotFoundException',
      `Event bus ${name} does not exist; this stack has ${this.#buses.buses.map((known) => known.name).join(', ')}.`,
    );
  }

  #rule(name: string): Rule {
    const rule = this.#buses.rules.find((known) => known.name === name);
    if (!rule) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist.`);
    return rule;
  }
}

function described({ name, arn, busName, pattern, enabled }: Rule): Answer {
  return {
    Name: name,
    Arn: arn,
    EventBusName: busName,
    EventPattern: JSON.stringify(pattern),
    State: enabled ? 'ENABLED' : 'DISABLED',
  };
}

function patternIn(text: string): unknown {
  try {
    const pattern: unknown = JSON.parse(text);
    // Compiled to reject an invalid pattern now, as EventBridge does.
    matches(pattern, {});
    return pattern;
  } catch (error) {
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function eventOf(entry: Fields): NewEvent {
  const required = (name: string): string => {
    const value = entry.optionalText(name);
    if (value === undefined || value === '')
      throw new AwsError('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
    return value;
  };
  const source = required('Source');
  // Only AWS's own services may use such a source.
  if (source.startsWith('aws.'))
    throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detailType = required('DetailType');
  if (detailType.length > maxDetailTypeCharacters)
    throw new AwsError('InvalidArgument', `DetailType has at most ${maxDetailTypeCharacters} characters.`);
  const detail = detailOf(required('Detail'));
  const time = timeOf(entry.record['Time']);
  return { source, detailType, detail, resources: entry.texts('Resources'), ...(time !== undefined && { time }) };
}

function detailOf(text: string): unknown {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch {
    detail = undefined;
  }
  if (!isRecord(detail)) throw new AwsError('MalformedDetail', 'Detail is malformed.');
  return detail;
}

/** The JSON protocol has epoch seconds; a human at a shell may write ISO 8601. */
function timeOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const time = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new AwsError('InvalidArgument', 'Parameter Time is not valid.');
  return time;
}

/** As EventBridge counts: 14 bytes for a time, and the UTF-8 of the rest. */
function sizeOf(entry: Fields): number {
  const texts = ['Source', 'DetailType', 'Detail'].map((name) => entry.optionalText(name) ?? '');
  return [...texts, ...entry.texts('Resources')].reduce(
    (bytes, text) => bytes + Buffer.byteLength(text),
    entry.has('Time') ? 14 : 0,
  );
}
