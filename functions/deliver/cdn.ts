import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { statusHeader } from '../../shared/site/cdn-headers.ts';
import type { Encoding, Response } from './http.ts';

/**
 * Returns the path of the reader's request. The distribution's viewer function writes `~` for `%`, and `~7E` for `~`.
 */
export function pathOf(rawPath: string): string {
  return rawPath.replaceAll(/~([0-9A-F]{2})/g, '%$1').replaceAll('%7E', '~');
}

/**
 * Returns how to compress a response; undefined for no compression. CloudFront normalises `Accept-Encoding` to four
 * values, and has the value in its cache key.
 */
export function encodingOf(acceptEncoding: string | undefined): Encoding | undefined {
  const accepted = (acceptEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.split(';').map((part) => part.trim()))
    .filter(([, weight = 'q=1']) => Number(weight.slice('q='.length)) !== 0)
    .map(([coding]) => coding);
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

/** The response of a function URL. */
export interface CdnAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Returns a response in a form that CloudFront caches. CloudFront caches no 410, so it gets a 200 with the status in a
 * header, and the distribution's viewer function restores the status for readers.
 */
export async function forCdn({ status, headers, body }: Response, encoding: Encoding | undefined): Promise<CdnAnswer> {
  const sent = {
    ...headers,
    vary: 'accept-encoding',
    ...(status === 410 && { [statusHeader]: String(status) }),
  };
  const statusCode = status === 410 ? 200 : status;
  if (encoding !== undefined) {
    const compressed = (await compress[encoding](body)).toString('base64');
    // Lambda returns bytes as base64, which may be longer than the text. The text is then sent without compression.
    if (compressed.length < Buffer.byteLength(body))
      return {
        statusCode,
        headers: { ...sent, 'content-encoding': encoding },
        body: compressed,
        isBase64Encoded: true,
      };
  }
  return { statusCode, headers: sent, body, isBase64Encoded: false };
}

/** Higher levels of Brotli take ten times as long to save a tenth of the size. */
const brotliLevel = 5;

const brotli = promisify(brotliCompress);

const compress: Readonly<Record<Encoding, (body: string) => Promise<Buffer>>> = {
  br: async (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliLevel } }),
  gzip: promisify<string, Buffer>(gzip),
};
