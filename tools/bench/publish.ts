import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Pipeline } from './pipeline.ts';
import type { PublisherTask } from './publisher.ts';
import { uriOf } from './stories.ts';

/** Has so many stories published, and resolves with the seconds from the first call until the last was announced and purged. */
export async function publishAll(
  pipeline: Pipeline,
  {
    from,
    stories,
    publishers = 16,
    entriesPerCall = 1,
  }: Pick<PublisherTask, 'from' | 'stories'> & Partial<PublisherTask>,
  progress: (share: number) => void = () => undefined,
): Promise<number> {
  const order: PublisherTask = {
    awsUrl: pipeline.stack.awsUrl,
    busName: pipeline.stack.busName,
    from,
    stories,
    publishers,
    entriesPerCall,
  };
  const worker = new Worker(new URL('./publisher.ts', import.meta.url), { workerData: order });
  const failed = once(worker, 'error').then(([error]) => {
    throw error;
  });
  failed.catch(() => undefined);
  await Promise.race([once(worker, 'message'), failed]);
  const ids = Array.from({ length: stories }, (_, index) => articleIdOf(uriOf(from + index)));
  const startedAt = performance.now();
  worker.postMessage('go');
  let done = 0;
  const isPurged = (id: string | undefined): boolean => id !== undefined && pipeline.purged.has(id);
  await Promise.race([
    pipeline.until(`publishing ${stories} stories`, () => {
      // Almost in order: an id that was found is not checked again.
      while (done < ids.length && isPurged(ids[done])) done += 1;
      progress(done / ids.length);
      return done === ids.length;
    }),
    failed,
  ]);
  const seconds = (performance.now() - startedAt) / 1000;
  await worker.terminate();
  return seconds;
}
