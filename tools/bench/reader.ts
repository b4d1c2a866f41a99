import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edge } from '../laptop/cloudfront/edge.ts';

/** One request of a reader, milliseconds after readers began to come. */
export interface Read {
  readonly at: number;
  readonly path: string;
  /** `Accept-Encoding` as CloudFront normalises it. */
  readonly encodings: string;
}

/** The shares of readers by the encodings that they accept: browsers both, feed readers mostly gzip, some programs none. */
export const encodingShares = [
  ['br,gzip', 0.9],
  ['gzip', 0.08],
  ['', 0.02],
] as const;

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Whether the edge had it. */
  readonly isHit: boolean;
}

/** Asks the edge without a socket between. */
export function readerAt(edge: Edge, url: string, encodings = ''): Promise<Answer> {
  return new Promise((resolve) => {
    let [status, isHit] = [0, false];
    const response = {
      destroyed: false,
      writeHead: (given: number, headers: readonly string[]) => {
        status = given;
        isHit = headers[headers.indexOf('x-cache') + 1] === 'Hit from cloudfront';
      },
      end: (body?: Buffer) => {
        resolve({ status, text: body?.toString('utf8') ?? '', isHit });
      },
    };
    const headers = { 'accept-encoding': encodings };
    const request = { method: 'GET', url, headers, socket: {} };
    void edge.handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}
