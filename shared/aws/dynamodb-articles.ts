import { stripped } from '../article/erasure.ts';
import type { FrontHead, Head, Settlement } from '../article/head.ts';
import { nothingPulled, type PulledPictures } from '../picture/pulled-pictures.ts';
import type { Articles, StoredState, Fronts, PathOwner, VersionStore } from '../article/ports.ts';
import type { Pictures } from '../picture/ports.ts';
import type { SynthesisJobs } from '../audio/ports.ts';
import type { SynthesisJob } from '../audio/audio-rendition.ts';
import {
  packContent,
  pathKey,
  versionKey,
  type Content,
  type FrontContent,
  type Hold,
  type Version,
} from '../article/version.ts';
import {
  frontHeadOf,
  frontHeadRow,
  headKey,
  headOf,
  headRow,
  holdOf,
  holdRow,
  numberOf,
  pathPartition,
  picturesPartition,
  pulledOf,
  pulledRow,
  synthesisJobKey,
  synthesisJobOf,
  synthesisJobRow,
  textOf,
  versionOf,
  versionRow,
} from './rows.ts';
import { rowKind, type RowKind } from './row-kind.ts';
import { absent, unchanged, type Row, type RowPage, type Table } from './table.ts';

/** The head, one version and its path are all rows of an article with one version. Most settles read no further. */
const firstPageRows = 4;
const largestPageRows = 200;

/** Sorts above every key that `pathKey` returns. */
const abovePathKeys = 'vp$';

/** How heads of one kind are written and read as rows. */
interface HeadRows<H> {
  readonly rowOf: (head: H) => Row;
  readonly headIn: (row: Row) => H;
}

/** Access to single rows of the articles table. */
class ArticlesTable {
  protected readonly table: Table;

  constructor(table: Table) {
    this.table = table;
  }

  protected get(articleId: string, sk: string): Promise<Row | undefined> {
    return this.table.get({ articleId, sk });
  }
}

/** Versions and heads in DynamoDB, with conditional puts and without transactions. */
class DynamoDbVersionStore<C extends Content | FrontContent, H extends Settlement>
  extends ArticlesTable
  implements VersionStore<C, H>
{
  readonly #heads: HeadRows<H>;

  constructor(table: Table, heads: HeadRows<H>) {
    super(table);
    this.#heads = heads;
  }

  async putVersion(version: Version<C>): Promise<void> {
    await this.table.putIf(versionRow(version), absent('sk'));
  }

  async open(articleId: string): Promise<StoredState<C, H>> {
    const head = await this.head(articleId);
    const oldest = await this.#page(articleId, 'oldest', firstPageRows);
    // A new article's first page is all of its rows, so the newest end needs no query of its own.
    const newest =
      oldest.next === undefined
        ? { ...oldest, rows: oldest.rows.toReversed() }
        : await this.#page(articleId, 'newest', firstPageRows);
    // Holds sort below the head and the versions, so the oldest end begins with them. A newer release may have written
    // rows of another kind among them; the walk continues past those to find every hold.
    const belowHead: Row[] = [];
    let rest = oldest;
    for (;;) {
      const below = rest.rows.filter((row) => textOf(row, 'sk') < headKey);
      belowHead.push(...below);
      if (rest.next === undefined || below.length < rest.rows.length) break;
      rest = await this.#page(articleId, 'oldest', largestPageRows, rest.next);
    }
    const synthesisJob = belowHead.find((row) => textOf(row, 'sk') === synthesisJobKey);
    return {
      head,
      holds: belowHead.filter((row) => rowKind(row) === 'hold').map(holdOf),
      audioRendition: synthesisJob && synthesisJobOf(synthesisJob).rendition,
      newestFirst: this.#versions(articleId, 'newest', newest),
      oldestFirst: this.#versions(articleId, 'oldest', rest),
    };
  }

  async head(articleId: string): Promise<H | undefined> {
    const row = await this.get(articleId, headKey);
    return row && this.#heads.headIn(row);
  }

  async version(articleId: string, key: string): Promise<Version<C> | undefined> {
    const row = await this.get(articleId, key);
    return row && versionOf<C>(row);
  }

  writeHead(head: H, previousSeq: number | undefined): Promise<boolean> {
    return this.table.putIf(
      this.#heads.rowOf(head),
      previousSeq === undefined ? absent('sk') : unchanged('seq', previousSeq),
    );
  }

  async #page(articleId: string, direction: 'newest' | 'oldest', limit: number, start?: Row): Promise<RowPage> {
    return this.table.query({
      ConsistentRead: true,
      ScanIndexForward: direction === 'oldest',
      Limit: limit,
      KeyConditionExpression:
        direction === 'newest' ? 'articleId = :articleId AND begins_with(sk, :versions)' : 'articleId = :articleId',
      ExpressionAttributeValues: { ':articleId': articleId, ...(direction === 'newest' && { ':versions': 'v#' }) },
      ...(start && { ExclusiveStartKey: start }),
    });
  }

  async *#versions(articleId: string, direction: 'newest' | 'oldest', first: RowPage): AsyncGenerator<Version<C>> {
    let page = first;
    let limit = firstPageRows;
    for (;;) {
      for (const row of page.rows) if (isVersion(row)) yield versionOf<C>(row);
      if (page.next === undefined) return;
      limit = Math.min(limit * 4, largestPageRows);
      page = await this.#page(articleId, direction, limit, page.next);
    }
  }
}

function isVersion(row: Row): boolean {
  const kind = rowKind(row);
  return kind === 'version' || kind === 'front-version';
}

/** The fronts of the articles table. */
export class DynamoDbFronts extends DynamoDbVersionStore<FrontContent, FrontHead> implements Fronts {
  constructor(table: Table) {
    super(table, { rowOf: frontHeadRow, headIn: frontHeadOf });
  }
}

/** Synthesis jobs, in the articles table. */
export class DynamoDbSynthesisJobs extends ArticlesTable implements SynthesisJobs {
  async synthesisJob(articleId: string): Promise<SynthesisJob | undefined> {
    const row = await this.get(articleId, synthesisJobKey);
    return row && synthesisJobOf(row);
  }

  writeSynthesisJob(articleId: string, synthesisJob: SynthesisJob): Promise<boolean> {
    return this.table.putIf(
      synthesisJobRow(articleId, synthesisJob),
      synthesisJob.seq === 1 ? absent('sk') : unchanged('seq', synthesisJob.seq - 1),
    );
  }
}

/** The list of pulled pictures in the articles table. */
export class DynamoDbPictures extends ArticlesTable implements Pictures {
  async pulled(): Promise<PulledPictures> {
    const row = await this.get(picturesPartition, headKey);
    return row ? pulledOf(row) : nothingPulled;
  }

  writePulled(pulled: PulledPictures, previousSeq: number): Promise<boolean> {
    return this.table.putIf(pulledRow(pulled), previousSeq === 0 ? absent('sk') : unchanged('seq', previousSeq));
  }
}

/** The articles table. */
export class DynamoDbArticles extends DynamoDbVersionStore<Content, Head> implements Articles {
  constructor(table: Table) {
    super(table, { rowOf: headRow, headIn: headOf });
  }

  override async putVersion(version: Version): Promise<void> {
    const { articleId, status, embargoedUntil, content } = version;
    const names = status === 'usable' && content.path !== undefined;
    await Promise.all([
      super.putVersion(version),
      ...(names
        ? [
            this.table.put({
              articleId,
              sk: pathKey(version),
              type: 'path-use' satisfies RowKind,
              path: content.path,
              embargoedUntil,
            }),
          ]
        : []),
    ]);
  }

  async pathBefore(version: Version): Promise<string | undefined> {
    for await (const row of this.#paths(version.articleId, pathKey(version)))
      if (row['embargoedUntil'] === undefined || numberOf(row, 'embargoedUntil') <= version.receivedAt)
        return textOf(row, 'path');
    return undefined;
  }

  async forgetPaths(articleId: string): Promise<void> {
    for await (const row of this.#paths(articleId, abovePathKeys))
      await this.table.delete({ articleId, sk: textOf(row, 'sk') });
  }

  /** Yields the rows of paths that versions have named, descending from the highest below `before`. */
  async *#paths(articleId: string, before: string): AsyncGenerator<Row> {
    let limit = 1;
    let page: RowPage | undefined;
    do {
      page = await this.table.query({
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
        KeyConditionExpression: 'articleId = :articleId AND sk BETWEEN :first AND :before',
        ExpressionAttributeValues: { ':articleId': articleId, ':first': 'vp#', ':before': before },
        ...(page?.next && { ExclusiveStartKey: page.next }),
      });
      for (const row of page.rows) if (row['sk'] !== before) yield row;
      limit = Math.min(limit * 4, largestPageRows);
    } while (page.next !== undefined);
  }

  async putHold(hold: Hold): Promise<void> {
    await this.table.putIf(holdRow(hold), absent('sk'));
  }

  async strip(version: Version): Promise<void> {
    await this.table.update({
      Key: { articleId: version.articleId, sk: versionKey(version) },
      UpdateExpression: 'SET content = :content',
      ConditionExpression: 'attribute_exists(sk)',
      ExpressionAttributeValues: { ':content': packContent(stripped(version.content)) },
    });
  }

  async pathOwner(path: string): Promise<PathOwner | undefined> {
    const row = await this.get(pathPartition(path), 'path');
    return (
      row && {
        path,
        articleId: textOf(row, 'owner'),
        ...(row['takenFrom'] !== undefined && { takenFrom: textOf(row, 'takenFrom') }),
        ...(row['source'] !== undefined && { source: textOf(row, 'source') }),
        ...(row['rivals'] !== undefined && { rivals: textOf(row, 'rivals').split(' ') }),
      }
    );
  }

  claimPath(owner: PathOwner, previous: PathOwner | undefined): Promise<boolean> {
    const row: Row = {
      articleId: pathPartition(owner.path),
      sk: 'path',
      type: 'path' satisfies RowKind,
      owner: owner.articleId,
      takenFrom: owner.takenFrom,
      source: owner.source,
      rivals: rivalsText(owner),
    };
    return this.table.putIf(
      row,
      previous === undefined
        ? absent('sk')
        : {
            expression: `#owner = :previous AND ${previous.rivals ? 'rivals = :rivals' : 'attribute_not_exists(rivals)'}`,
            values: { ':previous': previous.articleId, ...(previous.rivals && { ':rivals': rivalsText(previous) }) },
            names: { '#owner': 'owner' },
          },
    );
  }
}

/** Returns the rivals as one text, because every database engine compares texts alike in conditions. */
function rivalsText({ rivals }: PathOwner): string | undefined {
  return rivals?.join(' ');
}
