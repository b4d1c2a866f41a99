import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatementProps, Role } from 'aws-cdk-lib/aws-iam';

export interface Statement extends Pick<PolicyStatementProps, 'conditions'> {
  readonly actions: string[];
  readonly resources: string[];
  /**
   * The reason why the resources end in a wildcard: their names are not known at deployment. It acknowledges cdk-nag's
   * finding.
   */
  readonly wildcardReason?: string;
}

/**
 * A resource that a function uses: the value of its environment variable, and the IAM statements for it. Both are
 * granted together, so a function never has a name without permission, nor a permission without use.
 */
export interface Access {
  readonly value: string;
  readonly statements: readonly Statement[];
  /** Called with the role of each function that gets access, for a resource whose own policy names its users. */
  readonly onGrant?: (role: Role) => void;
}

export function access(value: string, statement: Statement): Access {
  return { value, statements: [statement] };
}

export function allow(role: Role, { wildcardReason, ...props }: Statement): void {
  role.addToPolicy(new PolicyStatement(props));
  if (wildcardReason !== undefined) {
    for (const resource of props.resources) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${nagNameOf(Stack.of(role).resolve(resource))}]`,
        reason: wildcardReason,
      });
    }
  }
}

/** Returns a resource as cdk-nag writes it in a finding: `<PayloadsBucket.Arn>/*`. */
function nagNameOf(resource: unknown): string {
  if (typeof resource === 'string') {
    return resource;
  }
  const {
    Ref: id,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = resource as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  return join === undefined ? `<${id ?? attribute?.join('.') ?? ''}>` : join[1].map(nagNameOf).join(join[0]);
}

/** An interface whose properties are all strings. An index signature would not accept interfaces. */
export type EnvOf<Env> = { readonly [Variable in keyof Env]?: string };

/**
 * A function's environment, variable by variable. `Env` is the interface that the function itself reads
 * (`functions/<name>/env.ts`): a missing, misspelt or superfluous variable does not compile.
 */
export type Wiring<Env extends EnvOf<Env>> = { readonly [Variable in keyof Env]: Access | Env[Variable] };

export function valueOf(wire: Access | string): string {
  return typeof wire === 'string' ? wire : wire.value;
}

export function granted(wire: Access | string, role: Role): void {
  if (typeof wire !== 'string') wire.onGrant?.(role);
}

export function statementsOf(wire: Access | string): readonly Statement[] {
  return typeof wire === 'string' ? [] : wire.statements;
}
