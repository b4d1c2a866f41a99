import { isRecord } from '../fields.ts';

/** Everything that intrinsic functions of a template may refer to. */
export interface Names {
  readonly ref: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  readonly condition: (name: string) => boolean;
  readonly mapping: (map: string, top: string, second: string) => unknown;
}

/** An intrinsic that cannot be resolved, with its place in the template. */
export class UnresolvedIntrinsic extends Error {
  override readonly name = 'UnresolvedIntrinsic';
}

/** `{ "Ref": "AWS::NoValue" }` removes the property or list item that has it. */
const noValue = Symbol('AWS::NoValue');

/** Returns the value with all intrinsic functions resolved. `where` is for error messages: `LogicalId.Property`. */
export function resolve(value: unknown, names: Names, where: string): unknown {
  const resolved = replaced(value, names, where);
  return resolved === noValue ? undefined : resolved;
}

export function resolveCondition(value: unknown, names: Names, where: string): boolean {
  const resolved = resolve(value, names, where);
  if (typeof resolved === 'boolean') return resolved;
  throw new UnresolvedIntrinsic(`${where} is no condition`);
}

function replaced(value: unknown, names: Names, where: string): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item: unknown, index) => replaced(item, names, `${where}.${index}`))
      .filter((item) => item !== noValue);
  }
  if (!isRecord(value)) return value;
  const [key, ...others] = Object.keys(value);
  // Only these shapes are functions: an event pattern may well hold objects of one key.
  if (key !== undefined && others.length === 0 && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))) {
    const intrinsic = called(key, value[key], names, where);
    if (intrinsic !== undefined) return intrinsic.value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const result = replaced(item, names, `${where}.${name}`);
      return result === noValue ? [] : [[name, result]];
    }),
  );
}

function called(name: string, argument: unknown, names: Names, where: string): { value: unknown } | undefined {
  const fail = (reason: string): never => {
    throw new UnresolvedIntrinsic(`${where}: ${name} ${reason}`);
  };
  const evaluated = (): unknown => replaced(argument, names, where);
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : fail('needs a list'));
  const text = (value: unknown): string => {
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : fail('needs a string');
  };
  const truth = (value: unknown): boolean => (typeof value === 'boolean' ? value : fail('needs a condition'));
  const reference = <T>(notify: () => T): T => {
    try {
      return notify();
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error));
    }
  };
  switch (name) {
    case 'Ref':
      return { value: argument === 'AWS::NoValue' ? noValue : reference(() => names.ref(text(argument))) };
    case 'Condition':
      // `Condition` is also an ordinary key: only a name of a condition makes it a reference.
      return typeof argument === 'string' ? { value: reference(() => names.condition(argument)) } : undefined;
    case 'Fn::GetAtt': {
      const [logicalId, ...attribute] =
        typeof argument === 'string' ? argument.split('.') : list(evaluated()).map(text);
      return { value: reference(() => names.attribute(logicalId ?? '', attribute.join('.'))) };
    }
    case 'Fn::Join': {
      const [separator, items] = list(evaluated());
      return { value: list(items).map(text).join(text(separator)) };
    }
    case 'Fn::Split': {
      const [separator, whole] = list(evaluated());
      return { value: text(whole).split(text(separator)) };
    }
    case 'Fn::Select': {
      const [index, items] = list(evaluated());
      const item = list(items)[Number(text(index))];
      return { value: item ?? fail(`finds nothing at ${text(index)}`) };
    }
    case 'Fn::Sub': {
      const [pattern, variables] = typeof argument === 'string' ? [argument, {}] : list(argument);
      const own = replaced(variables ?? {}, names, where);
      return {
        value: text(pattern).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, inner: string) => {
          if (literal) return `\${${inner}}`;
          if (isRecord(own) && inner in own) return text(own[inner]);
          const [logicalId = '', ...attribute] = inner.split('.');
          return text(
            reference(() =>
              attribute.length > 0 ? names.attribute(logicalId, attribute.join('.')) : names.ref(inner),
            ),
          );
        }),
      };
    }
    case 'Fn::FindInMap': {
      const [map, top, second] = list(evaluated());
      return { value: reference(() => names.mapping(text(map), text(top), text(second))) };
    }
    case 'Fn::Base64':
      return { value: Buffer.from(text(evaluated())).toString('base64') };
    case 'Fn::If': {
      const [condition, yes, no] = list(argument);
      return { value: replaced(reference(() => names.condition(text(condition))) ? yes : no, names, where) };
    }
    case 'Fn::Equals': {
      const [left, right] = list(evaluated());
      return { value: left === right };
    }
    case 'Fn::Not':
      return { value: !truth(list(evaluated())[0]) };
    case 'Fn::And':
      return { value: list(evaluated()).every(truth) };
    case 'Fn::Or':
      return { value: list(evaluated()).some(truth) };
    default:
      return fail('is not known on a laptop');
  }
}
