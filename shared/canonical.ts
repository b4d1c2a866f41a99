import canonicalize from 'canonicalize';

/** The one text of a JSON value, whatever the order of its keys (RFC 8785); absent and `undefined` are alike. Throws for half a surrogate pair. */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? '';
}

/** Whether two JSON values say the same. */
export function saySame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** No honest story is nested deeper; what is would exhaust the stack of whoever walks it. */
export const deepestJson = 100;

/** A text from outside as JSON that any recursion may walk (see {@link wellFormed}); `undefined` for what is none. */
export function jsonIn(text: string): unknown {
  try {
    return wellFormed(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A bracket of a JSON text, or a string of it, and whether that is a name. */
const bracketOrString = /[{}[\]]|("[^"\\]*(?:\\.[^"\\]*)*")\s*(:)?/g;

/**
 * A name that one object of a JSON text has twice, as I-JSON forbids (RFC 7493 §2.3): one parser takes the first value, another the last.
 * `json` must be JSON; the work is linear in it.
 */
export function repeatedNameIn(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, isName] of json.matchAll(bracketOrString)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (text !== undefined && isName !== undefined) {
      const name = JSON.parse(text) as string;
      const names = open.at(-1);
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return undefined;
}

/** A JSON value without half surrogate pairs, as CMSes leave them where they cut a text within an emoji: U+FFFD stands for each. Throws for what is nested too deep, and for a number too large to be one. */
export function wellFormed(value: unknown, depth = 0): unknown {
  if (depth > deepestJson) throw new RangeError(`nested more than ${deepestJson} deep`);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number is too large');
  if (Array.isArray(value)) return value.map((item) => wellFormed(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name.toWellFormed(), wellFormed(held, depth + 1)]),
  );
}
