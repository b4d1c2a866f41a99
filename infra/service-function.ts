import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow, granted, statementsOf, valueOf } from './access.ts';
import type { Access, EnvOf, Wiring } from './access.ts';
import { bundleOf } from './bundling/bundle.ts';
import { rejectLargeEnvironment } from './quotas.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface ServiceFunctionProps<Env extends EnvOf<Env>> {
  readonly stage: Stage;
  /** The directory under `functions/`. */
  readonly name: string;
  /** The function's name in the stage, `pressrun-<stage>-<functionName>`. Default: `name`. */
  readonly functionName?: string;
  readonly description: string;
  /** Required, because visibility timeouts, the origin's timeout and the cost depend on it. */
  readonly timeout: Duration;
  /** Memory in MB; CPU grows with it (1,769 MB are one vCPU). */
  readonly memorySize: number;
  /** Reserved concurrency: both a guarantee and a limit. */
  readonly reservedConcurrency?: number;
  readonly environment: Wiring<Env>;
  /**
   * The function sends messages to its own queue. Without it, Lambda's recursive loop detection stops it after 16
   * invocations.
   */
  readonly requeuesItself?: true;
}

/** A Lambda function with its bundle, its log group, and a role that allows exactly what its environment names. */
export class ServiceFunction<Env extends EnvOf<Env>> extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Env>) {
    super(scope, id);
    const { stage, name, description, timeout, memorySize } = props;
    const functionName = nameIn(stage, props.functionName ?? name);
    // Lambda would create a log group that never expires and stays after the stack is deleted.
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The managed policy that CDK attaches by default may write to every log group of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    const wires = wiresOf(props.environment);
    for (const statement of wires.flatMap(([, wire]) => statementsOf(wire))) {
      allow(this.role, statement);
    }
    for (const [, wire] of wires) granted(wire, this.role);
    const variables = Object.fromEntries(wires.map(([variable, wire]) => [variable, valueOf(wire)]));
    rejectLargeEnvironment(functionName, variables);
    this.function = new Function(this, 'Function', {
      functionName,
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundleOf(this, name),
      handler: 'index.handler',
      timeout,
      memorySize,
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: variables,
      role: this.role,
      logGroup,
      ...(props.requeuesItself && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    Validations.of(this.function).acknowledge(
      {
        id: 'Serverless-LambdaDLQ',
        reason:
          'For asynchronous calls, of which there are none that matter: work comes from queues and streams, which keep what failed; readers, CMSes and clocks ask again.',
      },
      {
        id: 'Serverless-LambdaTracing',
        reason: "X-Ray's SDK is out of support. The publish trace of each change says what was done when.",
      },
    );
  }
}

function wiresOf<Env extends EnvOf<Env>>(environment: Wiring<Env>): [string, Access | string][] {
  const wires: [string, Access | string][] = [];
  for (const variable in environment) {
    const wire: Access | string | undefined = environment[variable];
    if (wire !== undefined) {
      wires.push([variable, wire]);
    }
  }
  return wires;
}
