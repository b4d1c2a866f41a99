/**
 * The header of a request to `deliver` with the host that the reader asked for. With an origin access control, the Host
 * header is the function URL's.
 */
export const hostHeader = 'x-pressrun-host';

/**
 * The header of a 200 answer of `deliver` with the status that readers get. CloudFront would not cache that status
 * itself.
 */
export const statusHeader = 'x-pressrun-status';

/**
 * The header that carries a request's query between the distribution's two functions: the first one shortens the query.
 * No origin gets it.
 */
export const queryHeader = 'x-pressrun-query';
