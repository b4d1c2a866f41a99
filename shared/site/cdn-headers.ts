/**
 * In a request to `deliver`: the host that the reader asked for. With an origin access control, the Host header is the
 * function URL's.
 */
export const hostHeader = 'x-pressrun-host';

/** In an answer of `deliver` with 200: the status that readers get. CloudFront would not cache that status itself. */
export const statusHeader = 'x-pressrun-status';

/** Between the distribution's two functions: the query of a request, which the first one shortens. No origin gets it. */
export const queryHeader = 'x-pressrun-query';
