import type { Issue } from '../field-schema.ts';
import { saySame } from '../canonical.ts';
import { shape, tables, type Entry, type Kind } from './ninjs-tables.ts';
import { isObject } from '../cms/source-api.ts';
import { isPullableType } from './article-schema.ts';
import { addIgnored, longestStep, maxIssues } from './misnamed-times.ts';
import { before } from '../trim.ts';

/** A ninjs item of any version, converted to the names and forms of 3.1. */
export interface ReadItem {
  readonly item: unknown;
  /** Issues of fields that decide whether or when an item may be shown and whose value is ambiguous. */
  readonly issues: readonly Issue[];
}

/**
 * Reads an item by the tables of all versions at once, whatever version it names. No name has different meanings in two
 * versions, so an item that names the wrong version or mixes two loses nothing, least of all its embargo. Names are
 * compared without regard to case. Fields of no version are left out, and so are fields that are not for readers:
 * contacts, notes and plans of the desk. A field of no version that names an instant after `receivedAt` (epoch ms) is
 * an issue, because it may say when the item must be published. Idempotent.
 */
export function readNinjs(value: unknown, receivedAt = Infinity): ReadItem {
  const issues: Issue[] = [];
  const item = inThreeOne(value, 'item', [], issues, receivedAt);
  return { item, issues: issues.slice(0, maxIssues) };
}

/** Returns the part of an article that readers may get: the properties of 3.1 that the tables list. */
export function forReaders(value: object): object {
  return withOthersNamed(publicPart(value, 'item') as object);
}

/**
 * Reduces an associated item to its name, unless it is a picture, a graphic, a video or a sound. Its text is a copy,
 * which would survive a hold, an embargo or an erasure of the item itself. An item without a type counts as a text, as
 * an article does.
 */
function withOthersNamed<T extends { readonly associations?: unknown }>(item: T): T {
  const { associations } = item;
  if (!Array.isArray(associations)) return item;
  const shown = associations.map((held: unknown): unknown => {
    if (!isObject(held)) return held;
    const { uri, type, name, rel } = held;
    if (uri === undefined || isPullableType(held)) return withOthersNamed(held);
    return {
      uri,
      ...(type !== undefined && { type }),
      ...(name !== undefined && { name }),
      ...(rel !== undefined && { rel }),
    };
  });
  return { ...item, associations: shown };
}

function publicPart(value: unknown, kind: Kind): unknown {
  if (Array.isArray(value)) return value.map((held) => publicPart(held, kind));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, held]): [string, unknown][] => {
    const property = Object.hasOwn(shape[kind], name) ? shape[kind][name] : undefined;
    if (property === undefined || property.internal !== undefined) return [];
    if (property.isForeign) return [[name, held]];
    if (property.holds !== undefined) return [[name, publicPart(held, property.holds)]];
    // The value is a text or number, or a list of them. Objects are left out, because no table lists their names.
    return isSimple(held) ? [[name, held]] : [];
  });
  return Object.fromEntries(kept);
}

function isSimple(value: unknown): boolean {
  return Array.isArray(value) ? value.every((held) => typeof held !== 'object') : typeof value !== 'object';
}

/**
 * Returns the table's entries by their names in lower case. Otherwise the match is exact, since `embargoed_until` is
 * not a name of any version.
 */
function entriesOf(kind: string): ReadonlyMap<string, Entry> {
  // If 1.x and later versions share a name, the form of 1.x applies; it leaves values in the form of 3.1 unchanged.
  const all: readonly Readonly<Partial<Record<string, Readonly<Record<string, Entry>>>>>[] = [
    tables.beside,
    tables['3'],
    tables['2'],
    tables['1'],
  ];
  return new Map(
    all.flatMap((table) => Object.entries(table[kind] ?? {})).map(([name, entry]) => [name.toLowerCase(), entry]),
  );
}

const entries: ReadonlyMap<string, ReadonlyMap<string, Entry>> = new Map(
  Object.keys(shape).map((kind) => [kind, entriesOf(kind)]),
);

function entryOf(kind: Kind, name: string): Entry | undefined {
  const lower = name.toLowerCase();
  const ofKind = entries.get(kind);
  return ofKind?.get(lower) ?? (/_./.test(lower) ? ofKind?.get(`${before(lower, '_')}_*`) : undefined);
}

/** The values given under one name of 3.1, in the form of 3.1 or converted from 1.x. */
interface Said {
  readonly given: unknown[];
  readonly converted: unknown[];
}

function inThreeOne(
  value: unknown,
  kind: Kind,
  path: readonly (string | number)[],
  issues: Issue[],
  receivedAt: number,
): unknown {
  if (Array.isArray(value))
    return value.map((held, index) => inThreeOne(held, kind, [...path, index], issues, receivedAt));
  if (!isObject(value)) return value;
  const said = new Map<string, Said>();
  for (const [name, held] of Object.entries(identified(value, kind))) {
    // Null means absent, and absent fields are left out.
    if (held === null || held === undefined) continue;
    const entry = entryOf(kind, name);
    if (entry === undefined) {
      addIgnored(name, held, path, issues, receivedAt, kind === 'item');
      continue;
    }
    if (typeof entry === 'object' && 'leftOut' in entry) {
      if (entry.isOfSender) addWithin(held, [...path, name], issues, receivedAt);
      continue;
    }
    const isName = typeof entry === 'string';
    const [to, inForm] = isName ? [entry, held] : [entry.to, entry.by(held, name)];
    if (inForm === undefined) continue;
    const { holds, isForeign } = shape[kind][to] ?? {};
    // Validation leaves out an object where a text or a number is expected.
    if (holds === undefined && !isForeign) addWithin(held, [...path, name], issues, receivedAt);
    const read = holds === undefined ? inForm : inThreeOne(inForm, holds, [...path, to], issues, receivedAt);
    const others = said.get(to) ?? { given: [], converted: [] };
    said.set(to, others);
    (isName ? others.given : others.converted).push(read);
  }
  const read = Object.fromEntries([...said].map(([to, values]) => [to, oneOf(to, values)]));
  if (kind !== 'item') return read;
  for (const [to, { given }] of said)
    if (decisive.has(to) && given.some((other) => !isSaidBy(other, given[0])))
      issues.push({
        path: [...path, to].join('.'),
        message: 'must occur once: two spellings of it have different values',
      });
  return withoutNotes(typed(read, value));
}

function addWithin(value: unknown, path: readonly (string | number)[], issues: Issue[], receivedAt: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, held] of Object.entries(value as Readonly<Record<string, unknown>>))
    addIgnored(name, held, path, issues, receivedAt);
}

function oneOf(to: string, { given, converted }: Said): unknown {
  if (given.length > 0) return given[0];
  const texts = converted.flat();
  // The same text in two formats counts as one text.
  if (to === 'bodies') return onePerRole(texts, 'text/html');
  if (to === 'descriptions') return onePerRole(texts, 'text/plain');
  return converted.every(Array.isArray) ? texts : converted[0];
}

function onePerRole(texts: readonly unknown[], preferred: string): unknown[] {
  const isPreferred = (text: unknown): boolean => isObject(text) && text['contentType'] === preferred;
  const roleOf = (text: unknown): unknown => (isObject(text) ? text['role'] : undefined);
  const preferredRoles = new Set(texts.filter(isPreferred).map(roleOf));
  return texts.filter((text) => isPreferred(text) || !preferredRoles.has(roleOf(text)));
}

/** 1.x names a concept by a code within a scheme: `literal` is the code, `uri` is both if the scheme is an address. */
function identified(value: Record<string, unknown>, kind: Kind): Record<string, unknown> {
  const { code, scheme } = value;
  if ((kind !== 'concept' && kind !== 'trustIndicator') || (typeof code !== 'string' && typeof code !== 'number'))
    return value;
  const whole = [typeof scheme === 'string' ? scheme.replace(/(?<![/#:=])$/, '/') : '', String(code)].join('');
  const uri = URL.canParse(whole) ? whole : undefined;
  if (kind === 'trustIndicator') return { role: uri ?? String(code), ...value };
  return { literal: String(code), ...(uri !== undefined && { uri }), ...value };
}

/** In 1.x one type applies to the whole item. */
function typed(item: Record<string, unknown>, { mimetype }: Record<string, unknown>): Record<string, unknown> {
  if (typeof mimetype !== 'string') return item;
  const contentType = mimetype.slice(0, longestStep);
  const withType = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((held: unknown) => (isObject(held) ? { contentType, ...held } : held)) : value;
  return Object.fromEntries(
    Object.entries(item).map(([name, held]) => [
      name,
      name === 'bodies' || name === 'renditions' ? withType(held) : held,
    ]),
  );
}

/**
 * Matches roles of notes between desks. Agencies spell them differently, so every role that mentions a note, an editor
 * or an instruction matches, except a footnote.
 */
const noteRole =
  /(?<!foot|end)notes?$|^note|editors?$|^editors|^internal|advis|instruct|memo$|^desk|private|confidential/;

/** Removes notes between desks, which are not for readers even if they are sent as texts. */
function withoutNotes(item: Record<string, unknown>): Record<string, unknown> {
  const isNote = (held: unknown): boolean =>
    isObject(held) &&
    typeof held['role'] === 'string' &&
    noteRole.test(held['role'].toLowerCase().replaceAll(/[^a-z]/g, ''));
  return Object.fromEntries(
    Object.entries(item).map(([name, held]) => [
      name,
      Array.isArray(held) && shape.item[name]?.holds === 'text' ? held.filter((text) => !isNote(text)) : held,
    ]),
  );
}

/** The fields that decide whether or when an item may be shown. */
const decisive = new Set(['embargoedUntil', 'pubStatus', 'expires', 'versionCreated']);

function isSaidBy(a: unknown, b: unknown): boolean {
  return saySame(a, b) || (typeof a === 'string' && typeof b === 'string' && Date.parse(a) === Date.parse(b));
}
