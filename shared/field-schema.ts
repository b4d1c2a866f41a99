import * as v from 'valibot';

/** The output of a schema, with every field readonly at any depth. */
export type Parsed<Schema extends v.GenericSchema> = AllReadonly<v.InferOutput<Schema>>;
type AllReadonly<T> = { readonly [K in keyof T]: AllReadonly<T[K]> };

/** One invalid field of a rejected event. `path` names a field of `detail`, never its value. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

const maxIssues = 50;
const maxPathLength = 200;

/**
 * Returns the first 50 issues, with paths cut to 200 characters. Senders choose names of fields, and a rejection must
 * fit into an event.
 */
export function boundedIssues(issues: readonly Issue[]): Issue[] {
  return issues.slice(0, maxIssues).map(({ path, message }) => ({ path: path.slice(0, maxPathLength), message }));
}

export const text = v.pipe(v.string('must be a string'));

/**
 * Returns a schema for an object with these fields and any others. JavaScript counts a list as an object; this schema
 * rejects it.
 */
export function objectOf<const Entries extends v.ObjectEntries>(entries: Entries, message = 'must be an object') {
  return v.pipe(
    v.custom<v.InferInput<v.LooseObjectSchema<Entries, string>>>(isNoList, message),
    v.looseObject(entries, message),
  );
}

export const instant = v.pipe(
  text,
  v.regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i,
    'must be a date and time with a zone, such as 2026-05-01T18:00:00Z (RFC 3339)',
  ),
  v.check(exists, 'must be a date that exists'),
  v.transform((value) => new Date(value).toISOString()),
  v.regex(/^\d{4}-/, 'must lie between the years 0000 and 9999'),
);
/**
 * Returns whether a URL has a longer host (and user) than DNS has names. The URL parser takes quadratic time for a long
 * name in another script than Latin, so this comes before every parse.
 */
export function hasLongHost(address: string): boolean {
  return /^\s*(?:[a-z][a-z\d+.-]{0,20}:)?[\\/]*[^\\/?#]{256}/i.test(address);
}

export const webAddress = v.pipe(
  text,
  v.check(
    (value) => !hasLongHost(value) && /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    'must be an absolute http or https URL',
  ),
);

/** Returns a schema for a whole number within bounds. */
export function wholeNumber(least: number, most: number, issue = `must be ${least} to ${most}`) {
  return v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer'),
    v.minValue(least, issue),
    v.maxValue(most, issue),
  );
}

/** No picture is larger, so a larger number is a mistake. */
const maxPixels = 100_000;
export const pixels = v.pipe(
  v.number('must be a number'),
  v.integer('must be an integer'),
  v.minValue(0, 'must not be negative'),
  // No `maxValue`: the published schema has no maximum, and must not become narrower.
  v.check((value) => value <= maxPixels, 'must be at most 100,000'),
);

/** The sort key of versions has room for instants from 1970 on. */
export const versionCreated = v.pipe(
  instant,
  v.check((value) => Date.parse(value) >= 0, 'must not lie before 1970'),
);

/** Returns whether the date exists. JavaScript reads 30 February as 2 March, which would move an embargo. */
function exists(value: string): boolean {
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number);
  return !Number.isNaN(Date.parse(value)) && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function isNoList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns valibot's issues with the path of each field. */
export function issuesOf(issues: readonly v.BaseIssue<unknown>[] | undefined, ...under: readonly string[]): Issue[] {
  return (issues ?? []).map((issue) => ({
    path: [...under, ...(issue.path ?? []).map((step) => String(step.key))].join('.'),
    message: issue.received === 'undefined' ? 'is missing' : issue.message,
  }));
}
