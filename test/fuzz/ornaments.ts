import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import type { Accepted } from '../../shared/article/bus-event.ts';
import { busEvent, story } from '../unit/story.ts';
import { oddValue } from './mangled.ts';

const whole = (): Record<string, unknown> => ({
  ...story(),
  embargoedUntil: '2026-05-01T11:00:00Z',
  expires: '2026-06-01T12:00:00Z',
  urgency: 4,
  slugline: 'bridge',
  located: 'Port',
  people: [{ rel: 'author', name: 'Ada Marlow' }],
  firstCreated: '2026-05-01T11:00:00Z',
  associations: (story().associations ?? []).map((item) => ({
    ...item,
    pubStatus: 'usable',
    embargoedUntil: '2026-05-01T11:00:00Z',
    expires: '2026-06-01T12:00:00Z',
  })),
});

/**
 * Fields that decide whether or when something is shown. Listed here independently of the schema, to check its list.
 */
const decisive =
  /^(?:uri|versionCreated|type|pubStatus|embargoedUntil|expires|associations\.\d+\.(?:pubStatus|embargoedUntil|expires))$/;
const isStrict = (path: readonly string[]): boolean => decisive.test(path.join('.'));

/** Every field of the fixture that is judged by a schema, as a path. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => [[name], ...pathsIn(held).map((inner) => [name, ...inner])]);
}

function mangled([first = '', ...rest]: readonly string[], value: unknown, holder: unknown): unknown {
  const copy: unknown = Array.isArray(holder) ? [...(holder as unknown[])] : { ...(holder as object) };
  Reflect.set(
    copy as object,
    first,
    rest.length === 0 ? value : mangled(rest, value, Reflect.get(copy as object, first)),
  );
  return copy;
}

const strict = pathsIn(whole()).filter(isStrict);
// A headline decides whether there is a story at all.
const ornaments = pathsIn(whole()).filter((path) => !isStrict(path) && path[0] !== 'headlines');
const texts = ornaments.filter(
  (path) =>
    typeof path.reduce<unknown>((inner, step) => Reflect.get(inner as object, step) as unknown, whole()) === 'string',
);
const otherKinds = fc.constantFrom<unknown>(false, 7, { value: 'x' }, ['x']);

/** Nothing: no text, no number, no entry. */
function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.values(value).every(isEmpty));
}

function judged(path: readonly string[], value: unknown): Accepted {
  return accept(busEvent('article.published', { article: mangled(path, value, whole()) }), 'd');
}

const neverRejected = fc.property(fc.constantFrom(...ornaments), oddValue, (path, value) => {
  const result = judged(path, value);
  // Text that is nested too deep, and an embargo that cannot be read, are no ornaments.
  if (
    result.kind === 'rejected' &&
    result.errors.some(({ path: at }) => at === '' || /embargo|expires|pubStatus/i.test(at))
  )
    return;
  assert.equal(result.kind, 'version', `${path.join('.')} refuses the article`);
});

const named = fc.property(fc.constantFrom(...texts), otherKinds, (path, value) => {
  const result = judged(path, value);
  const warned =
    result.kind === 'version' ? (result.version.content.warnings ?? []).map((warning) => warning.path) : [];
  const isCarried = result.kind === 'version' && !path.includes('role') && warned.length === 0 && isEmpty(value);
  assert.ok(isCarried || warned.includes(['article', ...path].join('.')), `${path.join('.')} is left out in silence`);
});

const rejected = fc.property(
  fc.constantFrom(...strict),
  fc.oneof(otherKinds, fc.constant('neither of them, nor a time')),
  (path, value) => {
    const result = judged(path, value);
    const issues = result.kind === 'rejected' ? result.errors.map((issue) => issue.path) : [];
    assert.ok(issues.includes(['article', ...path].join('.')), `${path.join('.')} is not refused by its name`);
  },
);

const warningsOf = fc.array(
  fc.record({
    path: fc.constantFrom('entry.image', 'entry.tags'),
    message: fc.constantFrom('must be a text', 'is missing'),
  }),
  { minLength: 1, maxLength: 3 },
);

const sameDigest = fc.property(warningsOf, (warnings) => {
  const digests = [{}, { warnings }].map((said) => {
    const result = accept(busEvent('article.published', { article: whole(), ...said }), 'd');
    return result.kind === 'version' ? result.version.digest : undefined;
  });
  assert.equal(digests[0], digests[1], 'the same state with other warnings is another version');
});

const carried = fc.property(warningsOf, (warnings) => {
  const result = accept(busEvent('article.published', { article: whole(), warnings }), 'd');
  const kept = result.kind === 'version' ? (result.version.content.warnings ?? []) : [];
  for (const warning of warnings)
    assert.ok(
      kept.some(({ path, message }) => path === warning.path && message === warning.message),
      'a source’s warning is lost',
    );
});

export const rules: readonly (readonly [string, fc.IProperty<unknown>])[] = [
  ['whatever ornament of an article is mangled, the article is accepted', neverRejected],
  ['a field of another kind is named by a warning', named],
  ['a strict field of another kind is refused by its path', rejected],
  ['the warnings of a source are no part of the digest', sameDigest],
  ['the warnings of a source are stored with the version', carried],
];

export const properties = rules.map(([, property]) => property);
