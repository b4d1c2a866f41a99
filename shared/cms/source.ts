import * as v from 'valibot';
import type { Article } from '../article/article.ts';
import { issuesOf, type Issue } from '../field-schema.ts';
import { leniently } from '../article/lenient.ts';
import type { Authentication } from './signature.ts';
import type { ApiAnswer, ApiRequest, Credentials, ListedPage } from './source-api.ts';
import type { ArticleEvent } from '../article/version.ts';
import { boundedWarnings, type Warning } from '../article/warning.ts';

/**
 * An event about one article, before it is put on the bus. `ingest` sets `receivedAt`, unless the CMS states when it
 * first sent the event.
 */
export interface Command {
  readonly type: ArticleEvent;
  readonly detail: {
    readonly article: Article;
    readonly path?: string;
    /** Of a withdrawal: the uri of the article that continues this one. */
    readonly continuedBy?: string;
    /** Orders states with the same `versionCreated`, where the CMS's clock makes it certain. */
    readonly revision?: number;
    /** Epoch milliseconds. */
    readonly receivedAt?: number;
    /** Fields of the payload that were left out of the article. */
    readonly warnings?: readonly Warning[];
  };
  /**
   * Whether the CMS states no time for this state, so that `versionCreated` is when it was received. `sweep` then tells
   * states apart by what readers see.
   */
  readonly isUndated?: true;
}

/** The detail of a command on the bus. */
export type ReceivedDetail = Command['detail'] & { readonly receivedAt: number; readonly correlationId?: string };

export interface Received {
  readonly type: ArticleEvent;
  readonly detail: ReceivedDetail;
}

/**
 * The result of reading a webhook or an item: commands (none if readers are not affected), or the fields at fault.
 * `unread` has the faults of other stories in the same request.
 */
export type ReadResult =
  | { readonly commands: readonly Command[]; readonly unread?: readonly Issue[] }
  | { readonly issues: readonly Issue[] };

export const nothing: ReadResult = { commands: [] };

/** The stories of one request, each a function that reads it, or the issues of the whole request. */
export type Divided = { readonly stories: readonly (() => ReadResult)[] } | { readonly issues: readonly Issue[] };

/** Reads all stories of a request. */
export function readAll(divided: Divided = { stories: [] }): ReadResult {
  return 'issues' in divided ? divided : merged(divided.stories.map((read) => read()));
}

/** Returns the result of a request from the results of its stories. */
export function merged(readings: readonly ReadResult[]): ReadResult {
  const commands = readings.flatMap((one) => ('commands' in one ? one.commands : []));
  const issues = readings.flatMap((one) => ('issues' in one ? one.issues : (one.unread ?? [])));
  if (commands.length === 0 && issues.length > 0) return { issues };
  return { commands, ...(issues.length > 0 && { unread: issues }) };
}

/** The setup of one newsroom's CMS. Every setting is optional in context `sources`. */
export interface SourceSettings {
  /** Distinguishes two sites of one kind of CMS. It is part of every `uri`, so it must never change. */
  readonly site: string;
  /** The absolute origin of the CMS, without a trailing slash: the base of its API and of its relative addresses. */
  readonly url: string;
  /**
   * The collection that holds the articles (Strapi: singular and plural name; Directus: name; WordPress: post types and
   * their names in the REST API, separated by commas).
   */
  readonly collection: string;
  readonly collectionPlural: string;
  /** The pattern of paths if the CMS gives a story no address; `{field}` stands for the slug of a field. */
  readonly path: string;
  /** The newsroom's names of fields, where they differ from the defaults. */
  readonly fields: Readonly<Record<string, string>>;
  /** Section paths by the CMS's own categories, services or subject codes (see `sections.ts`). */
  readonly sections: Readonly<Record<string, string>>;
  /** The languages of the newsroom, as the CMS codes them: each translation of a story is an article of its own. */
  readonly locales: readonly string[];
  /**
   * Of Strapi: the fields whose entries, files and components the sweep asks for, also the files in the components of
   * the body. Empty for all fields, without files in components.
   */
  readonly populate: readonly string[];
  /** Of source `feed`: the section path of each feed, by the feed's address. Empty for no section. */
  readonly feeds: Readonly<Record<string, string>>;
}

/** How to query the API of one kind of CMS. */
export interface SourceApi {
  /**
   * The grammar of the CMS's ids. An id in another form was invented by a sender on the bus. It gets neither into a
   * stored uri nor into an authenticated request to the CMS (for example as the path `../admin`, or as a filter in the
   * CMS's query language).
   */
  readonly id: RegExp;
  /**
   * Returns the requests for stories changed or published at or after an instant (ISO 8601), latest change first: a
   * change during the walk then repeats a story and hides none. There are several lists if one cannot have them all.
   * Pages count from 1.
   */
  readonly list: (
    settings: SourceSettings,
    credentials: Credentials,
    since: string,
    page: number,
  ) => readonly ApiRequest[];
  /**
   * Returns the requests for stories by id, whatever their age: one for each collection that may hold them. The
   * responses leave out those that readers may not see. Empty if the CMS cannot be asked for a story: a story that it
   * no longer lists is then not withdrawn.
   */
  readonly byIds: (settings: SourceSettings, credentials: Credentials, ids: readonly string[]) => readonly ApiRequest[];
  /** Returns the requests for one story, one for each collection that may hold it. */
  readonly one: (settings: SourceSettings, credentials: Credentials, id: string) => readonly ApiRequest[];
  /** Reads the response of a list; undefined if it is not a list. */
  readonly listed: (answer: ApiAnswer, settings: SourceSettings, request: ApiRequest) => ListedPage | undefined;
  /** Reads one item of a list as if a webhook had sent it at an instant (epoch ms). */
  readonly state: (item: unknown, settings: SourceSettings, asked: number) => ReadResult;
  /** Returns whether the response to a request for one story states that readers may not see it. */
  readonly isGone: (answer: ApiAnswer, settings: SourceSettings, request: ApiRequest) => boolean;
  /**
   * Returns the request for a page of names that stories carry (tags, authors). If one changes, all stories are checked
   * again.
   */
  readonly names: (settings: SourceSettings, credentials: Credentials, page: number) => readonly ApiRequest[];
}

/** The circumstances of a request. */
export interface Arrival {
  /** Epoch milliseconds: the signed time if the signature covers one. */
  readonly receivedAt: number;
  /** Request headers with names in lower case. `read` gets only those that its source declares. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A webhook as a CMS sends it: its JSON, and the headers that its source reads. */
export interface Webhook {
  /** The parsed JSON; of an XML source, the text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The adapter of one kind of CMS, pure: it reads webhooks and queries the API. A story's state results in the same
 * `detail` from the webhook and from the API, so the sweep recognises states that were never stored.
 */
export interface Source {
  /** The name in `/ingest/{name}`; the `source` of its bus events is `cms.{name}`. */
  readonly name: string;
  readonly authentication: Authentication;
  /** Whether its stories have uris of their own; otherwise `uriOf` makes them. */
  readonly hasOwnUris?: true;
  readonly defaults: SourceSettings;
  /**
   * Whether the CMS hides a published story until its date if the date is moved ahead. Agencies do not: an embargo
   * applies to the new version only.
   */
  readonly hidesScheduled: boolean;
  /**
   * Headers that `read` needs, in lower case: some CMSes name the event there. The signature need not cover them, since
   * no header alone makes a story visible.
   */
  readonly headers?: readonly string[];
  /** The format of requests: JSON by default. `read` gets XML as text. */
  readonly format?: 'xml';
  /**
   * Divides a document of several stories. Each is read by itself, so that one that takes too long does not block the
   * others. Absent if a request has one story, or if reading it is little work.
   */
  readonly divide?: (payload: unknown, settings: SourceSettings, arrival: Arrival) => Divided;
  /** Reads a webhook. Never throws. */
  readonly read: (payload: unknown, settings: SourceSettings, arrival: Arrival) => ReadResult;
  /** The CMS's API. Absent for wire agencies, which have none, so their lost webhooks are not recovered. */
  readonly api?: SourceApi;
  /**
   * Two webhooks of a story that tests the endpoint: its publication at an instant (ISO 8601), and its withdrawal.
   * `settings` are the defaults if they are absent.
   */
  readonly sample: (id: string, at: string, settings?: SourceSettings) => readonly [publish: Webhook, end: Webhook];
}

/** Returns the text of a request with this payload. */
export function bodyText({ format }: Pick<Source, 'format'>, body: unknown): string {
  return format === 'xml' && typeof body === 'string' ? body : JSON.stringify(body);
}

/** Reads a webhook by its source, with only the headers that the source declares. */
export function readWebhook(
  source: Source,
  payload: unknown,
  settings: SourceSettings,
  { receivedAt, headers }: Arrival,
): ReadResult {
  return readAll(storiesIn(source, payload, settings, { receivedAt, headers }));
}

/** Divides a webhook into its stories, each to be read by itself, with only the headers that the source declares. */
export function storiesIn(
  source: Source,
  payload: unknown,
  settings: SourceSettings,
  { receivedAt, headers }: Arrival,
): Divided {
  const named = Object.fromEntries((source.headers ?? []).map((name) => [name, headers[name]]));
  const arrival = { receivedAt, headers: named };
  return source.divide?.(payload, settings, arrival) ?? { stories: [() => source.read(payload, settings, arrival)] };
}

/**
 * Returns the withdrawal that hides a story until its scheduled date. Its version is just below the scheduled one,
 * because a public story stays public while a newer version waits. It is received a millisecond earlier and not ordered
 * by `revision`, so a later state of the CMS with the same times is above both. Undefined after the date.
 */
export function hiddenUntilScheduled(
  { hidesScheduled }: Source,
  { article, revision, receivedAt, correlationId }: ReceivedDetail,
): Received[] {
  const { uri, versionCreated, embargoedUntil } = article;
  if (!hidesScheduled || embargoedUntil === undefined || Date.parse(embargoedUntil) <= receivedAt) return [];
  const detail = {
    article: { uri, versionCreated },
    ...(revision !== undefined && { revision }),
    ...(correlationId !== undefined && { correlationId }),
    receivedAt: Math.max(receivedAt - 1, 0),
  };
  return [{ type: 'article.unpublished', detail }];
}

export const noSettings: SourceSettings = {
  site: 'main',
  url: '',
  collection: '',
  collectionPlural: '',
  path: '',
  fields: {},
  sections: {},
  locales: [],
  populate: [],
  feeds: {},
};

export function uriOf(source: string, { site }: SourceSettings, id: string): string {
  return `${source}:${site}/${id}`;
}

/** Returns the name of a source's sweep mark. */
export function sweepMarkOf({ name }: Pick<Source, 'name'>, { site }: SourceSettings): string {
  return `${name}:${site}`;
}

/** Returns the part of a uri after source and site, in any form; undefined for another source or site. */
export function idIn(uri: string, source: string, { site }: SourceSettings): string | undefined {
  const prefix = `${source}:${site}/`;
  return uri.startsWith(prefix) ? uri.slice(prefix.length) : undefined;
}

/** The maximum of a version's `revision` in the events' contract. */
const highestRevision = 9_999_999_999;

/**
 * Returns the `revision` of an item by the number of its version. A withdrawal without a number withdraws every
 * version, so it has the highest.
 */
export function revisionOf(version: unknown, isWithdrawal: boolean): number {
  const number = /^\d+$/.test(String(version)) ? Number(version) : 0;
  if (number > 0) return Math.min(number, highestRevision);
  return isWithdrawal ? highestRevision : 0;
}

/**
 * Returns a `revision` that orders states with the same `versionCreated` by another time of the CMS: the milliseconds
 * between the two.
 */
export function revisionBetween(versionCreated: string, instant: string | number | null | undefined): number {
  const later = typeof instant === 'number' ? instant : Date.parse(instant ?? '');
  return Number.isNaN(later) ? 0 : Math.min(Math.max(later - Date.parse(versionCreated), 0), highestRevision);
}

/** Returns the time of a withdrawal, or `receivedAt` if that time is missing or cannot be read. */
export function timeOfWithdrawal(versionCreated: unknown, receivedAt: number): string {
  const time = typeof versionCreated === 'string' ? isoOf(versionCreated) : undefined;
  return time ?? new Date(receivedAt).toISOString();
}

/** Accepts a text, null and absent. Any other type is a fault that names the field. */
export const optionalText = v.nullish(v.string('must be a string'));
export const optionalNumber = v.nullish(v.number('must be a number'));
/** The message for an invalid id. Ids are numbers in some CMSes and texts in others. */
const idWords = 'must be the id of the story, a string or an integer';
/** Returns a schema for ids that match `grammar`. */
export const idAs = (grammar: RegExp) =>
  v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.integer(idWords))], idWords),
    v.transform(String),
    v.regex(grammar, 'must be an id as this CMS writes them'),
  );
export const aTime = v.pipe(
  v.string('must be a time'),
  v.transform((time) => isoOf(time) ?? ''),
  v.check((time) => time !== '', 'must be a time such as 2026-05-01T18:00:00Z'),
);
export const optionalTime = v.nullish(aTime);

/**
 * Returns a CMS's time in ISO 8601, in UTC if it has no offset: `2026-05-01 18:00:00`, `2026-05-01T18:00:00.000+00:00`.
 * Undefined if it is not a time.
 */
export function isoOf(time: string): string | undefined {
  const [, day = '', clock = '', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/i.exec(time) ?? [];
  const instant = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(instant) || instant < 0 ? undefined : new Date(instant).toISOString();
}

/** Reads a payload by its schema. Returns the output, or the faults by path. */
export function parsed<S extends v.GenericSchema>(
  schema: S,
  payload: unknown,
  under: readonly string[] = [],
): { readonly value: v.InferOutput<S> } | { readonly issues: readonly Issue[] } {
  const result = v.safeParse(schema, payload, { abortPipeEarly: true });
  return result.success ? { value: result.output } : { issues: issuesOf(result.issues, ...under) };
}

/** The fields of a list entry without which the entry would mean something else. */
const decisiveNames: readonly string[] = ['visibility', 'taxonomy', 'protected'];

/**
 * Reads a payload by its schema. Invalid fields under `ornaments` are left out with a warning. Every other field may
 * decide whether or when the story is shown, so it is a fault.
 */
export function parsedLeniently<S extends v.GenericSchema>(
  schema: S,
  payload: unknown,
  under: readonly string[],
  ornaments: readonly string[],
): { readonly value: v.InferOutput<S>; readonly warnings: readonly Warning[] } | { readonly issues: readonly Issue[] } {
  const result = leniently(schema, payload, (path) => {
    const named = path.join('.');
    if (!ornaments.some((ornament) => named === ornament || named.startsWith(`${ornament}.`))) return 'strict';
    return decisiveNames.includes(path.at(-1) ?? '') ? 'whole' : 'field';
  });
  return 'issues' in result
    ? { issues: result.issues.map(below(under)) }
    : { value: result.value, warnings: result.warnings.map(below(under)) };
}

function below(under: readonly string[]): (issue: Issue) => Issue {
  return ({ path, message }) => ({ path: [...under, ...(path === '' ? [] : [path])].join('.'), message });
}

/** Returns the part of a command's detail that lists the warnings. */
export function warned(warnings: readonly Warning[]): Pick<Command['detail'], 'warnings'> {
  return warnings.length > 0 ? { warnings: boundedWarnings(warnings) } : {};
}

/** Returns a schema for the address of a picture that a browser can fetch: absolute, or also a path of the CMS. */
export const pictureAddress = (allowed: 'absolute' | 'or a path') =>
  v.nullish(
    v.pipe(
      v.string('must be a string'),
      v.check(
        (href) =>
          href === '' ||
          (allowed === 'or a path' && href.startsWith('/')) ||
          (URL.canParse(href) && /^https?:/i.test(href)),
        'must be an absolute http or https URL',
      ),
    ),
  );
