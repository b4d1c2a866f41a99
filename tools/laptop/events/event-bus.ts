import { randomUUID } from 'node:crypto';
import { EventArchive, type Envelope } from './event-archive.ts';
import { matches } from './event-pattern.ts';
import { targetOf, type ApiDestinations, type Target, type TargetSurroundings } from './event-targets.ts';
import type { Fields } from '../fields.ts';
import type { Observations } from '../observations.ts';
import type { Queues } from '../sqs/queues.ts';
import { accountId, region, type Resource, type Template } from '../cloudformation/template.ts';

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: unknown;
  readonly enabled: boolean;
  readonly targets: readonly Target[];
}

/** The bus that every account has, and to which AWS's services send their events. No template declares it. */
const defaultBus = { name: 'default', arn: `arn:aws:events:${region}:${accountId}:event-bus/default` };

type BusNames = Pick<Resource, 'name' | 'arn'>;

/** The stack's event buses, and the default one. An event reaches the archives and the targets of every rule that it matches. */
export class EventBuses {
  readonly buses: readonly Resource[];
  readonly #rules: Rule[];
  readonly archives: readonly EventArchive[];
  readonly #surroundings: Omit<TargetSurroundings, 'busAt'>;
  readonly #observations: Observations;
  readonly #now: () => number;

  private constructor(
    template: Template,
    archives: readonly EventArchive[],
    { queues, destinations, observations, warn, now = Date.now }: BusSurroundings,
  ) {
    this.buses = template.all('AWS::Events::EventBus');
    this.archives = archives;
    this.#surroundings = { queues, destinations, warn };
    this.#observations = observations;
    this.#now = now;
    this.#rules = template.all('AWS::Events::Rule').flatMap((rule) => this.#ruleOf(rule) ?? []);
  }

  static async open(template: Template, surroundings: BusSurroundings): Promise<EventBuses> {
    const { directory, now = Date.now } = surroundings;
    const archives = await Promise.all(
      template
        .all('AWS::Events::Archive')
        .map((archive) => EventArchive.open(archive, { now, ...(directory !== undefined && { directory }) })),
    );
    return new EventBuses(template, archives, surroundings);
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** By name or by ARN, as clients may call it either way. */
  find(nameOrArn: string): Resource | undefined {
    return this.buses.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  }

  /** Resolves with the event's id once every queue that it is for has it safe. */
  async put(bus: BusNames, { source, detailType, detail, time, resources }: NewEvent): Promise<string> {
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
    await this.#hand(bus, event);
    return event.id;
  }

  /** An event of one of AWS's services. The rules are the stack's, but no client of the laptop can name this bus. */
  async putOfService(event: NewEvent): Promise<void> {
    await this.put(defaultBus, event);
  }

  /** Delivers an archived event by the named rules, or by all if none are named. Does not archive it again. */
  async replay(event: Envelope, busArn: string, ruleArns: readonly string[]): Promise<void> {
    const bus = this.find(busArn);
    if (bus)
      await this.#sendTo(
        this.#matching(bus, event).filter(({ arn }) => ruleArns.length === 0 || ruleArns.includes(arn)),
        event,
      );
  }

  /** A rule that the template does not have, as a replay to some event types needs it for a while. */
  putRule(bus: Resource, name: string, pattern: unknown): Rule {
    const known = this.rules.find((rule) => rule.busName === bus.name && rule.name === name);
    this.deleteRule(bus, name);
    const rule = {
      name,
      arn: `${bus.arn.replace(':event-bus/', ':rule/')}/${name}`,
      busName: bus.name,
      pattern,
      enabled: true,
      targets: known?.targets ?? [],
    };
    this.#rules.push(rule);
    return rule;
  }

  putTargets(rule: Rule, targets: readonly Fields[]): void {
    const added = targets.flatMap((target) => targetOf(target, rule.name, this.#targetSurroundings()) ?? []);
    this.#replace({
      ...rule,
      targets: [...rule.targets.filter(({ id }) => added.every((target) => target.id !== id)), ...added],
    });
  }

  removeTargets(rule: Rule, ids: readonly string[]): void {
    this.#replace({ ...rule, targets: rule.targets.filter(({ id }) => !ids.includes(id)) });
  }

  deleteRule(bus: Resource, name: string): void {
    const index = this.#rules.findIndex((rule) => rule.busName === bus.name && rule.name === name);
    if (index !== -1) this.#rules.splice(index, 1);
  }

  #replace(rule: Rule): void {
    const index = this.#rules.findIndex(({ arn }) => arn === rule.arn);
    if (index !== -1) this.#rules[index] = rule;
  }

  async #hand(bus: BusNames, event: Envelope): Promise<void> {
    await Promise.all([
      ...this.archives.filter(({ busArn }) => busArn === bus.arn).map((archive) => archive.keep(event)),
      this.#sendTo(this.#matching(bus, event), event),
    ]);
    this.#observations.notify({ kind: 'bus-event', event, at: this.#now() });
  }

  #matching(bus: BusNames, event: Envelope): readonly Rule[] {
    return this.rules.filter((rule) => rule.busName === bus.name && rule.enabled && matches(rule.pattern, event));
  }

  async #sendTo(rules: readonly Rule[], event: Envelope): Promise<void> {
    await Promise.all(rules.flatMap((rule) => rule.targets).map((target) => target.send(event)));
  }

  #ruleOf({ logicalId, name, arn, properties }: Resource): Rule | undefined {
    if (properties.has('ScheduleExpression')) {
      this.#surroundings.warn(`rule ${logicalId} runs by a schedule, which is not done on a laptop`);
      return undefined;
    }
    const bus = properties.optionalText('EventBusName') ?? 'default';
    const busName = bus.slice(bus.lastIndexOf('/') + 1);
    return {
      name,
      // With its bus, as EventBridge names it for every bus but the default one.
      arn: busName === 'default' ? arn : arn.replace(/:rule\/.*$/, `:rule/${busName}/${name}`),
      busName,
      pattern: properties.record['EventPattern'],
      enabled: (properties.optionalText('State') ?? 'ENABLED') !== 'DISABLED',
      targets: properties
        .fieldsList('Targets')
        .flatMap((target) => targetOf(target, logicalId, this.#targetSurroundings()) ?? []),
    };
  }

  #targetSurroundings(): TargetSurroundings {
    return {
      ...this.#surroundings,
      busAt: (arn) => {
        const bus = this.find(arn);
        return bus && (async (event) => this.#hand(bus, event));
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.archives.map((archive) => archive.close()));
  }
}

export interface BusSurroundings {
  readonly queues: Queues;
  readonly destinations: ApiDestinations;
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
