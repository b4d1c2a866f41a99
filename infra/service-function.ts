import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow, granted, statementsOf, valueOf } from './access.ts';
import type { Access, EnvOf, Wiring } from './access.ts';
import { bundleOf } from './bundling/bundle.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface ServiceFunctionProps<Env extends EnvOf<Env>> {
  readonly stage: Stage;
  /** The verb, as in `functions/<name>/handler.ts`. */
  readonly name: string;
  /** Of several functions of one verb, whose this one is: `pressrun-<stage>-<name>-<of>`. */
  readonly of?: string;
  readonly description: string;
  /** Without a default: visibility timeouts, the origin's timeout and the bill all hang on it. */
  readonly timeout: Duration;
  /** Megabytes; CPU grows with them (1,769 MB are one core). */
  readonly memorySize: number;
  /** How many run at once: that many are kept for it, and no more are taken from the others. */
  readonly reservedConcurrency?: number;
  readonly environment: Wiring<Env>;
  /** Whether it sends messages to the queue that invokes it. Lambda would take that for a loop and stop it after 16 rounds. */
  readonly requeuesItself?: true;
}

/** A function of the house: its bundle, its log, and a role that may do what its environment names and no more. */
export class ServiceFunction<Env extends EnvOf<Env>> extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Env>) {
    super(scope, id);
    const { stage, name, description, timeout, memorySize } = props;
    const functionName = nameIn(stage, props.of === undefined ? name : `${name}-${props.of}`);
    // Made here, not by Lambda at the first line written: that log would have no end and would outlive the stack.
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the managed policy that CDK would attach may write to every log of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    const wires = wiresOf(props.environment);
    for (const statement of wires.flatMap(([, wire]) => statementsOf(wire))) {
      allow(this.role, statement);
    }
    for (const [, wire] of wires) granted(wire, this.role);
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
      environment: Object.fromEntries(wires.map(([variable, wire]) => [variable, valueOf(wire)])),
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
        reason: "X-Ray's SDK is out of support; traces are OpenTelemetry's, and off until somebody reads them.",
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
