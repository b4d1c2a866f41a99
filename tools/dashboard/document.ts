import { readFileSync } from 'node:fs';
import { html } from 'hono/html';
import { periods, type choicesIn, type Filter } from './filter.ts';
import type { Markup } from './markup.ts';

/** Files of the page, by path. Idiomorph updates the page in place, so that focus and unfolded entries stay. */
export const files: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map(
  [
    ['/_desk/dashboard.css', 'text/css', new URL('dashboard.css', import.meta.url)],
    ['/_desk/dashboard.js', 'text/javascript', new URL('dashboard.js', import.meta.url)],
    [
      '/_desk/idiomorph.js',
      'text/javascript',
      new URL('../../node_modules/idiomorph/dist/idiomorph.min.js', import.meta.url),
    ],
  ].map(([path, type, file]) => [
    path as string,
    { type: `${String(type)}; charset=utf-8`, text: readFileSync(file as URL, 'utf8') },
  ]),
);

/** Nothing but the page's own files runs, and no other page frames it. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface DocumentSettings {
  readonly main: Markup;
  readonly title: string;
  /** The stage's name, unless it is the laptop's. */
  readonly stage: string | undefined;
  readonly uri: string | undefined;
  /** Absent on the page of one story. */
  readonly filter?: { readonly chosen: Filter; readonly choices: ReturnType<typeof choicesIn> };
}

export async function documentOf({ main, title, stage, uri, filter }: DocumentSettings): Promise<string> {
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_desk/dashboard.css">
</head>
<body>
<header><a href="/_desk">Pressrun dashboard${stage === undefined ? '' : `: ${stage}`}</a><span id="live" class="quiet" role="status">connecting</span>
<form action="/_desk"><input name="uri" aria-label="uri of an article, or front:name" placeholder="uri of an article, or front:name" value="${uri ?? ''}"><button>Trace</button></form></header>
${filter === undefined ? '' : filterMarkup(filter.chosen, filter.choices)}
<main>${main}</main>
<script src="/_desk/idiomorph.js"></script>
<script src="/_desk/dashboard.js"></script>
</body>
</html>
`;
  return page.toString();
}

function filterMarkup(
  { hours, section, source, late }: Filter,
  { sections, sources }: ReturnType<typeof choicesIn>,
): Markup {
  return html`<form action="/_desk" class="filter" aria-label="Filter">
<label>period <select name="hours">${periods.map((period) => option(String(period), period === 1 ? 'last hour' : `last ${period} hours`, hours === period))}</select></label>
<label>section <select name="section">${option('', 'all', section === undefined)}${withChosen(sections, section).map((each) => option(each, each, each === section))}</select></label>
<label>source <select name="source">${option('', 'all', source === undefined)}${withChosen(sources, source).map((each) => option(each, each, each === source))}</select></label>
<label class="check"><input type="checkbox" name="late" value="1"${late ? html` checked` : ''}> late only</label>
<button>Filter</button></form>`;
}

/** A shared link may name a section of which nothing was published lately. */
function withChosen(choices: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || choices.includes(chosen) ? choices : [chosen, ...choices];
}

function option(value: string, label: string, isSelected: boolean): Markup {
  return html`<option value="${value}"${isSelected ? html` selected` : ''}>${label}</option>`;
}
