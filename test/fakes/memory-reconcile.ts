import type { Finding, Pass } from '../../shared/pass.ts';
import type { Archive, DriftMeter, Due, DueList, Passes } from '../../shared/ports.ts';
import type { MemoryArticles, MemoryFronts } from './memory-articles.ts';

export class MemoryDueList implements DueList {
  readonly kept = new Map<string, Due>();

  keep(due: Due): Promise<void> {
    this.kept.set(nameOf(due), due);
    return Promise.resolve();
  }

  has(due: Due): Promise<boolean> {
    return Promise.resolve(this.kept.has(nameOf(due)));
  }

  async *between(from: number, to: number): AsyncGenerator<Due> {
    for (const due of [...this.kept.values()].sort((a, b) => a.instant - b.instant)) {
      await Promise.resolve();
      if (due.instant >= from && due.instant <= to) yield due;
    }
  }

  strike(due: Due): Promise<void> {
    this.kept.delete(nameOf(due));
    return Promise.resolve();
  }
}

function nameOf({ articleId, instant }: Due): string {
  return `${instant}#${articleId}`;
}

/** Small pages, so that whoever reads them has to turn them. */
const pageLength = 3;

/** The articles and fronts in memory. */
export class MemoryArchive implements Archive {
  readonly #stores: readonly [MemoryArticles, MemoryFronts];

  constructor(articles: MemoryArticles, fronts: MemoryFronts) {
    this.#stores = [articles, fronts];
  }

  page(after: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }> {
    const tables = this.#stores.flatMap(({ versions, holds, heads }) => [versions, holds, heads]);
    const all = new Set(
      tables.flatMap((table: ReadonlyMap<string, unknown>) =>
        [...table].filter(([, rows]) => !(rows instanceof Map) || rows.size > 0).map(([id]) => id),
      ),
    );
    const left = [...all].sort().filter((id) => after === undefined || id > after);
    const ids = left.slice(0, pageLength);
    return Promise.resolve({ ids, next: left.length > pageLength ? ids.at(-1) : undefined });
  }
}

export class MemoryPasses implements Passes {
  readonly passes = new Map<string, Pass>();
  readonly toGoOn: string[] = [];

  read(passId: string): Promise<Pass | undefined> {
    return Promise.resolve(this.passes.get(passId));
  }

  write(pass: Pass, previousStep: number | undefined): Promise<boolean> {
    if (this.passes.get(pass.passId)?.step !== previousStep) return Promise.resolve(false);
    this.passes.set(pass.passId, structuredClone(pass));
    return Promise.resolve(true);
  }

  goOn(passId: string): Promise<void> {
    this.toGoOn.push(passId);
    return Promise.resolve();
  }
}

export class MemoryDriftMeter implements DriftMeter {
  readonly counted: Finding[] = [];

  count(findings: readonly Finding[]): void {
    this.counted.push(...findings);
  }
}
