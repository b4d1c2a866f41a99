import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
// In your own project, '@pressrun/consumer'.
import { InvalidSignature, webhookAnnouncement, type ArticleFresh } from '../../shared/consumer/entry.ts';

/** What a push message needs of `/articles/{articleId}.json`; shared/contracts/openapi.json has every field. */
interface ArticleDocument {
  readonly headlines: readonly { readonly role?: string; readonly value: string }[];
  readonly _pressrun: { readonly path: string; readonly seq: number; readonly firstPublished: string };
}

/** A story that is older is no news: the receiver was down, or an archive is being imported. */
const newsForMilliseconds = 60 * 60_000;

const { SITE = 'http://127.0.0.1:8080', PUSHED = 'pushed.db', WEBHOOK_SECRET = '', PORT } = process.env;
const pushed = new DatabaseSync(PUSHED);
pushed.exec('CREATE TABLE IF NOT EXISTS pushed (articleId TEXT PRIMARY KEY)');

/** Your push provider. */
function send(articleId: string, headline: string, url: string): Promise<void> {
  console.log(articleId, headline, url);
  return Promise.resolve();
}

/** Sends a push message if this is the first that readers can see of an article, and they still can. */
async function push({ articleId, seq }: ArticleFresh): Promise<void> {
  if (pushed.prepare('SELECT 1 FROM pushed WHERE articleId = ?').get(articleId)) return;
  const response = await fetch(new URL(`/articles/${articleId}.json`, SITE), { redirect: 'manual' });
  // The change was a withdrawal, or one has followed.
  if ([301, 404, 410].includes(response.status)) return;
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}`);
  const { headlines, _pressrun: shown } = (await response.json()) as ArticleDocument;
  if (shown.seq < seq) throw new Error(`${response.url} is older than the change`);
  if (Date.now() - Date.parse(shown.firstPublished) > newsForMilliseconds) return;
  // Noted before it is sent: after a crash in between, a push message is lost and none is sent twice.
  const { changes } = pushed.prepare('INSERT OR IGNORE INTO pushed VALUES (?)').run(articleId);
  if (changes === 0) return;
  const headline = headlines.find(({ role }) => role === 'main') ?? headlines[0];
  await send(articleId, headline?.value ?? '', new URL(shown.path, SITE).href);
}

createServer((request, response) => {
  void (async () => {
    try {
      const announcement = webhookAnnouncement(await text(request), request.headers, WEBHOOK_SECRET);
      if (announcement?.type === 'article.fresh') await push(announcement.detail);
      response.writeHead(204).end();
    } catch (error) {
      console.error(String(error));
      // Pressrun sends it again.
      response.writeHead(error instanceof InvalidSignature ? 401 : 500).end();
    }
  })();
}).listen(Number(PORT), '127.0.0.1');
