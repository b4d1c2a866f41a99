import type { Palette, Theme } from '../../shared/site/theme.ts';

/** The one stylesheet, inlined so that the page needs no other request before it can be read. */
export function styleOf({ colours }: Theme): string {
  return `:root{color-scheme:light dark;${variables(colours.light)}}
@media(prefers-color-scheme:dark){:root{${variables(colours.dark)}}}
${rules}`;
}

function variables({ background, text, muted, line, accent }: Palette): string {
  return `--background:${background};--text:${text};--muted:${muted};--line:${line};--accent:${accent}`;
}

const rules = `
*{box-sizing:border-box}
html{font-size:clamp(100%,.75rem + .45vw,225%);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--background);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
a{color:inherit;text-decoration-thickness:.06em;text-underline-offset:.18em}
:focus-visible{outline:.2rem solid var(--accent);outline-offset:.15rem}
img{display:block;max-width:100%;height:auto}
h1,h2,h3,.standfirst,.body{font-family:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Georgia,serif}
h1,h2,h3{line-height:1.15;margin:0;text-wrap:balance;letter-spacing:-.01em}
ul,ol{margin:0;padding:0;list-style:none}
p{margin:0}
.skip{position:absolute;inset-inline-start:.5rem;top:-10rem;background:var(--background);padding:.5rem 1rem;z-index:1}
.skip:focus{top:.5rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.preview{background:var(--text);color:var(--background);padding:.6rem 1.25rem;font-weight:700;text-align:center}
.masthead{border-top:.4rem solid var(--accent);border-bottom:1px solid var(--line)}
.masthead>*,main,.foot>*{max-width:78rem;margin-inline:auto;padding-inline:1.25rem}
.name{padding-block:1rem .6rem;font:700 1.9rem/1.1 Charter,"Bitstream Charter",Georgia,serif;letter-spacing:-.02em}
.name a{text-decoration:none}
.name img{max-height:3.5rem;width:auto}
.sections{overflow-x:auto;scrollbar-width:none}
.sections ul{display:flex;gap:1.4rem;white-space:nowrap}
.sections a{display:block;padding:.55rem 0;font-weight:600;font-size:.95rem;text-decoration:none;border-bottom:.2rem solid transparent}
.sections a:hover,.sections [aria-current]{border-color:var(--accent)}
main{padding-block:1.5rem 3rem}
.kicker{color:var(--accent);font:700 .78rem/1.4 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;letter-spacing:.04em;text-transform:uppercase}
.kicker a{text-decoration:none}
.kicker ol,.share ul{display:inline-flex;flex-wrap:wrap}
.story [dir]{text-align:-webkit-match-parent;text-align:match-parent}
.kicker li+li::before{content:"/";margin-inline:.5em;color:var(--muted)}
.when,figcaption,.by,.rights,.pages,.topics,.correction,.old{font-size:.9rem;color:var(--muted)}
time,.place{unicode-bidi:isolate}

.story{max-width:44rem;margin-inline:auto}
.story h1{font-size:clamp(1.9rem,1.3rem + 2.6vw,3.1rem);margin-block:.4rem .8rem}
.standfirst{font-size:1.3rem;line-height:1.4;color:var(--muted)}
.story .standfirst{margin-bottom:1.2rem}
.by{color:var(--text);font-weight:600}
.old{margin-top:.6rem;color:var(--accent);font-weight:700}
.correction{margin-top:1rem;padding:.7rem 1rem;border-inline-start:.25rem solid var(--accent);color:var(--text)}
figure{margin:1.75rem 0}
figure :is(img,video,audio){width:100%}
figure img{max-height:max(90vh,30rem);object-fit:contain}
figcaption{padding-top:.5rem;line-height:1.4}
figcaption small{font-size:.85em}
.gallery{overflow-x:auto;scroll-snap-type:x mandatory;overscroll-behavior-x:contain;margin:1.75rem 0}
.gallery ul{display:flex;gap:1rem;padding-bottom:.6rem}
.gallery li{flex:0 0 min(85%,36rem);scroll-snap-align:start}
.gallery figure{margin:0}
.gallery img{aspect-ratio:3/2;object-fit:contain;background:var(--line)}
.listen{display:grid;gap:.4rem;padding:.8rem 1rem;border:1px solid var(--line);border-radius:.4rem}
.listen figcaption{padding:0;font-weight:600;color:var(--text)}
.listen audio{width:100%;height:54px}
.body{margin-top:1.5rem;font-size:1.17rem;line-height:1.62}
.body>*{margin-block:0 1.15em}
.body h2{font-size:1.45rem;margin-top:1.6em}
.body h3,.body h4{font-size:1.2rem;margin-top:1.4em}
.body ul,.body ol{padding-inline-start:1.3em}
.body ul{list-style:disc}
.body ol{list-style:decimal}
.body blockquote{margin-inline:0;padding-inline-start:1.1em;border-inline-start:.2rem solid var(--accent);font-style:italic}
.body figcaption{font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.body pre,.body table{display:block;overflow-x:auto}
.body td,.body th{padding:.35em .7em;border-bottom:1px solid var(--line);text-align:start}
.body img:not([width]),figure img:not([width]){aspect-ratio:3/2;object-fit:contain}
.embed{margin:1.75rem 0;padding:1rem 1.2rem;border:1px solid var(--line);border-radius:.4rem;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.embed p+p,.embed iframe+p{margin-top:.7rem}
.embed button{padding:.6rem 1.1rem;border:0;border-radius:.3rem;background:var(--accent);color:var(--background);font:inherit;font-weight:700;cursor:pointer}
.embed small{display:block;margin-top:.5rem;color:var(--muted)}
.embed iframe{display:block;width:100%;border:0}
.video iframe{aspect-ratio:16/9}
.sound iframe{height:11rem}
.tall iframe:not([height]){height:36rem}
@media(scripting:none){.ask{display:none}}
.more{margin:2rem 0;padding:1rem 0;border-block:1px solid var(--line)}
.more h2,.topics h2{font:700 1rem/1.4 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;letter-spacing:0}
.more li{padding-top:.5rem;font-weight:600}
.more time{font-weight:400;color:var(--muted)}
.topics{margin-top:2rem}
.topics ul{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.6rem}
.topics a{display:block;padding:.3rem .8rem;border:1px solid var(--line);border-radius:2rem;color:var(--text);text-decoration:none}
.topics a:hover{border-color:var(--accent)}

.live,.fresh a{display:inline-block;padding:.2rem .7rem;border-radius:.3rem;background:var(--accent);color:var(--background);font-weight:700;font-size:.9rem}
.live{margin-top:.4rem}
.kicker .live{margin:0;padding:0 .4rem;font-size:inherit}
.fresh{position:sticky;top:.5rem;height:0;z-index:1;text-align:center}
.fresh a{padding:.6rem 1.2rem;font-size:1rem;text-decoration:none}
.fresh [hidden]{display:none}
.posts{margin-top:2rem}
.posts:focus{outline:0}
.post{padding-block:1.5rem;border-top:.15rem solid var(--text);scroll-margin-top:1rem}
.post:target{border-color:var(--accent)}
.post.pinned{padding:1.2rem;border:1px solid var(--accent);border-inline-start-width:.4rem;margin-bottom:1.5rem}
.post h2{font-size:1.5rem;margin-block:.3rem .6rem}
.post .body{margin-top:.6rem;font-size:1.08rem}

#rails{margin-top:3rem}
@media(scripting:enabled){#rails.wait{min-height:100vh}}
.rail{margin-top:2.5rem;border-top:.2rem solid var(--text);padding-top:.7rem}
.rail>header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;margin-bottom:1rem}
.rail h2{font-size:1.35rem}
.rail>header a{flex:none;font-weight:600;font-size:.95rem;color:var(--accent)}
.cards{display:grid;gap:1.6rem 1.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
.card{position:relative;display:flex;flex-direction:column;gap:.3rem}
.card h2,.card h3{font-size:1.15rem;line-height:1.22}
.card h2 a,.card h3 a{text-decoration:none}
.card h2 a::after,.card h3 a::after{content:"";position:absolute;inset:0}
.card:hover h2 a,.card:hover h3 a{text-decoration:underline}
.card img,.river img{width:100%;aspect-ratio:3/2;object-fit:cover;background:var(--line);margin-bottom:.3rem}
.card p:not(.kicker,.when){color:var(--muted);font-size:.97rem;line-height:1.4}
.cards .card img~p:not(.kicker,.when){display:none}
.cards.headlines{grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:0 1.5rem}
.headlines .card{padding:.75rem 0;border-top:1px solid var(--line)}
.headlines img,.headlines .card p:not(.kicker,.when){display:none}
.links{display:flex;flex-wrap:wrap;gap:.5rem 1.4rem;padding-top:.4rem;font-weight:600}
.river .card{display:grid;grid-template-columns:1fr 12rem;column-gap:1.5rem;align-content:start;grid-auto-rows:min-content;padding:1.3rem 0;border-bottom:1px solid var(--line)}
.river .card>*{grid-column:1}
.river .card img{grid-column:2;grid-row:1/span 5;margin:0}
.river h2{font-size:1.4rem}
.pages{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;padding-top:1.5rem;font-size:1rem}
.pages a{padding:.5rem 1.1rem;border:1px solid var(--muted);border-radius:.3rem;font-weight:600;color:var(--text);text-decoration:none}
.pages a:hover{border-color:var(--accent)}
.list h1,.missing h1{font-size:2.2rem;padding-bottom:.6rem}
.list h1{border-bottom:.2rem solid var(--text)}
.profile{display:flow-root;padding-bottom:1rem;border-bottom:.2rem solid var(--text)}
.profile h1{padding-bottom:.2rem;border:0}
.profile figure{float:inline-start;width:9rem;margin:.4rem 0 .8rem;margin-inline-end:1.5rem}
.profile figure img{aspect-ratio:1;object-fit:cover}
.profile .standfirst{margin-top:.6rem;font-size:1.15rem}
.profile .body{margin-top:.6rem;font-size:1.08rem;max-width:44rem}
.front .rail:first-of-type{margin-top:0}
.share{margin-top:2rem}
.share ul{gap:.3rem 1.2rem;font-size:.95rem}
.share a{display:block;padding:.3rem 0}
.foot{border-top:1px solid var(--line);font-size:.95rem;color:var(--muted)}
.foot ul{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;padding-block:1.5rem}
.foot p+ul{padding-top:.5rem}
.foot p{padding-top:1.5rem}

@media(min-width:40rem){.profile>div{display:flow-root}}
@media(min-width:70rem){.river{display:grid;grid-template-columns:1fr 1fr;column-gap:3rem}}
@media(min-width:56rem){
.front .rail:first-of-type .cards:not(.headlines) .card:first-child{grid-column:span 2;grid-row:span 2}
.front .rail:first-of-type .card:first-child :is(h2,h3){font-size:2rem}
.front .rail:first-of-type .cards:not(.headlines) .card:first-child p{display:block}
.lead{margin-inline:-4rem}
.lead figcaption{margin-inline:4rem}
}
@media(max-width:40rem){
.profile figure{width:6.5rem;margin-inline-end:1rem}
.cards:not(.headlines){grid-template-columns:1fr;gap:0}
.cards:not(.headlines) .card,.river .card{display:grid;grid-template-columns:1fr 7rem;column-gap:1rem;row-gap:.2rem;align-content:start;grid-auto-rows:min-content;padding:.9rem 0;border-bottom:1px solid var(--line)}
.cards:not(.headlines) .card>*{grid-column:1}
.cards:not(.headlines) .card img,.river .card img{grid-column:2;grid-row:1/span 4;aspect-ratio:1;margin:0}
:is(.cards:not(.headlines),.river) .card:not(:has(img))>*{grid-column:1/-1}
.river h2{font-size:1.15rem}
.river .card p:not(.kicker,.when){display:none}
.front .rail:first-of-type .cards:not(.headlines) .card:first-child{display:flex}
.front .rail:first-of-type .cards:not(.headlines) .card:first-child img{aspect-ratio:3/2;order:-1}
.front .rail:first-of-type .card:first-child :is(h2,h3){font-size:1.6rem}
.lead{margin-inline:-1.25rem}
.lead figcaption{margin-inline:1.25rem}
.standfirst{font-size:1.15rem}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{
.masthead nav,.skip,#rails,.listen,.ask,.pages,.foot,.topics,.share{display:none}
.body{font-size:11pt}
.body a[href^=http]::after{content:" (" attr(href) ")";font-size:.8em}
figure,blockquote{break-inside:avoid}
.gallery ul{display:block}
}`
  .trim()
  .replaceAll('\n\n', '\n');
