import { cardWithout, type PulledPictures } from '../../shared/picture/pulled-pictures.ts';
import type { DeliverPorts } from './ports.ts';

/**
 * Returns ports whose cards show no pulled picture. The list of pulled pictures is read once for a request, in parallel
 * with the first read.
 */
export function withoutPulledPictures(ports: DeliverPorts): DeliverPorts {
  const { articles, feeds, pictures } = ports;
  let list: Promise<PulledPictures> | undefined;
  const pulled = (): Promise<PulledPictures> => (list ??= pictures.pulled());
  return {
    ...ports,
    pictures: { pulled },
    articles: {
      head: async (articleId) => {
        const [found, list] = await Promise.all([articles.head(articleId), pulled()]);
        return found?.card === undefined ? found : { ...found, card: cardWithout(found.card, list) };
      },
      version: (articleId, key) => articles.version(articleId, key),
      pathOwner: (path) => articles.pathOwner(path),
    },
    feeds: {
      page: async (feed, limit, after) => {
        const [found, list] = await Promise.all([feeds.page(feed, limit, after), pulled()]);
        return { ...found, entries: found.entries.map((entry) => ({ ...entry, card: cardWithout(entry.card, list) })) };
      },
    },
  };
}
