import type { EmbedProvider } from './embeds.ts';

/** Colours as `#rrggbb`. Text, muted text and accent are drawn on the background. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
}

/** The layout of a front's container: stories with pictures side by side, or a list of headlines. */
export const layouts = ['pictures', 'headlines'] as const;

/** The places where a link without a script can share an article. */
export const shareTargets = ['email', 'whatsapp', 'facebook', 'x'] as const;
export type ShareTarget = (typeof shareTargets)[number];

/** The directives of the policy that a theme may widen: for analytics, consent and advertising. */
export const cspDirectives = [
  'script-src',
  'connect-src',
  'img-src',
  'media-src',
  'frame-src',
  'font-src',
  'style-src',
] as const;
export type CspDirective = (typeof cspDirectives)[number];

/** The fixed texts of pages, in English unless the theme translates them. */
export const englishWords = {
  latest: 'Latest News',
  seeMore: 'See more',
  moreStories: 'More stories',
  readMore: 'Read more',
  moreOn: 'More on',
  share: 'Share',
  email: 'Email',
  readingTime: 'min read',
  search: 'Search',
  listen: 'Listen to this article',
  by: 'By',
  updated: 'Updated',
  corrected: 'Correction made',
  old: 'Published more than a year ago',
  showFrom: 'Show content from',
  contacts: 'Your browser then contacts this provider, which may use cookies.',
  transcript: 'Transcript',
  topics: 'Topics',
  sections: 'Sections',
  pages: 'Pages',
  older: 'Older stories',
  newest: 'Newest stories',
  before: 'before',
  live: 'Live',
  posts: 'Posts',
  newPosts: 'New posts',
  olderPosts: 'Older posts',
  newestPosts: 'Newest posts',
  keyPoints: 'Key points',
  pinned: 'Pinned',
  pictures: 'Pictures',
  breadcrumbs: 'Sections of this story',
  translations: 'In other languages',
  preview: 'Preview for the newsroom: this page is not public',
  skip: 'Skip to the story',
  notFound: 'Page not found',
  notFoundText: 'There is nothing at this address.',
  gone: 'This story is no longer available',
  goneText: 'The newsroom has taken it down.',
  badPage: 'There is no such page',
  badPageText: 'Its address was cut short or changed on the way.',
} as const;

export type Words = { readonly [Word in keyof typeof englishWords]: string };
type SomeWords = { readonly [Word in keyof typeof englishWords]?: string };

/** Everything in which newspapers differ. A second newspaper is a second file. */
export interface Theme {
  readonly name: string;
  /** One sentence that describes the newspaper. */
  readonly description?: string | undefined;
  /** BCP 47. The language of the site, and of articles that name none. */
  readonly language: string;
  /** The IANA time zone in which pages show times, such as `Europe/London`. */
  readonly timeZone: string;
  /** `href` is an https URL or a path of the site. The size in pixels reserves its space while it loads. */
  readonly logo?: { readonly href: string; readonly width: number; readonly height: number } | undefined;
  readonly colours: { readonly light: Palette; readonly dark: Palette };
  /** The navigation, in order. It also gives sections their names. `path` as in `news/world`. */
  readonly sections: readonly { readonly path: string; readonly title: string }[];
  /** The front below an article, and the layout of its containers by title. */
  readonly rails: {
    readonly front: string;
    readonly sections?: Readonly<Record<string, string>> | undefined;
    readonly layouts?: Readonly<Record<string, (typeof layouts)[number]>> | undefined;
  };
  /** Whether feeds contain the whole text or the standfirst. */
  readonly feeds: { readonly text: 'full' | 'summary' };
  /** The address of a WebSub hub that is notified of every change of a feed. */
  readonly hub?: string | undefined;
  /** The picture that shared links show for a page without a picture. */
  readonly shareImage?:
    | { readonly href: string; readonly width: number; readonly height: number; readonly alt?: string | undefined }
    | undefined;
  /** Pages in which the newspaper explains how it works, for structured data. */
  readonly policies?:
    | {
        readonly ethics?: string | undefined;
        readonly corrections?: string | undefined;
        readonly ownership?: string | undefined;
      }
    | undefined;
  /** Links at the foot of every page: about, contact, complaints, corrections, privacy … */
  readonly footer?: readonly { readonly label: string; readonly href: string }[] | undefined;
  /** The last line of every page. */
  readonly copyright?: string | undefined;
  /** The places where readers may share an article; all of `shareTargets` if absent. */
  readonly share?: readonly ShareTarget[] | undefined;
  /** The providers whose content pages show once a reader asks for it; all known ones if absent. */
  readonly embeds?: readonly EmbedProvider[] | undefined;
  /** The address of the search page. `{query}` stands for the words. */
  readonly searchPage?: string | undefined;
  /** A square PNG of 180 pixels, for home screens. */
  readonly touchIcon?: string | undefined;
  /** The lines of ads.txt. */
  readonly ads?: readonly string[] | undefined;
  /** security.txt (RFC 9116). */
  readonly security?:
    | { readonly contact: string; readonly expires: string; readonly policy?: string | undefined }
    | undefined;
  /** Further lines of robots.txt. */
  readonly robots?: readonly string[] | undefined;
  /** Further sources of the pages' Content-Security-Policy, by directive. */
  readonly csp?: { readonly [Directive in CspDirective]?: readonly string[] | undefined } | undefined;
  /** Agencies of the region, by the names that bylines have. */
  readonly agencies?: readonly string[] | undefined;
  /** Fixed texts for articles in other languages, by BCP 47 tag. */
  readonly translations?: Readonly<Record<string, SomeWords>> | undefined;
  readonly words?: SomeWords | undefined;
}

/** Returns the fixed texts of a theme's pages. */
export function wordsOf({ words }: Theme): Words {
  return { ...englishWords, ...words };
}

/** Returns a theme's name for a section, by its path; `undefined` if the theme does not name it. */
export function sectionTitle({ sections }: Theme, path: string): string | undefined {
  return sections.find((section) => section.path === path)?.title;
}

/**
 * Returns the front below an article of a section: that of the section, else of its nearest parent, else the theme's
 * default.
 */
export function railsFront({ rails }: Theme, section: string | undefined): string {
  // A section may have the name of a property that every object inherits.
  const fronts = new Map(Object.entries(rails.sections ?? {}));
  for (let path = section ?? ''; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    const front = fronts.get(path);
    if (front !== undefined) return front;
  }
  return rails.front;
}

/** Returns every front that is shown below articles. */
export function railsFronts({ rails }: Theme): string[] {
  return [...new Set([rails.front, ...Object.values(rails.sections ?? {})])];
}

/** Returns the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Returns the relative luminance of a colour, 0 to 1 (WCAG 2.2, "relative luminance"). */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
