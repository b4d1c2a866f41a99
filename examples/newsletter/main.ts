/** A feed's item, and a front's; shared/contracts/openapi.json has every field. */
interface Listed {
  readonly articleId: string;
  readonly firstPublished: string;
}

interface Source {
  /** Of a feed. */
  readonly items?: readonly { readonly _pressrun: Listed }[];
  /** Of a front. */
  readonly containers?: readonly { readonly items: readonly Listed[] }[];
}

interface ArticleDocument {
  readonly headlines: readonly { readonly role?: string; readonly value: string }[];
  readonly _pressrun: { readonly path: string };
}

const mostStories = 10;
const newsForMilliseconds = 24 * 60 * 60_000;

const [site, source = 'feeds/latest'] = process.argv.slice(2);
if (site === undefined) {
  console.error('Usage: node examples/newsletter/main.ts SITE [feeds/FEED | fronts/FRONT]');
  process.exitCode = 2;
} else console.log(await newsletter(site, source));

/** The text of this morning's mail. */
async function newsletter(from: string, list: string): Promise<string> {
  const url = new URL(`/${list}.json${list.startsWith('feeds/') ? '?limit=50' : ''}`, from);
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url.href} answered ${response.status}`);
  const { items = [], containers = [] } = (await response.json()) as Source;
  // A front is what the desk chose. Of a feed, the mail has what is new since yesterday's.
  const listed = [
    ...containers.flatMap((container) => container.items),
    ...items
      .map(({ _pressrun: card }) => card)
      .filter(({ firstPublished }) => Date.now() - Date.parse(firstPublished) < newsForMilliseconds),
  ];
  const lines: string[] = [];
  for (const { articleId } of listed) {
    if (lines.length === mostStories) break;
    const line = await lineOf(from, articleId);
    if (line !== undefined) lines.push(line);
  }
  return lines.join('\n\n');
}

/** Headline and address as readers see them now; `undefined` if the article was withdrawn since the list was made. */
async function lineOf(from: string, articleId: string): Promise<string | undefined> {
  const response = await fetch(new URL(`/articles/${articleId}.json`, from), { redirect: 'manual' });
  if ([301, 404, 410].includes(response.status)) return undefined;
  // A mail that lacks a story is not sent.
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}`);
  const { headlines, _pressrun: shown } = (await response.json()) as ArticleDocument;
  const headline = headlines.find(({ role }) => role === 'main') ?? headlines[0];
  return `${headline?.value ?? ''}\n${new URL(shown.path, from).href}`;
}
