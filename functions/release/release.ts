import { settleArticle, type SettlePorts } from '../../shared/article/settle-article.ts';

/**
 * Settles an article whose embargo or expiry may be due. The message may come early, late or twice: settle decides by
 * the clock.
 */
export async function release(ports: SettlePorts, body: string): Promise<void> {
  const { articleId } = JSON.parse(body) as { articleId: string };
  await settleArticle(ports, articleId);
}
