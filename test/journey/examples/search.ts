import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { SearchIndex } from '../../../examples/search/search-index.ts';
import { story } from '../../unit/story.ts';
import { minutesAgo, type Newsroom } from '../newsroom.ts';
import { Program } from './program.ts';

/** The index of examples/search: filled from the feed, followed through changes and a crash, and filled again. */
export async function keepsASearchIndex(newsroom: Newsroom): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pressrun-search-'));
  const file = join(directory, 'stories.db');
  const { edgeUrl } = newsroom.stack;
  // The site lists no changes at first, as if its stories were older than two minutes.
  let isQuiet = true;
  const site = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '/';
      const answer =
        isQuiet && path.startsWith('/changes')
          ? Response.json({ changes: [], more: false, next: `${siteUrl()}/changes?since=${Date.now()}` })
          : await fetch(edgeUrl + path);
      response.writeHead(answer.status).end(await answer.text());
    })();
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const siteUrl = (): string => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const program = new Program(['search/main.ts', 'follow', siteUrl(), file], { POLL_MS: '200' });
  const headlines = (words: string): string[] => index.find(words).map(({ headline }) => headline);
  const put = (
    type: string,
    name: string,
    minutes: number,
    headline: string,
    body: string,
    more = {},
  ): Promise<string> =>
    newsroom.put(
      type,
      story({
        uri: `urn:search:${name}`,
        versionCreated: minutesAgo(minutes),
        headlines: [{ value: headline }],
        bodies: [{ contentType: 'text/html', value: `<p>${body}</p>` }],
        ...more,
      }),
    );
  const until = (what: string, words: string, expected: readonly string[]): Promise<void> =>
    newsroom.until(what, () => headlines(words).join() === expected.join());

  const index = new SearchIndex(file);
  try {
    await put('article.published', 'ferry', 30, 'Ferry strike ends', 'The quok<b>ka</b> Company &amp; crews agreed.');
    await put('article.published', 'mayor', 29, 'Mayor resigns', 'A sapodilla was found.');
    await newsroom.until('both are listed', async () => {
      const listed = await newsroom.uris('latest');
      return ['urn:search:ferry', 'urn:search:mayor'].every((uri) => listed.includes(uri));
    });
    program.start();
    await until('the index is filled from the feed', 'quokka company', ['Ferry strike ends']);
    await until('all of the feed is there', 'sapodilla', ['Mayor resigns']);
    isQuiet = false;

    const embargo = Date.now() + 3000;
    const embargoedUntil = new Date(embargo).toISOString();
    await put('article.published', 'verdict', 1, 'Verdict', 'The tamarillo case.', { embargoedUntil });
    await put('article.updated', 'ferry', 20, 'Ferries sail', 'The rambutan is back.');
    await until('an update is found by its new text', 'rambutan', ['Ferries sail']);
    expect(headlines('quokka')).toEqual([]);
    const early = headlines('tamarillo');
    if (Date.now() < embargo) expect(early).toEqual([]);
    await until('an embargoed story is found after its embargo', 'tamarillo', ['Verdict']);
    expect(Date.now()).toBeGreaterThanOrEqual(embargo);

    await program.kill();
    await put('article.unpublished', 'mayor', 10, 'Mayor resigns', 'A sapodilla was found.');
    await put('article.updated', 'ferry', 9, 'Ferries wait', 'The feijoa delays them.');
    await newsroom.until('it is withdrawn', () => newsroom.about('urn:search:mayor', 'article.withdrawn').length > 0);
    program.start();
    await until('what changed meanwhile is found after a crash', 'feijoa', ['Ferries wait']);
    await until('a withdrawn story is not found', 'sapodilla', []);
    expect(readFileSync(file).includes('sapodilla')).toBe(false);

    await program.kill();
    const strayId = 'a'.repeat(16);
    index.note([{ articleId: strayId, seq: 1, withdrawn: false }], `${edgeUrl}/changes?since=1`);
    index.put(strayId, 1, { path: '/stray', headline: 'Stray', body: 'cherimoya' });
    expect(headlines('cherimoya')).toEqual(['Stray']);
    program.start();
    await until('after more than 14 days, a text that the site no longer has is deleted', 'cherimoya', []);
    const find = new Program(['search/main.ts', 'find', file, 'FEIJOA', '"delays']);
    await find.run();
    expect(find.lines).toEqual([expect.stringMatching(/^\/\S+ {2}Ferries wait$/)]);
  } finally {
    await program.kill();
    index.close();
    site.close();
    rmSync(directory, { recursive: true });
  }
}
