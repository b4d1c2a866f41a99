import { canonicalJson } from '../../shared/canonical.ts';
import { frontIdOf, type Front, type FrontContainer } from '../../shared/front/front.ts';
import type { FrontHead } from '../../shared/article/head.ts';
import type { Rejection } from '../../shared/trace/publish-trace.ts';
import { inOrder, versionKey, type FrontContent, type Version } from '../../shared/article/version.ts';
import type { Difference } from './differences.ts';
import { maxRejections, nothingReceived, type HistoryLine } from './history.ts';
import type { Connection } from './connection.ts';

/** Everything that was ever received of a front, oldest first. */
export interface FrontHistory {
  readonly articleId: string;
  readonly name: string;
  readonly head: FrontHead | undefined;
  readonly versions: readonly Version<FrontContent>[];
  /** Events of it that were rejected, newest first. */
  readonly rejections: readonly Rejection[];
}

/** The front that a command is about, as `front:<name>`; `undefined` where it is about an article. */
export function frontNamed(uri: string): string | undefined {
  return /^front:(.+)$/s.exec(uri)?.[1];
}

/** @throws {WrongUse} No event of this front was ever received or rejected. */
export async function frontHistoryOf(
  { fronts, publishTraces }: Pick<Connection, 'fronts' | 'publishTraces'>,
  name: string,
): Promise<FrontHistory> {
  const articleId = frontIdOf(name);
  const [{ head, oldestFirst }, rejected] = await Promise.all([
    fronts.open(articleId),
    publishTraces.rejections(maxRejections),
  ]);
  const versions: Version<FrontContent>[] = [];
  for await (const version of inOrder(oldestFirst, 'oldest')) versions.push(version);
  const rejections = rejected.filter(({ front }) => front === name);
  if (versions.length === 0 && rejections.length === 0) throw nothingReceived(`the front ${name}`);
  return { articleId, name, head, versions, rejections };
}

export function frontHistoryLines({ head, versions }: FrontHistory): HistoryLine[] {
  return versions.map((version, index) => {
    const { event, actor, reason } = version.content;
    const key = versionKey(version);
    return {
      number: index + 1,
      key,
      receivedAt: version.receivedAt,
      event,
      shown: head?.version === key && head.visibility === 'live',
      ...(actor !== undefined && { actor }),
      ...(reason !== undefined && { reason }),
    };
  });
}

/** The lines of a front, container by container. */
export function frontLines({ containers }: Front): string[] {
  return containers.flatMap((container) => ['', container.title, ...containerLines(container)]);
}

function containerLines({ pins = [], backfill, limit, seeMore, links = [] }: FrontContainer): string[] {
  return [
    ...pins.map((uri) => `  pin       ${uri}`),
    ...(backfill === undefined ? [] : [`  backfill  ${backfill}`]),
    ...(limit === undefined ? [] : [`  limit     ${limit}`]),
    ...(seeMore === undefined ? [] : [`  see more  ${seeMore}`]),
    ...links.map(({ label, href }) => `  link      ${label}: ${href}`),
  ];
}

/** Compares two versions of a front by container. Containers with the same title are compared in order. */
export function frontDifferences(before: Front, after: Front): string[] {
  const [old, current] = [named(before), named(after)];
  const keys = [...new Set([...old.keys(), ...current.keys()])];
  const changed = keys.flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)].map((container) =>
      container === undefined ? undefined : containerLines(container),
    );
    const gone = was?.filter((line) => is?.includes(line) !== true) ?? [];
    const came = is?.filter((line) => was?.includes(line) !== true) ?? [];
    const isMoved =
      was !== undefined &&
      is !== undefined &&
      gone.length === 0 &&
      came.length === 0 &&
      canonicalJson(was) !== canonicalJson(is);
    if (was !== undefined && is !== undefined && gone.length === 0 && came.length === 0 && !isMoved) return [];
    const what = was === undefined ? ' (new)' : is === undefined ? ' (removed)' : isMoved ? ' (in another order)' : '';
    return [
      `${key}:${what}`,
      ...(isMoved ? is : []),
      ...gone.map((line) => `-${line}`),
      ...came.map((line) => `+${line}`),
    ];
  });
  const kept = (keysOf: ReadonlyMap<string, unknown>): string[] =>
    [...keysOf.keys()].filter((key) => old.has(key) && current.has(key));
  return canonicalJson(kept(old)) === canonicalJson(kept(current))
    ? changed
    : [...changed, `containers are in another order: ${kept(current).join(', ')}`];
}

/** Returns the containers that differ between two versions of a front, each with its lines. */
export function differencesOfFront(before: Front, after: Front): Difference[] {
  const [old, current] = [named(before), named(after)];
  const textOf = (container: FrontContainer | undefined): string | undefined =>
    container && containerLines(container).join('\n');
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((field) => {
    const [was, is] = [textOf(old.get(field)), textOf(current.get(field))];
    if (was === is) return [];
    return [{ field, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

/** Containers by title; a title that comes again is numbered. */
function named({ containers }: Front): ReadonlyMap<string, FrontContainer> {
  const times = new Map<string, number>();
  return new Map(
    containers.map((container) => {
      const time = (times.get(container.title) ?? 0) + 1;
      times.set(container.title, time);
      return [time === 1 ? container.title : `${container.title} (${time})`, container];
    }),
  );
}
