import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const address = /^\/assets\/sample\/([a-z0-9-]{1,60})-(\d{2,4})\.svg$/;

/** Returns the renditions of a picture of the sample edition on a running stack, in three widths. */
export function samplePictureRenditions(edgeUrl: string, name: string): object[] {
  return [400, 800, 1600].map((width) => ({
    name: `w${width}`,
    href: `${edgeUrl}/assets/sample/${name}-${width}.svg`,
    contentType: 'image/svg+xml',
    width,
    height: heightOf(width),
  }));
}

/** All pictures are three to two. */
function heightOf(width: number): number {
  return Math.round((width * 2) / 3);
}

/**
 * Answers requests for the sample edition's pictures, so that they show without a network. Returns whether it answered.
 * Articles cannot have a path below `/assets`.
 */
export function serveSamplePicture({ url = '', method }: IncomingMessage, response: ServerResponse): boolean {
  const [, name, width] = address.exec(url) ?? [];
  if (name === undefined || width === undefined) return false;
  response.writeHead(200, {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  });
  response.end(method === 'HEAD' ? undefined : drawing(name, Number(width)));
  return true;
}

/** Sky, sun and three ridges or waves, in colours and heights that only the name decides. */
function drawing(name: string, width: number): string {
  const bytes = createHash('sha256').update(name).digest();
  const byte = (index: number): number => bytes[index % bytes.length] ?? 0;
  const hue = byte(0) * 1.41;
  const sky = `hsl(${hue.toFixed(0)} 55% 82%)`;
  const glow = `hsl(${((hue + 40) % 360).toFixed(0)} 80% 90%)`;
  const ridges = [0, 1, 2].map((layer) => {
    const points = Array.from({ length: 7 }, (_, step) => {
      const y = 190 + layer * 70 - (byte(layer * 8 + step + 3) / 255) * 90;
      return `${step * 100},${y.toFixed(0)}`;
    });
    const fill = `hsl(${((hue + 190 + layer * 12) % 360).toFixed(0)} ${30 + layer * 8}% ${62 - layer * 18}%)`;
    return `<polygon fill="${fill}" points="0,400 ${points.join(' ')} 600,400"/>`;
  });
  const sun = `<circle cx="${120 + byte(1) * 1.4}" cy="${80 + byte(2) / 4}" r="${28 + byte(3) / 10}" fill="${glow}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${heightOf(width)}" viewBox="0 0 600 400" preserveAspectRatio="xMidYMid slice"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="${glow}"/></linearGradient></defs><rect width="600" height="400" fill="url(#s)"/>${sun}${ridges.join('')}</svg>`;
}
