import { said, urls } from '../addresses.ts';
import type { Observed } from '../observed.ts';
import { articleIdNamed } from '../plan.ts';
import { Violation } from '../scheduler.ts';
import { difference } from './compare.ts';
import { names } from './named.ts';

/** Checks that the edge has nothing stale beyond its promised time, and nothing withdrawn. */
export async function compareCachedAnswers(world: Observed): Promise<void> {
  const { edge, oracle, now } = world;
  for (const url of urls) {
    const kept = edge.get(url, now);
    if (!kept) continue;
    const fresh = await world.see(url);
    if (said(url, fresh) === said(url, kept.response)) continue;
    // An article that claimed a path and then left it unused has no head that shows it. The path was hidden, and an
    // error lives five seconds.
    if (kept.response.status >= 400 && fresh.status === 301 && kept.keptAt <= now - 5000) continue;
    if (kept.expiresAt === Infinity)
      throw new Violation(
        'purges',
        `the edge still has ${url} with ${kept.tags.join(' ')}: ${difference(said(url, kept.response), said(url, fresh))}`,
      );
    const withdrawn = names.find(
      (name) =>
        oracle.expect(articleIdNamed(name), now).visibility !== 'live' && kept.response.body.includes(`Story ${name} `),
    );
    if (withdrawn !== undefined && kept.raced)
      throw new Violation('withdrawals', `${url} still tells of ${withdrawn}, which was withdrawn`);
  }
}
