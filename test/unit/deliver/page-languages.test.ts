import { describe, expect, test } from '@jest/globals';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

async function page(article: Record<string, unknown>, look = theme, path = '/p'): Promise<string> {
  const pipeline = new Pipeline(noon + 3_600_000, look);
  await pipeline.send('article.published', { article: story(article), path: '/p' });
  return (await pipeline.see(path)).body;
}

describe('the language of a page', () => {
  test.each([
    ['en_gb', '<html lang="en-GB">'],
    ['zh_hant_tw', '<html lang="zh-Hant-TW">'],
    ['ar', '<html lang="ar" dir="rtl">'],
    ['ur-IN', '<html lang="ur-IN" dir="rtl">'],
    ['az-Latn', '<html lang="az-Latn">'],
  ])('%s is written as BCP 47 requires, with its direction', async (language, html) => {
    expect(await page({ language })).toContain(html);
  });

  test.each(['english', 'x', 'en-', 'en GB'])('%s is invalid, and is left out with a warning', async (language) => {
    const pipeline = new Pipeline(noon + 3_600_000, theme);
    await pipeline.send('article.published', { article: story({ language }), path: '/p' });
    expect((await pipeline.see('/p')).body).toContain('<html lang="en-GB">');
    expect(pipeline.announcer.announced.map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({ warnings: [expect.objectContaining({ path: 'article.language' })] }),
    );
  });

  test('is declared on the parts of the page that are in another language', async () => {
    const body = await page({ language: 'he' });
    expect(body).toContain('<header class="masthead" lang="en-GB" dir="ltr">');
    expect(body).toMatch(/<section id="rails" class="wait" aria-label="[^"]*" lang="en-GB" dir="ltr"/);
    expect(body).toMatch(/<p class="when" lang="en-GB" dir="ltr"><time[^>]*>1 May 2026 at/);
  });

  test('is used for words and dates if the theme has translations', async () => {
    const translated = { ...theme, translations: { nb: { updated: 'Oppdatert', by: 'Av', topics: 'Emner' } } };
    const body = await page({ language: 'nb-NO', by: 'Ada Marlow', people: [] }, translated);
    expect(body).toContain('<p class="by">Av <a rel="author"');
    expect(body).toMatch(/<p class="when"><time[^>]*>1\. mai 2026/);
    expect(body).toContain('<h2>Emner</h2>');
    expect(await page({ language: 'nn' }, translated)).not.toContain('Emner');
  });

  test.each([
    ['sr-Latn', 'sr-Cyrl', ['sr-Latn'], 'sr-Latn'],
    ['sr-Cyrl-RS', 'sr-Cyrl', ['sr-Latn'], undefined],
    ['sr', 'en', ['sr-Latn', 'sr-Cyrl'], 'sr-Cyrl'],
    ['zh-TW', 'en', ['zh', 'zh-Hant'], 'zh-Hant'],
    ['zh-SG', 'en', ['zh-Hant', 'zh'], 'zh'],
    ['pt-PT', 'pt-BR', ['pt', 'en'], 'pt'],
    ['en-US', 'en-GB', ['de'], undefined],
    ['en-US', 'en-GB', ['en-US'], 'en-US'],
    ['sr-Cyrl', 'en', ['sr-Latn'], 'sr-Latn'],
  ])('%s on a site in %s with words for %j has those of %j', async (language, own, tags, nearest) => {
    const translations = Object.fromEntries(tags.map((tag) => [tag, { topics: `Topics in ${tag}` }]));
    const body = await page({ language }, { ...theme, language: own, translations });
    expect(/<h2>(Topics[^<]*)<\/h2>/.exec(body)?.[1]).toBe(nearest === undefined ? 'Topics' : `Topics in ${nearest}`);
  });

  test('is declared in a list for each story in another language', async () => {
    const list = await page({ language: 'ar' }, theme, '/latest');
    expect(list).toContain('<a href="/p" lang="ar" dir="rtl">Harbour');
    expect(await page({ language: 'en' }, theme, '/latest')).toContain('<a href="/p">Harbour');
  });
});

test('translations of an article link to each other while they are live', async () => {
  const pipeline = new Pipeline(noon + 3_600_000, theme);
  const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
  const of = (value: string) => [
    { role: 'translation', value },
    { role: 'desk', value: 'urn:desk' },
  ];
  await pipeline.send('article.published', {
    article: story({ uri: 'urn:en', language: 'en', altIds: of('urn:cy') }),
    path: '/en',
  });
  expect((await pipeline.see('/en')).body).not.toContain('hreflang="cy"');
  await pipeline.send('article.published', {
    article: story({ uri: 'urn:cy', language: 'cy', headlines: [{ value: 'Pont' }], altIds: of('urn:en') }),
    path: '/cy',
  });
  const english = (await pipeline.see('/en')).body;
  expect(english).toContain('<link rel="alternate" hreflang="en" href="https://www.example.com/en">');
  expect(english).toContain('<link rel="alternate" hreflang="cy" href="https://www.example.com/cy">');
  expect(english).toContain('<a rel="alternate" hreflang="cy" href="/cy" lang="cy">Pont</a>');
  // A page that leaves itself out of its translations is not believed (Google, "Localized versions of your pages").
  await pipeline.send('article.published', {
    article: story({ uri: 'urn:en', language: undefined, versionCreated: at(20), altIds: of('urn:cy') }),
    path: '/en',
  });
  expect((await pipeline.see('/en')).body).toContain(
    '<link rel="alternate" hreflang="en-GB" href="https://www.example.com/en">',
  );
  await pipeline.send('article.unpublished', { article: { uri: 'urn:cy', versionCreated: at(30) } });
  expect((await pipeline.see('/en')).body).not.toContain('/cy');
});
