import { isRecord } from '../fields.ts';
import { BlockList, isIP } from 'node:net';

/**
 * Whether an EventBridge event pattern (also a filter of a Lambda event source mapping) matches an event.
 *
 * Agrees with AWS's event-ruler 2: an event is a set of dotted paths with values; a pattern asks for one value of
 * each of its paths, all from the same elements of their arrays. `$or` forks the pattern.
 *
 * @throws {TypeError} the pattern is one that EventBridge refuses; the message names the place, `$.detail.a[0]`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  const { alternatives, prefixes } = compiled(pattern);
  if (!isRecord(event)) return false;
  const fields = new Map<string, Field[]>();
  collectFields(event, '', noArrays, { prefixes, fields, arrays: 0 });
  return alternatives.some((alternative) => matchesAlternative(alternative, fields));
}

type Scalar = string | number | boolean | null;
type Test = 'absent' | ((value: Scalar) => boolean);
type Alternative = ReadonlyMap<string, readonly Test[]>;

interface Compiled {
  readonly alternatives: readonly Alternative[];
  /** Every path of the pattern with all its beginnings. Other fields of an event are not visited. */
  readonly prefixes: ReadonlySet<string>;
}

/** Which element of which array a value was found in, by the number the array got while the event was walked. */
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

/** Both memberships together, or undefined where they name different elements of one array. */
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
      // A plain value of an array is as good as its neighbours: only objects and arrays bind to their element.
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

/** Of event-ruler's Constants.RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP. */
const reservedInsideOr = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

function compileValue(value: unknown, at: string): Test {
  if (typeof value === 'string') return sameText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return (found) => found === value;
  const [operator, operand] = onlyEntry(
    objectAt(value, at, 'must be a string, number, boolean, null or match expression'),
    at,
  );
  const here = `${at}.${operator}`;
  switch (operator) {
    case 'exactly':
      return ofText((expected) => (found) => found === expected)(textAt(operand, here));
    case 'prefix':
    case 'suffix':
      return affix(operator, operand, here);
    case 'equals-ignore-case':
      return ignoringCase(textAt(operand, here));
    case 'wildcard':
      return wildcard(textAt(operand, here), here);
    case 'anything-but':
      return anythingBut(operand, here);
    case 'numeric':
      return numeric(operand, here);
    case 'cidr':
      return cidr(textAt(operand, here), here);
    case 'exists':
      if (operand === false) return 'absent';
      if (operand === true) return () => true;
      return fail(here, 'must be true or false');
    default:
      return fail(here, 'is no match type');
  }
}

type ValueTest = (value: Scalar) => boolean;

function ofText(build: (expected: string) => (found: string) => boolean): (expected: string) => ValueTest {
  return (expected) => {
    const test = build(expected);
    return (found) => typeof found === 'string' && test(found);
  };
}

const startingWith = ofText((expected) => (found) => found.startsWith(expected));
const endingWith = ofText((expected) => (found) => found.endsWith(expected));
const ignoringCase = ofText((expected) => {
  const folded = fold(expected);
  return (found) => fold(found) === folded;
});
/** Two spellings of one IP address (`::1`, `0:0:0:0:0:0:0:1`) are the same to the ruler. */
const sameText = ofText((expected) => {
  if (!isAddress(expected)) return (found) => found === expected;
  const range = rangeOf(expected, expected);
  return (found) => isInRange(range, found);
});

function affix(operator: 'prefix' | 'suffix', operand: unknown, at: string): ValueTest {
  if (typeof operand === 'string') return operator === 'prefix' ? startingWith(operand) : endingWith(operand);
  const [inner, value] = onlyEntry(objectAt(operand, at, 'must be a string or {"equals-ignore-case": string}'), at);
  if (inner !== 'equals-ignore-case') fail(`${at}.${inner}`, `is not supported in ${operator}`);
  const folded = fold(textAt(value, `${at}.${inner}`));
  const test = operator === 'prefix' ? startingWith(folded) : endingWith(folded);
  return (found) => typeof found === 'string' && test(fold(found));
}

/** Character by character: full case mapping would make "ß" equal to "SS", which the ruler does not. */
function fold(text: string): string {
  return Array.from(text, (character) => {
    const lower = character.toLowerCase();
    return lower.length === character.length ? lower : character;
  }).join('');
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-considerations */
function wildcard(pattern: string, at: string): ValueTest {
  let expression = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    const next = pattern.charAt(index + 1);
    if (character === '*') {
      if (next === '*') fail(at, `consecutive wildcards at ${index}`);
      expression += '[^]*';
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') fail(at, `invalid escape at ${index}`);
      expression += `\\${next}`;
      index++;
    } else {
      expression += character.replace(/[^\p{L}\p{N}]/u, '\\$&');
    }
  }
  const whole = new RegExp(`^${expression}$`);
  return (found) => typeof found === 'string' && whole.test(found);
}

function anythingBut(operand: unknown, at: string): ValueTest {
  return noneOf(isRecord(operand) ? excludedByOperator(operand, at) : excludedValues(operand, at));
}

function excludedValues(operand: unknown, at: string): ValueTest[] {
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const texts = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value === 'number');
  if (texts.length !== values.length && numbers.length !== values.length)
    fail(at, 'takes strings or numbers, all of one kind');
  if (values.length === 0) fail(at, 'an empty array is not allowed');
  return [
    ...texts.map((text) => (found: Scalar) => found === text),
    ...numbers.map((number) => sameNumber(numberAt(number, at))),
  ];
}

function excludedByOperator(operand: Record<string, unknown>, at: string): ValueTest[] {
  const [operator, inner] = onlyEntry(operand, at);
  const here = `${at}.${operator}`;
  const values: unknown[] = Array.isArray(inner) ? inner : [inner];
  if (values.length === 0) fail(here, 'an empty array is not allowed');
  const texts = values.map((value) => textAt(value, here));
  switch (operator) {
    case 'prefix':
    case 'suffix':
      if (texts.includes('')) fail(here, 'must not be empty');
      return texts.map(operator === 'prefix' ? startingWith : endingWith);
    case 'equals-ignore-case':
      return texts.map(ignoringCase);
    case 'wildcard':
      return texts.map((text) => wildcard(text, here));
    default:
      return fail(here, 'is not supported in anything-but');
  }
}

function noneOf(tests: readonly ValueTest[]): ValueTest {
  return (found) => !tests.some((test) => test(found));
}

function sameNumber(number: number): ValueTest {
  return (found) => found === number;
}

const comparisons: Readonly<Record<string, (found: number, bound: number) => boolean>> = {
  '=': (found, bound) => found === bound,
  '<': (found, bound) => found < bound,
  '<=': (found, bound) => found <= bound,
  '>': (found, bound) => found > bound,
  '>=': (found, bound) => found >= bound,
};

function numeric(operand: unknown, at: string): ValueTest {
  if (!Array.isArray(operand)) return fail(at, 'must be an array');
  const terms: unknown[] = operand;
  const [operator, , upper] = terms;
  if (terms.length !== 2 && terms.length !== 4) return fail(at, 'takes one comparison or a range');
  if (terms.length === 4 && !((operator === '>' || operator === '>=') && (upper === '<' || upper === '<='))) {
    return fail(at, 'a range goes from > or >= to < or <=');
  }
  const tests: ((found: number) => boolean)[] = [];
  const bounds: number[] = [];
  for (let index = 0; index < terms.length; index += 2) {
    const name = terms[index];
    const compare = typeof name === 'string' && Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
    if (!compare) return fail(`${at}[${index}]`, 'is no numeric operator');
    const bound = numberAt(terms[index + 1], `${at}[${index + 1}]`);
    bounds.push(bound);
    tests.push((found) => compare(found, bound));
  }
  const [bottom, top] = bounds;
  if (bottom !== undefined && top !== undefined && bottom >= top)
    fail(at, 'the bottom of a range must be below its top');
  return (found) => typeof found === 'number' && isComparable(found) && tests.every((test) => test(found));
}

interface AddressRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly addresses: BlockList;
}

function cidr(text: string, at: string): ValueTest {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isAddress(address)) return fail(at, 'must be an IP address, a slash and a number of bits');
  const width = isIP(address) === 4 ? 32 : 128;
  const mask = /^\d{1,3}$/.test(bits) ? Number(bits) : width;
  if (mask >= width) return fail(at, `must have fewer than ${width} bits`);
  const range = rangeOf(address, lastAddress(address, width - mask));
  return (found) => typeof found === 'string' && isInRange(range, found);
}

/** The ruler takes plain forms only: no zone, no IPv4 inside IPv6. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && /^(?:[\d.]+|[\da-fA-F:]+)$/.test(text);
}

/** The ruler begins at the address as written, even where the mask would begin earlier. */
function rangeOf(first: string, last: string): AddressRange {
  const family = isIP(first) === 4 ? 'ipv4' : 'ipv6';
  const addresses = new BlockList();
  addresses.addRange(first, last, family);
  return { family, addresses };
}

function isInRange(range: AddressRange, found: string): boolean {
  return (
    isAddress(found) && (isIP(found) === 4) === (range.family === 'ipv4') && range.addresses.check(found, range.family)
  );
}

function lastAddress(address: string, freeBits: number): string {
  const free = (1n << BigInt(freeBits)) - 1n;
  if (isIP(address) === 4) {
    const last = address.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) | free;
    return [24n, 16n, 8n, 0n].map((shift) => (last >> shift) & 255n).join('.');
  }
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const last = groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) | free;
  return Array.from({ length: 8 }, (_, index) => ((last >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(':');
}

function objectAt(value: unknown, at: string, message = 'must be an object'): Record<string, unknown> {
  return isRecord(value) ? value : fail(at, message);
}

function textAt(value: unknown, at: string): string {
  return typeof value === 'string' ? value : fail(at, 'must be a string');
}

function numberAt(value: unknown, at: string): number {
  if (typeof value !== 'number' || !isComparable(value))
    return fail(at, 'must be a number between -5.0e9 and 5.0e9 with six decimals at most');
  return value;
}

/** The ruler compares within these bounds only, so an epoch in milliseconds never matches `numeric` (its ComparableNumber). */
function isComparable(value: number): boolean {
  return Math.abs(value) <= 5e9 && Number(value.toFixed(6)) === value;
}

function onlyEntry(object: Record<string, unknown>, at: string): [string, unknown] {
  const [entry, ...others] = Object.entries(object);
  if (!entry || others.length > 0) return fail(at, 'a match expression has exactly one key');
  return entry;
}

function fail(at: string, message: string): never {
  throw new TypeError(`event pattern at ${at}: ${message}`);
}
