import { articleIdOf } from '../../../shared/article/article.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

export const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

export const harbour = articleIdOf(story().uri);

/** A pipeline an hour after noon, with a story at `/p` by default. */
export async function pipelineWith(article: Record<string, unknown> | null = {}, look = theme): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000, look);
  if (article !== null) await pipeline.send('article.published', { article: story(article), path: '/p' });
  return pipeline;
}

export const publish = async (pipeline: Pipeline, n: number, more: Record<string, unknown> = {}): Promise<void> =>
  pipeline.send('article.published', {
    article: story({ uri: `urn:story:${n}`, versionCreated: at(n), headlines: [{ value: `Story ${n}` }], ...more }),
    path: `/s/${n}`,
  });
