import { hostHeader, queryHeader, statusHeader } from '../shared/site/cdn-headers.ts';
import { defaultLimit, parameterValues, routes } from '../shared/site/routes.ts';
import type { Route } from '../shared/site/routes.ts';

/** The query parameters of each route, as ECMAScript for a CloudFront function. */
const PARAMETERS = Object.values<Route>(routes)
  .filter(({ parameters }) => parameters.length > 0)
  .map(
    ({ pattern, parameters, rejectsOthers = false }) =>
      `  [${String(pattern)}, ${JSON.stringify(parameters)}, ${String(rejectsOthers)}],\n`,
  )
  .join('');

/** The values that each parameter may have, as ECMAScript for a CloudFront function. */
const VALUES = Object.entries(parameterValues)
  .map(([name, pattern]) => `  ${name}: ${String(pattern)},\n`)
  .join('');

/** Makes one text of a query, as ECMAScript for a CloudFront function. */
const QUERY_OF = `function queryOf(querystring) {
  return Object.keys(querystring).map(function (name) {
    var given = querystring[name];
    return (given.multiValue || [given]).map(function (each) {
      return each.value === '' ? name : name + '=' + each.value;
    }).join('&');
  }).join('&');
}
`;

/** CloudFront limits the headers of a request to 20,480 bytes together. */
const MAX_QUERY = 2000;

/**
 * The CloudFront function for viewer requests. It passes the viewer's host to `deliver`. It keeps only the query
 * parameters of the route, each once and in a fixed order; otherwise anyone could bypass the cache with an invented
 * parameter. A value that `deliver` rejects becomes the empty value, so that it has one cache entry. The same happens
 * to the first parameter of a route that rejects others, if there are others. Paths are normalised as in RFC 3986
 * §6.2.2; a path with dot segments is rejected. Escapes are sent to the origin with `~` for `%`, because CloudFront's
 * signature of a request and Lambda's check of it have disagreed about percent-encoded paths. The function passes the
 * whole query to the viewer-response function. It answers OPTIONS, which browsers send before a request with headers of
 * its own (Fetch Standard, "CORS-preflight request").
 */
export const ON_REQUEST = `${QUERY_OF}var parameters = [
${PARAMETERS}];
var values = {
${VALUES}};
var options = {
  statusCode: 204,
  statusDescription: 'No Content',
  headers: {
    allow: { value: 'GET, HEAD, OPTIONS' },
    'access-control-allow-origin': { value: '*' },
    'access-control-allow-methods': { value: 'GET, HEAD' },
    'access-control-allow-headers': { value: '*' },
    'access-control-max-age': { value: '86400' },
  },
};
function handler(event) {
  var request = event.request;
  if (request.method === 'OPTIONS') return options;
  var host = request.headers.host;
  var query = {};
  request.headers['${hostHeader}'] = { value: host ? host.value : '' };
  var asked = queryOf(request.querystring);
  request.headers['${queryHeader}'] = { value: asked.length > ${MAX_QUERY} ? '' : asked };
  // Each spelling of a path would be a cache key of its own, and a browser resolves these before it sends the request.
  // A % that begins no escape may begin one once its neighbours are decoded: %%32E.
  if (/\\\\|%5c|%(?![0-9a-f]{2})|\\/(?:\\.|%2e){1,2}(?:\\/|$)/i.test(request.uri)) return { statusCode: 400, statusDescription: 'Bad Request' };
  request.uri = request.uri.replace(/%[0-9A-Fa-f]{2}/g, function (escape) {
    var character = String.fromCharCode(parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
  parameters.forEach(function (route) {
    if (!route[0].test(request.uri)) return;
    route[1].forEach(function (name) {
      var given = request.querystring[name];
      if (!given || (name === 'limit' && given.value === '${defaultLimit}')) return;
      query[name] = { value: values[name].test(given.value) ? given.value : '' };
    });
    // A client with a misspelt since would miss changes, so an empty value is rejected.
    if (route[2] && Object.keys(request.querystring).some(function (name) { return route[1].indexOf(name) === -1; })) {
      query = {};
      query[route[1][0]] = { value: '' };
    }
  });
  request.querystring = query;
  request.uri = request.uri.replace(/~/g, '~7E').replace(/%/g, '~');
  return request;
}
`;

/**
 * The CloudFront function for viewer responses. CloudFront caches no 410, so `deliver` answers 200 and names the status
 * that readers get. A redirect has one cache entry; it gets the reader's whole query, because campaigns are counted by
 * parameters such as utm_source. CloudFront does not run this function if the origin answers 400 or higher.
 */
export const ON_RESPONSE = `${QUERY_OF}function handler(event) {
  var response = event.response;
  var location = response.headers.location;
  if (response.statusCode === 301 && location) {
    // AWS does not document whether this is the reader's request or the one that the viewer-request function returned.
    var handed = event.request.headers['${queryHeader}'];
    var query = handed ? handed.value : queryOf(event.request.querystring);
    if (query) response.headers.location = { value: location.value.split('?')[0] + '?' + query };
  }
  var status = response.headers['${statusHeader}'];
  if (!status) return response;
  response.statusCode = Number(status.value);
  response.statusDescription = 'Gone';
  delete response.headers['${statusHeader}'];
  return response;
}
`;
