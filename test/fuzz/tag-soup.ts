import fc from 'fast-check';

/** Elements as CMSes, editors' pasted text and widgets bring them: kept ones, unwrapped ones, those that open other rules of parsing. */
const names = (
  'p p p div div span a a b i em strong u s strike del ins h1 h2 h3 h5 ul ol li li dl dt dd blockquote q cite figure figcaption img br hr pre code ' +
  'table caption thead tbody tr td th colgroup col details summary section article aside address header footer nav main center font big nobr marquee ' +
  'button form fieldset legend label select option input textarea object embed iframe video audio source picture canvas noscript template script style ' +
  'svg math foreignObject mtext mi annotation-xml desc title ruby rt rp rb bdo sup sub small mark abbr time dir menu xmp listing plaintext body html head ' +
  'frameset dialog applet custom-element'
).split(' ');

const attributes = [
  '',
  '',
  '',
  ' lang="fr"',
  ' dir="rtl"',
  ' id="note"',
  ' id="user-content-note"',
  ' name=note',
  ' href="#note"',
  ' href="https://www.example.com/?a=1&amp;b=<2>"',
  ' href="//other.example/x"',
  ' href=javascript:alert(1)',
  ' src="https://media.example/x.mp4"',
  ' src=""',
  ' data-src="https://media.example/late.jpg"',
  ' src="data:image/gif;base64,R0lGOD"',
  ' srcset="/a.jpg 1x, /b,c.jpg 2x"',
  ' title="a &quot;b&quot; <c>"',
  ' rel="nofollow noopener sponsored"',
  ' start=3 reversed type=a',
  ' headers="note other"',
  ' class="kg-audio-player"',
  ' hidden',
  ' onclick="alert(1)"',
];

const opening = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...attributes), fc.constantFrom('>', '>', '>', '/>'))
  .map((parts) => `<${parts.join('')}`);
const closing = fc.constantFrom(...names).map((name) => `</${name}>`);
const oddments = fc.constantFrom(
  ' ',
  '\n',
  '\n\n',
  '&nbsp;',
  '&lt;p&gt;',
  '&amp;amp;',
  '<!-- c -->',
  '<!--',
  '-->',
  '<![CDATA[ x ]]>',
  '<?php x ?>',
  '</',
  '<',
  '<p',
  '"',
  '&#0;',
  '\u0000',
  ']]>',
  '<!DOCTYPE html>',
);

/** Broken markup. Each of its words (`w` and a number) is in it once. */
export const tagSoup: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: opening },
      { weight: 4, arbitrary: closing },
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: oddments },
    ),
    {
      maxLength: 24,
      size: 'max',
    },
  )
  .map((pieces) => pieces.map((piece, index) => (piece === '' ? ` w${index} ` : piece)).join(''));
