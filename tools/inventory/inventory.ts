import { referencesIn, textOf, type Template, type TemplateResource } from './template.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Mapping {
  readonly EventSourceArn: unknown;
  readonly FunctionName: unknown;
  readonly ScalingConfig?: { readonly MaximumConcurrency: number };
  readonly ParallelizationFactor?: number;
}

interface FunctionProperties {
  readonly FunctionName: string;
  readonly MemorySize: number;
  readonly Timeout: number;
  readonly Role: unknown;
  readonly ReservedConcurrentExecutions?: number;
}

const nameProperties = ['FunctionName', 'QueueName', 'TableName', 'TopicName', 'Name'];

/** The functions of a template, with their callers. */
class Inventory {
  readonly #resources: Template['Resources'];

  constructor({ Resources }: Template) {
    this.#resources = Resources;
  }

  of<Properties>(type: string): (readonly [id: string, properties: Properties])[] {
    return Object.entries(this.#resources).flatMap(([id, { Type, Properties = {} }]) =>
      Type === type ? [[id, Properties as Properties] as const] : [],
    );
  }

  /** The resource's physical name without the stage's prefix, else its logical id without the hash. */
  readonly nameOf = (id: string): string => {
    const { Type, Properties = {} }: TemplateResource = this.#resources[id] ?? { Type: '' };
    const kind = {
      'AWS::SQS::Queue': 'queue ',
      'AWS::DynamoDB::Table': 'table ',
      'AWS::SecretsManager::Secret': 'secret ',
    }[Type];
    const name = nameProperties.map((property) => Properties[property]).find((value) => typeof value === 'string');
    return `${kind ?? ''}${name?.replace(/^pressrun-[^-]+-/, '') ?? id.replace(/[0-9A-F]{8}$/, '')}`;
  };

  /** What starts a function, and how many invocations at once that allows. */
  callersOf(id: string, timeoutSeconds: number): { readonly what: string[]; readonly most: number } {
    const isOf = (value: unknown): boolean => referencesIn(value).includes(id);
    const mappings = this.of<Mapping>('AWS::Lambda::EventSourceMapping').filter(([, { FunctionName }]) =>
      isOf(FunctionName),
    );
    const urls = this.of<{ AuthType: string; TargetFunctionArn: unknown }>('AWS::Lambda::Url').filter(([, url]) =>
      isOf(url.TargetFunctionArn),
    );
    const schedules = this.of<{ Target: { Arn: unknown }; ScheduleExpression: string }>(
      'AWS::Scheduler::Schedule',
    ).filter(([, { Target }]) => isOf(Target.Arn));
    return {
      what: [
        ...mappings.map(([, { EventSourceArn, ParallelizationFactor }]) => {
          const source = referencesIn(EventSourceArn).map(this.nameOf).join();
          return ParallelizationFactor === undefined ? source : `stream of ${source}`;
        }),
        ...urls.map(([, { AuthType }]) => (AuthType === 'NONE' ? 'its public URL' : 'the distribution')),
        ...schedules.map(([, { ScheduleExpression }]) => `schedule ${ScheduleExpression}`),
      ].sort(),
      // A stream has one shard for each partition of the table: counted once here.
      most:
        mappings.reduce(
          (sum, [, { ScalingConfig, ParallelizationFactor }]) =>
            sum + (ScalingConfig?.MaximumConcurrency ?? ParallelizationFactor ?? 0),
          0,
        ) +
        schedules.reduce(
          (sum, [, { ScheduleExpression }]) => sum + Math.ceil(timeoutSeconds / secondsOf(ScheduleExpression)),
          0,
        ),
    };
  }

  permissionsOf(role: unknown): string[] {
    const [roleId = ''] = referencesIn(role);
    const statements = this.of<{ Roles: unknown; PolicyDocument: { Statement: readonly Statement[] } }>(
      'AWS::IAM::Policy',
    )
      .filter(([, { Roles }]) => referencesIn(Roles).includes(roleId))
      .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement);
    return statements
      .filter(
        ({ Effect, Action }) => Effect === 'Allow' && ![Action].flat().some((action) => action.startsWith('logs:')),
      )
      .map(({ Action, Resource }) => {
        const resources = [Resource].flat().flatMap((resource) => {
          const ids = referencesIn(resource);
          return ids.length > 0 ? ids.map(this.nameOf) : [textOf(resource, this.nameOf)];
        });
        return `${[Action].flat().sort().join(', ')} on ${[...new Set(resources)].sort().join(', ')}`;
      })
      .sort();
  }
}

const secondsIn: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** The interval of `rate(5 minutes)`. */
function secondsOf(expression: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = secondsIn[unit];
  if (seconds === undefined) throw new Error(`the schedule ${expression} has no rate`);
  return Number(count) * seconds;
}

export interface FunctionEntry {
  readonly name: string;
  readonly memory: number;
  readonly timeout: number;
  /** The most invocations at once; undefined if only the account's quota bounds them. */
  readonly atOnce: number | undefined;
  readonly isReserved: boolean;
  readonly calledBy: readonly string[];
  readonly may: readonly string[];
}

export function functionsOf(template: Template): FunctionEntry[] {
  const inventory = new Inventory(template);
  return inventory
    .of<FunctionProperties>('AWS::Lambda::Function')
    .map(([id, { MemorySize, Timeout, Role, ReservedConcurrentExecutions: reserved }]) => {
      const { what, most } = inventory.callersOf(id, Timeout);
      return {
        name: inventory.nameOf(id),
        memory: MemorySize,
        timeout: Timeout,
        // Nothing calls the sweep where no CMS is configured.
        atOnce: reserved ?? (most > 0 || what.length === 0 ? most : undefined),
        isReserved: reserved !== undefined,
        calledBy: what,
        may: inventory.permissionsOf(Role),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function countsOf({ Resources }: Template): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns docs/inventory.md: the parts of a stage, by default and with every optional setting. */
export function inventoryPage(plain: Template, full: Template): string {
  const [few, many] = [countsOf(plain), countsOf(full)];
  const total = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((sum, count) => sum + count, 0);
  const functions = functionsOf(full);
  const bound = functions.reduce((sum, { atOnce = 0 }) => sum + atOnce, 0);
  const lines = [
    '# Inventory of the template',
    '',
    'Made by `npm run inventory`; a test compares it with the template. It shows what a change of `infra/` does.',
    '',
    '## Resources',
    '',
    'In a stage without any setting, and in `prod` with every optional setting (`tools/inventory/everything.ts`).',
    '',
    '| type | plain | with everything |',
    '| --- | --- | --- |',
    ...[...many].map(([type, count]) => `| \`${type}\` | ${few.get(type) ?? 0} | ${count} |`),
    `| all | ${total(few)} | ${total(many)} |`,
    '',
    '## Functions',
    '',
    `The column *at once* is the maximum number of invocations: by reserved concurrency (r), or by the caller of the function. A stream is counted with one shard. All bounds together are ${bound}.`,
    '',
    '| function | MB | seconds | at once | called by |',
    '| --- | --- | --- | --- | --- |',
    ...functions.map(
      ({ name, memory, timeout, atOnce, isReserved, calledBy }) =>
        `| \`${name}\` | ${memory} | ${timeout} | ${atOnce ?? 'no bound'}${isReserved ? ' r' : ''} | ${calledBy.join('; ')} |`,
    ),
    '',
    '## What each function may do',
    '',
    'Besides writing its own log.',
    ...functions.flatMap(({ name, may }) => ['', `### ${name}`, '', ...may.map((statement) => `- ${statement}`)]),
    '',
  ];
  return lines.join('\n');
}
