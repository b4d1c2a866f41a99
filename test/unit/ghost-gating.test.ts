import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anonymousHtml, withoutGatedBlocks } from '../../shared/cms/sources/ghost-gating.ts';
import { settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import { ghostPost } from '../fixtures/cms/newsroom.ts';
import { noon } from './story.ts';

const card = (parameters: string, text: string): string =>
  `\n<!--kg-gated-block:begin ${parameters} -->\n<p>${text}</p>\n<!--kg-gated-block:end-->\n`;

describe('a card that is not public', () => {
  test.each([
    'nonMember:false memberSegment:"status:-free"',
    'nonMember:false memberSegment:"status:free,status:-free"',
    'nonMember:false memberSegment:""',
    'memberSegment:"status:free"',
    'nonMember:"yes" memberSegment:"status:free"',
    'nonMember:true nonMember:false',
    'anything',
  ])('is removed: %s', (parameters) => {
    expect(withoutGatedBlocks(`<p>Before</p>${card(parameters, 'LOCKED')}<p>After</p>`)).toBe(
      '<p>Before</p>\n\n<p>After</p>',
    );
  });

  test.each(['nonMember:true memberSegment:""', 'nonMember:true memberSegment:"status:free"', "nonMember:'true'"])(
    'stays if it is for people who are not members: %s',
    (parameters) => {
      expect(withoutGatedBlocks(`<p>Before</p>${card(parameters, 'Join us')}`)).toBe(
        '<p>Before</p>\n\n<p>Join us</p>\n\n',
      );
    },
  );

  test.each([
    '<!--kg-gated-block:begin nonMember:false --><p>LOCKED</p>',
    '<!-- kg-gated-block:begin nonMember:true --><p>LOCKED</p><!--kg-gated-block:end-->',
    '<!--kg-gated-block:begin nonMember:false\nmemberSegment:"" --><p>LOCKED</p><!--kg-gated-block:end-->',
    '<!--kg-gated-block:begin--><p>LOCKED</p><!--kg-gated-block:end-->',
    '<!--kg-gated-block:begin nonMember:false',
    card('nonMember:true', card('nonMember:false', 'LOCKED')),
    '<!--kg-gated-block:begin nonMember:true -->'.repeat(40) + '<p>LOCKED</p>' + '<!--kg-gated-block:end-->'.repeat(40),
  ])('is removed with all the text after it if its end is not marked: %s', (html) => {
    const open = withoutGatedBlocks(`<p>Before</p>${html}`);
    expect(open).not.toContain('LOCKED');
    expect(open).toMatch(/^<p>Before<\/p>/);
  });

  test('takes time in proportion to the text', () => {
    const begins = '<!--kg-gated-block:begin nonMember:true -->'.repeat(100_000);
    expect(withoutGatedBlocks(begins)).toBe('');
    expect(withoutGatedBlocks(begins + '<!--kg-gated-block:end-->'.repeat(100_000))).toBe('');
  });
});

/** Ghost's Content API in so many words, for a reader who is not signed in: the cut at the divider, then its one regular expression. */
function asGhost(html: string, visibility: string): { readonly html: string; readonly access: boolean } {
  const access = visibility === 'public';
  const divider = html.indexOf('<!--members-only-->');
  const cut = access ? html : divider < 0 ? '' : html.slice(0, divider);
  const gated = cut.replace(
    /<!--kg-gated-block:begin ([^\n]+?)\s*-->([\s\S]*?)<!--kg-gated-block:end-->/g,
    (_, parameters: string, content: string) => {
      let isForNonMembers = false;
      for (const [, value = ''] of parameters.matchAll(/\bnonMember:["']?([^"'\s]+)["']?/g))
        if (value === 'true' || value === 'false') isForNonMembers = value === 'true';
      return isForNonMembers ? content : '';
    },
  );
  return { html: gated, access };
}

const html = fc
  .array(
    fc.constantFrom(
      '<p>Open</p>',
      '<p>Text</p>\n',
      '<!--members-only-->',
      '<!--kg-gated-block:begin nonMember:true memberSegment:"" -->',
      '<!--kg-gated-block:begin nonMember:false memberSegment:"status:-free" -->',
      '<!--kg-gated-block:begin -->',
      '<!--kg-gated-block:begin nonMember:true\n\n-->',
      '<!--kg-gated-block:begin a\nb -->',
      '<!--kg-gated-block:end-->',
      '<!-- kg-gated-block:begin x -->',
      '<!--kg-card-begin: html-->',
      '-->',
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));
const visibilities = fc.constantFrom('public', 'members', 'paid', 'tiers', 'label:vip');

describe('a Ghost post’s public text', () => {
  test('is at most what Ghost itself shows to everybody, and the same if every block has its own end', () => {
    fc.assert(
      fc.property(html, visibilities, (text, visibility) => {
        const own = anonymousHtml(text, visibility);
        const ghosts = asGhost(text, visibility).html;
        expect(own).toBe(withoutGatedBlocks(ghosts));
        if (!ghosts.includes('kg-gated-block:begin')) expect(own).toBe(ghosts);
      }),
      { numRuns: 2000 },
    );
  });

  test('has one digest, whether it comes from the webhook or the API', () => {
    const source = sourceNamed('ghost');
    if (!source?.api) throw new Error('no Ghost');
    const settings = settingsOf(source, {});
    const { api } = source;
    fc.assert(
      fc.property(html, visibilities, fc.constantFrom(null, 'A standfirst'), (text, visibility, custom_excerpt) => {
        const post = ghostPost('g1', { html: text, visibility, custom_excerpt, excerpt: 'Made of the text' });
        const reading = source.read({ post: { current: post, previous: {} } }, settings, {
          receivedAt: noon,
          headers: {},
        });
        // The Content API has neither status nor email_only.
        const listed = { ...post, ...asGhost(text, visibility), excerpt: '', status: undefined, email_only: undefined };
        expect(api.state(JSON.parse(JSON.stringify(listed)), settings, noon)).toEqual(reading);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a post that is not public', () => {
  const read = (overrides: Record<string, unknown>) => {
    const source = sourceNamed('ghost');
    if (!source) throw new Error('no Ghost');
    const { visibility, ...post } = ghostPost('g1', {
      html: '<p>LOCKED</p>',
      plaintext: 'LOCKED',
      excerpt: 'LOCKED',
      custom_excerpt: null,
    });
    const payload = { post: { current: { ...post, ...overrides }, previous: {} } };
    return JSON.stringify(source.read(payload, settingsOf(source, {}), { receivedAt: noon, headers: {} }));
  };

  test.each(['members', 'paid', 'tiers', 'status:-free', 'label:vip', 'Public'])(
    'has no locked text: %s',
    (visibility) => {
      expect(read({ visibility })).not.toContain('LOCKED');
      expect(read({ visibility, html: '<p>Preview</p><!--members-only--><p>LOCKED</p>' })).toContain(
        '"<p>Preview</p>"',
      );
      expect(read({ visibility, html: '<p>Preview</p><!--members-only--><p>LOCKED</p>' })).not.toContain('LOCKED');
      expect(read({ visibility, custom_excerpt: 'For everybody' })).toContain('For everybody');
      // Ghost's Content API decides on access, not the webhook.
      for (const access of [true, false]) expect(read({ visibility, access })).not.toContain('LOCKED');
    },
  );

  test('has no standfirst from Ghost’s own excerpt, which may quote locked cards', () => {
    expect(read({ visibility: 'public', html: '<p>Open</p>' })).not.toContain('LOCKED');
  });

  test('is rejected if it has no visibility', () => {
    expect(read({})).toContain('post.current.visibility');
  });
});
