import { settleArticle, type SettlePorts } from '../../shared/article/settle-article.ts';

/** An embargo or an expiry may have come due: settles the article. Early or late, once or twice, the answer is the clock's. */
export async function release(ports: SettlePorts, body: string): Promise<void> {
  const { articleId } = JSON.parse(body) as { articleId: string };
  await settleArticle(ports, articleId);
}
