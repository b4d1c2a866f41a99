import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string | readonly string[];
}

export interface StackTemplate {
  readonly Resources: Record<string, TemplateResource>;
}

export function templateIn(assembly: string): StackTemplate {
  return JSON.parse(readFileSync(join(assembly, 'pressrun-dev.template.json'), 'utf8')) as StackTemplate;
}

/** The source of Pressrun in another place, as another machine would have it. */
export function sourceIn(directory: string): string {
  for (const entry of ['cdk.json', 'functions', 'infra', 'package.json', 'shared', 'tools', 'tsconfig.json'])
    cpSync(entry, join(directory, entry), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

/**
 * The assembly with a template that moto can read. Everything else is as `cdk synth` made it.
 *
 * - References to a resource type that moto does not have become made-up ARNs.
 * - A function URL names its function directly.
 * - A bus is named by its attribute, since moto's rules cannot take a reference.
 * - An archive's pattern is text, since moto's archives cannot take JSON.
 */
export function readableByMoto(assembly: string, directory: string, unsupported: ReadonlySet<string>): string {
  cpSync(assembly, directory, { recursive: true });
  const { Resources, ...rest } = templateIn(assembly);
  const typeOf = (id: string): string => Resources[id]?.Type ?? '';
  const readable = (value: unknown): unknown => {
    if (Array.isArray(value)) return (value as unknown[]).map(readable);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref: id, 'Fn::GetAtt': [of = '', attribute = ''] = [] } = value as {
      Ref?: string;
      'Fn::GetAtt'?: [string, string];
    };
    if (id !== undefined && unsupported.has(typeOf(id))) return madeUp(id);
    if (id !== undefined && typeOf(id) === 'AWS::Events::EventBus') return { 'Fn::GetAtt': [id, 'Name'] };
    if (typeOf(of) === 'AWS::Lambda::Url' && attribute === 'FunctionArn')
      return readable(Resources[of]?.Properties['TargetFunctionArn']);
    if (unsupported.has(typeOf(of))) return madeUp(of, attribute);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, readable(each)]));
  };
  const changed = Object.entries(Resources).map(([id, { DependsOn = [], ...resource }]) => {
    const { EventPattern, ...properties } = resource.Properties;
    return [
      id,
      {
        ...resource,
        DependsOn: [DependsOn].flat().filter((other) => !unsupported.has(typeOf(other))),
        Properties: {
          ...properties,
          ...(EventPattern !== undefined && {
            EventPattern: resource.Type === 'AWS::Events::Archive' ? JSON.stringify(EventPattern) : EventPattern,
          }),
        },
      },
    ] as const;
  });
  writeFileSync(
    join(directory, 'pressrun-dev.template.json'),
    JSON.stringify(readable({ ...rest, Resources: Object.fromEntries(changed) })),
  );
  return directory;
}

/** An address leads nowhere, and says whose it would be. */
function madeUp(id: string, attribute?: string): string {
  const domain = `${id.toLowerCase()}.invalid`;
  if (attribute === 'DomainName') return domain;
  if (attribute === 'FunctionUrl') return `https://${domain}/`;
  return `arn:aws:unknown:us-east-1:123456789012:${attribute === undefined ? id : `${id}/${attribute}`}`;
}
