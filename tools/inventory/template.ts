/** A CloudFormation template, as far as the inventory reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Returns the logical ids that a value refers to, in their order, each once. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(referencesIn))];
  if (typeof value !== 'object' || value === null) return [];
  const { Ref: id, 'Fn::GetAtt': attribute } = value as { Ref?: unknown; 'Fn::GetAtt'?: unknown };
  if (typeof id === 'string') return id.startsWith('AWS::') ? [] : [id];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  return [...new Set(Object.values(value).flatMap(referencesIn))];
}

/** Returns a value as a reader sees it: references as names, and AWS's own as `…`. */
export function textOf(value: unknown, nameOf: (id: string) => string): string {
  if (typeof value === 'string') return value;
  const [id] = referencesIn(value);
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  if (join) return join[1].map((part) => textOf(part, nameOf)).join(join[0]);
  return id === undefined ? '…' : nameOf(id);
}
