import { readAll, type Divided, type ReadResult, type Received, type ReceivedDetail } from './command.ts';
import type { Authentication } from './signature.ts';
import type { ApiAnswer, ApiRequest, Credentials, ListedPage } from './source-api.ts';
import type { SourceSettings } from './source-settings.ts';

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

/** Returns the name of a source's sweep mark. */
export function sweepMarkOf({ name }: Pick<Source, 'name'>, { site }: SourceSettings): string {
  return `${name}:${site}`;
}
