import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audioFor, bringsAudio } from '../../shared/audio/audio-rendition.ts';
import { spokenDigest, spokenOf, partIdOf, voiceFor, type Voices } from '../../shared/audio/speech.ts';
import { sanitiseArticle } from '../../shared/article/sanitise.ts';
import { story } from './story.ts';

const spoken = (html: string, more: Record<string, unknown> = {}): string[] =>
  spokenOf(sanitiseArticle(story({ bodies: [{ contentType: 'text/html', value: html }], ...more }))).slice(2);

describe('the text that is read aloud', () => {
  test('has headline, byline and paragraphs, each by itself', () => {
    expect(spokenOf(story())).toEqual([
      'Harbour bridge reopens after storm repairs',
      'By Ada Marlow and Jon Bright, Harbour Press',
      'The first lorries crossed at five.',
      'Engineers applauded.',
    ]);
  });

  test.each<[string, string, string[]]>([
    [
      'captions, tables, code',
      '<p>One.</p><figure><img src="https://x.example/a.jpg"><figcaption>No <b>caption</b>.</figcaption></figure><table><tr><td>12</td></tr></table><pre>x = 1</pre><p>Two.</p>',
      ['One.', 'Two.'],
    ],
    ['deleted text', '<p>Ten <s>eleven</s> people.</p>', ['Ten people.']],
    [
      'links to other stories',
      '<p>One.</p><p><strong>Read more:</strong> <a href="/a">Another</a></p><p><a href="/b">See the map</a> »</p><p>Mehr zum Thema: Fähren</p><ul><li><a href="/c">C</a></li><li><a href="/d">D</a></li></ul>',
      ['One.'],
    ],
    [
      'marks of the text itself',
      '<p>Fish &amp; chips are &lt; 5 &euro;.<br>Still <a href="/x">one</a> <em>paragraph</em>.</p>',
      ['Fish & chips are < 5 €. Still one paragraph.'],
    ],
  ])('is without %s', (_, html, paragraphs) => {
    expect(spoken(html)).toEqual(paragraphs);
  });

  test('has sentences that only begin like a link to another story, or that contain a link', () => {
    expect(
      spoken(
        '<p>Read more than once, the letter says little.</p><p>She <a href="/x">wrote to him</a> again.</p><p>Related companies rose, too.</p>',
      ),
    ).toHaveLength(3);
  });

  test('has headings, lists and quotations as paragraphs, and a byline once', () => {
    expect(
      spoken(
        '<p>By Ada Marlow and Jon Bright, Harbour Press</p><h2>At dawn</h2><ul><li>First</li><li>Second</li></ul><blockquote><p>“No.”</p></blockquote>',
      ),
    ).toEqual(['At dawn', 'First', 'Second', '“No.”']);
  });

  test('has paragraphs of plain texts too', () => {
    expect(
      spokenOf(story({ bodies: [{ contentType: 'text/plain', value: 'One & two.\n\nThree <four>.' }] })).slice(2),
    ).toEqual(['One & two.', 'Three <four>.']);
  });

  test('is empty for a headline alone', () => {
    expect(spokenOf(story({ bodies: [] }))).toEqual([]);
    expect(spoken('<figure><figcaption>Only this</figcaption></figure>')).toEqual([]);
  });

  test('keeps all other pieces when a headline or paragraph is corrected', () => {
    const paragraphs = fc.array(fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,5}\.$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(paragraphs, fc.nat(), (texts, at) => {
        const of = (said: readonly string[], headline: string): string[] =>
          spokenOf(
            story({
              headlines: [{ value: headline }],
              bodies: [{ contentType: 'text/html', value: said.map((text) => `<p>${text}</p>`).join('') }],
            }),
          );
        const before = of(texts, 'A headlin');
        const changed = texts.map((text, index) => (index === at % texts.length ? `Now ${text}` : text));
        const differing = (after: readonly string[]): number =>
          after.filter((piece, index) => piece !== before[index]).length;
        expect([differing(of(texts, 'A headline')), differing(of(changed, 'A headlin'))]).toEqual([1, 1]);
      }),
    );
  });

  test('is cut into pieces of limited length without loss, and within a word only if it must be', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[a-zà-ü]{1,12}$/),
      fc.constantFrom('end.', '“So?”', '😀', 'x'.repeat(3500)),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 900 }), (words) => {
        const text = words.join(' ');
        const pieces = spokenOf(
          story({ headlines: [{ value: 'H' }], by: undefined, bodies: [{ contentType: 'text/plain', value: text }] }),
        ).slice(1);
        expect(pieces.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(3000);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
    const sentences = Array.from({ length: 400 }, (_, number) => `Sentence number ${number} ends here.`).join(' ');
    for (const piece of spokenOf(story({ bodies: [{ contentType: 'text/plain', value: sentences }] })).slice(2))
      expect(piece).toMatch(/^Sentence .*here\.$/);
  });
});

describe('names', () => {
  test('of spoken text depend on the words alone, those of a piece on the voice too', () => {
    const amy = { name: 'Amy', engine: 'neural' };
    expect(spokenDigest(['a', 'b'])).toMatch(/^[a-z2-7]{16}$/);
    expect(new Set([['a', 'b'], ['ab'], ['b', 'a'], []].map(spokenDigest)).size).toBe(4);
    expect(partIdOf('a', amy)).toBe(partIdOf('a', { ...amy }));
    expect(
      new Set([
        partIdOf('a', amy),
        partIdOf('b', amy),
        partIdOf('a', { ...amy, name: 'Emma' }),
        partIdOf('a', { ...amy, engine: 'standard' }),
      ]).size,
    ).toBe(4);
  });
});

describe('the voice', () => {
  const voices: Voices = {
    en: { name: 'Amy', engine: 'neural' },
    'pt-BR': { name: 'Camila', engine: 'neural' },
    'de-AT': { name: 'Hannah', engine: 'neural' },
  };

  test.each([
    ['en', 'Amy'],
    ['en-AU', 'Amy'],
    ['EN_us', 'Amy'],
    ['pt-br', 'Camila'],
    ['pt', undefined],
    ['pt-PT', undefined],
    ['de-AT', 'Hannah'],
    ['fr', undefined],
    ['constructor', undefined],
  ])('for %s is %s', (language, name) => {
    expect(voiceFor(voices, language)?.name).toBe(name);
  });
});

describe('stored audio', () => {
  const reading = {
    digest: spokenDigest(spokenOf(story())),
    voice: 'Amy neural',
    href: '/audio/aaaaaaaaaaaaaaaa/1-bbbbbbbbbbbbbbbb.mp3',
    bytes: 9,
    seconds: 2,
  };

  test('belongs to an article with exactly these words, whatever else changed', () => {
    const audio = { href: reading.href, bytes: 9, seconds: 2 };
    expect(audioFor(story(), reading)).toEqual(audio);
    expect(audioFor(story({ genres: [], associations: [], versionCreated: '2026-05-02T12:00:00Z' }), reading)).toEqual(
      audio,
    );
    expect(audioFor(story({ headlines: [{ value: 'Another' }] }), reading)).toBeUndefined();
    expect(audioFor(story(), undefined)).toBeUndefined();
  });

  test('yields to the desk’s own audio, but not to our own that comes back with an article', () => {
    const own = story({ renditions: [{ href: 'https://sound.example.com/1.mp3', contentType: 'audio/mpeg' }] });
    const returned = story({
      renditions: [{ href: `https://www.example.com${reading.href}`, contentType: 'audio/mpeg' }],
    });
    expect([own, returned].map(bringsAudio)).toEqual([true, false]);
    expect([own, returned].map((article) => audioFor(article, reading)?.href)).toEqual([undefined, reading.href]);
  });
});
