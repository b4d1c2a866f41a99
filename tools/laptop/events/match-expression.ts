import { BlockList, isIP } from 'node:net';
import { isRecord } from '../fields.ts';
import { fail, objectAt, onlyEntry, textAt } from './pattern-syntax.ts';

export type Scalar = string | number | boolean | null;

/** A test of one value; or `absent`: the field must have no value. */
export type Test = 'absent' | ((value: Scalar) => boolean);

/** Returns the test for a value of a pattern: a literal or a match expression. `at` is its place, for errors. */
export function compileValue(value: unknown, at: string): Test {
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
/** Matches a text. The ruler treats two spellings of one IP address (`::1`, `0:0:0:0:0:0:0:1`) as the same. */
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

/** Folds each character by itself, as the ruler does: full case mapping would make "ß" equal to "SS". */
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

/** Returns whether the ruler accepts an address: one without a zone, and without IPv4 inside IPv6. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && /^(?:[\d.]+|[\da-fA-F:]+)$/.test(text);
}

/** The ruler's range begins at the address itself, even if the mask would begin earlier. */
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

function numberAt(value: unknown, at: string): number {
  if (typeof value !== 'number' || !isComparable(value))
    return fail(at, 'must be a number between -5.0e9 and 5.0e9 with six decimals at most');
  return value;
}

/** The ruler compares only within these bounds (its ComparableNumber), so epoch milliseconds never match `numeric`. */
function isComparable(value: number): boolean {
  return Math.abs(value) <= 5e9 && Number(value.toFixed(6)) === value;
}
