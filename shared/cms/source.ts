import * as v from 'valibot';
import type { Article } from '../article/article.ts';
import { faultsOf, type Fault } from '../field-schema.ts';
import { leniently } from '../article/lenient.ts';
import type { Authentication } from './signature.ts';
import type { ApiAnswer, ApiRequest, Credentials, ListedPage } from './source-api.ts';
import type { ArticleEvent } from '../article/version.ts';
import { boundedWarnings, type Warning } from '../article/warning.ts';

/** What an event of the bus says of one article. `ingest` sets `receivedAt`, unless the CMS says when it first sent this. */
export interface Command {
  readonly type: ArticleEvent;
  readonly detail: {
    readonly article: Article;
    readonly path?: string;
    /** Orders states of one `versionCreated`, where the CMS's own clock leaves no doubt. */
    readonly revision?: number;
    /** Epoch milliseconds. */
    readonly receivedAt?: number;
    /** Fields of the payload that the article does without. */
    readonly warnings?: readonly Warning[];
  };
}

/** A command's detail as it goes on the bus. */
export type ReceivedDetail = Command['detail'] & { readonly receivedAt: number; readonly correlationId?: string };

export interface Received {
  readonly type: ArticleEvent;
  readonly detail: ReceivedDetail;
}

/** What a request says: commands (none: nothing that concerns readers), or the fields that cannot be read. `unread` are those of other stories in the same request. */
export type AudioRendition =
  | { readonly commands: readonly Command[]; readonly unread?: readonly Fault[] }
  | { readonly faults: readonly Fault[] };

export const nothing: AudioRendition = { commands: [] };

/** How one newsroom's CMS is set up; everything is optional in context `sources`. */
export interface SourceSettings {
  /** Tells two sites of one kind of CMS apart: part of every `uri`, so never to be changed. */
  readonly site: string;
  /** Absolute origin of the CMS, without a slash at its end: where its API is asked, and what its relative addresses begin with. */
  readonly url: string;
  /** The collection that holds the articles (Strapi: singular and plural name; Directus: name; WordPress: post type). */
  readonly collection: string;
  readonly collectionPlural: string;
  /** Where the CMS gives no address of a story: its path, `{field}` standing for a field's slug. */
  readonly path: string;
  /** Names of fields, where the newsroom's differ from the defaults. */
  readonly fields: Readonly<Record<string, string>>;
}

/** How the API of a kind of CMS is asked what there is. */
export interface SourceApi {
  /**
   * How the CMS writes its ids. An id that is written otherwise was made up by whoever put it on the bus, and gets neither into a stored uri nor
   * into a request that carries a key of the CMS (as a path such as `../admin`, or as a filter of its query language).
   */
  readonly id: RegExp;
  /**
   * Stories changed or published at or after an instant (ISO 8601), the last change first: what changes meanwhile then repeats
   * a story, and hides none. Several lists, where one cannot hold them all. Pages count from 1.
   */
  readonly list: (
    settings: SourceSettings,
    credentials: Credentials,
    since: string,
    page: number,
  ) => readonly ApiRequest[];
  /** Stories by id, whatever their age; those that readers may not see are left out. */
  readonly byIds: (settings: SourceSettings, credentials: Credentials, ids: readonly string[]) => ApiRequest;
  readonly one: (settings: SourceSettings, credentials: Credentials, id: string) => ApiRequest;
  /** What a list's answer holds; undefined where it is none. */
  readonly listed: (answer: ApiAnswer, settings: SourceSettings) => ListedPage | undefined;
  /** What one item of a list says, as a webhook would have. */
  readonly state: (item: unknown, settings: SourceSettings) => AudioRendition;
  /** Whether the answer to a direct look-up says, in the CMS's own words, that readers may not see the story. */
  readonly isGone: (answer: ApiAnswer, settings: SourceSettings) => boolean;
  /** Lists of names that stories carry (tags, authors): when one changes, all stories are looked at anew. */
  readonly names: (settings: SourceSettings, credentials: Credentials, page: number) => readonly ApiRequest[];
}

/** When and how a request came in. */
export interface Arrival {
  /** Epoch milliseconds: the time that the signature covers, where it covers one. */
  readonly receivedAt: number;
  /** The request's headers, names in lower case; `read` gets those that its source names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** One webhook as a CMS sends it: its JSON, and the headers that its source reads. */
export interface Webhook {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One kind of CMS, pure: what its webhooks say, and how its API is asked. A story's state gives the same `detail` whether
 * the webhook or the API told it: so the sweep knows what was never stored.
 */
export interface Source {
  /** As in `/ingest/{name}`; `cms.{name}` is the source of its bus events. */
  readonly name: string;
  readonly authentication: Authentication;
  /** Its stories bring their uris with them, instead of having them made by `uriOf`. */
  readonly hasOwnUris?: true;
  readonly defaults: SourceSettings;
  /** Whether the CMS takes a published story from readers when its date is moved ahead, until that date. Agencies do not: an embargo is that of the new version. */
  readonly hidesScheduled: boolean;
  /** Headers that `read` needs, in lower case: some CMSes name the event there. A signature need not cover them: they never decide on their own that readers may see a story. */
  readonly headers?: readonly string[];
  /** What a webhook says. Never throws. */
  readonly read: (payload: unknown, settings: SourceSettings, arrival: Arrival) => AudioRendition;
  /** Without it (wire agencies), what a webhook lost cannot be asked for. */
  readonly api?: SourceApi;
  /** Two webhooks of a story that shows whether the door works: its publication at an instant (ISO 8601), and its end. */
  readonly sample: (id: string, at: string) => readonly [publish: Webhook, end: Webhook];
}

/** What a webhook says to its source, which sees no other header than those that it names. */
export function readWebhook(
  source: Source,
  payload: unknown,
  settings: SourceSettings,
  { receivedAt, headers }: Arrival,
): AudioRendition {
  const named = Object.fromEntries((source.headers ?? []).map((name) => [name, headers[name]]));
  return source.read(payload, settings, { receivedAt, headers: named });
}

/**
 * What hides a story that a CMS has scheduled until its date: a withdrawal just below the scheduled version, since a story
 * that is public stays public while a newer version waits. It is received a millisecond earlier and not ordered by
 * `revision`: so a later state of the CMS that bears the same times comes above both. Before the date only.
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
};

export function uriOf(source: string, { site }: SourceSettings, id: string): string {
  return `${source}:${site}/${id}`;
}

/** What follows source and site in a uri, which may be anything; undefined when it is a story of another source or site. */
export function idIn(uri: string, source: string, { site }: SourceSettings): string | undefined {
  const prefix = `${source}:${site}/`;
  return uri.startsWith(prefix) ? uri.slice(prefix.length) : undefined;
}

/** Most that a version's `revision` can hold; see the contract of events. */
const highestRevision = 9_999_999_999;

/** Orders states of one `versionCreated` by another clock of the CMS: the milliseconds between the two. */
export function revisionBetween(versionCreated: string, instant: string | number | null | undefined): number {
  const later = typeof instant === 'number' ? instant : Date.parse(instant ?? '');
  return Number.isNaN(later) ? 0 : Math.min(Math.max(later - Date.parse(versionCreated), 0), highestRevision);
}

/** Absent, null and the value of that type; anything else is a fault that names the field. */
export const optionalText = v.nullish(v.string('must be a string'));
export const optionalNumber = v.nullish(v.number('must be a number'));
/** Ids are numbers in some CMSes, texts in others. */
const idWords = 'must be the id of the story, a string or an integer';
/** An id that is written as `grammar` says. */
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

/** A time as CMSes write it, in UTC unless it says otherwise: `2026-05-01 18:00:00`, `2026-05-01T18:00:00.000+00:00`. */
export function isoOf(time: string): string | undefined {
  const [, day = '', clock = '', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/i.exec(time) ?? [];
  const instant = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(instant) || instant < 0 ? undefined : new Date(instant).toISOString();
}

/** Reads a payload by its schema; what does not fit is named by its path. */
export function parsed<S extends v.GenericSchema>(
  schema: S,
  payload: unknown,
  under: readonly string[] = [],
): { readonly value: v.InferOutput<S> } | { readonly faults: readonly Fault[] } {
  const result = v.safeParse(schema, payload, { abortPipeEarly: true });
  return result.success ? { value: result.output } : { faults: faultsOf(result.issues, ...under) };
}

/** Left out of a list entry, they would change what the rest of it says. */
const decisiveNames: readonly string[] = ['visibility', 'taxonomy', 'protected'];

/**
 * Reads a payload by its schema. Of what does not fit, fields under `ornaments` are left out and named in `warnings`; every
 * other field may decide whether or when the story is shown, and is a fault.
 */
export function parsedLeniently<S extends v.GenericSchema>(
  schema: S,
  payload: unknown,
  under: readonly string[],
  ornaments: readonly string[],
): { readonly value: v.InferOutput<S>; readonly warnings: readonly Warning[] } | { readonly faults: readonly Fault[] } {
  const result = leniently(schema, payload, (path) => {
    const named = path.join('.');
    if (!ornaments.some((ornament) => named === ornament || named.startsWith(`${ornament}.`))) return 'strict';
    return decisiveNames.includes(path.at(-1) ?? '') ? 'whole' : 'field';
  });
  return 'faults' in result
    ? { faults: result.faults.map(below(under)) }
    : { value: result.value, warnings: result.warnings.map(below(under)) };
}

function below(under: readonly string[]): (fault: Fault) => Fault {
  return ({ path, message }) => ({ path: [...under, ...(path === '' ? [] : [path])].join('.'), message });
}

/** The part of a command's detail that names what was left out. */
export function warned(warnings: readonly Warning[]): Pick<Command['detail'], 'warnings'> {
  return warnings.length > 0 ? { warnings: boundedWarnings(warnings) } : {};
}

/** The address of a picture that a reader's browser can fetch; a path is one of the CMS's own, where that is allowed. */
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
