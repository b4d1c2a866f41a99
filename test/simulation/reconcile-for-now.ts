import { settleArticle, settleFront } from '../../shared/settle-article.ts';
import { articleTag, feedTag, pinTag } from '../../shared/tags.ts';
import type { World } from './world.ts';

/**
 * THE PLACE OF `reconcile`: what mends a schedule that never fired and a table that was put back. Settles every article and front,
 * brings feeds in line with heads, asks for purges of what it mended. To be replaced by `functions/reconcile`.
 */
export async function reconcile(world: World): Promise<void> {
  const invoke = async (name: string, work: (ports: ReturnType<World['ports']>) => Promise<void>): Promise<void> => {
    world.machine.invoke(
      name,
      60_000,
      async (invocation) => work(world.ports(invocation)),
      () => undefined,
      () => undefined,
    );
    await world.scheduler.runToRest();
  };
  for (const id of world.oracle.ids())
    await invoke(`reconcile ${id}`, async (ports) =>
      id.startsWith('front#') ? settleFront(ports, id.slice('front#'.length)) : settleArticle(ports, id),
    );
  for (const id of world.oracle.ids())
    await invoke(`rebuild ${id}`, async ({ articles, feeds, purgeRequests }) => {
      const head = await articles.head(id);
      if (!head) return;
      const stands = (feed: string, place: string): boolean => (head.feeds ?? []).includes(feed) && place === head.place;
      const strays = [...world.feeds.rows].flatMap(([feed, rows]) =>
        [...rows.values()].filter(({ place, card }) => card && place.endsWith(`#${id}`) && !stands(feed, place)),
      );
      const { place, card, seq } = head;
      for (const { feed, place: stray } of strays) await feeds.put({ feed, place: stray, seq });
      for (const feed of head.feeds ?? []) if (place !== undefined) await feeds.put({ feed, place, seq, card });
      const touched = [...strays.map(({ feed }) => feed), ...(head.feeds ?? [])].map(feedTag);
      await purgeRequests.ask({ tags: [articleTag(id), pinTag(id), ...touched], articles: [] }, { urgent: false, delaySeconds: 0 });
    });
}
