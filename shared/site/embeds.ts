import { hasLongHost } from '../field-schema.ts';

/** Content of another site that a page shows in a frame once a reader asks for it. */
export interface Embed {
  readonly provider: string;
  /** The page at the provider, for readers without the frame. */
  readonly page: string;
  readonly frame: string;
  readonly shape: Shape;
  /** Whether it is a post, which texts quote. */
  readonly isPost: boolean;
}

/** The layout of the frame: 16:9, one or two lines of controls, or as high as its content. */
type Shape = 'video' | 'sound' | 'tall';

interface Provider {
  readonly name: string;
  /** The origin of its frames and of nothing else: a source of CSP. */
  readonly source: string;
  readonly shape: Shape;
  readonly isPost?: true;
  /**
   * The parameters that identify the content, in the order of the patterns. All others concern players and campaigns.
   */
  readonly parameters?: readonly string[];
  /** What is added to the addresses of a page and of a frame that begin at a second of the recording. */
  readonly start?: (seconds: number) => { readonly page: string; readonly frame: string };
  /** Addresses that only frames have, as {@link subjectOf} writes them. */
  readonly player: RegExp;
  /** Addresses of its pages. A sentence may link to one, so an address counts only if it stands alone. */
  readonly pages?: RegExp;
  /** Both take the matches of the pattern's groups, empty for groups without a match. */
  readonly page: (...ids: readonly string[]) => string;
  readonly frame: (...ids: readonly string[]) => string;
}

/** The address may be percent-encoded. */
function soundCloudPlayer(address: string): string {
  return `https://w.soundcloud.com/player/?url=https%3A%2F%2F${encodeURIComponent(decodeURIComponent(address))}`;
}

/**
 * The known providers. Each documents a frame that works without its script. The frame without cookies or with `dnt` is
 * used if there is one.
 */
const providers = {
  youtube: {
    name: 'YouTube',
    source: 'https://www.youtube-nocookie.com',
    shape: 'video',
    parameters: ['v', 'list'],
    start: (seconds) => ({ page: `&t=${seconds}s`, frame: `&start=${seconds}` }),
    player:
      /^youtube(?:-nocookie)?\.com\/(?:(?:embed|v)\/(?!videoseries)([\w-]{11})(?:\?list=[\w-]+)?|embed\/videoseries\?list=([\w-]+))$/,
    pages:
      /^(?:(?:youtu\.be\/|youtube\.com\/(?:shorts\/|live\/|watch\?v=))([\w-]{11})(?:[?&]list=[\w-]+)?|youtube\.com\/playlist\?list=([\w-]+))$/,
    page: (id, list) => `https://www.youtube.com/${id === '' ? `playlist?list=${list}` : `watch?v=${id}`}`,
    frame: (id, list) =>
      `https://www.youtube-nocookie.com/embed/${id === '' ? `videoseries?list=${list}&` : `${id}?`}autoplay=1`,
  },
  vimeo: {
    name: 'Vimeo',
    source: 'https://player.vimeo.com',
    shape: 'video',
    parameters: ['h'],
    start: (seconds) => ({ page: `#t=${seconds}s`, frame: `#t=${seconds}s` }),
    player: /^player\.vimeo\.com\/video\/(\d+)(?:\?h=(\w+))?$/,
    pages:
      /^vimeo\.com\/(?:channels\/[\w-]+\/|groups\/[\w-]+\/videos\/|showcase\/\d+\/video\/)?(\d+)(?:(?:\/|\?h=)(\w+))?$/,
    page: (id, hash) => `https://vimeo.com/${id}${hash === '' ? '' : `/${hash}`}`,
    frame: (id, hash) => `https://player.vimeo.com/video/${id}?dnt=1&autoplay=1${hash === '' ? '' : `&h=${hash}`}`,
  },
  dailymotion: {
    name: 'Dailymotion',
    source: 'https://geo.dailymotion.com',
    shape: 'video',
    parameters: ['video'],
    player: /^(?:geo\.dailymotion\.com\/player\.html\?video=|dailymotion\.com\/embed\/video\/)(\w+)$/,
    pages: /^(?:dailymotion\.com\/video|dai\.ly)\/(\w+)$/,
    page: (id) => `https://www.dailymotion.com/video/${id}`,
    frame: (id) => `https://geo.dailymotion.com/player.html?video=${id}`,
  },
  x: {
    name: 'X',
    source: 'https://platform.twitter.com',
    shape: 'tall',
    isPost: true,
    parameters: ['id'],
    player: /^platform\.twitter\.com\/embed\/Tweet\.html\?id=(\d+)$/,
    pages: /^(?:twitter|x)\.com\/(?:\w+|i\/web)\/status(?:es)?\/(\d+)(?:\/(?:photo|video)\/\d+)?$/,
    page: (id) => `https://x.com/i/status/${id}`,
    frame: (id) => `https://platform.twitter.com/embed/Tweet.html?id=${id}&dnt=true`,
  },
  instagram: {
    name: 'Instagram',
    source: 'https://www.instagram.com',
    shape: 'tall',
    isPost: true,
    player: /^instagram\.com\/(p|reel|tv)\/([\w-]+)\/embed(?:\/captioned)?$/,
    pages: /^instagram\.com\/(?:[\w.]+\/)?(p|reel|tv)s?\/([\w-]+)$/,
    page: (kind, id) => `https://www.instagram.com/${kind}/${id}/`,
    frame: (kind, id) => `https://www.instagram.com/${kind}/${id}/embed/`,
  },
  tiktok: {
    name: 'TikTok',
    source: 'https://www.tiktok.com',
    shape: 'tall',
    isPost: true,
    player: /^tiktok\.com\/(?:embed\/v2|embed|player\/v1)\/(\d+)$/,
    pages: /^tiktok\.com\/@[\w.-]*\/video\/(\d+)$/,
    page: (id) => `https://www.tiktok.com/@/video/${id}`,
    frame: (id) => `https://www.tiktok.com/player/v1/${id}`,
  },
  facebook: {
    name: 'Facebook',
    source: 'https://www.facebook.com/plugins/',
    shape: 'tall',
    isPost: true,
    parameters: ['href', 'v'],
    player: /^facebook\.com\/plugins\/(post|video)\.php\?href=https%3A%2F%2Fwww\.facebook\.com%2F([\w.%-]+)$/,
    // The address of a post's page looks like that of any other page. The empty group is the kind.
    pages: /^facebook\.com\/()([\w.]+\/videos\/(?:[\w.-]+\/)?\d+|watch\?v=\d+)$/,
    page: (_, path = '') => `https://www.facebook.com/${decodeURIComponent(path)}`,
    frame: (kind = '', path = '') =>
      `https://www.facebook.com/plugins/${kind || 'video'}.php?href=https%3A%2F%2Fwww.facebook.com%2F${encodeURIComponent(decodeURIComponent(path))}`,
  },
  bluesky: {
    name: 'Bluesky',
    source: 'https://embed.bsky.app',
    shape: 'tall',
    isPost: true,
    // The author is a DID or a handle.
    player: /^embed\.bsky\.app\/embed\/([\w:.-]+)\/app\.bsky\.feed\.post\/(\w+)$/,
    pages: /^bsky\.app\/profile\/([\w:.-]+)\/post\/(\w+)$/,
    page: (author, id) => `https://bsky.app/profile/${author}/post/${id}`,
    frame: (author, id) => `https://embed.bsky.app/embed/${author}/app.bsky.feed.post/${id}`,
  },
  datawrapper: {
    name: 'Datawrapper',
    source: 'https://datawrapper.dwcdn.net',
    shape: 'tall',
    player: /^datawrapper\.dwcdn\.net\/(\w{5})(?:\/\d+)?(?:\/index\.html)?$/,
    pages: /^datawrapper\.de\/_\/(\w{5})$/,
    page: (id) => `https://datawrapper.dwcdn.net/${id}/`,
    frame: (id) => `https://datawrapper.dwcdn.net/${id}/`,
  },
  flourish: {
    name: 'Flourish',
    source: 'https://flo.uri.sh',
    shape: 'tall',
    player: /^(?:flo\.uri\.sh|public\.flourish\.studio)\/(visualisation|story)\/(\d+)(?:\/embed)?$/,
    page: (kind, id) => `https://public.flourish.studio/${kind}/${id}/`,
    frame: (kind, id) => `https://flo.uri.sh/${kind}/${id}/embed`,
  },
  spotify: {
    name: 'Spotify',
    source: 'https://open.spotify.com/embed/',
    shape: 'sound',
    player: /^open\.spotify\.com\/embed(?:-podcast)?\/(track|album|artist|playlist|episode|show)\/(\w+)(?:\/video)?$/,
    pages: /^open\.spotify\.com\/(?:intl-[a-z-]+\/)?(?:user\/\w+\/)?(track|album|artist|playlist|episode|show)\/(\w+)$/,
    page: (kind, id) => `https://open.spotify.com/${kind}/${id}`,
    frame: (kind, id) => `https://open.spotify.com/embed/${kind}/${id}`,
  },
  soundcloud: {
    name: 'SoundCloud',
    source: 'https://w.soundcloud.com',
    shape: 'sound',
    parameters: ['url'],
    player: /^w\.soundcloud\.com\/player\?url=https%3A%2F%2F((?:api\.)?soundcloud\.com%2F[\w.%-]+)$/,
    // A track or a set, no list of a person and no page of the site.
    pages:
      /^(soundcloud\.com\/(?!(?:charts|discover|pages|search|you)\/)[\w-]+\/(?:sets\/[\w-]+|(?!(?:albums|followers|following|likes|popular-tracks|reposts|sets|tracks)$)[\w-]+))$/,
    page: (address = '') =>
      address.startsWith('api.') ? soundCloudPlayer(address) : `https://${decodeURIComponent(address)}`,
    frame: (address = '') => `${soundCloudPlayer(address)}&visual=false`,
  },
} as const satisfies Readonly<Record<string, Provider>>;

export type ProviderName = keyof typeof providers;
export const providerNames = Object.keys(providers) as [ProviderName, ...ProviderName[]];

/** A known provider, or another one with the beginning of its frames' addresses. */
export type EmbedProvider = ProviderName | { readonly name: string; readonly address: string };

/** The providers that a theme chooses; all known ones if it names none. */
interface Chosen {
  readonly embeds?: readonly EmbedProvider[] | undefined;
}

/** Returns the host without its usual prefix, the path without its last slash, and these parameters. */
function subjectOf({ hostname, pathname, searchParams }: URL, parameters: readonly string[] = []): string {
  const query = parameters.flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  const host = hostname.replace(/^(?:www|m|mobile|music)\./, '');
  const path = pathname.replace(/\/$/, '');
  return `${host}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** Returns the second at which a recording begins: `t=90`, `start=90`, `#t=1m30s`. */
function startOf({ searchParams, hash }: URL): number {
  const given = searchParams.get('t') ?? searchParams.get('start') ?? /^#t=(\w+)$/.exec(hash)?.[1] ?? '';
  const [found, hours, minutes, seconds] = /^(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?$/.exec(given) ?? [];
  return found === undefined ? 0 : Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

/** Returns the origins of frames on a theme's pages: sources of `frame-src`. */
export function frameSources(theme: Chosen): string[] {
  return (theme.embeds ?? providerNames).map((choice) =>
    typeof choice === 'string' ? providers[choice].source : choice.address,
  );
}

/**
 * Returns the embed for an address if the theme has its provider; undefined otherwise. `isPage`: whether the addresses
 * of the provider's pages count, besides those of its frames.
 */
export function embedAt(theme: Chosen, address: string, isPage: boolean): Embed | undefined {
  const url = hasLongHost(address) ? null : URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.port !== '' || url.username !== '') return undefined;
  for (const choice of theme.embeds ?? providerNames) {
    if (typeof choice !== 'string') {
      if (url.href.startsWith(choice.address))
        return { provider: choice.name, page: url.href, frame: url.href, shape: 'tall', isPost: false };
      continue;
    }
    const provider: Provider = providers[choice];
    const subject = subjectOf(url, provider.parameters);
    const found = provider.player.exec(subject) ?? (isPage ? provider.pages?.exec(subject) : undefined);
    if (!found) continue;
    const ids = (found.slice(1) as (string | undefined)[]).map((id) => id ?? '');
    const seconds = startOf(url);
    const start = seconds > 0 ? provider.start?.(seconds) : undefined;
    return {
      provider: provider.name,
      page: provider.page(...ids) + (start?.page ?? ''),
      frame: provider.frame(...ids) + (start?.frame ?? ''),
      shape: provider.shape,
      isPost: provider.isPost === true,
    };
  }
  return undefined;
}
