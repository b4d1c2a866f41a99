import { html, raw } from 'hono/html';
import { beganAt, canaryUri, lagOf, type PublishTrace } from '../../shared/trace/publish-trace.ts';
import { kindOf, stepsOf, type NamedPublishTrace, type Status, type Way } from '../cli/status.ts';

/** The number of changes that are shown unfolded. */
const unfolded = 20;

export type Markup = ReturnType<typeof html>;

/** Links of the dashboard's pages. */
export interface Surroundings {
  readonly edgeUrl: string;
  readonly timeZone: string;
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1a1a1a, #ececec); --paper: light-dark(#fff, #161618); --quiet: light-dark(#5c5c5c, #a5a5a8); --line: light-dark(#d9d9d9, #3a3a3d); --card: light-dark(#f5f5f3, #202023); --good: light-dark(#0b6b3a, #6fd39b); --bad: light-dark(#b3001b, #ff8a8a); --busy: light-dark(#8a5a00, #f0c060); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
header, main { max-width: 96rem; margin: 0 auto; padding: .75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; justify-content: space-between; border-bottom: 1px solid var(--line); }
a { color: inherit; display: inline-block; padding: .25rem 0; }
header a { font-weight: 700; text-decoration: none; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: .75rem 0 .25rem; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .25rem 0; }
.quiet { color: var(--quiet); }
.good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); }
form { display: flex; gap: .5rem; flex: 1 1 16rem; max-width: 32rem; }
input { flex: 1; min-width: 0; }
input, button { font: inherit; min-height: 2.75rem; padding: .25rem .6rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); color: inherit; }
.tiles { display: grid; grid-template-columns: repeat(2, 1fr); gap: .6rem; padding: 0; margin: .75rem 0; list-style: none; }
.tiles li, .change, .refusal { background: var(--card); border-radius: .5rem; padding: .6rem .8rem; }
.tiles b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
@media (min-width: 40rem) { .tiles { grid-template-columns: repeat(3, 1fr); } }
@media (min-width: 64rem) { .tiles { grid-template-columns: repeat(6, 1fr); } }
ol.changes, ul.refusals, ul.plain { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
ol.changes, ul.refusals, .columns { grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr)); }
.columns { display: grid; gap: 0 2rem; }
summary { min-height: 2.75rem; padding: .6rem 0; cursor: pointer; font-weight: 600; }
.change { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; }
.change > b { padding: .25rem 0; }
.change a.name { font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
.change .lag { font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 600; padding: .25rem 0; }
ol.steps { grid-column: 1 / -1; list-style: none; display: flex; flex-wrap: wrap; gap: .15rem 1rem; margin: 0; padding: 0; font-variant-numeric: tabular-nums; font-size: .9rem; }
ol.way { list-style: none; margin: .4rem 0 0; padding: 0 0 0 1.1rem; border-left: 3px solid var(--line); }
ol.way li { position: relative; padding: .3rem 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
ol.way li::before { content: ""; position: absolute; left: -1.52rem; top: .72rem; width: .7rem; height: .7rem; border-radius: 50%; background: currentcolor; }
ol.way b { display: inline-block; min-width: 6.5rem; }
.uri { overflow-wrap: anywhere; }
`;

/** Shows each update from the server and keeps unfolded entries open. EventSource reconnects by itself. */
const script = `
const main = document.querySelector('main');
const live = document.querySelector('#live');
const source = new EventSource('/_desk/live' + location.search);
source.onmessage = ({ data }) => {
  const isOpen = main.querySelector('details')?.open === true;
  main.innerHTML = JSON.parse(data);
  if (isOpen) main.querySelector('details')?.setAttribute('open', '');
};
source.onopen = () => { live.textContent = 'live'; live.className = 'good'; };
source.onerror = () => { live.textContent = 'cut off'; live.className = 'bad'; };
`;

export async function dashboardDocument(main: Markup, uri: string | undefined): Promise<string> {
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${uri === undefined ? 'Dashboard' : `${uri} – Dashboard`}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<header><a href="/_desk">Pressrun dashboard</a><span id="live" class="quiet" role="status">connecting</span>
<form action="/_desk"><input name="uri" aria-label="uri of an article" placeholder="uri of an article" value="${uri ?? ''}"><button>Trace</button></form></header>
<main>${main}</main>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.toString();
}

export function statusMarkup({ changes, rejections, queues, lag, late }: Status, { timeZone }: Surroundings): Markup {
  const dead = queues.filter(({ name }) => name.endsWith('-dlq'));
  const waiting = queues.filter(({ name }) => !name.endsWith('-dlq'));
  const count = (list: Status['queues']): number =>
    list.reduce((sum, { messages, putOff }) => sum + messages + putOff, 0);
  return html`<h1>From the CMS to the readers</h1>
<ul class="tiles">
${tile('median time to reader', secondsText(lag.p50))}
${tile('95th percentile', secondsText(lag.p95))}
${tile('not fresh', String(late), late > 0)}
${tile('rejected', String(rejections.length), rejections.length > 0)}
${tile('waiting or in progress', String(count(waiting)))}
${tile('dead letters', String(count(dead)), count(dead) > 0)}
</ul>
${dead.length === 0 ? '' : html`<p class="bad uri">${dead.map(({ name, messages, putOff }) => `${name}: ${messages + putOff}`).join(' · ')}</p>`}
${waiting.length === 0 ? '' : html`<p class="quiet uri">waiting or in progress: ${waiting.map(({ name, messages, putOff }) => `${name}: ${messages + putOff}`).join(' · ')}</p>`}
${rejections.length === 0 ? '' : html`<h2>Rejected</h2><ul class="refusals">${rejections.map(({ uri, source, errors, refusedAt }) => html`<li class="refusal"><p><b class="uri">${uri ?? 'without a uri'}</b> <span class="quiet">${clock(refusedAt, timeZone)} from ${source}</span></p>${errors.map(({ path, message }) => html`<p class="bad uri">${path === '' ? 'event' : path}: ${message}</p>`)}</li>`)}</ul>`}
<h2>The last ${changes.length} changes</h2>
${changes.length === 0 ? html`<p class="quiet">Nothing was published yet.</p>` : ''}
${changesMarkup(changes.slice(0, unfolded), timeZone)}
${changes.length <= unfolded ? '' : html`<details><summary>${changes.length - unfolded} more</summary>${changesMarkup(changes.slice(unfolded), timeZone)}</details>`}`;
}

function changesMarkup(changes: Status['changes'], timeZone: string): Markup {
  return html`<ol class="changes">${changes.map(
    (
      publishTrace,
    ) => html`<li class="change"><a class="name" href="/_desk?uri=${encodeURIComponent(publishTrace.uri ?? '')}">${nameOf(publishTrace)}</a>${lagMarkup(publishTrace)}
<ol class="steps"><li class="quiet">${clock(publishTrace.seq, timeZone)} ${kindOf(publishTrace)}</li>${publishTrace.standing === undefined ? '' : html`<li class="busy">${publishTrace.standing}</li>`}${publishTrace.warnings === undefined ? '' : html`<li class="busy">warnings: ${publishTrace.warnings.length}</li>`}${stepsOf(publishTrace).map(({ step, at }) => html`<li class="${step === 'late' ? 'bad' : 'quiet'}">${step} ${after(at - beganAt(publishTrace))}</li>`)}</ol></li>`,
  )}</ol>`;
}

export function wayMarkup(
  { uri, articleId, head, standing, history, entries, changes }: Way,
  { edgeUrl, timeZone }: Surroundings,
): Markup {
  return html`<h1>${head?.card?.headline ?? history.findLast(({ headline }) => headline !== undefined)?.headline ?? uri}</h1>
<p class="quiet uri">${uri} · ${articleId}</p>
<p>${head?.visibility === 'live' && head.path !== undefined ? html`<a class="good" href="${edgeUrl}${head.path}">${standing}</a>` : html`<span class="busy">${standing}</span>`}</p>
<h2>Publish traces</h2>
<ol class="changes">${changes.map(
    (
      publishTrace,
    ) => html`<li class="change"><b>${kindOf(publishTrace)}, ${clock(beganAt(publishTrace), timeZone)}</b>${lagMarkup(publishTrace)}
<div style="grid-column: 1 / -1"><ol class="way">${stepsOf(publishTrace).map(({ step, at }) => html`<li class="${step === 'fresh' ? 'good' : step === 'late' ? 'bad' : ''}"><b>${step}</b> ${clock(at, timeZone)} <span class="quiet">${after(at - beganAt(publishTrace))}${step === 'announced' ? ` · ${(publishTrace.feeds ?? []).join(', ')}` : ''}${step === 'late' ? ` · ${(publishTrace.late ?? []).join(', ')}` : ''}</span></li>`)}</ol>
<p class="quiet uri">seq ${publishTrace.seq}${publishTrace.correlationId === undefined ? '' : ` · caused by ${publishTrace.correlationId}`}</p>${(publishTrace.warnings ?? []).map(({ path, message }) => html`<p class="busy uri">warning: ${path === '' ? 'event' : path}: ${message}</p>`)}</div></li>`,
  )}</ol>
<div class="columns"><section><h2>Feeds that list it</h2>
<ul class="plain">${entries.map(({ feed, seq }) => html`<li><a href="${edgeUrl}/feeds/${feed}.json">${feed}</a> <span class="${seq === undefined ? 'bad' : 'quiet'}">${seq === undefined ? 'no entry' : `seq ${seq}`}</span></li>`)}${entries.length === 0 ? html`<li class="quiet">in no list</li>` : ''}</ul>
</section><section><h2>Received versions and holds</h2>
<ul class="plain">${history.toReversed().map(({ number, receivedAt, event, shown, headline, actor, reason }) => html`<li class="uri">${number === undefined ? '' : html`<b>${number}</b> `}${event} <span class="quiet">${clock(receivedAt, timeZone)}${actor === undefined ? '' : ` by ${actor}`}${reason === undefined ? '' : `: ${reason}`}</span> ${headline ?? ''} ${shown ? html`<span class="good">shown</span>` : ''}</li>`)}</ul></section></div>`;
}

export function unknownMarkup(reason: string): Markup {
  return html`<h1>Not known</h1><p class="uri">${reason}</p>`;
}

function tile(label: string, value: string, isBad = false): Markup {
  return html`<li><b class="${isBad ? 'bad' : ''}">${value}</b>${label}</li>`;
}

function nameOf({ headline, uri, articleId }: NamedPublishTrace): string {
  return uri === canaryUri ? 'Canary' : (headline ?? uri ?? articleId);
}

function lagMarkup(publishTrace: PublishTrace): Markup {
  const lag = lagOf(publishTrace);
  if (lag !== undefined) return html`<span class="lag good">fresh in ${secondsText(lag)}</span>`;
  return publishTrace.late === undefined
    ? html`<span class="lag busy">in progress</span>`
    : html`<span class="lag bad">not fresh: ${publishTrace.late.join(', ')}</span>`;
}

/** How long after the newsroom began to wait. */
function after(milliseconds: number): string {
  return milliseconds < 60_000
    ? `+${(milliseconds / 1000).toFixed(2)} s`
    : `+${(milliseconds / 60_000).toFixed(1)} min`;
}

function secondsText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

function clock(instant: number, timeZone: string): string {
  return new Date(instant).toLocaleTimeString('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
}
