import type { Issue } from '../field-schema.ts';
import { clockSkewMilliseconds } from './settle.ts';

type Path = readonly (string | number)[];

/** The maximum number of issues. A longer list is not read. */
export const maxIssues = 50;

/** The maximum length of a name in a path. Names come from outside, and each path repeats the names above it. */
export const longestStep = 100;

const embargo = {
  name: /embarg|embrago|sperrfrist|^(?:holduntil|notbefore|golive(?:at|date)?|livedate|visiblefrom|publish(?:at|on|after|from)|release(?:at|on|date|time)|schedul(?:edat|edfor|edtime|edate)|availablefrom|validfrom)$/,
  means: 'embargoedUntil (embargoed in ninjs 1 and 2)',
};

const nearly: readonly { readonly name: RegExp; readonly means: string }[] = [
  embargo,
  { name: /expir|^(?:valid(?:to|until)|available(?:to|until)|publishuntil|unpublishat|notafter)$/, means: 'expires' },
  {
    name: /^(?:pub|publish(?:ed|ing)?|publication|item|article|news|editorial|workflow)?(?:status|state)$|^pubstat/,
    means: 'pubStatus',
  },
];

const scheduleName = /^(?:is)?scheduled?$/;

/** Matches names of a publication time in CMSes: `publish_date`, `pubDate`, `releasedAt`, `scheduled`. */
const publicationName =
  /^(?:is)?(?:date)?(?:of)?(?:first|original|initial|web|online|print)?(?:publi(?:sh(?:ed|ing)?|cation)|pub|releas(?:e|ed|ing)|schedul(?:e|ed|ing)|launch(?:ed)?|golive|air)(?:date|time|stamp|at|on|from|starts?|day|utc|gmt|local)+$|^date(?:of)?(?:publi|releas|pub)|^(?:is)?scheduled?$/;

/**
 * Matches a part of a publication time's name: in the name itself (`utc_publish_schedule`, `heldUntil`,
 * `dcterms:available`), or in the name of the object around it (`release: { date }`).
 */
const publicationStem =
  /publi[sc]|^pub(?:date|time|$)|releas|embarg|golive|launch|visib|availab|(?:held|hold)until|(?:show|active|unlock|post)(?:from|at|date)/;

/**
 * Adds an issue for an ignored field, and for each field within it, that may say when an item must be shown. Directly
 * in an item (`isOfItem`), these are names that resemble one of ninjs, and every time after `receivedAt` (epoch ms).
 * Deeper, they are embargoes, and publication times that are ahead or unreadable: other times ahead in an extension are
 * mostly those of the event that the story is about. `isWithin` is true if an object around the field is named after
 * publication.
 */
export function addIgnored(
  name: string,
  value: unknown,
  path: Path,
  issues: Issue[],
  receivedAt: number,
  isOfItem = false,
  isWithin = false,
): void {
  if (issues.length >= maxIssues || value === null || value === undefined) return;
  const misnamed = nearlyRight(name, path);
  const plain = plainly(name);
  const isOfPublication =
    isWithin || publicationStem.test(plain) || (isOfItem && (scheduleName.test(plain) || plain === 'dates'));
  if (misnamed.length > 0 && (isOfItem || saysEmbargo(name, value))) issues.push(...misnamed);
  else if (
    isPublicationAhead(plain, value, receivedAt) ||
    ((isOfItem || isOfPublication) && isTimeAhead(value, receivedAt, isOfPublication))
  )
    issues.push({
      path: issuePath(path, name),
      message:
        'must be called embargoedUntil (embargoed in ninjs 1 and 2) if it says when the story may be published; otherwise leave it out',
    });
  else if (typeof value === 'object')
    for (const [inner, held] of Object.entries(value as Readonly<Record<string, unknown>>))
      addIgnored(inner, held, [...path, name], issues, receivedAt, false, isOfPublication);
}

function saysEmbargo(name: string, value: unknown): boolean {
  return plainly(name).includes('embarg') && value !== '' && value !== false;
}

/** Returns whether a value is a time ahead. A number counts as a time only if its name says so (`isNamed`). */
function isTimeAhead(value: unknown, receivedAt: number, isNamed: boolean): boolean {
  if (typeof value === 'string')
    return dateAndTime.test(value) && instantIn(value) > receivedAt + clockSkewMilliseconds;
  return isNamed && typeof value === 'number' && instantOf(value) > receivedAt + clockSkewMilliseconds;
}

/** Returns whether a field names a publication time and has any value other than a past time. */
function isPublicationAhead(plain: string, value: unknown, receivedAt: number): boolean {
  // A schedule may be that of an event, so its fields are judged by their own names.
  if (scheduleName.test(plain) && typeof value === 'object') return false;
  return (publicationName.test(plain) || embargo.name.test(plain)) && !isPast(value, receivedAt);
}

function isPast(value: unknown, receivedAt: number): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.every((held) => isPast(held, receivedAt));
  if (typeof value === 'object') return Object.keys(value).length === 0;
  const time = typeof value === 'number' ? instantOf(value) : typeof value === 'string' ? instantIn(value) : NaN;
  return time <= receivedAt + clockSkewMilliseconds;
}

/**
 * Returns epoch ms for a number of seconds or milliseconds since 1970, which differ in size. Returns NaN for calendar
 * numbers (20270501, 202705011200).
 */
function instantOf(time: number): number {
  if ((time > 0 && time < 1e8) || (time >= 1.9e11 && time < 2.2e11)) return NaN;
  return time < 1e11 ? time * 1000 : time;
}

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const iso = /^\s*\d{4}-\d{2}-\d{2}(?:[t ]|\s*$)/i;
const compact = /^\s*(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})?/i;
const written = new RegExp(`\\b${month}\\b.{0,10}\\b\\d{4}\\b`, 'i');
const dateAndTime = new RegExp(
  `^\\s*\\d{4}-\\d{2}-\\d{2}[t ]\\d{2}:\\d{2}|${compact.source}|${written.source} \\d{1,2}:\\d{2}`,
  'i',
);

/**
 * Returns epoch ms of a date in ISO 8601, or with the name of its month (RFC 822). Returns NaN for any other form,
 * because 05/06 means two different days. A date without a zone counts as UTC.
 */
function instantIn(text: string): number {
  if (!iso.test(text) && !compact.test(text)) return written.test(text) ? Date.parse(text) : NaN;
  const time = text
    .trim()
    .toUpperCase()
    .replace(compact, (_, year: string, ofYear: string, day: string, hour: string, minute: string, second = '00') =>
      [[year, ofYear, day].join('-'), [hour, minute, String(second)].join(':')].join('T'),
    );
  return Date.parse(/^[\d-]{10}[T ][\d:.]+$/.test(time) ? `${time.replace(' ', 'T')}Z` : time);
}

/** Cyrillic and Greek letters, each followed by the Latin letter that it resembles (Unicode, UTS #39). */
const lookAlikes = new Map(
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwѵvьbмmтtкkпnгrοoρpνvαaυuιiκkτtɡgᴇeɑa'
    .match(/../gu)
    ?.map(([letter = '', latin = '']) => [letter, latin]),
);

/**
 * Returns a name in lower-case Latin letters and digits. Accents, signs and invisible characters are removed, and
 * letters of other scripts that resemble Latin ones are replaced by them.
 */
function plainly(name: string): string {
  return name
    .slice(0, longestStep)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, (letter) => lookAlikes.get(letter) ?? '');
}

/** Returns a name from outside in a form that an issue may repeat. */
export function printableName(name: string): string {
  return name.slice(0, longestStep).replaceAll(/[^\w-]/g, '') || '_';
}

function issuePath(path: Path, name: string): string {
  return [...path, name].map((step) => printableName(String(step))).join('.');
}

/**
 * Returns an issue for a name that means an embargo, an expiry or a status but is not a ninjs name. Ignoring it would
 * publish the item.
 */
export function nearlyRight(name: string, path: Path = []): Issue[] {
  const plain = plainly(name);
  const meant = nearly.find((near) => near.name.test(plain));
  return meant
    ? [
        {
          path: issuePath(path, name),
          message: `must be written ${meant.means}: under this name it would be ignored`,
        },
      ]
    : [];
}
