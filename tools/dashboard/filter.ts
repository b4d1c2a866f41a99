import { beganAt, lagOf, type PublishTrace, type Rejection } from '../../shared/trace/publish-trace.ts';

/** The periods that the page offers, in hours. */
export const periods = [1, 6, 24] as const;
export type Period = (typeof periods)[number];

/** Which changes the page is about. It stands in the page's query, so that a link to it can be shared. */
export interface Filter {
  readonly hours: Period;
  /** A section such as `news/local`. */
  readonly section?: string;
  /** The source of events, such as `cms.ghost`. */
  readonly source?: string;
  /** Only changes that readers did not see in time. */
  readonly late: boolean;
}

export function filterIn(query: URLSearchParams): Filter {
  const [section, source] = [query.get('section')?.trim() ?? '', query.get('source')?.trim() ?? ''];
  return {
    hours: periods.find((hours) => String(hours) === query.get('hours')) ?? 6,
    ...(section !== '' && { section }),
    ...(source !== '' && { source }),
    late: query.get('late') === '1',
  };
}

const sectionPrefix = 'section/';

/** Returns whether a change is one of those that the filter names. `now` is epoch ms. */
export function isOf({ hours, section, source, late }: Filter, trace: PublishTrace, now: number): boolean {
  return (
    beganAt(trace) >= now - hours * 3_600_000 &&
    (section === undefined || trace.feeds?.includes(sectionPrefix + section) === true) &&
    (source === undefined || trace.source === source) &&
    (!late || trace.late !== undefined)
  );
}

/** The same of a rejected event, which has no section. */
export function isRejectionOf({ hours, source }: Filter, rejection: Rejection, now: number): boolean {
  return rejection.refusedAt >= now - hours * 3_600_000 && (source === undefined || rejection.source === source);
}

/** Returns the sections and sources that can be chosen, sorted. */
export function choicesIn(
  traces: readonly PublishTrace[],
  rejections: readonly Rejection[],
): { readonly sections: string[]; readonly sources: string[] } {
  const sections = traces.flatMap(({ feeds = [] }) =>
    feeds.flatMap((feed) => (feed.startsWith(sectionPrefix) ? [feed.slice(sectionPrefix.length)] : [])),
  );
  const sources = [...traces, ...rejections].flatMap(({ source }) => source ?? []);
  return { sections: [...new Set(sections)].sort(), sources: [...new Set(sources)].sort() };
}

/** What a change still waits for: its announcement, its purge, or a request that sees it. */
export type Waiting = 'announcement' | 'purge' | 'first reader';

/** A change older than this that nobody saw is not followed any more (`watch` is off, or was interrupted). */
const longestWayMs = 10 * 60_000;

/** Returns what a change waits for; undefined if it is fresh, late, or no longer followed. */
export function waitsFor(trace: PublishTrace, now: number): Waiting | undefined {
  if (lagOf(trace) !== undefined || trace.lateAt !== undefined || trace.audio === true) return undefined;
  if (now - beganAt(trace) > longestWayMs) return undefined;
  if (trace.announcedAt === undefined) return 'announcement';
  return trace.purgedAt === undefined ? 'purge' : 'first reader';
}
