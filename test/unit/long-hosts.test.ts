import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { accept } from '../../shared/article/accept.ts';
import { hasLongHost, webAddress } from '../../shared/field-schema.ts';
import { sameAddress } from '../../shared/picture/picture.ts';
import { busEvent, story } from './story.ts';

const longHost = '域'.repeat(4000);

describe('a host longer than DNS allows', () => {
  test.each([
    `https://${longHost}/a.jpg`,
    `HTTP:\\\\${longHost}`,
    `//${longHost}:8443/`,
    ` https://${'a'.repeat(256)}`,
  ])('is found before the address is parsed: %#', (address) => {
    expect(hasLongHost(address)).toBe(true);
    expect(v.is(webAddress, address)).toBe(false);
    expect(sameAddress(address)).toBe(address);
  });

  test('is not confused with a long path, query or fragment', () => {
    for (const rest of ['/', '?', '#']) {
      const address = `https://news.example.com${rest}${'a'.repeat(2000)}`;
      expect([hasLongHost(address), v.is(webAddress, address)]).toEqual([false, true]);
    }
  });

  test('is in no link and no picture of a stored text', () => {
    const value = `<p>Text <a href="https://${longHost}/">link</a></p><img src="https://${longHost}/a.jpg" srcset="https://${longHost}/b.jpg 2x" />`;
    const accepted = accept(
      busEvent('article.published', { article: story({ bodies: [{ contentType: 'text/html', value }] }) }),
      'd',
    );
    expect(accepted.kind).toBe('version');
    expect(JSON.stringify(accepted)).not.toContain('域域');
  });
});

test('a body with two thousand pictures is rejected, and one with three hundred is accepted', () => {
  const gallery = (pictures: number): unknown => {
    const value = '<img src="https://pictures.example.com/1.jpg" />'.repeat(pictures);
    const accepted = accept(
      busEvent('article.published', { article: story({ bodies: [{ contentType: 'text/html', value }] }) }),
      'd',
    );
    return accepted.kind === 'rejected' ? accepted.errors.map(({ path }) => path) : accepted.kind;
  };
  expect(gallery(300)).toBe('version');
  expect(gallery(2000)).toEqual(['article.bodies.0.value']);
});
