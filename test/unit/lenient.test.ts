import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { leniently, type FieldPath, type Strictness } from '../../shared/article/lenient.ts';

const part = v.looseObject({
  name: v.string('must be a string'),
  width: v.optional(v.pipe(v.number('must be a number'), v.integer('must be an integer'))),
  role: v.optional(v.string('must be a string')),
});
const schema = v.looseObject({
  id: v.string('must be a string'),
  titles: v.pipe(
    v.array(part, 'must be an array'),
    v.check((titles) => titles.length > 0, 'must hold a title'),
  ),
  parts: v.optional(v.array(part, 'must be an array')),
  note: v.optional(v.string('must be a string')),
});

function strictnessOf(path: FieldPath): Strictness {
  if (path[0] === 'id' || (path[0] === 'titles' && path.length === 1)) return 'strict';
  return path.at(-1) === 'role' ? 'whole' : 'field';
}

const sound = { id: 'a', titles: [{ name: 'T' }] };
const judged = (value: unknown): ReturnType<typeof leniently<typeof schema>> => leniently(schema, value, strictnessOf);

describe('an invalid optional field', () => {
  test('is left out, and named by its path', () => {
    expect(judged({ ...sound, note: false, parts: [{ name: 'p', width: 'wide' }] })).toStrictEqual({
      value: { ...sound, parts: [{ name: 'p' }] },
      warnings: [
        { path: 'parts.0.width', message: 'must be a number' },
        { path: 'note', message: 'must be a string' },
      ],
    });
  });

  test('is left out with the object around it if that is incomplete without it, named by its place in the input', () => {
    expect(
      judged({ ...sound, parts: [7, { name: 1 }, { name: 'p', width: 1.5 }, { width: 3 }, { name: 'q' }] }),
    ).toStrictEqual({
      value: { ...sound, parts: [{ name: 'p' }, { name: 'q' }] },
      warnings: [
        { path: 'parts.0', message: expect.any(String) as unknown },
        { path: 'parts.1.name', message: 'must be a string' },
        { path: 'parts.2.width', message: 'must be an integer' },
        { path: 'parts.3.name', message: 'is missing' },
      ],
    });
  });

  test('is left out with the object around it if that would mean something else without it', () => {
    expect(judged({ ...sound, parts: [{ name: 'p', role: 5 }] })).toStrictEqual({
      value: { ...sound, parts: [] },
      warnings: [{ path: 'parts.0.role', message: 'must be a string' }],
    });
  });

  test('is named beside the rejection if a strict field is invalid because of it', () => {
    expect(judged({ ...sound, id: 5, note: 5 })).toEqual({ issues: [{ path: 'id', message: 'must be a string' }] });
    expect(judged({ ...sound, titles: [{ name: 5 }], note: 5 })).toEqual({
      issues: [
        { path: 'titles.0.name', message: 'must be a string' },
        { path: 'titles', message: 'must hold a title' },
      ],
    });
    expect(judged('text')).toMatchObject({ issues: [{ path: '' }] });
  });

  test.each<[unknown, unknown, number]>([
    ['150', 150, 0],
    ['', undefined, 0],
    [null, undefined, 0],
    ['150px', undefined, 1],
    ['1.5', undefined, 1],
    [true, undefined, 1],
  ])('is a number if it is written as %j: %j', (given, width, warned) => {
    const result = judged({ ...sound, parts: [{ name: 'p', width: given }] });
    expect(result).toMatchObject({ value: { parts: [{ name: 'p', ...(width !== undefined && { width }) }] } });
    expect('warnings' in result && result.warnings).toHaveLength(warned);
  });

  test('is left out of a copy, and the input is unchanged', () => {
    const given = Object.freeze({ ...sound, note: 5, parts: Object.freeze([Object.freeze({ name: 5 })]) });
    expect(judged(given)).toMatchObject({ value: { parts: [] } });
    expect(given.note).toBe(5);
  });
});

test('an entry without any valid field is left out, and later entries keep their places in warnings', () => {
  const loose = v.looseObject({
    list: v.array(
      v.looseObject({ a: v.optional(v.string()), b: v.optional(v.pipe(v.number(), v.integer('must be an integer'))) }),
    ),
  });
  expect(leniently(loose, { list: [{ a: 1 }, {}, { a: 2, b: '1.5' }] }, () => 'field')).toMatchObject({
    value: { list: [{}] },
    warnings: [{ path: 'list.0.a' }, { path: 'list.2.a' }, { path: 'list.2.b' }],
  });
});

test('any value is rejected for a strict field, or has every valid field and a warning for each other one', () => {
  const anything = fc.jsonValue({ maxDepth: 2 });
  const anyPart = fc.oneof(
    anything,
    fc.record(
      {
        name: fc.oneof(fc.string(), anything),
        width: fc.oneof(fc.nat(), anything),
        role: fc.oneof(fc.string(), anything),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(
      fc.record(
        { id: fc.constant('a'), titles: fc.constant([{ name: 'T' }]), parts: fc.array(anyPart), note: anything },
        { requiredKeys: ['id', 'titles'] },
      ),
      (given) => {
        const result = judged(given);
        if (!('value' in result)) throw new Error('refused for an ornament');
        expect(v.is(schema, result.value)).toBe(true);
        for (const [index, one] of (given.parts ?? []).entries()) {
          const isKept = v.is(part, one)
            ? result.value.parts?.some((kept) => JSON.stringify(kept) === JSON.stringify(one))
            : false;
          const isNamed = result.warnings.some(
            ({ path }) => path === `parts.${index}` || path.startsWith(`parts.${index}.`),
          );
          const isEmpty =
            one === null ||
            one === '' ||
            (typeof one === 'object' && JSON.stringify(one).match(/null|""|\d"/) !== null);
          expect(isKept === true || isNamed || isEmpty || result.warnings.length >= 50).toBe(true);
        }
      },
    ),
  );
});

test('the work grows linearly with the size of the value', () => {
  const jobs = (count: number): number => {
    let looked = 0;
    leniently(schema, { ...sound, parts: Array.from({ length: count }, () => ({ name: 5 })) }, (path) => {
      looked += 1;
      return strictnessOf(path);
    });
    return looked;
  };
  expect(jobs(2000)).toBeLessThan(jobs(1000) * 2.1);
});
