import canonicalize from 'canonicalize';

/**
 * Returns the canonical text of a JSON value (RFC 8785), whatever the order of its keys. A key with the value
 * `undefined` counts as absent. Throws for a lone surrogate.
 */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? '';
}

/** Returns whether two JSON values are equal. */
export function saySame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** No legitimate story is nested deeper, and a recursion over a deeper value could exhaust the stack. */
export const deepestJson = 100;

/** Names are repeated in the paths of faults and in converted parts, so their length multiplies. */
const longestName = 1000;

/**
 * The maximum number of entries of one list or object, because each may cost a walk of its own. A long story has some
 * thousand.
 */
const longestList = 20_000;

/** The end of a message about JSON from outside: its bounds. */
export const jsonBounds = `nested at most ${deepestJson} deep, with no number larger than a double holds, no name longer than ${longestName} characters, and at most ${longestList} entries in a list or an object`;

/**
 * Parses a text from outside. Returns JSON that any recursion may walk (see {@link wellFormed}); `undefined` if the
 * text is not such JSON.
 */
export function jsonIn(text: string): unknown {
  try {
    return wellFormed(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A bracket or a string of a JSON text, and whether the string is a property name. */
const bracketOrString = /[{}[\]]|("[^"\\]*(?:\\.[^"\\]*)*")\s*(:)?/g;

/**
 * Returns a property name that occurs twice in one object of a JSON text; undefined if there is none. I-JSON forbids it
 * (RFC 7493 §2.3), because some parsers take the first value and others the last. `json` must be valid JSON. Runs in
 * linear time.
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

/**
 * Returns a JSON value without lone surrogates, which CMSes produce when they cut a text within an emoji. Each is
 * replaced by U+FFFD. Throws a RangeError for a value that exceeds {@link jsonBounds}.
 */
export function wellFormed(value: unknown, depth = 0): unknown {
  if (depth > deepestJson) throw new RangeError(`must be nested at most ${deepestJson} deep`);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError('must have no number larger than a double holds');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    if (value.length > longestList) throw new RangeError(`must have at most ${longestList} entries in a list`);
    return value.map((item) => wellFormed(item, depth + 1));
  }
  const entries = Object.entries(value);
  if (entries.length > longestList) throw new RangeError(`must have at most ${longestList} entries in an object`);
  if (entries.some(([name]) => name.length > longestName))
    throw new RangeError(`must have no name longer than ${longestName} characters`);
  return Object.fromEntries(entries.map(([name, held]) => [name.toWellFormed(), wellFormed(held, depth + 1)]));
}
