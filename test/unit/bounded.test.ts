import { describe, expect, test } from '@jest/globals';
import { store } from '../../functions/store/store.ts';
import { accept } from '../../shared/article/accept.ts';
import { readNinjs } from '../../shared/article/ninjs.ts';
import { sanitise } from '../../shared/article/sanitise.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { busEvent, noon, story } from './story.ts';

const long = 'a'.repeat(100_000);
const judged = (article: Record<string, unknown>): ReturnType<typeof accept> =>
  accept(busEvent('article.published', { article: { ...article } }), 'd');

// What is made of a text is a small multiple of it: a few such texts would else fill the memory of a function.
describe('one long text is not repeated for each of many parts', () => {
  test('a name in the paths of faults', () => {
    const { faults } = readNinjs(story({ [long]: Array.from({ length: 4000 }, () => ({ embarg: 1 })) }));
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults).length).toBeLessThan(20_000);
  });

  test('faults of many names, deep within', () => {
    const many = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`embargo${index}`, 1]));
    const deep = Array.from({ length: 80 }).reduce<object>((item) => ({ associations: [item] }), many);
    expect(JSON.stringify(readNinjs(story({ ...deep })).faults).length).toBeLessThan(200_000);
  });

  test.each<[string, Record<string, unknown>]>([
    ['the name of associations', { associations: { [long]: Array.from({ length: 3000 }, () => ({})) } }],
    ['the name of renditions', { renditions: { [long]: Array.from({ length: 4000 }, () => ({})) } }],
    ['the type of renditions', { mimetype: long, renditions: Array.from({ length: 4000 }, () => ({})) }],
  ])('%s', (_, others) => {
    expect(JSON.stringify(readNinjs(story(others)).item).length).toBeLessThan(1_000_000);
  });

  test.each([
    ['the address of a link', `<p><a href="http://x/${long}">x</p>${'<p>x</p>'.repeat(1000)}`],
    ['the title of a link', `<p><a title="${long}" href="http://x/">x</p>${'<p>x</p>'.repeat(1000)}`],
    ['the class of an element', `<p><b class="${long}">x</p>${'<p>x</p>'.repeat(1000)}`],
  ])('%s that the parser opens again', (_, html) => {
    expect(() => sanitise(html)).toThrow(/^must have less markup/);
  });

  test('and an address that is longer than browsers take is none', () => {
    expect(sanitise(`<p><a href="https://a.example/${'a'.repeat(5000)}">x</a></p>`)).toBe('<p>x</p>');
    const ordinary = `<p><a href="https://a.example/${'a'.repeat(2000)}">x</a></p>`;
    expect(sanitise(ordinary)).toBe(ordinary);
  });

  test('a picture within the text, of a megabyte, takes no text with it', () => {
    expect(sanitise(`<p>x</p><img src="data:image/png;base64,${'A'.repeat(1_000_000)}"><p>y</p>`)).toBe(
      '<p>x</p><p>y</p>',
    );
  });
});

describe('JSON beyond all measure is refused before it is judged', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a list', { subjects: Array.from({ length: 100_000 }, () => 1) }],
    ['an object', { extra: Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, 1])) }],
    ['a name', { [long]: 1 }],
  ])('%s', (_, others) => {
    expect(judged(story(others))).toMatchObject({ kind: 'refused', errors: [{ path: '' }] });
  });
});

test('a story whose judging makes a text longer than V8 can hold is rejected, and does not come back for ever', async () => {
  const pipeline = new Pipeline(noon);
  const body = busEvent('article.published', { article: story() });
  const limit = (): never => {
    throw new RangeError('Invalid string length');
  };
  await expect(store(pipeline, body, 'd', { attempt: 1, limit })).rejects.toThrow(RangeError);
  expect(await store(pipeline, body, 'd', { attempt: 3, limit })).toBe('refused');
  expect(pipeline.announcer.announced.map(({ type }) => type)).toEqual(['article.rejected']);
});
