import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../shared/accept.ts';
import { articleStrictness } from '../../shared/article-schema.ts';
import { busEvent, story } from '../unit/story.ts';
import { oddValue } from './mangled.ts';

/** Every field of the fixture that is judged by a schema, as a path. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => [[name], ...pathsIn(held).map((inner) => [name, ...inner])]);
}

const whole = (): Record<string, unknown> => ({ ...story(), urgency: 4, slugline: 'bridge', located: 'Port', people: [{ rel: 'author', name: 'Ada Marlow' }], firstCreated: '2026-05-01T11:00:00Z' });

function mangled([first = '', ...rest]: readonly string[], value: unknown, holder: unknown): unknown {
  const copy: unknown = Array.isArray(holder) ? [...(holder as unknown[])] : { ...(holder as object) };
  Reflect.set(copy as object, first, rest.length === 0 ? value : mangled(rest, value, Reflect.get(copy as object, first)));
  return copy;
}

const ornaments = pathsIn(whole()).filter((path) => articleStrictness(path) !== 'strict' && path[0] !== 'headlines');
const strict = pathsIn(whole()).filter((path) => articleStrictness(path) === 'strict');

/** Nothing: no text, no number, no entry. */
function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.values(value).every(isEmpty));
}

test('whatever ornament of an article is mangled, the article is accepted', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ornaments), oddValue, (path, value) => {
      const judged = accept(busEvent('article.published', { article: mangled(path, value, whole()) }), 'd');
      // What is nested too deep to be read, or too long to be stored, is no matter of a field.
      if (judged.kind === 'refused' && judged.errors.some(({ path: at }) => at === '' || /embargo|expires|pubStatus/i.test(at))) return;
      expect(judged.kind).toBe('version');
    }),
    { numRuns: 3000 },
  );
});

test('a field of another kind is named by a warning', () => {
  const texts = ornaments.filter((path) => typeof path.reduce<unknown>((inner, step) => Reflect.get(inner as object, step) as unknown, whole()) === 'string');
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.constantFrom<unknown>(false, 7, { value: 'x' }, ['x']), (path, value) => {
      const judged = accept(busEvent('article.published', { article: mangled(path, value, whole()) }), 'd');
      const named = judged.kind === 'version' ? (judged.version.content.warnings ?? []).map((warning) => warning.path) : [];
      const isCarried = judged.kind === 'version' && !path.includes('role') && named.length === 0 && isEmpty(value);
      expect(isCarried || named.includes(['article', ...path].join('.'))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a strict field of another kind is refused by its path', () => {
  fc.assert(
    fc.property(fc.constantFrom(...strict), fc.constantFrom<unknown>(false, 7, { value: 'x' }, ['x'], 'neither of them, nor a time'), (path, value) => {
      const judged = accept(busEvent('article.published', { article: mangled(path, value, whole()) }), 'd');
      expect(judged.kind === 'refused' && judged.errors.map((fault) => fault.path)).toContain(['article', ...path].join('.'));
    }),
    { numRuns: 300 },
  );
});
