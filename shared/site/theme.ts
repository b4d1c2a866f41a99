/** Colours as `#rrggbb`. Text, muted text and accent are read on the background. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
}

/** How a container of a front is laid out: stories with pictures beside each other, or headlines one below the other. */
export const layouts = ['pictures', 'headlines'] as const;

/** What pages say by themselves, in English unless a theme says otherwise. */
export const englishWords = {
  latest: 'Latest News',
  seeMore: 'See more',
  moreStories: 'More stories',
  readMore: 'Read more',
  listen: 'Listen to this article',
  by: 'By',
  updated: 'Updated',
  corrected: 'Correction made',
  topics: 'Topics',
  sections: 'Sections',
  pages: 'Pages',
  older: 'Older stories',
  newest: 'Newest stories',
  before: 'before',
  skip: 'Skip to the story',
  notFound: 'Page not found',
  notFoundText: 'There is nothing at this address.',
  gone: 'This story is no longer available',
  goneText: 'The newsroom has taken it down.',
  badPage: 'There is no such page',
  badPageText: 'Its address was cut short or changed on the way.',
} as const;

export type Words = { readonly [Word in keyof typeof englishWords]: string };

/** All that makes one newspaper look and read unlike another; a second newspaper is a second file. */
export interface Theme {
  readonly name: string;
  /** One sentence on what this newspaper is. */
  readonly description?: string | undefined;
  /** BCP 47, of the site and of whatever no article says. */
  readonly language: string;
  /** IANA name of the zone in which pages tell the time, such as `Europe/London`. */
  readonly timeZone: string;
  /** `href` is an https URL or a path of the site; the size, in pixels, keeps its place free while it loads. */
  readonly logo?: { readonly href: string; readonly width: number; readonly height: number } | undefined;
  readonly colours: { readonly light: Palette; readonly dark: Palette };
  /** The navigation, in order; also how sections are called wherever one is named. `path` as in `news/world`. */
  readonly sections: readonly { readonly path: string; readonly title: string }[];
  /** Which front stands below an article, and how its containers are laid out, by their titles. */
  readonly rails: {
    readonly front: string;
    readonly sections?: Readonly<Record<string, string>> | undefined;
    readonly layouts?: Readonly<Record<string, (typeof layouts)[number]>> | undefined;
  };
  /** Whether feeds bring the whole text or its standfirst. */
  readonly feeds: { readonly text: 'full' | 'summary' };
  /** Address of a WebSub hub that is told of every change of a feed. */
  readonly hub?: string | undefined;
  readonly words?: { readonly [Word in keyof typeof englishWords]?: string } | undefined;
}

/** What the pages of a theme say by themselves. */
export function wordsOf({ words }: Theme): Words {
  return { ...englishWords, ...words };
}

/** How a theme calls a section, by its path; `undefined` where it does not name it. */
export function sectionTitle({ sections }: Theme, path: string): string | undefined {
  return sections.find((section) => section.path === path)?.title;
}

/** The front below an article of a section: that of the section, else of the nearest one above it, else of all. */
export function railsFront({ rails }: Theme, section: string | undefined): string {
  // A section can have any name, that of a property of every object too.
  const fronts = new Map(Object.entries(rails.sections ?? {}));
  for (let path = section ?? ''; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    const front = fronts.get(path);
    if (front !== undefined) return front;
  }
  return rails.front;
}

/** Every front that stands below articles. */
export function railsFronts({ rails }: Theme): string[] {
  return [...new Set([rails.front, ...Object.values(rails.sections ?? {})])];
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
