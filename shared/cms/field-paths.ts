import { isObject } from './source-api.ts';
import type { SourceSettings } from './source-settings.ts';

/** The settings whose fields may be lists of related entries, also through a junction. */
export const listSettings: readonly string[] = ['section', 'tags', 'author'];

/**
 * Returns the value of a field. `name` is a name; or a path through related entries (`author.name`, also through
 * lists); or several of them, whose texts are joined by spaces (`author.first_name author.last_name`).
 */
export function valueAt(entry: Readonly<Record<string, unknown>>, name: string): unknown {
  const [path = [''], ...others] = pathsIn(name);
  if (others.length === 0) return along(entry, path);
  const columns = [path, ...others].map((steps) => [along(entry, steps)].flat());
  return Array.from({ length: Math.max(...columns.map(({ length }) => length)) }, (_, row) =>
    columns
      .flatMap((column) => (typeof column[row] === 'string' ? column[row] : []))
      .join(' ')
      .trim(),
  ).filter((text) => text !== '');
}

function along(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.flatMap((one) => along(one, [step, ...rest]) ?? []);
  return isObject(value) && Object.hasOwn(value, step) ? along(value[step], rest) : undefined;
}

/** Returns the steps of each path in the name of a field. */
export function pathsIn(name: string): string[][] {
  return name
    .split(' ')
    .filter((path) => path !== '')
    .map((path) => path.split('.'));
}

/** Returns an entry with values of fields, by their setting. A field that the newsroom does not name is left out. */
export function entryWith(
  { fields }: Pick<SourceSettings, 'fields'>,
  values: Readonly<Record<string, string | null>>,
): Record<string, unknown> {
  return Object.entries(values).reduce<Record<string, unknown>>((entry, [setting, value]) => {
    const [steps] = pathsIn(fields[setting] ?? '');
    return steps === undefined ? entry : placed(entry, steps, value);
  }, {});
}

function placed(entry: unknown, [step, ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const own = isObject(entry) ? entry : {};
  if (step === undefined) return own;
  return { ...own, [step]: rest.length === 0 ? value : placed(own[step], rest, value) };
}

/** Returns what keeps the related entries of a field from being read; undefined if they were read, or there are none. */
export function relationFault(value: unknown, [step, ...rest]: readonly string[], isBelow = false): string | undefined {
  if (Array.isArray(value))
    return value
      .map((one) => relationFault(one, step === undefined ? [] : [step, ...rest], isBelow))
      .find((fault) => fault !== undefined);
  if (isIdOfAnEntry(value)) return 'holds only ids of related entries';
  if (step === undefined || !isObject(value)) return undefined;
  // A field without a path may be one that the collection does not have.
  if (!Object.hasOwn(value, step)) return isBelow || rest.length > 0 ? 'is missing' : undefined;
  return relationFault(value[step], rest, true);
}

/** Returns whether a value of a relation is the key of an entry, which is no name for readers. */
export function isIdOfAnEntry(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && uuid.test(value));
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
