import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';

/**
 * A resource as a function gets to know it: the value of its environment variable, and what the function may do there.
 * One cannot be had without the other, so a function never holds a name that it may not use, nor a right without a use.
 */
export interface Access {
  readonly value: string;
  readonly statements: readonly PolicyStatementProps[];
}

export function access(value: string, statement: { readonly actions: string[]; readonly resources: string[] } & Pick<PolicyStatementProps, 'conditions'>): Access {
  return { value, statements: [statement] };
}

/** Any interface with nothing but texts; an index signature instead would refuse interfaces. */
export type EnvOf<Env> = { readonly [Variable in keyof Env]?: string };

/**
 * A function's environment, variable by variable. `Env` is the interface that the function itself reads
 * (`functions/<name>/env.ts`): a missing, misspelt or superfluous variable does not compile.
 */
export type Wiring<Env extends EnvOf<Env>> = { readonly [Variable in keyof Env]: Access | Env[Variable] };

export function valueOf(wire: Access | string): string {
  return typeof wire === 'string' ? wire : wire.value;
}

export function statementsOf(wire: Access | string): PolicyStatement[] {
  return typeof wire === 'string' ? [] : wire.statements.map((props) => new PolicyStatement(props));
}
