import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asyncapi from '@asyncapi/parser';
import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { breaksOf } from '../../infra/contracts/breaks.ts';
import { directory, fileOf, files, jsonSchemaOf } from '../../infra/contracts/documents.ts';
import { examples } from '../../infra/contracts/examples.ts';
import { accept } from '../../shared/accept.ts';
import { announcementSchemas } from '../../shared/announcement-schema.ts';
import { contracts } from '../../shared/contract.ts';
import { announcementTypes } from '../../shared/subscription.ts';
import { busEvent, noon } from './story.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const committed = (path: string): string => readFileSync(join(root, directory, path), 'utf8');

describe('the committed contracts', () => {
  test.each([...files()])('%s is as the code has it (else: npm run contracts)', (path, text) => {
    expect(committed(path)).toBe(text);
  });

  test('are no more than that', () => {
    const found = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
    expect(found.map((path) => path.replaceAll('\\', '/')).sort()).toEqual([...files().keys()].sort());
  });

  test.each(contracts.map((contract) => [`${contract.direction} ${contract.event}`, contract] as const))(
    '%s breaks nobody who relies on it',
    (_, contract) => {
      const old = JSON.parse(committed(fileOf(contract))) as JsonSchema;
      const next = jsonSchemaOf(contract);
      expect(old.$id === next.$id ? breaksOf(contract.direction, old, next) : []).toEqual([]);
    },
  );

  /** Spectral's error and warning. */
  const faulty: readonly number[] = [0, 1];

  test('the official parser of AsyncAPI finds nothing wrong, and every event in it', async () => {
    const { document, diagnostics } = await new asyncapi.Parser().parse(committed('asyncapi.json'));
    expect(diagnostics.filter(({ severity }) => faulty.includes(severity))).toEqual([]);
    expect(document?.allMessages().all().map((message) => message.id()).sort()).toEqual(contracts.map(({ event }) => event).sort());
  });

  test('are of every event that can be subscribed to', () => {
    expect(Object.keys(announcementSchemas).sort()).toEqual([...announcementTypes].sort());
  });
});

describe('examples', () => {
  test.each(contracts.map(({ event, detail }) => [event, detail] as const))('%s is what its schema says', (event, detail) => {
    expect(v.safeParse(detail, examples[event]).issues).toBeUndefined();
  });

  test.each(contracts.filter(({ direction }) => direction === 'in').map(({ event }) => event))('%s is taken at the door', (event) => {
    const accepted = accept(busEvent(event, examples[event] as Record<string, unknown>, { time: new Date(noon + 86_400_000).toISOString() }), 'd');
    expect(accepted).not.toMatchObject({ kind: 'refused' });
  });

  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text).filter((text) => text.includes('"detail-type"'));

  test.each(shown)('in the README are what their schemas say: %.60s', (text) => {
    const event = JSON.parse(text) as { 'detail-type': string; detail: unknown };
    const contract = contracts.find((one) => one.event === event['detail-type']);
    expect(contract && v.safeParse(contract.detail, event.detail).issues).toBeUndefined();
    expect(contract).toBeDefined();
  });

  test('there are some in the README', () => {
    expect(shown.length).toBeGreaterThan(0);
  });
});

describe('a change', () => {
  const detail = (properties: NonNullable<JsonSchema['properties']>, ...required: string[]): JsonSchema => ({ type: 'object', properties, required });
  const text: JsonSchema = { type: 'string' };
  const number: JsonSchema = { type: 'number' };

  test.each<[string, JsonSchema, JsonSchema, string[], string[]]>([
    ['nothing', detail({ a: text }, 'a'), detail({ a: text }, 'a'), [], []],
    ['a new optional field', detail({ a: text }, 'a'), detail({ a: text, b: text }, 'a'), [], []],
    ['a new required field', detail({ a: text }, 'a'), detail({ a: text, b: text }, 'a', 'b'), [], ['b']],
    ['a required field goes', detail({ a: text, b: text }, 'a', 'b'), detail({ a: text }, 'a'), ['b'], []],
    ['an optional field goes', detail({ a: text, b: text }, 'a'), detail({ a: text }, 'a'), ['b'], []],
    ['a field becomes optional', detail({ a: text }, 'a'), detail({ a: text }), ['a'], []],
    ['a field becomes required', detail({ a: text }), detail({ a: text }, 'a'), [], ['a']],
    ['a field has another type', detail({ a: text }), detail({ a: number }), ['a'], ['a']],
    ['a type widens', detail({ a: { type: 'integer' } }), detail({ a: number }), ['a'], []],
    ['a type narrows', detail({ a: number }), detail({ a: { type: 'integer' } }), [], ['a']],
    ['a type is no longer told', detail({ a: text }), detail({ a: {} }), ['a'], []],
    ['a value more', detail({ a: { enum: ['x'] } }), detail({ a: { enum: ['x', 'y'] } }), ['a'], []],
    ['a value less', detail({ a: { enum: ['x', 'y'] } }), detail({ a: { enum: ['x'] } }), [], ['a']],
    ['another constant', detail({ a: { const: 1 } }), detail({ a: { const: 2 } }), ['a'], ['a']],
    ['a lower limit', detail({ a: { ...number, maximum: 9 } }), detail({ a: { ...number, maximum: 5 } }), [], ['a']],
    ['a higher limit', detail({ a: { ...text, maxLength: 5 } }), detail({ a: { ...text, maxLength: 9 } }), ['a'], []],
    ['another pattern', detail({ a: { ...text, pattern: '^a' } }), detail({ a: { ...text, pattern: '^b' } }), ['a'], ['a']],
    ['within a list', detail({ a: { type: 'array', items: detail({ b: text }, 'b') } }), detail({ a: { type: 'array', items: detail({ b: number }, 'b') } }), ['a[].b'], ['a[].b']],
    ['an alternative more', detail({ a: { anyOf: [text] } }), detail({ a: { anyOf: [text, number] } }), ['a'], []],
    ['an alternative less', detail({ a: { anyOf: [text, number] } }), detail({ a: { anyOf: [text] } }), [], ['a']],
    ['one becomes several', detail({ a: text }), detail({ a: { anyOf: [text, number] } }), ['a'], []],
    ['other fields are refused', detail({ a: text }), { ...detail({ a: text }), additionalProperties: false }, [], ['']],
    [
      'within what refers to itself',
      { ...detail({ a: { $ref: '#/definitions/tree' } }), definitions: { tree: detail({ leaf: text, more: { type: 'array', items: { $ref: '#/definitions/tree' } } }, 'leaf') } },
      { ...detail({ a: { $ref: '#/definitions/tree' } }), definitions: { tree: detail({ leaf: number, more: { type: 'array', items: { $ref: '#/definitions/tree' } } }, 'leaf') } },
      ['a.leaf'],
      ['a.leaf'],
    ],
  ])('%s', (_, old, next, out, into) => {
    expect(breaksOf('out', old, next).map(({ path }) => path)).toEqual(out);
    expect(breaksOf('in', old, next).map(({ path }) => path)).toEqual(into);
  });
});
