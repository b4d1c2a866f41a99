import { setTimeout as pause } from 'node:timers/promises';
// In your own project, '@pressrun/consumer'.
import { changes, ChangesExpired, type Change } from '../../shared/consumer/entry.ts';
import { SearchIndex, type Announced, type Text } from './search-index.ts';

/** What the index reads of `/articles/{articleId}.json`; shared/contracts/openapi.json has every field. */
interface ArticleDocument {
  readonly headlines: readonly { readonly role?: string; readonly value: string }[];
  readonly bodies?: readonly { readonly value: string }[];
  readonly _pressrun: { readonly path: string; readonly seq: number };
}

interface FeedPage {
  readonly items: readonly { readonly _pressrun: { readonly articleId: string; readonly seq: number } }[];
  readonly next_url?: string;
}

/** A cached 404 or 410 may be five seconds old. For a change that is older than this, such an answer is the present state. */
const cachedAtMostMilliseconds = 15_000;
const pollMilliseconds = Number(process.env['POLL_MS'] ?? 5000);

const named: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&quot;': '"',
};

const inText = /<\/?(?:a|abbr|b|bdi|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|time|u)\b[^>]*>/g;

const [command = '', ...words] = process.argv.slice(2);
const [site = '', file = ''] = words;
if (command === 'follow' && file !== '') {
  const index = new SearchIndex(file);
  await Promise.all([follow(index), fetchPending(index)]);
} else if (command === 'find' && words.length > 1) find(words);
else {
  console.error(
    'Usage: node examples/search/main.ts follow SITE FILE\n       node examples/search/main.ts find FILE WORDS…',
  );
  process.exitCode = 2;
}

function find([from = '', ...asked]: readonly string[]): void {
  for (const { path, headline } of new SearchIndex(from).find(asked.join(' '))) console.log(`${path}  ${headline}`);
}

/** Notes each change that the site lists, for ever. */
async function follow(index: SearchIndex): Promise<never> {
  for (;;) {
    try {
      if (index.next === undefined) await fill(index);
      for await (const { changes: page, next } of changes(site, { from: index.next, pollMilliseconds }))
        index.note(page.map(announced), next);
    } catch (error) {
      console.error(String(error));
      if (error instanceof ChangesExpired) index.doubtAll();
      else await pause(pollMilliseconds);
    }
  }
}

/** Notes all articles of Latest News. The position is taken first, so that a change meanwhile is read twice and not missed. */
async function fill(index: SearchIndex): Promise<void> {
  const begin = await json<{ readonly changes: readonly Change[]; readonly next: string }>(
    new URL('/changes', site).href,
  );
  index.note(begin.changes.map(announced));
  for (let url: string | undefined = new URL('/feeds/latest.json?limit=100', site).href; url !== undefined; ) {
    const { items, next_url }: FeedPage = await json<FeedPage>(url);
    index.note(items.map(({ _pressrun: { articleId, seq } }) => ({ articleId, seq, withdrawn: false })));
    url = next_url;
  }
  index.note([], begin.next);
}

/** Fetches the articles whose text is older than their last change, for ever. One that fails does not stop the others. */
async function fetchPending(index: SearchIndex): Promise<never> {
  for (;;) {
    for (const { articleId, announced: seq } of index.pending())
      try {
        await bringUpToDate(index, articleId, seq);
      } catch (error) {
        console.error(articleId, String(error));
      }
    await pause(Math.min(pollMilliseconds, 1000));
  }
}

async function bringUpToDate(index: SearchIndex, articleId: string, seq: number): Promise<void> {
  const response = await fetch(new URL(`/articles/${articleId}.json`, site), { redirect: 'manual' });
  if (response.status === 200) {
    const article = (await response.json()) as ArticleDocument;
    index.put(articleId, article._pressrun.seq, textOf(article));
  } else if ([301, 404, 410].includes(response.status)) {
    // The article was withdrawn since, or the CDN has the answer from before its publication.
    index.remove(articleId, Date.now() - seq > cachedAtMostMilliseconds ? seq : undefined);
  } else throw new Error(`${response.url} answered ${response.status}`);
}

function announced({ type, articleId, seq }: Change): Announced {
  return { articleId, seq, withdrawn: type === 'article.withdrawn' };
}

function textOf({ headlines, bodies = [], _pressrun: { path } }: ArticleDocument): Text {
  const headline = headlines.find(({ role }) => role === 'main') ?? headlines[0];
  return { path, headline: headline?.value ?? '', body: bodies.map(({ value }) => plain(value)).join('\n') };
}

/** The text of Pressrun's HTML, which has no other named characters than these. */
function plain(html: string): string {
  return html
    .replaceAll(inText, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&\w+;/g, (name) => named[name] ?? name);
}

async function json<Document>(url: string): Promise<Document> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Document;
}
