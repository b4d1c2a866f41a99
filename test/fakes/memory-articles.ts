import type { FrontHead, Head, Settlement } from '../../shared/article/head.ts';
import { nothingPulled, type PulledPictures } from '../../shared/picture/pulled-pictures.ts';
import type { Articles, StoredState, Fronts, PathOwner, VersionStore } from '../../shared/article/ports.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { SynthesisJobs } from '../../shared/audio/ports.ts';
import type { SynthesisJob } from '../../shared/audio/audio-rendition.ts';
import { stripped } from '../../shared/article/erasure.ts';
import {
  holdKey,
  versionKey,
  type Content,
  type FrontContent,
  type Hold,
  type Version,
} from '../../shared/article/version.ts';

/** One change of a head, as the table's stream delivers it. */
export interface HeadImages<H = Head> {
  readonly old: H | undefined;
  readonly new: H | undefined;
}

type Direction = 'newest' | 'oldest';

/** Small, so that readers of a second page meet concurrent writes. */
const pageRows = 3;

/** Versions and heads in memory: the same conditions, the same order, a stream of heads. */
class MemoryVersionStore<C, H extends Settlement> implements VersionStore<C, H> {
  readonly versions = new Map<string, Map<string, Version<C>>>();
  readonly holds = new Map<string, Map<string, Hold>>();
  readonly heads = new Map<string, H>();
  readonly synthesisJobs = new Map<string, SynthesisJob>();
  readonly stream: HeadImages<H>[] = [];

  putVersion(version: Version<C>): Promise<void> {
    const rows = rowsOf(this.versions, version.articleId);
    const key = versionKey(version);
    if (!rows.has(key)) rows.set(key, structuredClone(version));
    return Promise.resolve();
  }

  /** Page by page, as the table is read in production: the head first, then both ends; others may write between any two reads. */
  async open(articleId: string): Promise<StoredState<C, H>> {
    const head = await this.head(articleId);
    const [newest, oldest, holds] = await Promise.all([
      this.page(articleId, 'newest', undefined),
      this.page(articleId, 'oldest', undefined),
      this.holdsOf(articleId),
    ]);
    const from = (first: readonly Version<C>[], direction: Direction): AsyncGenerator<Version<C>> =>
      eachOf(first, async (after) => this.page(articleId, direction, after));
    const audioRendition = this.synthesisJobs.get(articleId)?.rendition;
    return { head, holds, audioRendition, newestFirst: from(newest, 'newest'), oldestFirst: from(oldest, 'oldest') };
  }

  /** The next versions in key order, from either end. */
  page(articleId: string, direction: Direction, after: string | undefined): Promise<Version<C>[]> {
    const sign = direction === 'oldest' ? 1 : -1;
    const rows = [...rowsOf(this.versions, articleId)]
      .sort(([a], [b]) => (a < b ? -sign : sign))
      .filter(([key]) => after === undefined || (direction === 'oldest' ? key > after : key < after));
    return Promise.resolve(rows.slice(0, pageRows).map(([, version]) => version));
  }

  holdsOf(articleId: string): Promise<Hold[]> {
    return Promise.resolve([...rowsOf(this.holds, articleId).values()]);
  }

  head(articleId: string): Promise<H | undefined> {
    return Promise.resolve(this.heads.get(articleId));
  }

  version(articleId: string, key: string): Promise<Version<C> | undefined> {
    return Promise.resolve(rowsOf(this.versions, articleId).get(key));
  }

  writeHead(head: H, previousSeq: number | undefined): Promise<boolean> {
    const old = this.heads.get(head.articleId);
    if (old?.seq !== previousSeq) return Promise.resolve(false);
    this.heads.set(head.articleId, structuredClone(head));
    this.stream.push({ old, new: structuredClone(head) });
    return Promise.resolve(true);
  }
}

/** The fronts of the articles table in memory. */
export class MemoryFronts extends MemoryVersionStore<FrontContent, FrontHead> implements Fronts {}

/** Recordings beside the versions in memory. */
export class MemoryRecordings implements SynthesisJobs {
  readonly #rows: Map<string, SynthesisJob>;

  constructor({ synthesisJobs }: MemoryArticles) {
    this.#rows = synthesisJobs;
  }

  synthesisJob(articleId: string): Promise<SynthesisJob | undefined> {
    return Promise.resolve(this.#rows.get(articleId));
  }

  writeSynthesisJob(articleId: string, synthesisJob: SynthesisJob): Promise<boolean> {
    if ((this.#rows.get(articleId)?.seq ?? 0) !== synthesisJob.seq - 1) return Promise.resolve(false);
    this.#rows.set(articleId, structuredClone(synthesisJob));
    return Promise.resolve(true);
  }
}

/** The list of pulled pictures in memory. */
export class MemoryPictures implements Pictures {
  list = nothingPulled;
  readonly stream: { readonly old: PulledPictures; readonly new: PulledPictures }[] = [];

  pulled(): Promise<PulledPictures> {
    return Promise.resolve(this.list);
  }

  writePulled(pulled: PulledPictures, previousSeq: number): Promise<boolean> {
    if (this.list.seq !== previousSeq) return Promise.resolve(false);
    this.stream.push({ old: this.list, new: pulled });
    this.list = pulled;
    return Promise.resolve(true);
  }
}

/** The articles table in memory. */
export class MemoryArticles extends MemoryVersionStore<Content, Head> implements Articles {
  readonly owners = new Map<string, PathOwner>();

  putHold(hold: Hold): Promise<void> {
    const rows = rowsOf(this.holds, hold.articleId);
    const key = holdKey(hold);
    if (!rows.has(key)) rows.set(key, hold);
    return Promise.resolve();
  }

  pathBefore(version: Version): Promise<string | undefined> {
    const key = versionKey(version);
    const before = [...rowsOf(this.versions, version.articleId)]
      .filter(
        ([other, { status, embargoedUntil = -Infinity, content }]) =>
          other < key && status === 'usable' && content.path !== undefined && embargoedUntil <= version.receivedAt,
      )
      .sort(([a], [b]) => (a < b ? 1 : -1));
    return Promise.resolve(before[0]?.[1].content.path);
  }

  forgetPaths(): Promise<void> {
    return Promise.resolve();
  }

  strip(version: Version): Promise<void> {
    const rows = rowsOf(this.versions, version.articleId);
    const key = versionKey(version);
    if (rows.has(key)) rows.set(key, { ...version, content: stripped(version.content) });
    return Promise.resolve();
  }

  pathOwner(path: string): Promise<PathOwner | undefined> {
    return Promise.resolve(this.owners.get(path));
  }

  claimPath(owner: PathOwner, previous: PathOwner | undefined): Promise<boolean> {
    const { articleId, rivals } = this.owners.get(owner.path) ?? {};
    if (articleId !== previous?.articleId || String(rivals) !== String(previous?.rivals)) return Promise.resolve(false);
    this.owners.set(owner.path, owner);
    return Promise.resolve(true);
  }
}

function rowsOf<Row>(table: Map<string, Map<string, Row>>, articleId: string): Map<string, Row> {
  const rows = table.get(articleId) ?? new Map<string, Row>();
  table.set(articleId, rows);
  return rows;
}

async function* eachOf<C>(
  first: readonly Version<C>[],
  pageAfter: (key: string) => Promise<readonly Version<C>[]>,
): AsyncGenerator<Version<C>> {
  let page = first;
  for (;;) {
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return;
    page = await pageAfter(versionKey(last));
  }
}
