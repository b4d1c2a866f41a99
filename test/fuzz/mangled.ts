import fc from 'fast-check';
import { vectors } from '../fixtures/vectors.ts';
import { payloads } from './payloads.ts';
import { tagSoup } from './tag-soup.ts';

/** Numbers that JSON has and JavaScript has not; written into the text, since no value can hold them. */
const numberMarks = {
  '\u0001huge': '1e400',
  '\u0001negative zero': '-0',
  '\u0001long': '123456789012345678901234567890.5',
  '\u0001tiny': '1e-400',
} as const;

const dates = [
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+14:00',
  '0001-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-12:00',
  '+010000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2026-05-01T13:00:00Z',
  '2026-05-01T11:59:60Z',
  '2026-06-30T23:59:60Z',
  '2026-05-01T24:00:00Z',
  '2026-02-29T12:00:00Z',
  '2026-05-01T12:00:00',
  '2026-05-01 12:00:00Z',
  '2026-05-01T12:00Z',
  '2026-05-01T12:00:00.123456789Z',
  '2026-05-01T12:00:00,5Z',
  '2026-05-01t12:00:00z',
  '2026-05-01T05:00:00-0700',
  '2026-05-01T12:00:00+99:99',
  '20260501T120000Z',
  '2026-W18-5T12:00:00Z',
  'Fri, 01 May 2026 12:00:00 GMT',
  '1777636800000',
];

const addresses = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'vbscript:x',
  'data:text/html,<script>alert(1)</script>',
  'https://user:secret@example.com/',
  'https://example.com/"onmouseover="alert(1)',
  'https://example.com/<script>',
  'https://例え.example/パス',
  'https://[::1]:99999/',
  'http:example.com',
  '//evil.example/x',
  '/\\evil.example',
  '/..//evil.example',
  '/news/../../x',
  '/news/%2e%2e/x',
  '/news/%0d%0aset-cookie:a=b',
  '/news/%zz',
  '/news/\u0000',
  '/articles/mine',
  '/new s/ü/👩‍👩‍👧‍👦',
  `/${'a'.repeat(400)}`,
  '/constructor',
  '/__proto__',
];

const texts = [
  '',
  ' ',
  '\u0000',
  '\u0001\u0008\u000b\u000c\u001f\u007f\u0085',
  '\ud800',
  'cut \ud83d',
  '\udc00\ud800',
  '\u202eRIGHT TO LEFT\u202c',
  '\u200b\u200d\ufeff',
  '\ufdd0\ufffe\uffff',
  '\u{1fffe}\u{10ffff}',
  '\u{20000}𝒳\u{e0001}\u{f0000}',
  'a\r\nset-cookie: b=c',
  'a\u2028b\u2029c',
  ']]>',
  '-->',
  '&#0;&#xD800;&nosuch;&amp;lt;script&gt;',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '${7*7}{{7*7}}',
  '../../etc/passwd',
  "'; drop table articles; --",
  'undefined null NaN [object Object]',
  'İıſK',
  'n'.repeat(3000),
];

const keys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'length',
  'toJSON',
  'valueOf',
  '',
  '0',
  'URI',
  'Uri',
  'versioncreated',
  'article',
  'value',
  'geoJSON',
  '\ud800',
  '\u0000',
];

const eventTypes = [...new Set(payloads.map(({ type }) => type))];

/** Of every plane. fast-check's own strings of this kind begin with a table of all that there is, which takes seconds. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0x2ff }),
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0, max: 0x10ffff }),
      ),
      {
        maxLength,
      },
    )
    .map((points) => String.fromCodePoint(...points));

const oddText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  { weight: 3, arbitrary: fc.constantFrom(...vectors) },
  { weight: 3, arbitrary: fc.constantFrom(...dates) },
  { weight: 3, arbitrary: fc.constantFrom(...addresses) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...eventTypes,
      'latest',
      'section/a/b',
      'section',
      'main',
      'picture',
      'author',
      'text/html',
      'text/plain',
      'application/xml',
    ),
  },
  { weight: 3, arbitrary: anyText(40) },
);

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: oddText },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1,
      2.5,
      9,
      2 ** 53,
      1e21,
      1e308,
      5e-324,
      9_999_999_999_999,
      ...Object.keys(numberMarks),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [null],
      [[]],
      [{}],
      { value: null },
      [{ value: '' }],
      [{ value: '<p>x</p>' }],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...keys), oddText).map(([key, value]) => ownProperty({}, key, value)),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 150 })
      .map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
  },
);

/** `at` chooses the field, by its number modulo how many there are. */
type Change =
  | { readonly kind: 'delete' | 'double' | 'wrap'; readonly at: number }
  | { readonly kind: 'move'; readonly at: number; readonly to: number }
  | { readonly kind: 'replace'; readonly at: number; readonly value: unknown }
  | { readonly kind: 'add'; readonly at: number; readonly key: string; readonly value: unknown }
  | { readonly kind: 'inside'; readonly at: number; readonly text: string }
  /** In every text that is shown. */
  | { readonly kind: 'throughout'; readonly text: string };

const at = fc.nat(400);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('delete' as const, 'double' as const, 'wrap' as const), at }),
  fc.record({ kind: fc.constant('move' as const), at, to: at }),
  fc.record({ kind: fc.constant('replace' as const), at, value: oddValue }),
  fc.record({ kind: fc.constant('replace' as const), at, value: oddValue }),
  fc.record({
    kind: fc.constant('add' as const),
    at,
    key: fc.oneof(fc.constantFrom(...keys), oddText),
    value: oddValue,
  }),
  fc.record({ kind: fc.constant('inside' as const), at, text: oddText }),
  fc.record({
    kind: fc.constant('throughout' as const),
    text: fc.oneof({ weight: 3, arbitrary: oddText }, { weight: 1, arbitrary: tagSoup }),
  }),
);

/** Damage to a text on its way. */
const spoil: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((text: string) => text) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      (text: string) => `\ufeff${text}`,
      (text: string) => `${text}\u0000`,
      (text: string) => `${text} ${text}`,
      (text: string) => `[${text}]`,
      (text: string) => JSON.stringify(text),
      (text: string) => text.replaceAll('"', "'"),
      (text: string) => text.replaceAll(',', ',,'),
      () => '',
      () => 'null',
    ),
  },
  { weight: 1, arbitrary: fc.nat(4000).map((end) => (text: string) => text.slice(0, end)) },
  // JSON that says a thing twice: the later one counts.
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('article', 'detail', 'uri', 'versionCreated', 'headlines', 'id', 'source', 'time'),
        oddValue,
      )
      .map(
        ([key, value]) =>
          (text: string) =>
            text.replace(`"${key}":`, () => `"${key}":${JSON.stringify(value)},"${key}":`),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(4000), oddText).map(
      ([where, odd]) =>
        (text: string) =>
          text.slice(0, where) + odd + text.slice(where),
    ),
  },
);

const payload = fc.constantFrom(...payloads);

/** An event as the queue delivers it: a real one, spoilt in up to four places, and at times its text as well. */
export const mangledEvent: fc.Arbitrary<string> = fc
  .record({
    base: payload,
    type: fc.option(fc.constantFrom(...eventTypes), { freq: 5 }),
    changes: fc.array(change, { maxLength: 4, size: 'max' }),
    ofEnvelope: fc.integer({ min: 0, max: 9 }),
    spoil,
  })
  .map(({ base, type, changes, ofEnvelope, spoil: spoilt }) => {
    const event: unknown = JSON.parse(
      JSON.stringify({
        version: '0',
        id: '8d3a7c1e-0000-4000-8000-000000000001',
        'detail-type': type ?? base.type,
        source: 'newsroom',
        account: '000000000000',
        time: '2026-05-01T12:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: base.detail,
      }),
    );
    const root = ofEnvelope === 0 ? event : (event as { detail: unknown }).detail;
    for (const made of changes) apply(root, made);
    const text = Object.entries(numberMarks).reduce(
      (json, [mark, number]) => json.replaceAll(JSON.stringify(mark), number),
      JSON.stringify(event),
    );
    return spoilt(text);
  });

/** Text of any kind where an event should be. */
export const foreignText: fc.Arbitrary<string> = fc.oneof(oddText, fc.json(), anyText(200));

interface Field {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function fieldsIn(value: unknown): Field[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...fieldsIn(holder[key])]);
}

function apply(root: unknown, made: Change): void {
  const fields = fieldsIn(root);
  if (made.kind === 'throughout') {
    for (const { holder, key } of fields) {
      const value = holder[key];
      if (typeof value === 'string' && /^(?:value|name|by|title|label)$/.test(key))
        holder[key] = `${value} ${made.text} ${value}`;
    }
    return;
  }
  const field = fields[made.at % Math.max(1, fields.length)];
  if (!field) return;
  const { holder, key } = field;
  const value = holder[key];
  switch (made.kind) {
    case 'delete':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      return;
    case 'double':
      if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(value));
      else ownProperty(holder, `${key} `, structuredClone(value));
      return;
    case 'wrap':
      ownProperty(holder, key, [value]);
      return;
    case 'move': {
      const other = fields[made.to % fields.length];
      if (other) ownProperty(holder, key, structuredClone(other.holder[other.key]));
      return;
    }
    case 'replace':
      ownProperty(holder, key, structuredClone(made.value));
      return;
    case 'add':
      ownProperty(typeof value === 'object' && value !== null ? value : holder, made.key, structuredClone(made.value));
      return;
    case 'inside':
      if (typeof value === 'string')
        ownProperty(
          holder,
          key,
          value.slice(0, made.at % (value.length + 1)) + made.text + value.slice(made.at % (value.length + 1)),
        );
      return;
  }
}

/** Sets a property as JSON.parse does: `__proto__` is an ordinary key, and a list has only numbers as keys. */
function ownProperty(holder: object, key: string, value: unknown): object {
  return Array.isArray(holder) && !/^\d{1,5}$/.test(key)
    ? holder
    : Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

export interface MangledRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly host: string;
  readonly ifNoneMatch?: string | undefined;
}

/** A hostile or broken request. `known` are paths that exist. */
export function mangledRequest(known: readonly string[]): fc.Arbitrary<MangledRequest> {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '//',
      '.',
      '..',
      '%',
      '%00',
      '%0d%0a',
      '%2f',
      '%e2%80',
      '%ZZ',
      '\\',
      '#',
      '?',
      'articles',
      'feeds',
      'fronts',
      'section',
      'latest',
      'topic',
      '.json',
      '.rss',
      '.atom',
      '.html',
      'constructor',
      '__proto__',
      'ü',
      '\u0000',
      '\r\nx: y',
      'news',
    ),
    oddText,
  );
  const path = fc.oneof(
    fc.constantFrom(...known),
    fc
      .tuple(fc.constantFrom(...known), fc.nat(60), piece)
      .map(([base, where, odd]) => base.slice(0, where) + odd + base.slice(where)),
    fc.tuple(fc.constantFrom(...known), fc.nat(60)).map(([base, end]) => base.slice(0, end)),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('')}`),
    oddText,
  );
  const query = fc.oneof(
    fc.constant(''),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('limit', 'after', 'exclude', 'x'),
          fc.oneof(
            oddText,
            fc.constantFrom(
              '0',
              '1',
              '100',
              '101',
              '-1',
              '1e2',
              '٣',
              ' 5',
              '5.0',
              'MjAyNi0wNS0wMVQxMjowMDowMC4wMDBaI2FiY2RlZmdoaWprbG1ub3A',
            ),
          ),
        ),
        { maxLength: 3 },
      )
      .map((pairs) =>
        new URLSearchParams(pairs.map(([name, value]) => [name, value.toWellFormed()] as [string, string])).toString(),
      ),
    oddText,
  );
  return fc.record({
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constant('GET') },
      { weight: 1, arbitrary: fc.constantFrom('HEAD', 'POST', 'PUT', 'OPTIONS', 'get', '') },
    ),
    path,
    query,
    host: fc.oneof(
      { weight: 3, arbitrary: fc.constant('www.example.com') },
      { weight: 1, arbitrary: oddText },
      { weight: 1, arbitrary: fc.constantFrom('localhost:8080', '[::1]', 'evil.example/path?', 'a"b<c>', '') },
    ),
    ifNoneMatch: fc.option(fc.oneof(fc.constantFrom('*', '"x"', 'W/"x", *', ',,,'), oddText), {
      nil: undefined,
      freq: 3,
    }),
  });
}
