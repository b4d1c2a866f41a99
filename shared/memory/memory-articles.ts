import type { Head } from '../head.ts';
import type { Articles, Dossier, PathOwner } from '../ports.ts';
import { stripped } from '../erasure.ts';
import { holdKey, versionKey, type Hold, type Version } from '../version.ts';

/** One change of a head, as the table's stream tells it. */
export interface HeadImages {
  readonly old: Head | undefined;
  readonly new: Head | undefined;
}

/** The articles table in memory: the same conditions, the same order, a stream of heads. */
export class MemoryArticles implements Articles {
  readonly versions = new Map<string, Map<string, Version>>();
  readonly holds = new Map<string, Map<string, Hold>>();
  readonly heads = new Map<string, Head>();
  readonly owners = new Map<string, PathOwner>();
  readonly stream: HeadImages[] = [];

  putVersion(version: Version): Promise<void> {
    const rows = rowsOf(this.versions, version.articleId);
    const key = versionKey(version);
    if (!rows.has(key)) rows.set(key, structuredClone(version));
    return Promise.resolve();
  }

  putHold(hold: Hold): Promise<void> {
    const rows = rowsOf(this.holds, hold.articleId);
    const key = holdKey(hold);
    if (!rows.has(key)) rows.set(key, hold);
    return Promise.resolve();
  }

  open(articleId: string): Promise<Dossier> {
    const rows = [...rowsOf(this.versions, articleId)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, version]) => version);
    const holds = [...rowsOf(this.holds, articleId).values()];
    return Promise.resolve({ head: this.heads.get(articleId), holds, newestFirst: eachOf([...rows].reverse()), oldestFirst: eachOf(rows) });
  }

  head(articleId: string): Promise<Head | undefined> {
    return Promise.resolve(this.heads.get(articleId));
  }

  version(articleId: string, key: string): Promise<Version | undefined> {
    return Promise.resolve(rowsOf(this.versions, articleId).get(key));
  }

  strip(version: Version): Promise<void> {
    rowsOf(this.versions, version.articleId).set(versionKey(version), { ...version, content: stripped(version.content) });
    return Promise.resolve();
  }

  writeHead(head: Head, previousSeq: number | undefined): Promise<boolean> {
    const old = this.heads.get(head.articleId);
    if (old?.seq !== previousSeq) return Promise.resolve(false);
    this.heads.set(head.articleId, structuredClone(head));
    this.stream.push({ old, new: structuredClone(head) });
    return Promise.resolve(true);
  }

  pathOwner(path: string): Promise<PathOwner | undefined> {
    return Promise.resolve(this.owners.get(path));
  }

  claimPath(owner: PathOwner, previousOwner: string | undefined): Promise<boolean> {
    if (this.owners.get(owner.path)?.articleId !== previousOwner) return Promise.resolve(false);
    this.owners.set(owner.path, owner);
    return Promise.resolve(true);
  }
}

function rowsOf<Row>(table: Map<string, Map<string, Row>>, articleId: string): Map<string, Row> {
  const rows = table.get(articleId) ?? new Map<string, Row>();
  table.set(articleId, rows);
  return rows;
}

async function* eachOf<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  for (const row of rows) {
    // Settle reads page by page in production; here too others may run between two rows.
    await Promise.resolve();
    yield row;
  }
}
