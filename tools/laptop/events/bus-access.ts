import { AwsError } from '../aws-error.ts';
import { isRecord } from '../fields.ts';
import { accountId, type Resource, type Template } from '../cloudformation/template.ts';

/**
 * A caller of EventBridge: a function by its role, or the user of the laptop, who may do everything that the bus's
 * policy does not deny.
 */
export interface Caller {
  readonly functionName?: string;
}

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/**
 * IAM's decision on PutEvents: an explicit deny of the bus's policy applies to all callers, and a function needs an
 * allow of its role. Only the operators that the template uses are implemented; another one is an error.
 */
export class BusAccess {
  readonly #denying: readonly { readonly busName: string; readonly statement: Statement }[];
  readonly #roles: ReadonlyMap<string, { readonly arn: string; readonly statements: readonly Statement[] }>;

  constructor(template: Template) {
    this.#denying = template
      .all('AWS::Events::EventBusPolicy')
      .map(({ properties }): { readonly busName: string; readonly statement: Statement } => ({
        busName: properties.text('EventBusName'),
        statement: properties.fields('Statement').record,
      }))
      .filter(({ statement }) => statement.Effect === 'Deny');
    const policies = template.all('AWS::IAM::Policy').map(({ properties }) => ({
      roles: properties.texts('Roles'),
      statements: properties
        .fields('PolicyDocument')
        .fieldsList('Statement')
        .map(({ record }): Statement => record),
    }));
    const roles = new Map(template.all('AWS::IAM::Role').map((role) => [role.arn, role]));
    this.#roles = new Map(
      template.all('AWS::Lambda::Function').flatMap(({ name, properties }) => {
        const role = roles.get(properties.optionalText('Role') ?? '');
        if (!role) return [];
        return [
          [
            name,
            {
              arn: role.arn,
              statements: policies
                .filter((policy) => policy.roles.includes(role.name))
                .flatMap(({ statements }) => statements),
            },
          ] as const,
        ];
      }),
    );
  }

  /** Throws AccessDeniedException, for the call as a whole, as EventBridge does. */
  check({ functionName }: Caller, bus: Resource, sources: readonly string[]): void {
    const role = functionName === undefined ? undefined : this.#roles.get(functionName);
    const principal = role?.arn ?? `arn:aws:iam::${accountId}:user/local`;
    const context = new Map<string, readonly string[]>([
      ['events:source', sources],
      ['aws:PrincipalArn', [principal]],
    ]);
    const applies = ({ Action, Resource, Condition }: Statement): boolean =>
      listOf(Action).includes('events:PutEvents') && listOf(Resource).includes(bus.arn) && holds(Condition, context);
    const refuse = (because: string): never => {
      throw new AwsError(
        'AccessDeniedException',
        `User: ${principal} is not authorized to perform: events:PutEvents on resource: ${bus.arn} ${because}`,
      );
    };
    if (this.#denying.some(({ busName, statement }) => busName === bus.name && applies(statement)))
      refuse('with an explicit deny in a resource-based policy');
    if (role && !role.statements.some((statement) => statement.Effect === 'Allow' && applies(statement)))
      refuse('because no identity-based policy allows the events:PutEvents action');
  }
}

function holds(condition: unknown, context: ReadonlyMap<string, readonly string[]>): boolean {
  return Object.entries(isRecord(condition) ? condition : {}).every(([operator, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).every(([key, expected]) =>
      matchesOne(operator, context.get(key) ?? [], listOf(expected)),
    ),
  );
}

function matchesOne(operator: string, values: readonly string[], expected: readonly string[]): boolean {
  switch (operator) {
    case 'ForAllValues:StringEquals':
      return values.every((value) => expected.includes(value));
    case 'ForAnyValue:StringEquals':
      return values.some((value) => expected.includes(value));
    case 'ArnNotEquals':
      return !values.some((value) => expected.includes(value));
    case 'Null':
      return expected.includes(String(values.length === 0));
    default:
      throw new Error(`the condition operator ${operator} is not known on a laptop`);
  }
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}
