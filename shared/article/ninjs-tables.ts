import { isObject } from '../cms/source-api.ts';

/**
 * The properties of ninjs 3.1, and the mapping of every property of every version of IPTC's schema (1.0–1.8, 2.0–2.4,
 * 3.0–3.3) to them. `test/unit/ninjs/tables.ts` compares the tables with the schemas' property lists in both directions.
 */

/** The kinds of objects in a ninjs item. Concepts are people, organisations, places, subjects, events, objects, genres and sources. */
export type Kind =
  | 'item'
  | 'text'
  | 'concept'
  | 'symbol'
  | 'eventDetails'
  | 'dates'
  | 'recurrence'
  | 'recurrenceRule'
  | 'rendition'
  | 'point'
  | 'resource'
  | 'altId'
  | 'trustIndicator'
  | 'rights';

/** A property of 3.1: a text or number, or an object of one kind, or a list of these. */
export interface Property {
  readonly holds?: Kind;
  /** The value is JSON with foreign names, stored as received. */
  readonly isForeign?: true;
  /** The reason why readers do not get the property. */
  readonly internal?: string;
}

type Properties = Readonly<Record<string, Property>>;

const scalars = (names: string): Properties => Object.fromEntries(names.split(/\s+/).map((name) => [name, {}]));
const holding = (holds: Kind): Property => ({ holds });

/** All properties that an article may hold and, except for internal ones, that readers may get. */
export const shape: Readonly<Record<Kind, Properties>> = {
  item: {
    ...scalars(
      'uri type representationType profile version firstCreated versionCreated contentCreated contentDigitised embargoedUntil pubStatus urgency',
    ),
    ...scalars('copyrightHolder copyrightNotice usageTerms language title by slugline located expires name rel'),
    headlines: holding('text'),
    descriptions: holding('text'),
    bodies: holding('text'),
    people: holding('concept'),
    organisations: holding('concept'),
    places: holding('concept'),
    subjects: holding('concept'),
    events: holding('concept'),
    objects: holding('concept'),
    infoSources: holding('concept'),
    genres: holding('concept'),
    eventDetails: holding('eventDetails'),
    digitalSourceType: holding('concept'),
    renditions: holding('rendition'),
    associations: holding('item'),
    altIds: holding('altId'),
    trustIndicators: holding('trustIndicator'),
    rightsInfo: holding('rights'),
    firstPublished: { internal: 'ninjs does not have it: readers find it in _pressrun' },
  },
  text: scalars('role contentType value charCount wordCount'),
  concept: {
    ...scalars('id name rel role uri literal creator relevance confidence'),
    symbols: holding('symbol'),
    geoJSON: { isForeign: true },
  },
  symbol: scalars('exchange symbolType symbol'),
  eventDetails: { ...scalars('eventStatus'), dates: holding('dates'), organiser: holding('concept') },
  dates: {
    ...scalars('startDate endDate expectedStartDate expectedEndDate expectedDuration'),
    recurrence: holding('recurrence'),
  },
  recurrence: { recurrenceDates: {}, recurrenceRules: holding('recurrenceRule') },
  recurrenceRule: scalars('frequency interval until count'),
  rendition: {
    ...scalars('name href contentType title width height sizeInBytes duration format'),
    ...scalars('aspectRatio videoCodec frameRate transportProtocol scanType bitrate'),
    poi: holding('point'),
    resources: holding('resource'),
  },
  point: scalars('x y'),
  resource: scalars('role title language contentType'),
  altId: scalars('role value'),
  trustIndicator: scalars('role title href'),
  rights: scalars('langId linkedRights encodedRights'),
};

/** The mapping of a property: a name in 3.1, a name with a conversion of the value, or a reason to ignore it. */
export type Entry =
  | string
  | { readonly to: string; readonly by: (value: unknown, name: string) => unknown }
  /** `isOfSender`: the sender may put anything there, also an embargo. */
  | { readonly leftOut: string; readonly isOfSender?: true };

/** `*` stands for any suffix. */
export type Table = Readonly<Partial<Record<Kind, Readonly<Record<string, Entry>>>>>;

const same = (names: readonly string[]): Readonly<Record<string, Entry>> =>
  Object.fromEntries(names.map((name) => [name, name]));
const notForReaders = (why: string): Entry => ({ leftOut: `not for readers: ${why}` });

const contacts = notForReaders('addresses and telephone numbers of people');
const note = notForReaders('a note from desk to desk');
const standard: Entry = { leftOut: 'what is kept is 3.1, whatever came in', isOfSender: true };
const extensions: Entry = {
  leftOut: 'names of the sender’s own, without a meaning that the standard defines',
  isOfSender: true,
};

const ninjs3: Table = {
  ...Object.fromEntries(
    Object.entries(shape).map(([kind, properties]) => [
      kind,
      same(Object.entries(properties).flatMap(([name, { internal }]) => (internal === undefined ? [name] : []))),
    ]),
  ),
  item: {
    ...same(Object.keys(shape.item).filter((name) => name !== 'firstPublished')),
    edNote: note,
    standard,
    plannedCoverage: notForReaders('plans of the desk'),
  },
  concept: { ...same(Object.keys(shape.concept)), contactInfo: contacts },
  eventDetails: { ...same(Object.keys(shape.eventDetails)), plannedCoverageStatus: notForReaders('plans of the desk') },
  rendition: { ...same(Object.keys(shape.rendition)), extensions },
};

const rendition1: Readonly<Record<string, Entry>> = {
  ...same(['href', 'title', 'width', 'height', 'duration', 'format', 'poi', 'bitrate', 'resources']),
  sizeinbytes: 'sizeInBytes',
  aspectratio: 'aspectRatio',
  videocodec: 'videoCodec',
  framerate: 'frameRate',
  transportprotocol: 'transportProtocol',
  scantype: 'scanType',
  extensions,
};

const symbol2: Readonly<Record<string, Entry>> = {
  ...same(['exchange', 'symbol']),
  ticker: 'symbol',
  symboltype: 'symbolType',
};
const rights2: Readonly<Record<string, Entry>> = {
  langid: 'langId',
  linkedrights: 'linkedRights',
  encodedrights: 'encodedRights',
};
const resource2: Readonly<Record<string, Entry>> = {
  ...same(['role', 'title', 'language']),
  contenttype: 'contentType',
};

/** Names that 2.x and 1.x share. */
const item2: Readonly<Record<string, Entry>> = {
  ...same(['uri', 'type', 'profile', 'version', 'urgency', 'language', 'title', 'slugline', 'located', 'expires']),
  firstcreated: 'firstCreated',
  versioncreated: 'versionCreated',
  contentcreated: 'contentCreated',
  contentdigitised: 'contentDigitised',
  embargoed: 'embargoedUntil',
  pubstatus: 'pubStatus',
  copyrightholder: 'copyrightHolder',
  copyrightnotice: 'copyrightNotice',
  usageterms: 'usageTerms',
  ednote: note,
  digitalsourcetype: 'digitalSourceType',
  rightsinfo: 'rightsInfo',
};

const ninjs2: Table = {
  item: {
    ...item2,
    ...same([
      'by',
      'name',
      'headlines',
      'descriptions',
      'bodies',
      'people',
      'organisations',
      'places',
      'subjects',
      'events',
    ]),
    ...same(['objects', 'genres', 'renditions', 'associations']),
    representationtype: 'representationType',
    infosources: 'infoSources',
    altids: 'altIds',
    trustindicators: 'trustIndicators',
    standard,
  },
  text: { ...same(['role', 'value']), contenttype: 'contentType', charcount: 'charCount', wordcount: 'wordCount' },
  concept: {
    ...same(['name', 'rel', 'role', 'uri', 'literal', 'creator', 'relevance', 'confidence', 'symbols']),
    contactinfo: contacts,
    geojson: 'geoJSON',
  },
  symbol: symbol2,
  rendition: { ...rendition1, name: 'name', contenttype: 'contentType' },
  point: same(['x', 'y']),
  resource: resource2,
  altId: same(['role', 'value']),
  trustIndicator: same(['role', 'title', 'href']),
  rights: rights2,
};

const identified: Entry = { leftOut: 'uri and literal (of a trust indicator: role) are made of code and scheme' };

const ninjs1: Table = {
  item: {
    ...item2,
    mimetype: { leftOut: 'the bodies and renditions that name no type of their own take it' },
    representationtype: {
      to: 'representationType',
      by: (value) => (value === 'complete' ? 'full' : value === 'incomplete' ? 'partial' : value),
    },
    byline: 'by',
    headline: { to: 'headlines', by: (value) => text(value, { role: 'main', contentType: 'text/plain' }) },
    'headline_*': { to: 'headlines', by: (value, name) => text(value, { contentType: 'text/plain', ...saidBy(name) }) },
    'description_*': { to: 'descriptions', by: (value, name) => text(value, { role: 'standfirst', ...saidBy(name) }) },
    'body_*': { to: 'bodies', by: (value, name) => text(value, { role: 'main', ...saidBy(name) }) },
    charcount: { leftOut: '3.1 counts each body, and not the item' },
    wordcount: { leftOut: '3.1 counts each body, and not the item' },
    person: 'people',
    organisation: 'organisations',
    place: 'places',
    subject: 'subjects',
    event: 'events',
    object: 'objects',
    infosource: { to: 'infoSources', by: (value) => (Array.isArray(value) ? value.map(withRole) : value) },
    genre: 'genres',
    renditions: { to: 'renditions', by: named },
    associations: { to: 'associations', by: named },
    altids: { to: 'altIds', by: alternatives },
    trustindicator: 'trustIndicators',
    $standard: standard,
  },
  concept: {
    ...same(['name', 'rel', 'creator', 'relevance', 'confidence', 'symbols', 'uri', 'literal']),
    code: identified,
    scheme: identified,
    contactinfo: contacts,
    'geometry_*': {
      to: 'geoJSON',
      by: (value, name) => (/^geometry_geo_?json$/i.test(name) ? value : undefined),
    },
  },
  symbol: symbol2,
  rendition: { ...rendition1, mimetype: 'contentType' },
  point: same(['x', 'y']),
  resource: resource2,
  trustIndicator: { ...same(['title', 'href']), code: identified, scheme: identified },
  rights: rights2,
};

/** Names that no version has but some senders use. */
const beside: Table = {
  // Superdesk's name for `uri`, which wins if both are present.
  item: { guid: { to: 'uri', by: (value) => value }, firstpublished: 'firstPublished' },
};

/** By major version: minor versions only add properties. */
export const tables = { '1': ninjs1, '2': ninjs2, '3': ninjs3, beside } as const satisfies Readonly<
  Record<string, Table>
>;

const formats: Readonly<Record<string, string>> = {
  text: 'text/plain',
  plain: 'text/plain',
  html: 'text/html',
  html5: 'text/html',
  xhtml: 'text/html',
  markdown: 'text/markdown',
  nitf: 'application/nitf+xml',
  xml: 'application/xml',
  rtf: 'application/rtf',
};

/**
 * Returns the role and the format that the name of a text contains. In 1.x a name has its format, its purpose or both,
 * as in `body_html_short`.
 */
function saidBy(name: string): { readonly role?: string; readonly contentType?: string } {
  const parts = name.toLowerCase().split('_').slice(1);
  const format = parts.find((part) => Object.hasOwn(formats, part));
  const contentType = format === undefined ? undefined : formats[format];
  const purpose = parts.filter((part) => part !== format).join('_');
  return { ...(purpose !== '' && { role: purpose }), ...(contentType !== undefined && { contentType }) };
}

function text(value: unknown, said: { readonly role?: string; readonly contentType?: string }): unknown {
  return value === '' ? undefined : [{ ...said, value }];
}

/** The maximum length of a name. In 1.x it is written once; in 3.1, in each of its parts. */
const longestName = 100;

/** Converts the renditions and associations of 1.x, which are objects by name, to a list. A null entry is left out. */
function named(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.entries(value).flatMap(([name, held]) =>
    [held]
      .flat()
      .flatMap((one) => (one === null ? [] : [isObject(one) ? { name: name.slice(0, longestName), ...one } : one])),
  );
}

function alternatives(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.entries(value).flatMap(([role, id]) =>
    typeof id === 'string' || typeof id === 'number' ? [{ role, value: String(id) }] : [],
  );
}

/** Renames the relation of a source in 1.x, which is its role in 3.1. */
function withRole(source: unknown): unknown {
  if (!isObject(source) || source['rel'] === undefined) return source;
  const { rel, ...rest } = source;
  return { role: rel, ...rest };
}
