import { expect, test } from '@jest/globals';
import { id, type Between, Studio } from './studio.ts';

/** Stops at an effect, once, until it is let go. */
function stopAt(
  effect: string,
  holds: () => boolean = () => true,
): { readonly between: Between; readonly reached: Promise<void>; readonly letGo: () => void } {
  const reached = Promise.withResolvers<undefined>();
  const gone = Promise.withResolvers<undefined>();
  const between: Between = async (name) => {
    if (name !== effect || !holds()) return;
    reached.resolve(undefined);
    await gone.promise;
  };
  return {
    between,
    reached: reached.promise,
    letGo: () => {
      gone.resolve(undefined);
    },
  };
}

test('removing an older rendition does not remove one that is being made', async () => {
  const studio = new Studio();
  await studio.publish('One.');
  await studio.poll();
  await studio.speech.finish();
  const older = stopAt('before list', () => studio.articles.synthesisJobs.get(id)?.rendition !== undefined);
  const removing = studio.poll(older.between);
  await older.reached;
  await studio.publish('Two.');
  await studio.poll();
  await studio.speech.finish();
  const newer = stopAt('after publish');
  const synthesisJob = studio.poll(newer.between);
  await newer.reached;
  older.letGo();
  await removing;
  newer.letGo();
  expect(await synthesisJob).toBe('published');
  const { offered, audio } = await studio.state();
  expect(audio).toEqual([offered]);
});
