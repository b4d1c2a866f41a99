import type { Article } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { audioType, isMade } from '../../shared/audio/audio-rendition.ts';
import type { DeliverPorts } from './ports.ts';
import { absolute, type Site } from './site.ts';

/**
 * Returns ports whose cards offer audio only if text-to-speech is on. If it is off, files that were made earlier may be
 * out of date or removed.
 */
export function withoutAudioUnlessOffered(ports: DeliverPorts): DeliverPorts {
  if (ports.offersAudio === true) return ports;
  const { articles, feeds } = ports;
  return {
    ...ports,
    articles: {
      head: async (articleId) => {
        const found = await articles.head(articleId);
        return found?.card?.audio === undefined ? found : { ...found, card: silent(found.card) };
      },
      version: (articleId, key) => articles.version(articleId, key),
      pathOwner: (path) => articles.pathOwner(path),
    },
    feeds: {
      page: async (feed, limit, after) => {
        const found = await feeds.page(feed, limit, after);
        return { ...found, entries: found.entries.map((entry) => ({ ...entry, card: silent(entry.card) })) };
      },
    },
  };
}

function silent({ audio, ...card }: Card): Card {
  return card;
}

/** Returns the article with its present audio rendition, and without earlier ones that Pressrun made. */
export function readAloud(site: Site, article: Article, { audio }: Card): Article {
  const { renditions = [], ...rest } = article;
  const own = renditions.filter(({ href }) => href === undefined || !isMade(href));
  const made = audio && {
    name: 'audio',
    href: absolute(site, audio.href),
    contentType: audioType,
    sizeInBytes: audio.bytes,
    duration: audio.seconds,
  };
  return own.length === 0 && made === undefined ? rest : { ...rest, renditions: [...own, ...(made ? [made] : [])] };
}
