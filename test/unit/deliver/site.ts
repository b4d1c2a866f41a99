import { expect } from '@jest/globals';
import { script } from '../../../functions/deliver/script.ts';
import { deliver } from '../../../functions/deliver/deliver.ts';
import type { DeliverPorts } from '../../../functions/deliver/ports.ts';
import type { Request, Response } from '../../../functions/deliver/http.ts';
import type { SiteSettings } from '../../../functions/deliver/site.ts';
import { project } from '../../../functions/project/project.ts';
import { store } from '../../../functions/store/store.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import type { Head } from '../../../shared/article/head.ts';
import { MemoryPorts } from '../../fakes/memory-ports.ts';
import { release } from '../../../functions/release/release.ts';
import { theme } from '../newspaper.ts';
import { busEvent, noon, story } from '../story.ts';

export const { Parser } = await import('htmlparser2');

export const harbour = articleIdOf('urn:newsroom:harbour-bridge');

/** The cache tags of the bridge's picture, one for each of its files. */
export const bridgeTags = ['320', '1280']
  .map((width) => `picture:${articleIdOf(`https://pictures.example.com/bridge-${width}.jpg`)}`)
  .join(',');

export const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

export const pageLifetime = 'public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=300';

export const listLifetime = 'public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=300';

export const missingLifetime = 'public, max-age=0, s-maxage=5, stale-if-error=0';

export const previewSecret = 'a secret of forty letters, or nearly that';

/** The pipeline from queue to reader, in memory. */
export class Site extends MemoryPorts {
  readonly theme = theme;
  readonly siteUrl = 'https://www.example.com';
  readonly preview = { articles: this.articles, secrets: async () => Promise.resolve([previewSecret]) };
  #projected = 0;

  constructor() {
    super(noon + 3_600_000);
  }

  async send(detailType: string, detail: Record<string, unknown>, time = at(60)): Promise<this> {
    await store(this, busEvent(detailType, detail, { time }), 'delivery');
    if (this.rejections.kept.length > 0) throw new Error(`refused: ${JSON.stringify(this.announcer.announced)}`);
    return this.#project();
  }

  publish(overrides: Parameters<typeof story>[0] = {}, more: Record<string, unknown> = {}): Promise<this> {
    return this.send('article.published', { article: story(overrides), ...more });
  }

  async wake(articleId: string): Promise<this> {
    await release(this, JSON.stringify({ articleId }));
    return this.#project();
  }

  async #project(): Promise<this> {
    for (const { old, new: after } of this.articles.stream.slice(this.#projected))
      await project(this, after?.articleId ?? '', [{ before: old, after }]);
    this.#projected = this.articles.stream.length;
    this.clock.time += 10;
    return this;
  }

  get(url: string, others: Partial<Request> = {}): Promise<Response> {
    const { pathname, searchParams } = new URL(url, 'https://www.example.com');
    return deliver(this, { method: 'GET', path: pathname, query: searchParams, host: 'www.example.com', ...others });
  }

  with(settings: Partial<SiteSettings>): DeliverPorts {
    const { articles, fronts, pictures, feeds, changeList, clock, theme, siteUrl } = this;
    return { articles, fronts, pictures, feeds, changeList, clock, theme, siteUrl, ...settings };
  }

  async head(articleId = harbour): Promise<Head> {
    const head = await this.articles.head(articleId);
    if (!head) throw new Error('no head');
    return head;
  }
}

export const site = (): Site => new Site();

export const tagsOf = ({ headers }: Response): string[] =>
  (headers['x-amz-meta-cache-tag'] ?? '')
    .split(',')
    .filter((tag) => tag !== '')
    .sort();

export const json = (response: Response): Record<string, unknown> =>
  JSON.parse(response.body) as Record<string, unknown>;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function elementsOf(html: string): Element[] {
  const elements: Element[] = [];
  const parser = new Parser({ onopentag: (name, attributes) => elements.push({ name, attributes }) });
  parser.end(html);
  return elements;
}

export const textOf = (html: string): string => {
  let text = '';
  const parser = new Parser({
    ontext: (data) => {
      text += data;
    },
  });
  parser.end(html);
  return text;
};

export function expectNothingRuns(html: string): void {
  // The page's own script, byte for byte, is the one that its policy lets in.
  const elements = elementsOf(html.replace(`<script>${script}</script>`, ''));
  for (const { name, attributes } of elements) {
    // A block of data is no script; anything else by that name is.
    if (name === 'script') expect(attributes).toEqual({ type: 'application/ld+json' });
    expect(['iframe', 'object', 'embed', 'svg', 'math', 'form', 'base']).not.toContain(name);
    for (const [attribute, value] of Object.entries(attributes)) {
      expect(attribute).not.toMatch(/^on|^style$|^srcdoc$/);
      if (attribute === 'href' || attribute === 'src')
        expect(value.trim().toLowerCase()).not.toMatch(/^(?:javascript|data|vbscript):/);
    }
  }
  expect(elements.filter(({ name }) => name === 'style')).toHaveLength(1);
}
