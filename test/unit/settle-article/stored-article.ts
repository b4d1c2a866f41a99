import { articleIdOf } from '../../../shared/article/article.ts';
import type { Head } from '../../../shared/article/head.ts';
import { MemoryPorts } from '../../fakes/memory-ports.ts';
import type { PathOwner } from '../../../shared/article/ports.ts';
import { settleArticle } from '../../../shared/article/settle-article.ts';
import { type Hold, type Version } from '../../../shared/article/version.ts';
import { noon, story } from '../story.ts';

export const [bridge, harbour] = ['urn:bridge', 'urn:harbour'] as const;

export const path = '/news/bridge';

interface Sketch {
  readonly uri?: string;
  /** Seconds after noon. */
  readonly at?: number;
  readonly claims?: string;
  readonly more?: Partial<Version>;
  readonly article?: Record<string, unknown>;
}

export function versionOf({ uri = bridge, at = 0, claims, more, article }: Sketch = {}): Version {
  const versionCreated = noon + at * 1000;
  return {
    articleId: articleIdOf(uri),
    versionCreated,
    revision: 0,
    receivedAt: versionCreated,
    digest: `${uri} ${at} ${JSON.stringify(more ?? {})}`,
    status: 'usable',
    content: {
      event: 'article.published',
      article: { ...story({ ...article, uri, versionCreated: new Date(versionCreated).toISOString() }) },
      ...(claims !== undefined && { path: claims }),
    },
    ...more,
  };
}

export function holdOf(kind: Hold['kind'], at: number, more: Partial<Hold> = {}): Hold {
  return {
    articleId: articleIdOf(bridge),
    uri: bridge,
    kind,
    receivedAt: noon + at * 1000,
    digest: `${kind} ${at}`,
    ...more,
  };
}

export class StoredArticle extends MemoryPorts {
  constructor() {
    super(noon + 60_000);
  }

  async put(...versions: readonly Version[]): Promise<void> {
    for (const version of versions) await this.articles.putVersion(version);
  }

  async settle(uri: string = bridge): Promise<Head | undefined> {
    await settleArticle(this, articleIdOf(uri));
    return this.articles.head(articleIdOf(uri));
  }

  /** Publishes a story that claims the path. */
  async publish(uri: string, at: number, claims = path, source?: string): Promise<Head | undefined> {
    const version = versionOf({ uri, at, claims });
    await this.put({ ...version, content: { ...version.content, source } });
    return this.settle(uri);
  }

  head(uri: string): Head | undefined {
    return this.articles.heads.get(articleIdOf(uri));
  }

  async withdraw(uri: string, at: number): Promise<Head | undefined> {
    await this.put(versionOf({ uri, at, more: { status: 'canceled' } }));
    return this.settle(uri);
  }

  owner(): Promise<PathOwner | undefined> {
    return this.articles.pathOwner(path);
  }
}
