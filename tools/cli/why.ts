import { hasOwnPage, type Head } from '../../shared/article/head.ts';
import { expiryOf, holdInForce } from '../../shared/article/settle.ts';
import type { Rejection } from '../../shared/trace/publish-trace.ts';
import { versionKey, type FrontContent, type Hold, type Version } from '../../shared/article/version.ts';

/** Everything that decides the visibility of a story. Versions are in order, oldest first. */
export interface StoryFacts {
  readonly head?: Pick<Head, 'visibility' | 'version' | 'path' | 'pathClash' | 'liveStory' | 'profileOf'> | undefined;
  readonly versions: readonly Version[];
  readonly holds: readonly Hold[];
  /** Events of it that were rejected, newest first. */
  readonly rejections?: readonly Rejection[];
  /** The story that has the path which this one asked for. */
  readonly pathOwner?: string | undefined;
}

/** Everything that decides the visibility of a front. Versions are in order, oldest first. */
export interface FrontFacts {
  readonly name: string;
  readonly head?: { readonly visibility: string; readonly version?: string | undefined } | undefined;
  readonly versions: readonly Version<FrontContent>[];
  /** Events of it that were rejected, newest first. */
  readonly rejections?: readonly Rejection[] | undefined;
}

interface Said {
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** Returns the visibility of a story with its reason, as a sentence. `when` formats an instant (epoch ms). */
export function whyOf(story: StoryFacts, now: number, when: (instant: number) => string): string {
  return [articleVisibility(story, now, when), ...waiting(story, now, when), ...rejected(story, when)].join('; ');
}

/** The same of a picture, of which there are holds alone. */
export function whyOfPicture(holds: readonly Hold[], when: (instant: number) => string): string {
  const hold = holdInForce(holds);
  return hold === undefined
    ? 'a picture that readers see'
    : `a picture that no story and no list shows: it was pulled on ${when(hold.receivedAt)}${by(hold)}`;
}

/** The same of a front. */
export function whyOfFront(
  { name, head, versions, rejections }: FrontFacts,
  when: (instant: number) => string,
): string {
  return [frontVisibility({ name, head, versions }, when), ...rejected({ versions, holds: [], rejections }, when)].join(
    '; ',
  );
}

function frontVisibility({ name, head, versions }: FrontFacts, when: (instant: number) => string): string {
  const number = versions.findIndex((version) => versionKey(version) === head?.version);
  const version = versions[number];
  const of =
    version === undefined ? '' : ` version ${number + 1}, received ${when(version.receivedAt)}${by(version.content)}`;
  if (head?.visibility === 'live') return `the front ${name} shows${of}`;
  return `the front ${name} is not public: ${version === undefined ? 'no version of it is settled' : `it was taken away by${of}`}; readers get ${head?.visibility === 'gone' ? 410 : 404}`;
}

function articleVisibility(
  { head, versions, holds, pathOwner }: StoryFacts,
  now: number,
  when: (instant: number) => string,
): string {
  const status = head?.visibility === 'gone' ? 410 : 404;
  const hold = holdInForce(holds);
  if (hold)
    return `${hold.kind === 'erased' ? 'erased on' : 'held since'} ${when(hold.receivedAt)}${by(hold)}: readers get ${status}`;
  const at = versions.findIndex((version) => versionKey(version) === head?.version);
  const shown = versions[at];
  if (head?.visibility === 'live') {
    const expires = shown === undefined ? undefined : expiryOf(shown);
    return [
      ...(hasOwnPage(head)
        ? [`live at ${head.path ?? '?'}`]
        : [
            head.profileOf !== undefined
              ? `live as the profile on /${head.profileOf}: readers see it while a story is listed there`
              : `live as a post of ${shown?.content.post?.story ?? head.liveStory ?? '?'}: readers see it while that live story is public`,
            'its changes are announced by feed.changed alone, and no steps of them are recorded',
          ]),
      ...(expires !== undefined && expires <= now
        ? [`expired since ${when(expires)}: its page stays, no list shows it`]
        : []),
      ...(head.pathClash === undefined
        ? []
        : [`the path ${head.pathClash} that it asks for belongs to ${pathOwner ?? 'another story'}`]),
    ].join('; ');
  }
  if (shown !== undefined) {
    const { continuedBy } = shown.content;
    const what =
      shown.status === 'withheld' ? 'withheld' : status === 410 ? 'withdrawn' : 'withdrawn before it was public';
    return `${what} by version ${at + 1} (${shown.content.event}), received ${when(shown.receivedAt)}${by(shown.content)}: readers get ${status}${continuedBy === undefined ? '' : `, or the page of ${continuedBy} while that is live`}`;
  }
  return `not public: readers get ${status}`;
}

/** Versions above the one shown that are not shown, each with its reason. */
function waiting({ versions, holds }: StoryFacts, now: number, when: (instant: number) => string): string[] {
  const above: { readonly version: Version; readonly number: number }[] = [];
  const said: string[] = [];
  for (let at = versions.length - 1; at >= 0; at -= 1) {
    const version = versions[at];
    // Of neighbours that say the same, the first counts.
    if (version === undefined || version.digest === versions[at - 1]?.digest) continue;
    const number = at + 1;
    const embargo = version.embargoedUntil ?? -Infinity;
    const earliest = above.reduce<(typeof above)[number] | undefined>(
      (first, each) => (first !== undefined && first.version.receivedAt <= each.version.receivedAt ? first : each),
      undefined,
    );
    if (version.status !== 'usable') return said;
    if (earliest !== undefined && earliest.version.receivedAt < embargo) {
      said.push(
        `version ${number} is never shown: its embargo until ${when(embargo)} was still ahead when version ${earliest.number} superseded it on ${when(earliest.version.receivedAt)}`,
      );
    } else if (embargo > now) {
      said.push(`version ${number} is embargoed until ${when(embargo)}`);
    } else {
      return holdInForce(holds) === undefined ? said : [];
    }
    above.push({ version, number });
  }
  return said;
}

/** The last rejected event, if none was accepted since. */
function rejected(
  {
    versions,
    holds,
    rejections: [last] = [],
  }: {
    readonly versions: readonly Pick<Version, 'receivedAt'>[];
    readonly holds: readonly Hold[];
    readonly rejections?: readonly Rejection[] | undefined;
  },
  when: (instant: number) => string,
): string[] {
  const accepted = Math.max(
    -Infinity,
    ...versions.map(({ receivedAt }) => receivedAt),
    ...holds.map(({ receivedAt }) => receivedAt),
  );
  if (last === undefined || last.refusedAt < accepted) return [];
  return [
    `an event of it was rejected on ${when(last.refusedAt)}: ${last.errors.map(({ path, message }) => `${path || 'event'} ${message}`).join(', ')}`,
  ];
}

function by({ actor, reason }: Said): string {
  return `${actor === undefined ? '' : ` by ${actor}`}${reason === undefined ? '' : ` (${reason})`}`;
}
