import { articleIdOf, relatedUris, translationUris, type Article } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { isLinkable } from '../../shared/article/head.ts';
import { pinTag } from '../../shared/purge/tags.ts';
import type { DeliverPorts } from './ports.ts';

/**
 * The articles that a page links beside its own. `tags` includes those that are not live, so that the page is purged
 * when they are.
 */
export interface Related {
  readonly cards: readonly Card[];
  readonly translations: readonly Card[];
  readonly tags: readonly string[];
  readonly changedAt: number;
}

/** Each needs a cache tag, and pictures need most of those that CloudFront allows. */
const maxRelated = 6;
const maxTranslations = 4;

type RelatedPorts = Pick<DeliverPorts, 'articles'>;

/** Returns the related articles that the desk chose, and the translations. */
export async function relatedTo(ports: RelatedPorts, article: Article): Promise<Related> {
  const [chosen, translations] = await Promise.all([
    listed(ports, relatedUris(article).slice(0, maxRelated)),
    listed(ports, translationUris(article).slice(0, maxTranslations)),
  ]);
  return {
    cards: chosen.cards,
    translations: translations.cards.filter(({ language }) => language !== undefined),
    tags: [...chosen.tags, ...translations.tags],
    changedAt: Math.max(chosen.changedAt, translations.changedAt),
  };
}

type Cards = Omit<Related, 'translations'>;

async function listed({ articles }: RelatedPorts, uris: readonly string[]): Promise<Cards> {
  const ids = uris.map(articleIdOf);
  const heads = await Promise.all(ids.map(async (id) => articles.head(id)));
  const found = heads.flatMap((head) => (isLinkable(head) ? [{ card: head.card, seq: head.seq }] : []));
  return {
    cards: found.map(({ card }) => card),
    tags: ids.map(pinTag),
    changedAt: Math.max(0, ...found.map(({ seq }) => seq)),
  };
}
