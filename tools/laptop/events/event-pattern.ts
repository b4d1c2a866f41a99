import { isRecord } from '../fields.ts';
import { compileValue, type Scalar, type Test } from './match-expression.ts';
import { fail, objectAt } from './pattern-syntax.ts';

/**
 * Returns whether an EventBridge event pattern (also a filter of a Lambda event source mapping) matches an event.
 *
 * It matches as AWS's event-ruler 2 does: an event is a set of dotted paths with values. A pattern needs one value at each
 * of its paths, all from the same elements of their arrays. `$or` makes alternatives of the pattern.
 *
 * @throws {TypeError} if EventBridge rejects the pattern; the message has the place, `$.detail.a[0]`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  const { alternatives, prefixes } = compiled(pattern);
  if (!isRecord(event)) return false;
  const fields = new Map<string, Field[]>();
  collectFields(event, '', noArrays, { prefixes, fields, arrays: 0 });
  return alternatives.some((alternative) => matchesAlternative(alternative, fields));
}

type Alternative = ReadonlyMap<string, readonly Test[]>;

interface Compiled {
  readonly alternatives: readonly Alternative[];
  /** Every path of the pattern, and every beginning of one. Other fields of an event are not visited. */
  readonly prefixes: ReadonlySet<string>;
}

/** The index of the element that has a value, by the number of the array in the order in which arrays were visited. */
type Membership = ReadonlyMap<number, number>;
const noArrays: Membership = new Map();

interface Field {
  readonly value: Scalar;
  readonly membership: Membership;
}

const cache = new WeakMap<object, Compiled>();

function compiled(pattern: unknown): Compiled {
  const known = isRecord(pattern) ? cache.get(pattern) : undefined;
  if (known) return known;
  const root = objectAt(pattern, '$');
  const alternatives = compileObject(root, '', '$', [new Map()], false).map(
    // The ruler visits fields in alphabetical order, which decides how `exists: false` treats arrays.
    (alternative) => new Map([...alternative].sort(([left], [right]) => (left < right ? -1 : 1))),
  );
  const prefixes = new Set<string>();
  for (const path of alternatives.flatMap((alternative) => [...alternative.keys()])) {
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) prefixes.add(path.slice(0, dot));
    prefixes.add(path);
  }
  const result = { alternatives, prefixes };
  cache.set(root, result);
  return result;
}

function matchesAlternative(alternative: Alternative, fields: ReadonlyMap<string, readonly Field[]>): boolean {
  let reached = new Set([noArrays]);
  for (const [path, tests] of alternative) {
    const found = fields.get(path) ?? [];
    const next = new Set<Membership>();
    for (const soFar of reached) {
      let present = false;
      for (const field of found) {
        const joined = join(soFar, field.membership);
        if (!joined) continue;
        present = true;
        if (tests.some((test) => test !== 'absent' && test(field.value))) next.add(joined);
      }
      if (!present && tests.includes('absent')) next.add(soFar);
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return true;
}

/** Returns both memberships together; undefined if they name different elements of one array. */
function join(soFar: Membership, other: Membership): Membership | undefined {
  let joined: Map<number, number> | undefined;
  for (const [array, index] of other) {
    const before = soFar.get(array);
    if (before === undefined) (joined ??= new Map(soFar)).set(array, index);
    else if (before !== index) return undefined;
  }
  return joined ?? soFar;
}

interface Walk {
  readonly prefixes: ReadonlySet<string>;
  readonly fields: Map<string, Field[]>;
  arrays: number;
}

function collectFields(node: unknown, path: string, membership: Membership, walk: Walk): void {
  if (Array.isArray(node)) {
    const array = walk.arrays++;
    node.forEach((element: unknown, index) => {
      // A scalar in an array has no membership: only objects and arrays are bound to their element.
      const inside = isRecord(element) || Array.isArray(element) ? new Map(membership).set(array, index) : membership;
      collectFields(element, path, inside, walk);
    });
  } else if (isRecord(node)) {
    for (const [name, value] of Object.entries(node)) {
      const inner = path === '' ? name : `${path}.${name}`;
      if (walk.prefixes.has(inner)) collectFields(value, inner, membership, walk);
    }
  } else if (node !== undefined) {
    const fields = walk.fields.get(path);
    const field = { value: node as Scalar, membership };
    if (fields) fields.push(field);
    else walk.fields.set(path, [field]);
  }
}

function compileObject(
  object: Record<string, unknown>,
  path: string,
  at: string,
  alternatives: Alternative[],
  insideOr: boolean,
): Alternative[] {
  const entries = Object.entries(object);
  if (entries.length === 0) fail(at, 'an empty object is not allowed');
  let current = alternatives;
  for (const [name, value] of entries) {
    const here = `${at}.${name}`;
    if (name === '$or') {
      current = compileOr(value, path, here, current);
      continue;
    }
    if (insideOr && reservedInsideOr.has(name)) fail(here, `"${name}" cannot be a field inside "$or"`);
    const inner = path === '' ? name : `${path}.${name}`;
    if (Array.isArray(value)) {
      if (value.length === 0) fail(here, 'an empty array is not allowed');
      const tests = value.map((each: unknown, index) => compileValue(each, `${here}[${index}]`));
      current = current.map((alternative) => new Map(alternative).set(inner, tests));
    } else if (isRecord(value)) {
      current = compileObject(value, inner, here, current, insideOr);
    } else {
      fail(here, 'must be an object or an array');
    }
  }
  return current;
}

function compileOr(value: unknown, path: string, at: string, alternatives: Alternative[]): Alternative[] {
  if (!Array.isArray(value)) fail(at, 'must be an array');
  if (value.length < 2) fail(at, 'needs two objects at least');
  return value.flatMap((each: unknown, index) => {
    const here = `${at}[${index}]`;
    return compileObject(objectAt(each, here), path, here, alternatives, true);
  });
}

/** From event-ruler's Constants.RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP. */
const reservedInsideOr = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);
