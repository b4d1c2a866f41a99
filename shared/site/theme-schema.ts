import * as v from 'valibot';
import { languageTag } from '../article/language.ts';
import { strictObjectOf } from '../did-you-mean.ts';
import { instant, text, webAddress } from '../field-schema.ts';
import { providerNames } from './embeds.ts';
import {
  contrastOf,
  cspDirectives,
  englishWords,
  layouts,
  shareTargets,
  type CspDirective,
  type Theme,
} from './theme.ts';

/** Lambda's limit for all environment variables of a function is 4,096 bytes. */
const largestThemeBytes = 3072;

/** WCAG 2.2, 1.4.3 (AA), for text of any size. */
const leastContrast = 4.5;

const named = v.pipe(text, v.trim(), v.nonEmpty('must not be empty'));
const frontName = v.pipe(
  text,
  v.regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'must be the name of a front: lower-case letters, digits and hyphens, at most 64',
  ),
);
const sectionPath = v.pipe(
  text,
  v.regex(/^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/, 'must be a section as a slash path in lower case, such as news/world'),
);
/** Matches text that needs no escaping in a header, an attribute or XML. */
const plainUrl = v.regex<string, string>(
  /^[!#-;=?-~]+$/,
  'must be a URL in ASCII, without spaces, quotes or angle brackets: percent-encode them',
);
const address = v.pipe(
  text,
  plainUrl,
  v.check(
    (value) =>
      (/^\/(?![/\\])/.test(value) || /^https:\/\/[^/]/.test(value)) && URL.canParse(value, 'https://site.invalid'),
    'must be an https URL, or a path of the site such as /assets/logo.svg',
  ),
);
const size = v.pipe(
  v.number('must be a number of pixels'),
  v.integer('must be a whole number of pixels'),
  v.minValue(1, 'must be at least 1 pixel'),
);
const colour = v.pipe(text, v.regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #1a2b3c'));

const object = <const E extends v.ObjectEntries>(entries: E): ReturnType<typeof strictObjectOf<E>> =>
  strictObjectOf(entries, 'a theme');

const palette = v.pipe(
  object({ background: colour, text: colour, muted: colour, line: colour, accent: colour }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    for (const key of ['text', 'muted', 'accent'] as const) {
      const contrast = contrastOf(value[key], value.background);
      if (contrast >= leastContrast) continue;
      addIssue({
        message: `must have a contrast to background of at least ${leastContrast} to 1 (WCAG AA); it has ${contrast.toFixed(2)}`,
        path: [{ type: 'object', origin: 'value', input: value, key, value: value[key] }],
      });
    }
  }),
);

const lines = (pattern: RegExp, what: string) =>
  v.pipe(
    v.array(v.pipe(text, v.regex(pattern, `must be ${what}`)), 'must be a list of lines'),
    v.maxLength(50, 'must be at most 50 lines'),
  );
/** Hosts and hashes only: a keyword such as 'unsafe-inline' would let in any script. */
const sources = v.array(
  v.pipe(
    text,
    v.regex(
      /^(?:https:\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:\/[\w./-]*)?|'sha(?:256|384|512)-[\w+/=-]+')$/i,
      "must be an https origin such as https://*.example.com, or a hash such as 'sha256-…'",
    ),
  ),
  'must be a list of sources',
);

const words = Object.fromEntries(Object.keys(englishWords).map((word) => [word, v.exactOptional(named)])) as {
  [Word in keyof typeof englishWords]: v.ExactOptionalSchema<typeof named, undefined>;
};

const themeSchema: v.GenericSchema<unknown, Theme> = object({
  name: named,
  description: v.optional(named),
  language: v.pipe(
    text,
    v.check((tag) => languageTag(tag) === tag, 'must be a language such as en-GB or pt-BR (BCP 47)'),
  ),
  timeZone: v.pipe(text, v.check(isTimeZone, 'must be a zone such as Europe/London (IANA)')),
  logo: v.optional(object({ href: address, width: size, height: size })),
  colours: object({ light: palette, dark: palette }),
  sections: v.pipe(
    v.array(object({ path: sectionPath, title: named }), 'must be a list'),
    v.maxLength(20, 'must be at most 20 sections: they are the navigation'),
    v.check(
      (sections) => new Set(sections.map(({ path }) => path)).size === sections.length,
      'must name every section once',
    ),
  ),
  rails: object({
    front: frontName,
    sections: v.optional(v.record(sectionPath, frontName, 'must be fronts by section')),
    layouts: v.optional(
      v.record(text, v.picklist(layouts, `must be ${layouts.join(' or ')}`), 'must be layouts by title of a container'),
    ),
  }),
  feeds: object({ text: v.picklist(['full', 'summary'], 'must be full or summary') }),
  hub: v.optional(v.pipe(webAddress, plainUrl)),
  shareImage: v.optional(object({ href: address, width: size, height: size, alt: v.optional(named) })),
  policies: v.optional(
    object({ ethics: v.optional(address), corrections: v.optional(address), ownership: v.optional(address) }),
  ),
  footer: v.optional(
    v.pipe(
      v.array(object({ label: named, href: address }), 'must be a list'),
      v.maxLength(20, 'must be at most 20 links'),
    ),
  ),
  copyright: v.optional(named),
  share: v.optional(
    v.array(v.picklist(shareTargets, `must be ${shareTargets.join(', ')}`), 'must be a list of where to share'),
  ),
  embeds: v.optional(
    v.pipe(
      v.array(
        v.union(
          [
            v.picklist(providerNames),
            object({
              name: named,
              address: v.pipe(
                text,
                v.regex(
                  /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+\/(?:[\w.-]+\/)*$/,
                  "must be the beginning of its frames' addresses with a slash at its end, such as https://e.example.com/",
                ),
              ),
            }),
          ],
          `must be ${providerNames.join(', ')}, or { name, address }`,
        ),
        'must be a list of providers',
      ),
      v.maxLength(30, 'must be at most 30 providers'),
    ),
  ),
  searchPage: v.optional(
    v.pipe(
      text,
      v.check((value) => value.split('{query}').length === 2, 'must have {query} once, where the words go'),
      v.check(
        (value) => v.is(address, value.replace('{query}', 'query')),
        'must be an https URL, or a path of the site such as /search?q={query}',
      ),
    ),
  ),
  touchIcon: v.optional(address),
  ads: v.optional(
    lines(/^(?:#.*|[\w.-]+, ?[^,]+, ?(?:DIRECT|RESELLER)(?:, ?\w+)?|[A-Z]+=.+)$/i, 'a record of ads.txt'),
  ),
  security: v.optional(
    object({
      contact: v.pipe(
        text,
        plainUrl,
        v.regex(/^(?:mailto:|https:\/\/|tel:)./, 'must begin with mailto:, https:// or tel:'),
      ),
      expires: instant,
      policy: v.optional(v.pipe(webAddress, plainUrl)),
    }),
  ),
  robots: v.optional(
    lines(/^(?:user-agent|allow|disallow|crawl-delay|sitemap): ?\S[^\r\n]*$|^$/i, 'a rule of robots.txt'),
  ),
  csp: v.optional(
    object(
      Object.fromEntries(cspDirectives.map((directive) => [directive, v.optional(sources)])) as Record<
        CspDirective,
        v.OptionalSchema<typeof sources, undefined>
      >,
    ),
  ),
  agencies: v.optional(v.pipe(v.array(named, 'must be a list'), v.maxLength(30, 'must be at most 30 names'))),
  translations: v.optional(
    v.record(
      v.pipe(
        text,
        v.check((tag) => languageTag(tag) === tag, 'must be a language such as en-GB or pt-BR (BCP 47)'),
      ),
      object(words),
      'must be words by language',
    ),
  ),
  words: v.optional(object(words)),
});

/** Returns a validated theme, or every issue with its field. */
export function acceptTheme(given: unknown): { readonly theme: Theme } | { readonly issues: readonly string[] } {
  const { success, output, issues } = v.safeParse(themeSchema, given, { abortPipeEarly: true });
  if (!success) return { issues: issues.map(issueOf) };
  const bytes = Buffer.byteLength(JSON.stringify(output));
  return bytes > largestThemeBytes
    ? {
        issues: [
          `is ${bytes} bytes without its spaces, but at most ${largestThemeBytes} are allowed: leave out sections, layouts or words`,
        ],
      }
    : { theme: output };
}

function issueOf({ path, received, message }: v.BaseIssue<unknown>): string {
  const field = (path ?? []).map(({ key }) => String(key)).join('.');
  if (received === 'undefined') return `${field} is missing`;
  return field === '' ? message : `${field} ${message}`;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
