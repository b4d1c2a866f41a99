import type { JsonSchema } from '@valibot/to-json-schema';
import { saySame } from '../../shared/canonical.ts';
import type { Contract } from '../../shared/events/contract.ts';
import { isNarrower } from './patterns.ts';

/** A place where a new schema breaks users of the old one. */
export interface Break {
  /** A field of the detail or the answer. */
  readonly path: string;
  readonly message: string;
}

/**
 * Compares schemas. An announcement's new schema must allow only values that the old one allowed, since consumers rely
 * on it. An incoming event's new schema must allow every value that the old one allowed, since senders rely on it. If
 * that cannot be decided, it counts as a break.
 */
export function breaksOf(direction: Contract['direction'], old: JsonSchema, next: JsonSchema): Break[] {
  const found: Break[] = [];
  const [inner, outer] = direction === 'out' ? [next, old] : [old, next];
  new Comparison(direction, inner, outer, found).fit(inner, outer, '');
  return found;
}

type Definition = JsonSchema | boolean | undefined;

const words = {
  out: {
    missing: 'is no longer sent',
    optional: 'may be absent from now on',
    values: 'may have values that it never had',
  },
  in: {
    missing: 'is required from now on',
    optional: 'is required from now on',
    values: 'is rejected where it was accepted',
  },
} as const;

const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;

class Comparison {
  readonly #direction: Contract['direction'];
  readonly #inner: JsonSchema;
  readonly #outer: JsonSchema;
  readonly #found: Break[];
  /** Pairs under comparison, so that a recursive schema is compared once. */
  readonly #pairs = new Set<string>();

  constructor(direction: Contract['direction'], inner: JsonSchema, outer: JsonSchema, found: Break[]) {
    this.#direction = direction;
    this.#inner = inner;
    this.#outer = outer;
    this.#found = found;
  }

  /** Notes where a value of `inner` may not be one of `outer`. */
  fit(inner: Definition, outer: Definition, path: string): void {
    const pair = `${refOf(inner)} ${refOf(outer)}`;
    // A reference beside a schema in place is compared each time: the next schema in place may be another.
    if (refOf(inner) !== '' && refOf(outer) !== '') {
      if (this.#pairs.has(pair)) return;
      this.#pairs.add(pair);
    }
    const [a, b] = [resolved(inner, this.#inner), resolved(outer, this.#outer)];
    if (b.anyOf ?? a.anyOf) {
      this.#fitAnyOf(a, b, path);
      return;
    }
    const types = typesOf(a);
    const isTyped =
      b.type === undefined ||
      (types.length > 0 &&
        types.every((type) => typesOf(b).includes(type) || (type === 'integer' && typesOf(b).includes('number'))));
    if (!isTyped || !this.#isWithin(a, b)) this.#note(path, words[this.#direction].values);
    this.#fitFields(a, b, path);
    if (b.items !== undefined) this.fit(one(a.items), one(b.items), `${path}[]`);
  }

  #fitFields(a: JsonSchema, b: JsonSchema, path: string): void {
    const [has, asks] = [a.properties ?? {}, b.properties ?? {}];
    const under = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const name of b.required ?? []) {
      if (has[name] === undefined) this.#note(under(name), words[this.#direction].missing);
      else if (a.required?.includes(name) !== true) this.#note(under(name), words[this.#direction].optional);
    }
    for (const [name, definition] of Object.entries(asks)) {
      if (has[name] !== undefined) this.fit(has[name], definition, under(name));
      // A new optional field breaks no sender. Consumers may read a field that was announced.
      else if (this.#direction === 'out' && b.required?.includes(name) !== true)
        this.#note(under(name), words.out.missing);
    }
    if (b.additionalProperties === false && a.additionalProperties !== false)
      this.#note(path, words[this.#direction].values);
  }

  #fitAnyOf(a: JsonSchema, b: JsonSchema, path: string): void {
    const alternatives = a.anyOf ?? [a];
    const fits = alternatives.every((inner) =>
      (b.anyOf ?? [b]).some((outer) => {
        const found: Break[] = [];
        new Comparison(this.#direction, this.#inner, this.#outer, found).fit(inner, outer, path);
        return found.length === 0;
      }),
    );
    if (!fits) this.#note(path, words[this.#direction].values);
  }

  /** Whether the limits of `a` are at least as strict as those of `b`. */
  #isWithin(a: JsonSchema, b: JsonSchema): boolean {
    const allowed = valuesOf(b);
    const given = valuesOf(a);
    if (allowed && !given?.every((value) => allowed.some((other) => saySame(value, other)))) return false;
    if (given) return true;
    return (
      lowest.every((limit) => b[limit] === undefined || (a[limit] ?? -Infinity) >= b[limit]) &&
      highest.every((limit) => b[limit] === undefined || (a[limit] ?? Infinity) <= b[limit]) &&
      (b.pattern === undefined || (a.pattern !== undefined && isNarrower(a.pattern, b.pattern))) &&
      (b.format === undefined || a.format === b.format)
    );
  }

  #note(path: string, message: string): void {
    this.#found.push({ path, message });
  }
}

function refOf(definition: Definition): string {
  return typeof definition === 'object' ? (definition.$ref ?? '') : '';
}

function resolved(definition: Definition, root: JsonSchema): JsonSchema {
  if (typeof definition !== 'object') return {};
  const name = definition.$ref?.split('/').at(-1);
  if (name !== undefined) return resolved(root.definitions?.[name], root);
  if (definition.allOf === undefined) return definition;
  const parts = definition.allOf.map((part) => resolved(part, root));
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as NonNullable<
      JsonSchema['properties']
    >,
    required: parts.flatMap(({ required = [] }) => required),
  };
}

function typesOf({ type, const: only }: JsonSchema): readonly string[] {
  if (type === undefined) return only === undefined ? [] : [typeof only === 'number' ? 'integer' : typeof only];
  return Array.isArray(type) ? type : [type];
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function one(items: JsonSchema['items']): Definition {
  return Array.isArray(items) ? items[0] : items;
}
