import { expect } from '@jest/globals';
import type { StackTemplate } from './assembly.ts';
import type { Moto } from './moto.ts';

/** Resources by logical id. */
type Made = ReadonlyMap<string, { readonly type: string; readonly name: string }>;

/** A stack on moto's CloudFormation, beside the template that made it. */
export class DeployedStack {
  readonly moto: Moto;
  /** The variables of commands that speak to moto. */
  readonly env: NodeJS.ProcessEnv;
  readonly assembly: string;
  readonly template: StackTemplate;
  made: Made = new Map();

  constructor(moto: Moto, env: NodeJS.ProcessEnv, assembly: string, template: StackTemplate) {
    this.moto = moto;
    this.env = env;
    this.assembly = assembly;
    this.template = template;
  }

  /** Reads which resources were made. */
  async read(): Promise<void> {
    this.made = await this.resources();
  }

  async resources(): Promise<Made> {
    const xml = await this.moto.form('cloudformation', {
      Action: 'DescribeStackResources',
      Version: '2010-05-15',
      StackName: 'pressrun-dev',
    });
    const field = (member: string, name: string): string =>
      new RegExp(`<${name}>([^<]*)</${name}>`).exec(member)?.[1] ?? '';
    return new Map(
      xml
        .split('<member>')
        .slice(1)
        .map(
          (member) =>
            [
              field(member, 'LogicalResourceId'),
              { type: field(member, 'ResourceType'), name: field(member, 'PhysicalResourceId') },
            ] as const,
        )
        .filter(([, { type }]) => type !== ''),
    );
  }

  /** Returns the resources of one type as the template has them, with the names that they got. */
  // Of CloudFormation's own shape, so the caller says which.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  all<Properties>(type: string): { readonly id: string; readonly name: string; readonly properties: Properties }[] {
    const found = Object.entries(this.template.Resources).filter(([, resource]) => resource.Type === type);
    expect(found.length).toBeGreaterThan(0);
    return found.map(([id, { Properties }]) => ({
      id,
      name: this.made.get(id)?.name ?? `${id} was not made`,
      properties: Properties as Properties,
    }));
  }

  /** Returns the value of a reference in the template. */
  resolved(value: unknown): unknown {
    const { 'Fn::GetAtt': [id = '', attribute] = [], Ref: reference } = (
      typeof value === 'object' && value !== null ? value : {}
    ) as { 'Fn::GetAtt'?: [string, string]; Ref?: string };
    if (reference !== undefined) return this.made.get(reference)?.name ?? value;
    const { type, name = '' } = this.made.get(id) ?? {};
    if (attribute === 'StreamArn') return expect.stringContaining(`:table/${name}/stream/`);
    if (type === 'AWS::SQS::Queue') return `arn:aws:sqs:us-east-1:123456789012:${name.split('/').at(-1) ?? ''}`;
    return value;
  }
}
