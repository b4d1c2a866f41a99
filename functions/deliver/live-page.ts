import { html, raw } from 'hono/html';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import type { Card } from '../../shared/article/card.ts';
import type { Live } from '../../shared/article/post.ts';
import { besideText } from '../../shared/picture/beside-text.ts';
import { document, sharing, type Markup } from './document.ts';
import { withPlaceholders } from './embeds.ts';
import { figure, mediaElement, readyForReaders } from './figures.ts';
import { inOtherLanguage } from './language.ts';
import type { PostsPage, ShownPost } from './live-story.ts';
import type { Site } from './site.ts';
import { longTime, shortTime, timeElement } from './time.ts';

/** A live story with one page of its posts. */
export interface LiveContent {
  readonly storyId: string;
  /** The path of the story. */
  readonly path: string;
  readonly live: Live;
  readonly page: PostsPage;
  /** Whether the coverage goes on, so that there may be new posts. */
  readonly isRunning: boolean;
}

/** Returns the posts of a live story as its page shows them. `language` is the page's, BCP 47. */
export function postsSection(site: Site, content: LiveContent, language: string): Markup {
  const { words } = site;
  const { storyId, path, page, isRunning } = content;
  const { posts, pinned, keyPoints, older } = page;
  const ui = inOtherLanguage(language, site.language);
  return html`<section class="posts" id="posts" tabindex="-1" aria-label="${words.posts}"${ui}${isRunning ? html` data-posts="/articles/${storyId}.posts.json"` : ''}>
<p class="fresh" role="status"><a href="${path}" hidden>${words.newPosts}: <b></b></a></p>
${keyPoints.length === 0 ? '' : html`<nav class="more" aria-label="${words.keyPoints}"><h2>${words.keyPoints}</h2><ul>${keyPoints.map(({ card, permalink }) => html`<li>${timeOf(site, card)} <a href="${permalink}"${inOtherLanguage(site.language, card.language)}>${card.headline}</a></li>`)}</ul></nav>`}
${pinned ? raw(pinned.markup) : ''}
${posts.map(({ markup }) => raw(markup))}
${older === undefined ? '' : html`<nav class="pages" aria-label="${words.pages}"><a rel="next" href="${older}">${words.olderPosts}</a></nav>`}
</section>`;
}

function timeOf(site: Site, { firstPublished }: Card): Markup {
  return timeElement(firstPublished, shortTime(site, firstPublished));
}

/** Returns one post as HTML. `storyLanguage` (BCP 47) is the language of a post that names none. */
export async function writePost(
  site: Site,
  { card, article, permalink }: ShownPost,
  isPinned: boolean,
  storyLanguage: string,
): Promise<string> {
  const { words } = site;
  const { articleId, headline, by, language = storyLanguage, firstPublished, updated } = card;
  const own = inOtherLanguage(site.language, language);
  const body = bodyHtmlOf(article);
  const { pictures, media } = besideText(article, body);
  const changed = shortTime(site, updated);
  const post = await html`<article class="post${isPinned ? ' pinned' : ''}" id="post-${articleId}">
<p class="when">${isPinned ? html`<strong>${words.pinned}</strong> · ` : ''}<a href="${permalink}">${timeOf(site, card)}</a>${updated > firstPublished && changed !== shortTime(site, firstPublished) ? html` · ${words.updated} ${timeElement(updated, changed)}` : ''}</p>
<h2${own}>${headline}</h2>
${by === undefined ? '' : html`<p class="by"${own}>${by}</p>`}
<div class="body"${own}>
${raw(withPlaceholders(site, readyForReaders(body)))}
</div>
${pictures.map((picture) => figure(picture, 'text'))}
${media.map((item) => mediaElement(site, item, language))}
</article>`;
  return post.toString();
}

/** Returns a page with older posts: under the headline of their story, with a link to it. */
export function olderPostsPage(site: Site, story: Card, content: LiveContent, self: string): Promise<string> {
  const { words } = site;
  const { path, page } = content;
  const [first] = page.posts;
  const language = story.language ?? site.theme.language;
  const url = site.url + self;
  return document(site, {
    language,
    title:
      first === undefined
        ? story.headline
        : `${story.headline}, ${words.before} ${longTime(site, first.card.firstPublished)}`,
    kind: 'article',
    hasEmbeds: true,
    section: story.section,
    head: sharing(site, {
      type: 'article',
      title: first?.card.headline ?? story.headline,
      url,
      description: story.standfirst,
      picture: story.picture,
    }),
    main: html`<div class="story">
<h1><a href="${path}">${story.headline}</a></h1>
<nav class="pages" aria-label="${words.newestPosts}"><a href="${path}">${words.newestPosts}</a></nav>
${postsSection(site, { ...content, isRunning: false }, language)}
</div>`,
  });
}
