import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalDistribution } from './distribution.ts';
import { Edge } from './edge.ts';
import type { EdgeOptions } from './edge-options.ts';
import { Traffic } from './traffic.ts';

/**
 * A distribution's cache behaviours, each with a cache. The first pattern that fits a path answers, else the default
 * behaviour.
 */
export class Edges {
  readonly traffic = new Traffic();
  readonly #default: Edge;
  readonly #others: readonly { readonly pattern: RegExp; readonly edge: Edge }[];

  constructor({ edge, behaviours }: Pick<LocalDistribution, 'edge' | 'behaviours'>) {
    const counted = (options: EdgeOptions): EdgeOptions => ({
      ...options,
      origin: async (request) => {
        this.traffic.noteOrigin();
        return options.origin(request);
      },
    });
    this.#default = new Edge(counted(edge));
    this.#others = behaviours.map((behaviour) => ({
      pattern: patternOf(behaviour.pathPattern),
      edge: new Edge(counted(behaviour.edge)),
    }));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.traffic.noteRequest();
    const path = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*$/s, '');
    const { edge } = this.#others.find(({ pattern }) => pattern.test(path)) ?? { edge: this.#default };
    await edge.handle(request, response);
  }

  invalidate(paths: readonly string[]): void {
    this.traffic.notePurge(paths.length);
    for (const edge of [this.#default, ...this.#others.map((other) => other.edge)]) edge.invalidate(paths);
  }
}

/** CloudFront's path patterns: `*` matches any characters, `?` one; the first slash is optional. */
function patternOf(pathPattern: string): RegExp {
  const literal = pathPattern.replace(/^\/?/, '/').replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
