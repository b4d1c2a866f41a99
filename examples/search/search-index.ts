import { DatabaseSync } from 'node:sqlite';

export interface Announced {
  readonly articleId: string;
  /** Rises with each change of the article. */
  readonly seq: number;
  readonly withdrawn: boolean;
}

export interface Text {
  readonly path: string;
  readonly headline: string;
  readonly body: string;
}

export interface Found {
  readonly path: string;
  readonly headline: string;
}

/**
 * A full-text index in one SQLite file. Beside each text it keeps two numbers: the highest `seq` that was announced, and
 * the `seq` of the text that it has. Articles whose numbers differ still have to be fetched, also after a crash.
 */
export class SearchIndex {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 5000 });
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS articles (
        number INTEGER PRIMARY KEY, articleId TEXT UNIQUE NOT NULL, announced INTEGER NOT NULL, indexed INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS pending ON articles (articleId) WHERE indexed < announced;
      CREATE TABLE IF NOT EXISTS position (only INTEGER PRIMARY KEY CHECK (only = 1), next TEXT NOT NULL);
      CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5 (path UNINDEXED, headline, body, tokenize = "unicode61 remove_diacritics 2");
      INSERT INTO texts (texts, rank) VALUES ('secure-delete', 1);
      PRAGMA secure_delete = on;`);
  }

  /** Where to resume; `undefined` for an index that was never filled. */
  get next(): string | undefined {
    const row = this.#database.prepare('SELECT next FROM position').get();
    return row && String(row['next']);
  }

  /** Notes announcements and the position after them, both or neither. Withdrawn texts are deleted at once. */
  note(changes: readonly Announced[], next?: string): void {
    this.#atOnce(() => {
      for (const { articleId, seq, withdrawn } of changes) {
        const { changes: raised } = this.#database
          .prepare(
            `INSERT INTO articles (articleId, announced, indexed) VALUES (?1, ?2, 0)
             ON CONFLICT (articleId) DO UPDATE SET announced = ?2 WHERE max(announced, indexed) < ?2`,
          )
          .run(articleId, seq);
        if (raised > 0 && withdrawn) this.#replace(articleId, seq);
      }
      if (next !== undefined) this.#database.prepare('INSERT OR REPLACE INTO position VALUES (1, ?)').run(next);
    });
  }

  /** The articles that have to be fetched, with the `seq` that their text must have at least. */
  pending(): { readonly articleId: string; readonly announced: number }[] {
    return this.#database
      .prepare('SELECT articleId, announced FROM articles WHERE indexed < announced')
      .all()
      .map(({ articleId, announced }) => ({ articleId: String(articleId), announced: Number(announced) }));
  }

  /** Stores a text, unless a later state was announced: the CDN may still have had the text from before. */
  put(articleId: string, seq: number, text: Text): void {
    this.#atOnce(() => {
      const row = this.#database.prepare('SELECT announced FROM articles WHERE articleId = ?').get(articleId);
      if (row && Number(row['announced']) <= seq) this.#replace(articleId, seq, text);
    });
  }

  /** Deletes the text of an article. With `seq`, the article is fetched again only after a later change. */
  remove(articleId: string, seq = 0): void {
    this.#atOnce(() => {
      this.#replace(articleId, seq);
    });
  }

  /** Has every article fetched again, for an index that was away for longer than changes are listed. */
  doubtAll(): void {
    this.#database.exec('UPDATE articles SET indexed = 0; DELETE FROM position');
  }

  /** The articles with all of these words, best first. */
  find(words: string, limit = 10): Found[] {
    // In quotes a word is no operator of FTS5.
    const query = words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => `"${word.replaceAll('"', '""')}"`)
      .join(' ');
    if (query === '') return [];
    return this.#database
      .prepare('SELECT path, headline FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 0, 5, 1) LIMIT ?')
      .all(query, limit)
      .map(({ path, headline }) => ({ path: String(path), headline: String(headline) }));
  }

  close(): void {
    this.#database.close();
  }

  #replace(articleId: string, seq: number, text?: Text): void {
    const row = this.#database
      .prepare('UPDATE articles SET indexed = ? WHERE articleId = ? RETURNING number')
      .get(seq, articleId);
    if (!row) return;
    const number = Number(row['number']);
    this.#database.prepare('DELETE FROM texts WHERE rowid = ?').run(number);
    if (text)
      this.#database
        .prepare('INSERT INTO texts (rowid, path, headline, body) VALUES (?, ?, ?, ?)')
        .run(number, text.path, text.headline, text.body);
  }

  #atOnce(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
