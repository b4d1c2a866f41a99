import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matches } from '../../tools/laptop/events/event-pattern.ts';

interface Case {
  readonly rule: unknown;
  readonly yes: readonly unknown[];
  readonly no: readonly unknown[];
}

/** Each row: a pattern for the field `desk`, and values that match it or do not; `absent` leaves the field out. */
const absent = Symbol('absent');
const leaf: Readonly<Record<string, Case>> = {
  'a text': { rule: ['sport'], yes: ['sport'], no: ['Sport', 'sports', '', absent, null] },
  'a number, not its text': { rule: [12], yes: [12, 12.0], no: ['12', 12.1, absent] },
  'a text, not its number': { rule: ['12'], yes: ['12'], no: [12] },
  'a number too large to compare is still itself': {
    rule: [1_760_000_000_000],
    yes: [1_760_000_000_000],
    no: [1_760_000_000_001],
  },
  'null, which is neither absent nor empty': { rule: [null], yes: [null], no: [absent, '', 0, false] },
  'the empty text': { rule: [''], yes: [''], no: [null, absent, ' '] },
  'true, not its text': { rule: [true], yes: [true], no: [false, 'true', 1] },
  'any value of a list': {
    rule: ['sport', 'arts', 7],
    yes: ['arts', 7, ['x', 'sport'], [7]],
    no: ['news', ['x', 'y'], [], '7'],
  },
  'exactly, spelled out': { rule: [{ exactly: 'a*' }], yes: ['a*'], no: ['ab'] },
  'an IP address however it is spelled': {
    rule: ['2001:db8::1'],
    yes: ['2001:db8::1', '2001:DB8:0:0:0:0:0:1'],
    no: ['2001:db8::2', '2001:db8::1%eth0'],
  },

  prefix: {
    rule: [{ prefix: 'news/' }],
    yes: ['news/', 'news/world'],
    no: ['News/world', 'old news/', 5, null, absent],
  },
  'prefix, ignoring case': {
    rule: [{ prefix: { 'equals-ignore-case': 'NEWS/' } }],
    yes: ['news/world', 'NeWs/'],
    no: ['new', 'a news/'],
  },
  suffix: { rule: [{ suffix: '.avif' }], yes: ['a.avif', '.avif'], no: ['a.AVIF', 'a.avif ', ['a.png']] },
  'suffix, ignoring case': {
    rule: [{ suffix: { 'equals-ignore-case': '.AVIF' } }],
    yes: ['a.avif', 'a.AviF'],
    no: ['avif'],
  },
  'ignoring case': { rule: [{ 'equals-ignore-case': 'Ñandú' }], yes: ['ñANDÚ', 'Ñandú'], no: ['nandu', 'Ñandú '] },
  'case by character, never by full mapping': {
    rule: [{ 'equals-ignore-case': 'straße' }],
    yes: ['STRAßE'],
    no: ['STRASSE'],
  },

  wildcard: { rule: [{ wildcard: 'a*b*c' }], yes: ['abc', 'a-b-c', 'abbc', 'a\nb\nc'], no: ['acb', 'abcd', 'xabc', 7] },
  'a wildcard for anything': { rule: [{ wildcard: '*' }], yes: ['', 'x'], no: [1, null, absent] },
  'a wildcard without one': { rule: [{ wildcard: 'a.c' }], yes: ['a.c'], no: ['abc'] },
  'an escaped asterisk': { rule: [{ wildcard: 'a\\*b*' }], yes: ['a*b', 'a*bc'], no: ['axb', 'a\\*b'] },
  'an escaped backslash': { rule: [{ wildcard: 'c:\\\\*' }], yes: ['c:\\dos'], no: ['c:*', 'c:dos'] },
  'a wildcard beside characters of regular expressions': {
    rule: [{ wildcard: '(😀+[*])$' }],
    yes: ['(😀+[x])$'],
    no: ['(😀😀[x])$'],
  },

  'anything but a text': {
    rule: [{ 'anything-but': 'sport' }],
    yes: ['arts', 5, null, true, ''],
    no: ['sport', absent],
  },
  'anything but some texts': {
    rule: [{ 'anything-but': ['sport', 'arts'] }],
    yes: ['news', ['sport', 'news']],
    no: ['arts', ['sport', 'arts'], []],
  },
  'anything but a number': { rule: [{ 'anything-but': 3 }], yes: [4, '3', null], no: [3, absent] },
  'anything but some numbers': { rule: [{ 'anything-but': [1, 2.5] }], yes: [2, '1'], no: [1, 2.5] },
  'anything but a prefix': {
    rule: [{ 'anything-but': { prefix: 'tmp-' } }],
    yes: ['a-tmp-', 1],
    no: ['tmp-', 'tmp-1', absent],
  },
  'anything but some prefixes': {
    rule: [{ 'anything-but': { prefix: ['tmp-', 'x-'] } }],
    yes: ['y-'],
    no: ['tmp-1', 'x-2'],
  },
  'anything but a suffix': { rule: [{ 'anything-but': { suffix: '.bak' } }], yes: ['.bak.txt'], no: ['a.bak'] },
  'anything but some suffixes': {
    rule: [{ 'anything-but': { suffix: ['.bak', '~'] } }],
    yes: ['a'],
    no: ['a.bak', 'a~'],
  },
  'anything but, ignoring case': {
    rule: [{ 'anything-but': { 'equals-ignore-case': 'DRAFT' } }],
    yes: ['drafts', 0],
    no: ['draft', 'Draft'],
  },
  'anything but some, ignoring case': {
    rule: [{ 'anything-but': { 'equals-ignore-case': ['DRAFT', 'Idea'] } }],
    yes: ['done'],
    no: ['dRAFT', 'idea'],
  },
  'anything but a wildcard': {
    rule: [{ 'anything-but': { wildcard: '*/private/*' } }],
    yes: ['a/b', 9],
    no: ['a/private/b'],
  },
  'anything but some wildcards': {
    rule: [{ 'anything-but': { wildcard: ['*/private/*', 'x*'] } }],
    yes: ['a'],
    no: ['a/private/', 'xy'],
  },

  'a number above': { rule: [{ numeric: ['>', 1] }], yes: [1.000001, 5e9], no: [1, 0, '2', null, absent, 5.1e9] },
  'a number from': { rule: [{ numeric: ['>=', -1] }], yes: [-1, 0], no: [-1.5] },
  'a number below': { rule: [{ numeric: ['<', 10] }], yes: [9.999999, -5e9], no: [10, true] },
  'a number up to': { rule: [{ numeric: ['<=', 10] }], yes: [10], no: [10.5] },
  'a number equal to': { rule: [{ numeric: ['=', 3.018e2] }], yes: [301.8], no: [301, '301.8'] },
  'a range of numbers': { rule: [{ numeric: ['>', 0, '<=', 5] }], yes: [5, 0.1, [9, 3]], no: [0, 5.5, [-1, 9]] },

  'a field that exists': { rule: [{ exists: true }], yes: [1, '', null, false, ['x']], no: [absent, [], { inner: 1 }] },
  'a field that does not exist': {
    rule: [{ exists: false }],
    yes: [absent, [], { inner: 1 }],
    no: [1, null, '', ['x']],
  },

  'an IPv4 network': {
    rule: [{ cidr: '192.0.2.0/28' }],
    yes: ['192.0.2.0', '192.0.2.15'],
    no: ['192.0.2.16', '192.0.1.255', 'x', 7, absent, '192.0.2'],
  },
  'an IPv4 network from the address as written': {
    rule: [{ cidr: '192.0.2.4/28' }],
    yes: ['192.0.2.4', '192.0.2.15'],
    no: ['192.0.2.3'],
  },
  'every IPv4 address': { rule: [{ cidr: '0.0.0.0/0' }], yes: ['255.255.255.255'], no: ['::1', '256.0.0.1'] },
  'an IPv6 network': {
    rule: [{ cidr: '2001:db8:0:40::/58' }],
    yes: ['2001:db8:0:40::', '2001:0DB8:0:7f:ffff:ffff:ffff:ffff'],
    no: ['2001:db8:0:80::', '10.0.0.1'],
  },

  'mixed rules: any of them': {
    rule: ['x', 7, null, { prefix: 'y' }, { numeric: ['<', 0] }, { exists: false }],
    yes: ['x', 'yes', 7, -3, null, absent],
    no: ['z', 8, true],
  },
};

describe('one field', () => {
  const rows = Object.entries(leaf).flatMap(([name, { rule, yes, no }]) => [
    ...yes.map((value) => ({ name, rule, value, expected: true })),
    ...no.map((value) => ({ name, rule, value, expected: false })),
  ]);
  test.each(rows)('$name: $value is $expected', ({ rule, value, expected }) => {
    const detail = value === absent ? { other: 1 } : { desk: value, other: 1 };
    expect(matches({ detail: { desk: rule } }, { source: 'cms', detail })).toBe(expected);
  });
});

const either = { $or: [{ desk: ['sport'] }, { words: [{ numeric: ['>', 500] }] }] };
const nested = {
  source: ['cms'],
  $or: [{ kind: ['live'] }, { desk: ['sport'], $or: [{ rank: [1] }, { rank: [2], urgent: [true] }] }],
};
const twice = { $or: [{ a: ['1'] }, { b: ['1'] }], detail: { $or: [{ c: ['1'] }, { d: ['1'] }] } };
const head = { dynamodb: { Keys: { sk: { S: ['head'] } } } };
const caption = { pictures: { rel: ['main'], rights: { region: ['EU'], cleared: [true] } } };

describe('whole events', () => {
  test.each<[string, unknown, unknown, boolean]>([
    ['all fields must match', { a: ['1'], b: { c: ['2'] } }, { a: '1', b: { c: '2' } }, true],
    ['one field that does not match is enough', { a: ['1'], b: { c: ['2'] } }, { a: '1', b: { c: '3' } }, false],
    ['a plain value where the pattern has an object', { a: { b: ['1'] } }, { a: '1' }, false],
    ['an object where the pattern has a value', { a: ['1'] }, { a: { b: '1' } }, false],
    ['a dot in a name is a step', { 'a.b': ['1'] }, { a: { b: '1' } }, true],
    ['a step is a dot in a name', { a: { b: ['1'] } }, { 'a.b': '1' }, true],
    ['a missing parent has no children', { a: { b: { c: [{ exists: false }] } } }, { z: 1 }, true],
    ['a missing parent with another child', { a: { b: [{ exists: false }] } }, { a: { c: 1 } }, true],
    ['an existing child', { a: { b: [{ exists: false }] } }, { a: { b: null } }, false],
    ['names of the prototype are no fields', { toString: [{ exists: true }] }, {}, false],
    ['an event that is no object', { a: [{ exists: false }] }, 'text', false],

    ['either: the first', either, { desk: 'sport', words: 1 }, true],
    ['either: the second', either, { words: 501 }, true],
    ['either: none', either, { desk: 'arts', words: 500 }, false],
    ['nested: outer alternative', nested, { source: 'cms', kind: 'live' }, true],
    ['nested: inner alternative', nested, { source: 'cms', desk: 'sport', rank: 1 }, true],
    [
      'nested: inner alternative with two fields',
      nested,
      { source: 'cms', desk: 'sport', rank: 2, urgent: true },
      true,
    ],
    ['nested: half of it', nested, { source: 'cms', desk: 'sport', rank: 2 }, false],
    ['nested: without the field beside it', nested, { source: 'x', kind: 'live' }, false],
    ['two of them: both', twice, { b: '1', detail: { c: '1' } }, true],
    ['two of them: one', twice, { b: '1', detail: {} }, false],

    [
      'an array of objects: one element has both',
      { tags: { k: ['a'], v: ['1'] } },
      {
        tags: [
          { k: 'b', v: '1' },
          { k: 'a', v: '1' },
        ],
      },
      true,
    ],
    [
      'an array of objects: two elements share',
      { tags: { k: ['a'], v: ['1'] } },
      {
        tags: [
          { k: 'a', v: '2' },
          { k: 'b', v: '1' },
        ],
      },
      false,
    ],
    [
      'an array in an array: same inner element',
      { rows: { cells: { x: [1], y: [2] } } },
      { rows: [{ cells: [{ x: 1, y: 2 }] }] },
      true,
    ],
    [
      'an array in an array: other inner element',
      { rows: { cells: { x: [1], y: [2] } } },
      { rows: [{ cells: [{ x: 1 }, { y: 2 }] }] },
      false,
    ],
    [
      'unlike arrays are free of each other',
      { a: { x: [1] }, b: { y: [2] } },
      { a: [{ x: 0 }, { x: 1 }], b: [{ y: 2 }] },
      true,
    ],
    [
      'absent from the element that matched',
      { tags: { k: ['a'], v: [{ exists: false }] } },
      { tags: [{ k: 'a' }, { k: 'b', v: 1 }] },
      true,
    ],
    ['deep in one element', caption, { pictures: [{ rel: 'main', rights: { region: 'EU', cleared: true } }] }, true],
    [
      'deep, over two elements',
      caption,
      { pictures: [{ rel: 'main', rights: { region: 'US' } }, { rights: { region: 'EU', cleared: true } }] },
      false,
    ],

    [
      'a filter of a stream: heads',
      head,
      { eventName: 'MODIFY', dynamodb: { Keys: { articleId: { S: 'x' }, sk: { S: 'head' } } } },
      true,
    ],
    [
      'a filter of a stream: versions',
      head,
      { eventName: 'INSERT', dynamodb: { Keys: { articleId: { S: 'x' }, sk: { S: 'v#1' } } } },
      false,
    ],
  ])('%s', (_name, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });
});

test.each<[unknown, string]>([
  ['x', '$: must be an object'],
  [['x'], '$: must be an object'],
  [{}, '$: an empty object'],
  [{ a: {} }, '$.a: an empty object'],
  [{ a: [] }, '$.a: an empty array'],
  [{ a: 'x' }, '$.a: must be an object or an array'],
  [{ a: { b: null } }, '$.a.b: must be an object or an array'],
  [{ a: [['x']] }, '$.a[0]: must be a string'],
  [{ a: ['x', {}] }, '$.a[1]: a match expression has exactly one key'],
  [{ a: [{ prefix: 'a', suffix: 'b' }] }, '$.a[0]: a match expression has exactly one key'],
  [{ a: [{ regex: 'a' }] }, '$.a[0].regex: is no match type'],
  [{ a: [{ prefix: 5 }] }, '$.a[0].prefix: must be a string or'],
  [{ a: [{ prefix: { wildcard: 'x' } }] }, '$.a[0].prefix.wildcard: is not supported'],
  [{ a: [{ suffix: { 'equals-ignore-case': 1 } }] }, '$.a[0].suffix.equals-ignore-case: must be a string'],
  [{ a: [{ wildcard: 'a**b' }] }, '$.a[0].wildcard: consecutive wildcards at 1'],
  [{ a: [{ wildcard: 'a\\b' }] }, '$.a[0].wildcard: invalid escape at 1'],
  [{ a: [{ wildcard: 'a\\' }] }, '$.a[0].wildcard: invalid escape at 1'],
  [{ a: [{ 'anything-but': ['x', 1] }] }, '$.a[0].anything-but: takes strings or numbers'],
  [{ a: [{ 'anything-but': null }] }, '$.a[0].anything-but: takes strings or numbers'],
  [{ a: [{ 'anything-but': [] }] }, '$.a[0].anything-but: an empty array'],
  [{ a: [{ 'anything-but': { prefix: '' } }] }, '$.a[0].anything-but.prefix: must not be empty'],
  [{ a: [{ 'anything-but': { cidr: '::/1' } }] }, '$.a[0].anything-but.cidr: is not supported'],
  [{ a: [{ 'anything-but': { wildcard: ['a', '**'] } }] }, '$.a[0].anything-but.wildcard: consecutive wildcards at 0'],
  [{ a: [{ numeric: 5 }] }, '$.a[0].numeric: must be an array'],
  [{ a: [{ numeric: ['>'] }] }, '$.a[0].numeric: takes one comparison'],
  [{ a: [{ numeric: ['!=', 5] }] }, '$.a[0].numeric[0]: is no numeric operator'],
  [{ a: [{ numeric: ['>', '5'] }] }, '$.a[0].numeric[1]: must be a number between'],
  [{ a: [{ numeric: ['>', 1_760_000_000_000] }] }, '$.a[0].numeric[1]: must be a number between'],
  [{ a: [{ numeric: ['<', 5, '>', 1] }] }, '$.a[0].numeric: a range goes'],
  [{ a: [{ numeric: ['>', 5, '<', 1] }] }, '$.a[0].numeric: the bottom'],
  [{ a: [{ exists: 'yes' }] }, '$.a[0].exists: must be true or false'],
  [{ a: [{ cidr: '10.0.0.0' }] }, '$.a[0].cidr: must have fewer than 32 bits'],
  [{ a: [{ cidr: '10.0.0.0/32' }] }, '$.a[0].cidr: must have fewer than 32 bits'],
  [{ a: [{ cidr: 'host/8' }] }, '$.a[0].cidr: must be an IP address'],
  [{ $or: { a: ['x'] } }, '$.$or: must be an array'],
  [{ b: { $or: [{ a: ['x'] }] } }, '$.b.$or: needs two objects'],
  [{ $or: [{ a: ['x'] }, 'y'] }, '$.$or[1]: must be an object'],
  [{ $or: [{ a: ['x'] }, { prefix: ['y'] }] }, '$.$or[1].prefix: "prefix" cannot be a field'],
])('the error of a malformed pattern names the place: %j', (pattern, message) => {
  expect(() => matches(pattern, {})).toThrow(`event pattern at ${message}`);
});

const scalar = fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null));
const record = fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar, { minKeys: 1 });

test('a pattern made from an event matches the event with any other fields', () => {
  fc.assert(
    fc.property(record, fc.dictionary(fc.constantFrom('x', 'y'), fc.jsonValue()), (known, more) => {
      const pattern = Object.fromEntries(Object.entries(known).map(([name, value]) => [name, [value]]));
      return matches(pattern, { ...more, ...known });
    }),
  );
});

test('anything-but is the negation of each test that it takes, for every value that exists', () => {
  const tests = fc.oneof(
    fc.string({ maxLength: 3 }).map((text) => [text, text] as const),
    fc
      .constantFrom('prefix', 'suffix', 'equals-ignore-case')
      .chain((name) =>
        fc.string({ minLength: 1, maxLength: 2 }).map((text) => [{ [name]: text }, { [name]: text }] as const),
      ),
  );
  fc.assert(
    fc.property(
      tests,
      scalar,
      ([plain, excluded], value) =>
        matches({ a: [plain] }, { a: value }) !== matches({ a: [{ 'anything-but': excluded }] }, { a: value }),
    ),
  );
});

test('$or is the disjunction of its branches, and a list of rules the disjunction of its rules', () => {
  const pattern = record.map((fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]])),
  );
  fc.assert(
    fc.property(
      pattern,
      pattern,
      record,
      (left, right, event) =>
        matches({ $or: [left, right] }, event) === (matches(left, event) || matches(right, event)),
    ),
  );
  fc.assert(
    fc.property(
      scalar,
      scalar,
      record,
      (left, right, event) =>
        matches({ a: [left, right] }, event) === (matches({ a: [left] }, event) || matches({ a: [right] }, event)),
    ),
  );
});

test('a wildcard pattern made by hiding parts of a text matches the text', () => {
  const part = fc.string({ maxLength: 4 });
  const escaped = (text: string): string => text.replace(/[*\\]/g, '\\$&');
  fc.assert(
    fc.property(part, part, part, (start, hidden, end) =>
      matches({ a: [{ wildcard: `${escaped(start)}*${escaped(end)}` }] }, { a: start + hidden + end }),
    ),
  );
});
