import { setTimeout as pause } from 'node:timers/promises';
import { articleIdOf } from '../../shared/article/article.ts';
import type { ArticleEvent } from '../../shared/article/version.ts';
import { pictureIdNamed } from '../../shared/picture/picture.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Pictures } from '../../shared/picture/ports.ts';

const timeoutMs = 15_000;
const pollIntervalMs = 250;

/** Polls until no uri is left, and returns those that are left after `timeoutMs`. */
async function leftOf(
  uris: readonly string[],
  now: () => number,
  left: (waiting: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const deadline = now() + timeoutMs;
  let waiting = uris;
  for (;;) {
    waiting = await left(waiting);
    if (waiting.length === 0 || now() > deadline) return [...waiting];
    await pause(pollIntervalMs);
  }
}

/** Waits until readers see the effect of an event of pictures. Returns the uris of which they do not see it in time. */
export async function picturesNotYet(
  pictures: Pick<Pictures, 'pulled'>,
  uris: readonly string[],
  event: 'article.held' | 'article.unheld',
  now: () => number,
): Promise<string[]> {
  return leftOf(uris, now, async (waiting) => {
    const { ids } = await pictures.pulled();
    return waiting.filter((uri) => ids.has(pictureIdNamed(uri)) !== (event === 'article.held'));
  });
}

/** Waits until readers see the effect of an event of articles. Returns the uris of which they do not see it in time. */
export async function articlesNotYet(
  articles: Articles,
  uris: readonly string[],
  event: ArticleEvent,
  now: () => number,
): Promise<string[]> {
  return leftOf(uris, now, async (waiting) => {
    const visibilities = await Promise.all(
      waiting.map(async (uri) => (await articles.head(articleIdOf(uri)))?.visibility),
    );
    // After the end of a hold the versions decide, and they may show nothing.
    return waiting.filter((_, index) => event !== 'article.unheld' && visibilities[index] === 'live');
  });
}
