/** One GET request to the CMS's API, and the expected response. */
export interface ApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The format of the response: JSON by default. */
  readonly format?: 'xml';
  /** Whether `sweep` asks again only if the response changed: for lists of one page, of which each entry is read. */
  readonly isConditional?: true;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON, or the text of XML; undefined if the response was not JSON. */
  readonly body: unknown;
}

export interface Credentials {
  readonly key: string | undefined;
}

/** One page of the CMS's list. */
export interface ListedPage {
  /** Items as received; `state` interprets each of them. */
  readonly items: readonly unknown[];
  readonly isLast: boolean;
  /** The number of items on all pages together. */
  readonly total: number;
}

/** The result of one sweep of a source. */
export interface Swept {
  readonly seen: number;
  readonly total: number;
  readonly sent: number;
  readonly withdrawn: number;
  /** Issues of unreadable items, by their id, else their position in the list. */
  readonly unreadable: readonly string[];
  /** The number of live stories that were not checked, because their uri contains no id of the CMS. */
  readonly ignored: number;
  /** Whether the walk through the list is complete; if not, the next sweep continues it. */
  readonly isComplete: boolean;
}

/**
 * Returns an address of the CMS: path segments below its base URL, each encoded as one segment, and a query. Throws for
 * a segment that leads out of its parent.
 */
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

/** Returns a query string without undefined parameters. */
export function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString();
}

/** Returns the authorization header of RFC 6750 §2.1, or none if there is no key because the API is public. */
export function bearer({ key }: Credentials): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** The number of names on one page of a list of names. */
export const namesPageSize = 100;

/** The number of stories on one page of a list. */
export const pageSize = 50;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a nested value by a path of names and indexes; undefined if it is missing. */
export function within(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[step] : undefined,
    value,
  );
}
