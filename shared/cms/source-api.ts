/** One GET to the CMS's API, and what its answer may look like. */
export interface ApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON; undefined where the answer was none. */
  readonly body: unknown;
}

export interface Credentials {
  readonly key: string | undefined;
}

/** One page of the CMS's list. */
export interface ListedPage {
  /** As they came; each is read by `state`. */
  readonly items: readonly unknown[];
  readonly isLast: boolean;
  /** Of all pages together. */
  readonly total: number;
}

/** What one sweep of a source came to. */
export interface Swept {
  readonly seen: number;
  readonly total: number;
  readonly sent: number;
  readonly withdrawn: number;
  /** Fields that could not be read, by the story's place in the list. */
  readonly unreadable: readonly string[];
  /** Live stories that the CMS was not asked about, because their uri holds no id of it. */
  readonly ignored: number;
  /** Whether the list was walked through; else the next sweep goes on. */
  readonly isComplete: boolean;
}

/** An address of the CMS: steps of a path below its own, each of them one step whatever it holds, and a query. Throws for a step that leads elsewhere. */
export function addressOf(
  base: string,
  steps: readonly string[],
  parameters: Parameters<typeof queryOf>[0] = {},
): string {
  if (steps.some((step) => step === '.' || step === '..')) throw new RangeError('a step of an address must be a name');
  const address = new URL(base);
  address.pathname = [address.pathname.replace(/\/$/, ''), ...steps.map(encodeURIComponent)].join('/');
  address.search = queryOf(parameters);
  return address.href;
}

/** A query string; what is undefined is left out. */
export function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString();
}

/** RFC 6750 §2.1, where there is a key: what anybody may read needs none. */
export function bearer({ key }: Credentials): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Names on one page of such a list. */
export const namesPageSize = 100;

/** Stories on one page of a list. */
export const pageSize = 50;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value inside, by a path of names and indexes. */
export function within(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[step] : undefined,
    value,
  );
}
