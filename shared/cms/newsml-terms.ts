import { addIgnored, maxIssues, nearlyRight, printableName } from '../article/misnamed-times.ts';
import type { Issue } from '../field-schema.ts';
import { nitfTime } from './nitf.ts';
import { isoOf } from './payload-schema.ts';
import { severityOf, strictestTerms } from './terms.ts';
import { below, elementsOf, textIn, type XmlElement } from './xml.ts';

/** The fields that decide whether and when an item of NewsML-G2 or NITF may be shown. */
export interface NewsTerms {
  readonly pubStatus: 'usable' | 'withheld' | 'canceled';
  readonly embargoedUntil?: string;
  readonly expires?: string;
}

export type TermsResult = NewsTerms | { readonly issues: readonly Issue[] };

/** Returns the stricter of two terms, or the issues of either. Issues do not matter for a withdrawal. */
export function together(terms: TermsResult, other: TermsResult): TermsResult {
  if (isWithdrawn(terms) || 'issues' in other) return isWithdrawn(terms) || 'issues' in terms ? terms : other;
  if ('issues' in terms) return isWithdrawn(other) ? other : terms;
  return strictestTerms(terms, other) as NewsTerms;
}

function isWithdrawn(terms: TermsResult): boolean {
  return 'pubStatus' in terms && severityOf(terms) > 0;
}

/**
 * Returns the terms of an item of NewsML-G2 and of the NITF in it, the stricter of each. A withdrawal counts whatever
 * the other fields say. Each of these fields may occur only once, and an unknown field that may say when the item is
 * published is an issue.
 */
export function termsOf(item: XmlElement, receivedAt: number): TermsResult {
  const issues: Issue[] = [];
  const meta = onlyOne(item, 'itemMeta', item.name, issues);
  const under = `${item.name}.itemMeta`;
  const status = onlyOne(meta, 'pubStatus', under, issues);
  for (const name of ['itemClass', 'versionCreated']) onlyOne(meta, name, under, issues);
  if (issues.length > 0) return { issues };
  // `usable` is the standard's default.
  const pubStatus = status === undefined ? 'usable' : codeIn(status);
  if (pubStatus === 'withheld' || pubStatus === 'canceled') return { pubStatus };
  if (pubStatus !== 'usable')
    return { issues: [{ path: `${under}.pubStatus`, message: 'must be usable, withheld or canceled' }] };
  const embargoedUntil = embargoIn(onlyOne(meta, 'embargoed', under, issues), under, issues);
  const ends = (meta ? elementsOf(meta, 'expires') : []).map((one) =>
    expiryIn(textIn(one), `${under}.expires`, issues),
  );
  addUnread(item, item.name, receivedAt, issues);
  const [expires] = ends.filter((end) => end !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b));
  const own: TermsResult =
    issues.length > 0
      ? { issues }
      : {
          pubStatus,
          ...(embargoedUntil !== undefined && { embargoedUntil }),
          ...(expires !== undefined && { expires }),
        };
  const within = elementsOf(item, 'contentSet').flatMap((set) => [...below(set, 'nitf')]);
  return within.reduce((terms, nitf) => together(terms, nitfTermsOf(nitf, receivedAt)), own);
}

/** Returns the terms of a document of NITF, by the same rules. */
export function nitfTermsOf(nitf: XmlElement, receivedAt: number): TermsResult {
  const issues: Issue[] = [];
  const head = onlyOne(nitf, 'head', 'nitf', issues);
  const docdata = onlyOne(head, 'docdata', 'nitf.head', issues);
  const under = 'nitf.head.docdata';
  for (const name of ['doc-id', 'date.issue']) onlyOne(docdata, name, under, issues);
  if (issues.length > 0) return { issues };
  const status = docdata?.attributes['management-status'] ?? 'usable';
  if (status === 'withheld' || status === 'canceled') return { pubStatus: status };
  if (status !== 'usable' && status !== 'embargoed')
    return {
      issues: [{ path: `${under}.management-status`, message: 'must be usable, embargoed, withheld or canceled' }],
    };
  const releases = docdata ? elementsOf(docdata, 'date.release') : [];
  const release = nitfTime(onlyOne(docdata, 'date.release', under, issues)?.attributes['norm']);
  if (release === undefined ? releases.length > 0 || status === 'embargoed' : !isZoned(release))
    issues.push({
      path: `${under}.date.release`,
      message: 'must have a time with a zone in norm, such as 20260501T180000Z: it may be an embargo',
    });
  const end = onlyOne(docdata, 'date.expire', under, issues);
  // Superdesk writes an empty value in a story without expiry.
  const expire = nitfTime(end?.attributes['norm']) ?? (end ? textIn(end).trim() : '');
  const expires = expire === '' ? undefined : expiryIn(expire, `${under}.date.expire`, issues);
  if (head) addUnread(head, 'nitf.head', receivedAt, issues);
  if (issues.length > 0) return { issues };
  return {
    pubStatus: 'usable',
    ...(release !== undefined && { embargoedUntil: release }),
    ...(expires && { expires }),
  };
}

/**
 * Returns the only element of a name. Several are an issue, because one reader would take the first and another the
 * last.
 */
function onlyOne(parent: XmlElement | undefined, name: string, under: string, issues: Issue[]): XmlElement | undefined {
  const [first, ...others] = parent ? elementsOf(parent, name) : [];
  if (others.length > 0)
    issues.push({
      path: `${under}.${name}`,
      message: 'must occur once: it decides whether and when the story is shown',
    });
  return first;
}

/** Returns the code of a QCode, a uri and a literal; undefined if they differ. */
function codeIn({ attributes: { qcode, uri, literal } }: XmlElement): string | undefined {
  const codes = new Set([qcode?.split(':').at(-1), uri?.split('/').at(-1), literal].filter((one) => one !== undefined));
  return codes.size === 1 ? [...codes][0] : undefined;
}

/** Returns the embargo. An embargo without a time is an issue, because only a later version could end it. */
function embargoIn(given: XmlElement | undefined, under: string, issues: Issue[]): string | undefined {
  const time = given && textIn(given).trim();
  if (time === undefined || isZoned(time)) return time;
  const message = 'must be a time with a zone: an embargo without a time is not supported';
  issues.push({ path: `${under}.embargoed`, message });
  return undefined;
}

/** Returns a time, or the end of a day (UTC). */
function expiryIn(given: string, path: string, issues: Issue[]): string | undefined {
  const time = given.trim();
  if (isZoned(time)) return time;
  if (/^\d{4}-\d{2}-\d{2}$/.test(time) && isoOf(`${time}T23:59:59Z`) !== undefined) return `${time}T23:59:59Z`;
  issues.push({ path, message: 'must be a time with a zone, such as 2026-05-01T18:00:00Z' });
  return undefined;
}

function isZoned(time: string): boolean {
  return isoOf(time) !== undefined && /(?:Z|[+-]\d{2}:?\d{2})$/i.test(time);
}

/**
 * The elements in which every name counts, as directly in a ninjs item, with the names that the standards define there.
 */
const standard: Readonly<Record<string, readonly string[]>> = {
  itemMeta:
    'itemClass provider versionCreated firstCreated embargoed pubStatus role fileName generator profile service title edNote memberOf instanceOf signal altRep deliverableOf hash expires origRep incomingFeedId metadataCreator link itemMetaExtProperty'.split(
      ' ',
    ),
  docdata:
    'correction evloc doc-id del-list urgency fixture date.issue date.release date.expire doc-scope series ed-msg du-key doc.copyright doc.rights key-list identified-content'.split(
      ' ',
    ),
};
/** The elements that are read. */
const read: Readonly<Record<string, readonly string[]>> = {
  itemMeta: ['embargoed', 'expires', 'pubStatus', 'versionCreated', 'firstCreated'],
  docdata: ['date.release', 'date.expire', 'date.issue'],
};
/** The attributes for the validity of a property (NewsML-G2, `timeValidityAttributes`). */
const ofValidity: readonly string[] = ['validfrom', 'validto'];

/**
 * Adds an issue for each ignored element or attribute that may say when an item is published. The story's text is not
 * searched.
 */
export function addUnread(element: XmlElement, path: string, receivedAt: number, issues: Issue[]): void {
  if (issues.length >= maxIssues) return;
  const found: Issue[] = [];
  const children = isText(element) ? [] : elementsOf(element);
  const add = (name: string, value: unknown, isOfItem = false): void => {
    addIgnored(name, value, [], found, receivedAt, isOfItem);
  };
  for (const [name, value] of Object.entries(element.attributes))
    if (!ofValidity.includes(name)) add(name.slice(name.indexOf(':') + 1), nitfTime(value));
  for (const child of children) {
    if (read[element.name]?.includes(child.name) === true) continue;
    for (const name of namesOf(child))
      add(name, valueIn(child, name), standard[element.name]?.includes(child.name) === false);
  }
  if (found.length > 0)
    issues.push({
      path: `${path}.${found[0]?.path ?? ''}`,
      message: 'may say when the story is published, but is not read: use embargoed (in NITF date.release)',
    });
  for (const child of children) addUnread(child, `${path}.${printableName(child.name)}`, receivedAt, issues);
}

/** Returns whether the content of the element is the story's text. */
function isText({ name }: XmlElement): boolean {
  return name === 'inlineXML' || name === 'inlineData';
}

/** Returns the names of an element. A property of a provider has its name in an attribute. */
function namesOf({ name, attributes }: XmlElement): string[] {
  if (name !== 'meta' && name !== 'property' && !name.endsWith('ExtProperty')) return [name];
  const { rel, reluri, type, typeuri, name: named } = attributes;
  return [rel, reluri, type, typeuri, named].flatMap((one) => one?.split(/[:/#]/).at(-1) ?? []);
}

/**
 * Returns the value of an element, from its text or an attribute; without a value, whether its name alone means an
 * embargo.
 */
function valueIn(element: XmlElement, name: string): unknown {
  const { norm, value, content, literal, valueuri } = element.attributes;
  const text = elementsOf(element).length === 0 ? textIn(element).trim() : '';
  const stated = [text, norm, value, content, literal, valueuri].find((one) => one !== undefined && one !== '');
  return nitfTime(stated) ?? (nearlyRight(name).length > 0 ? true : '');
}
