import { randomUUID } from 'node:crypto';
import { EventArchive, type Envelope } from './event-archive.ts';
import { matches } from './event-pattern.ts';
import type { Fields } from './fields.ts';
import type { Observations } from './observations.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import { accountId, region, type Resource, type Template } from './template.ts';

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: unknown;
  readonly enabled: boolean;
  readonly targets: readonly Target[];
}

interface Target {
  readonly id: string;
  readonly arn: string;
  readonly queue: Queue;
  readonly inputPath: string | undefined;
}

/** The stack's event buses: what is put on one reaches the archive and the targets of every rule that it matches. */
export class EventBuses {
  readonly buses: readonly Resource[];
  readonly rules: readonly Rule[];
  readonly archives: readonly EventArchive[];
  readonly #queues: Queues;
  readonly #observations: Observations;
  readonly #now: () => number;

  private constructor(buses: readonly Resource[], rules: readonly Rule[], archives: readonly EventArchive[], { queues, observations, now = Date.now }: BusSurroundings) {
    this.buses = buses;
    this.rules = rules;
    this.archives = archives;
    this.#queues = queues;
    this.#observations = observations;
    this.#now = now;
  }

  static async open(template: Template, surroundings: BusSurroundings): Promise<EventBuses> {
    const { queues, warn, directory, now = Date.now } = surroundings;
    const rules = template.all('AWS::Events::Rule').flatMap((rule) => ruleOf(rule, queues, warn) ?? []);
    const archives = await Promise.all(template.all('AWS::Events::Archive').map((archive) => EventArchive.open(archive, { now, ...(directory !== undefined && { directory }) })));
    return new EventBuses(template.all('AWS::Events::EventBus'), rules, archives, surroundings);
  }

  /** By name or by ARN, as clients may call it either way. */
  find(nameOrArn: string): Resource | undefined {
    return this.buses.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  }

  /** Resolves with the event's id once every queue that it is for has it safe. */
  async put(bus: Resource, { source, detailType, detail, time, resources }: NewEvent): Promise<string> {
    const event: Envelope = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: accountId,
      time: `${new Date(time ?? this.#now()).toISOString().slice(0, 19)}Z`,
      region,
      resources,
      detail,
    };
    const targets = this.rules.filter((rule) => rule.busName === bus.name && rule.enabled && matches(rule.pattern, event)).flatMap((rule) => rule.targets);
    await Promise.all([
      ...this.archives.filter(({ busArn }) => busArn === bus.arn).map((archive) => archive.keep(event)),
      ...targets.map(({ queue, inputPath }) => this.#queues.send(queue, JSON.stringify(inputPath === undefined ? event : partOf(event, inputPath)))),
    ]);
    this.#observations.tell({ kind: 'bus-event', event, at: this.#now() });
    return event.id;
  }

  async close(): Promise<void> {
    await Promise.all(this.archives.map((archive) => archive.close()));
  }
}

export interface BusSurroundings {
  readonly queues: Queues;
  readonly observations: Observations;
  readonly warn: (line: string) => void;
  readonly directory?: string;
  readonly now?: () => number;
}

export interface NewEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly time?: number;
  readonly resources: readonly string[];
}

function ruleOf({ logicalId, name, arn, properties }: Resource, queues: Queues, warn: (line: string) => void): Rule | undefined {
  if (properties.has('ScheduleExpression')) {
    warn(`rule ${logicalId} runs by a schedule, which is not done on a laptop`);
    return undefined;
  }
  const bus = properties.optionalText('EventBusName') ?? 'default';
  return {
    name,
    arn,
    busName: bus.slice(bus.lastIndexOf('/') + 1),
    pattern: properties.record['EventPattern'],
    enabled: (properties.optionalText('State') ?? 'ENABLED') !== 'DISABLED',
    targets: properties.fieldsList('Targets').flatMap((target) => targetOf(target, logicalId, queues, warn) ?? []),
  };
}

function targetOf(target: Fields, ruleId: string, queues: Queues, warn: (line: string) => void): Target | undefined {
  const arn = target.text('Arn');
  const queue = queues.withArn(arn);
  if (!queue) {
    warn(`rule ${ruleId} has the target ${arn}; only queues are targets on a laptop`);
    return undefined;
  }
  const unknown = ['Input', 'InputTransformer'].find((property) => target.has(property));
  if (unknown !== undefined) {
    warn(`rule ${ruleId} has an ${unknown}, which is not known on a laptop: its target gets whole events`);
  }
  return { id: target.text('Id'), arn, queue, inputPath: target.optionalText('InputPath') };
}

/** A path of plain names, such as `$.detail`: all that rules are seen to use. */
function partOf(event: Envelope, path: string): unknown {
  return path.split('.').slice(1).reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined), event);
}
