import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asyncapi from '@asyncapi/parser';
import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import * as v from 'valibot';
import { notify, type AnnouncedEvent } from '../../functions/notify/notify.ts';
import { breaksOf } from '../../tools/contracts/breaks.ts';
import { directory, fileOf, files, jsonSchemaOf } from '../../tools/contracts/documents.ts';
import { examples } from '../../tools/contracts/examples.ts';
import { accept } from '../../shared/article/accept.ts';
import { announcementSchemas } from '../../shared/events/announcement-schema.ts';
import { envelopeOf } from '../../shared/events/announcement.ts';
import { schemaVersions } from '../../shared/events/schema-version.ts';
import { contracts } from '../../shared/events/contract.ts';
import { announcementTypes } from '../../shared/events/subscription.ts';
import { busEvent, noon } from './story.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const committed = (path: string): string => readFileSync(join(root, directory, path), 'utf8');

describe('the committed contracts', () => {
  test.each([...files()])('%s is up to date (else: npm run contracts)', (path, text) => {
    expect(committed(path)).toBe(text);
  });

  test('are the only JSON files of their directory', () => {
    const found = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    );
    expect(found.map((path) => path.replaceAll('\\', '/')).sort()).toEqual([...files().keys()].sort());
  });

  test.each(contracts.map((contract) => [`${contract.direction} ${contract.event}`, contract] as const))(
    '%s is compatible with the committed version',
    (_, contract) => {
      const old = JSON.parse(committed(fileOf(contract))) as JsonSchema;
      const next = jsonSchemaOf(contract);
      expect(old.$id === next.$id ? breaksOf(contract.direction, old, next) : []).toEqual([]);
    },
  );

  /** Spectral's error and warning. */
  const faulty: readonly number[] = [0, 1];

  test('are free of errors for the official parser of AsyncAPI, with every event', async () => {
    const { document, diagnostics } = await new asyncapi.Parser().parse(committed('asyncapi.json'));
    expect(diagnostics.filter(({ severity }) => faulty.includes(severity))).toEqual([]);
    const named = (channel: string): string[] =>
      (document?.channels().get(channel)?.messages().all() ?? []).flatMap((message) => message.name() ?? []).sort();
    expect(named('bus')).toEqual(contracts.map(({ event }) => event).sort());
    expect(named('webhook')).toEqual(Object.keys(announcementSchemas).sort());
  });

  test.each([...files()])('%s names every type that a generator would make', (_, text) => {
    expect(namelessTypes(JSON.parse(text))).toEqual([]);
  });

  test('describe the webhook that notify sends', async () => {
    const posted: { readonly headers: object; readonly body: string }[] = [];
    await notify(
      {
        webhook: {
          post: (headers, body) => {
            posted.push({ headers, body });
            return Promise.resolve(204);
          },
        },
        secrets: { secretOf: () => Promise.resolve(randomBytes(24).toString('base64')) },
        clock: { now: () => noon },
        subscriber: 'search',
      },
      {
        'detail-type': 'article.live',
        time: '2026-05-01T12:00:01Z',
        detail: examples['article.live'] as AnnouncedEvent['detail'],
      },
    );
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    ajv.addSchema(JSON.parse(committed('asyncapi.json')) as object, 'asyncapi');
    const issuesOf = (name: string, value: unknown): unknown => {
      const validate = ajv.getSchema(`asyncapi#/components/schemas/${name}`);
      return validate?.(value) === true ? undefined : (validate?.errors ?? 'there is no such schema');
    };
    expect(posted.map(({ headers }) => issuesOf('WebhookHeaders', headers))).toEqual([undefined]);
    expect(posted.map(({ body }) => issuesOf('ArticleLiveWebhook', JSON.parse(body)))).toEqual([undefined]);
    expect(posted.map(({ body }) => issuesOf('ArticleFreshWebhook', JSON.parse(body)))).not.toEqual([undefined]);
  });

  test('number the version of each event separately, and announcements carry that number', () => {
    expect(contracts.map(({ event, schemaVersion }) => [event, schemaVersion])).toEqual(Object.entries(schemaVersions));
    for (const type of announcementTypes) {
      expect(announcementSchemas[type].entries.schemaVersion.literal).toBe(schemaVersions[type]);
      expect(envelopeOf(type, 'id', noon, undefined).schemaVersion).toBe(schemaVersions[type]);
    }
  });

  test('exist for every event that can be subscribed to', () => {
    expect(Object.keys(announcementSchemas).sort()).toEqual([...announcementTypes].sort());
  });
});

/** Places with an inline object, choice or list of values, for which a generator would have to make up a name. */
function namelessTypes(document: unknown, path: readonly string[] = []): string[] {
  if (typeof document !== 'object' || document === null) return [];
  const [last = '', holder = ''] = [path.at(-1), path.at(-2)].map((step) => step ?? '');
  if (['examples', 'const', 'enum', 'required'].includes(last)) return [];
  const { type, properties, anyOf, enum: values } = document as Readonly<Record<string, unknown>>;
  const isType = Array.isArray(anyOf) || Array.isArray(values) || (type === 'object' && typeof properties === 'object');
  const isNamed = path.length === 0 || holder === 'schemas' || holder === 'definitions';
  return [
    ...(isType && !isNamed ? [path.join('.')] : []),
    ...Object.entries(document).flatMap(([name, held]) => namelessTypes(held, [...path, name])),
  ];
}

describe('the examples', () => {
  test.each(contracts.map(({ event, detail }) => [event, detail] as const))(
    'of %s are valid by its schema',
    (event, detail) => {
      expect(v.safeParse(detail, examples[event]).issues).toBeUndefined();
    },
  );

  test.each(contracts.filter(({ direction }) => direction === 'in').map(({ event }) => event))(
    'of %s are accepted by store',
    (event) => {
      const accepted = accept(
        busEvent(event, examples[event] as Record<string, unknown>, {
          time: new Date(noon + 86_400_000).toISOString(),
        }),
        'd',
      );
      expect(accepted).not.toMatchObject({ kind: 'rejected' });
    },
  );

  const page = readFileSync(join(root, 'docs/events.md'), 'utf8');
  const shown = [...page.matchAll(/```json\n(.*?)```/gs)]
    .map(([, text = '']) => text)
    .filter((text) => text.includes('"detail-type"'));

  test.each(shown)('in docs/events.md are valid by their schemas: %.60s', (text) => {
    const event = JSON.parse(text) as { 'detail-type': string; detail: unknown };
    const contract = contracts.find((one) => one.event === event['detail-type']);
    expect(contract && v.safeParse(contract.detail, event.detail).issues).toBeUndefined();
    expect(contract).toBeDefined();
  });

  test('are in docs/events.md', () => {
    expect(shown.length).toBeGreaterThan(0);
  });
});

describe('a change', () => {
  const detail = (properties: NonNullable<JsonSchema['properties']>, ...required: string[]): JsonSchema => ({
    type: 'object',
    properties,
    required,
  });
  const text: JsonSchema = { type: 'string' };
  const number: JsonSchema = { type: 'number' };

  test.each<[string, JsonSchema, JsonSchema, string[], string[]]>([
    ['nothing', detail({ a: text }, 'a'), detail({ a: text }, 'a'), [], []],
    ['a new optional field', detail({ a: text }, 'a'), detail({ a: text, b: text }, 'a'), [], []],
    ['a new required field', detail({ a: text }, 'a'), detail({ a: text, b: text }, 'a', 'b'), [], ['b']],
    ['a required field is removed', detail({ a: text, b: text }, 'a', 'b'), detail({ a: text }, 'a'), ['b'], []],
    ['an optional field is removed', detail({ a: text, b: text }, 'a'), detail({ a: text }, 'a'), ['b'], []],
    ['a field becomes optional', detail({ a: text }, 'a'), detail({ a: text }), ['a'], []],
    ['a field becomes required', detail({ a: text }), detail({ a: text }, 'a'), [], ['a']],
    ['a field has another type', detail({ a: text }), detail({ a: number }), ['a'], ['a']],
    ['a type widens', detail({ a: { type: 'integer' } }), detail({ a: number }), ['a'], []],
    ['a type narrows', detail({ a: number }), detail({ a: { type: 'integer' } }), [], ['a']],
    ['a type is no longer stated', detail({ a: text }), detail({ a: {} }), ['a'], []],
    ['a value more', detail({ a: { enum: ['x'] } }), detail({ a: { enum: ['x', 'y'] } }), ['a'], []],
    ['a value less', detail({ a: { enum: ['x', 'y'] } }), detail({ a: { enum: ['x'] } }), [], ['a']],
    ['another constant', detail({ a: { const: 1 } }), detail({ a: { const: 2 } }), ['a'], ['a']],
    ['a lower limit', detail({ a: { ...number, maximum: 9 } }), detail({ a: { ...number, maximum: 5 } }), [], ['a']],
    ['a higher limit', detail({ a: { ...text, maxLength: 5 } }), detail({ a: { ...text, maxLength: 9 } }), ['a'], []],
    [
      'another pattern',
      detail({ a: { ...text, pattern: '^a' } }),
      detail({ a: { ...text, pattern: '^b' } }),
      ['a'],
      ['a'],
    ],
    [
      'a wider pattern',
      detail({ a: { ...text, pattern: '^[a-z]{1,8}$' } }),
      detail({ a: { ...text, pattern: '^[a-z][a-z0-9-]*$' } }),
      ['a'],
      [],
    ],
    [
      'an anchor in one alternative',
      detail({ a: { ...text, pattern: '^(?:a|b)$' } }),
      detail({ a: { ...text, pattern: '^a|b$' } }),
      ['a'],
      ['a'],
    ],
    [
      'a pattern that only overlaps',
      detail({ a: { ...text, pattern: '^[a-m]+$' } }),
      detail({ a: { ...text, pattern: '^[g-z]+$' } }),
      ['a'],
      ['a'],
    ],
    [
      'the same pattern in other words',
      detail({ a: { ...text, pattern: '^\\d+$' } }),
      detail({ a: { ...text, pattern: '^[0-9]{1,}$' } }),
      [],
      [],
    ],
    [
      'a pattern that is no longer anchored',
      detail({ a: { ...text, pattern: '^a$' } }),
      detail({ a: { ...text, pattern: 'a' } }),
      ['a'],
      [],
    ],
    ['a pattern is removed', detail({ a: { ...text, pattern: '^a$' } }), detail({ a: text }), ['a'], []],
    [
      'a pattern that cannot be compared',
      detail({ a: { ...text, pattern: '^(?!b)a+$' } }),
      detail({ a: { ...text, pattern: '^a+$' } }),
      ['a'],
      ['a'],
    ],
    [
      'a wider pattern of bounded length',
      detail({ a: { ...text, pattern: '^(?=.{1,4}$)a+$' } }),
      detail({ a: { ...text, pattern: '^(?=.{1,9}$)(?:a|b)+$' } }),
      ['a'],
      [],
    ],
    [
      'another kind of feed',
      detail({ a: { ...text, pattern: '^(?=.{1,9}$)(?:a|b(?:\\/[|c]+)+)$' } }),
      detail({ a: { ...text, pattern: '^(?=.{1,9}$)(?:a|b(?:\\/[|c]+)+|d)$' } }),
      ['a'],
      [],
    ],
    [
      'a wider pattern of less length',
      detail({ a: { ...text, pattern: '^(?=.{1,9}$)a+$' } }),
      detail({ a: { ...text, pattern: '^(?=.{1,4}$)(?:a|b)+$' } }),
      ['a'],
      ['a'],
    ],
    [
      'schemas in place become one reference',
      detail({ a: detail({ x: text }, 'x'), b: detail({ x: number }, 'x') }),
      {
        ...detail({ a: { $ref: '#/definitions/one' }, b: { $ref: '#/definitions/one' } }),
        definitions: { one: detail({ x: text }, 'x') },
      },
      ['b.x'],
      ['b.x'],
    ],
    [
      'within a list',
      detail({ a: { type: 'array', items: detail({ b: text }, 'b') } }),
      detail({ a: { type: 'array', items: detail({ b: number }, 'b') } }),
      ['a[].b'],
      ['a[].b'],
    ],
    ['an alternative more', detail({ a: { anyOf: [text] } }), detail({ a: { anyOf: [text, number] } }), ['a'], []],
    ['an alternative less', detail({ a: { anyOf: [text, number] } }), detail({ a: { anyOf: [text] } }), [], ['a']],
    ['one becomes several', detail({ a: text }), detail({ a: { anyOf: [text, number] } }), ['a'], []],
    [
      'other fields are refused',
      detail({ a: text }),
      { ...detail({ a: text }), additionalProperties: false },
      [],
      [''],
    ],
    [
      'within a recursive schema',
      {
        ...detail({ a: { $ref: '#/definitions/tree' } }),
        definitions: {
          tree: detail({ leaf: text, more: { type: 'array', items: { $ref: '#/definitions/tree' } } }, 'leaf'),
        },
      },
      {
        ...detail({ a: { $ref: '#/definitions/tree' } }),
        definitions: {
          tree: detail({ leaf: number, more: { type: 'array', items: { $ref: '#/definitions/tree' } } }, 'leaf'),
        },
      },
      ['a.leaf'],
      ['a.leaf'],
    ],
  ])('%s', (_, old, next, out, into) => {
    expect(breaksOf('out', old, next).map(({ path }) => path)).toEqual(out);
    expect(breaksOf('in', old, next).map(({ path }) => path)).toEqual(into);
  });
});
