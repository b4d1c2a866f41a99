import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('edge', () => {
  const dev = synthesise({ stage: 'dev' });

  function hasDistribution(config: object, { template } = dev): void {
    template.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: Match.objectLike(config) });
  }

  test('tags are read from the header that deliver sets', () => {
    hasDistribution({ CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' } });
  });

  test('deliver has the whole theme; purge has a hub only where the theme names one', () => {
    const variables = (name: string, stage = dev): Record<string, unknown> =>
      resourcesOf(stage, 'AWS::Lambda::Function').find(
        ({ properties }) => properties.FunctionName === `pressrun-dev-${name}`,
      )?.properties.Environment.Variables ?? {};
    expect(JSON.parse(String(variables('deliver')['THEME']))).toMatchObject({
      name: 'Pressrun',
      rails: { front: 'article' },
    });
    expect(variables('purge')).not.toHaveProperty('HUB_URL');
    const second = synthesise({
      stage: 'dev',
      siteUrl: 'https://www.example.com',
      theme: 'test/fixtures/abendblatt.json',
    });
    expect(variables('purge', second)).toMatchObject({
      HUB_URL: 'https://hub.example.com/',
      SITE_URL: 'https://www.example.com',
    });
    // Lambda's limit for all variables of a function.
    for (const stage of [dev, second]) expect(JSON.stringify(variables('deliver', stage)).length).toBeLessThan(4096);
  });

  test('errors are kept for five seconds', () => {
    const codes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
    hasDistribution({ CustomErrorResponses: codes.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 5 })) });
  });

  test('how long anything is kept, the origin says', () => {
    dev.template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: { MinTTL: 0, DefaultTTL: 0, MaxTTL: 86_400 },
    });
  });

  test('the cache tells requests apart by the host and by what deliver reads of the query, and by nothing else', () => {
    dev.template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: {
        ParametersInCacheKeyAndForwardedToOrigin: {
          QueryStringsConfig: {
            QueryStringBehavior: 'whitelist',
            QueryStrings: ['since', 'after', 'limit', 'exclude'],
          },
          HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['x-pressrun-host'] },
          CookiesConfig: { CookieBehavior: 'none' },
          EnableAcceptEncodingGzip: true,
          EnableAcceptEncodingBrotli: true,
        },
      },
    });
  });

  test('readers read, over HTTPS', () => {
    hasDistribution({
      HttpVersion: 'http2and3',
      DefaultCacheBehavior: {
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS'],
        ViewerProtocolPolicy: 'redirect-to-https',
        Compress: false,
      },
    });
  });

  describe('the origin', () => {
    test('lets nobody in but the distribution', () => {
      dev.template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
      hasDistribution({ Origins: [Match.objectLike({ OriginAccessControlId: Match.anyValue() })] });
      dev.template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
        OriginAccessControlConfig: {
          OriginAccessControlOriginType: 'lambda',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      });
      const permissions = (
        Object.values(dev.template.findResources('AWS::Lambda::Permission')) as {
          Properties: Record<string, unknown>;
        }[]
      ).filter(({ Properties }) => !JSON.stringify(Properties['FunctionName']).includes('Ingest'));
      expect(permissions.length).toBeGreaterThan(0);
      for (const { Properties } of permissions) {
        expect(Properties['Principal']).toBe('cloudfront.amazonaws.com');
        expect(JSON.stringify(Properties['SourceArn'])).toContain('"EdgeDistribution');
      }
    });

    test.each([
      [{ stage: 'prod' }, 200],
      [{ stage: 'dev' }, undefined],
      [{ stage: 'prod', deliverConcurrency: 0 }, undefined],
      [{ stage: 'dev', deliverConcurrency: 30 }, 30],
    ])('keeps its concurrency free where it is asked to: %j', (context, reserved) => {
      const deliver = resourcesOf(synthesise(context as Record<string, string | number>), 'AWS::Lambda::Function').find(
        ({ properties }) => properties.FunctionName.endsWith('-deliver'),
      );
      expect(deliver?.properties.ReservedConcurrentExecutions).toBe(reserved);
    });

    test('is waited for exactly as long as it may take, and a withdrawal is purged again after that', () => {
      const functions = resourcesOf(dev, 'AWS::Lambda::Function');
      const deliver = functions.find(({ properties }) => properties.FunctionName === 'pressrun-dev-deliver');
      const project = functions.find(({ properties }) => properties.FunctionName === 'pressrun-dev-project');
      const timeout = deliver?.properties.Timeout ?? NaN;
      hasDistribution({
        Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout: timeout }) })],
      });
      expect(Number(project?.properties.Environment.Variables['PURGE_AGAIN_SECONDS'])).toBeGreaterThan(timeout);
    });

    test('is not asked again for what readers get as 410: it says 200, and CloudFront turns that into 410', () => {
      const code = String(
        resourcesOf(dev, 'AWS::CloudFront::Function').find(({ properties }) => properties.FunctionCode.includes('Gone'))
          ?.properties.FunctionCode,
      );
      hasDistribution({
        DefaultCacheBehavior: {
          FunctionAssociations: ['viewer-request', 'viewer-response'].map((EventType) =>
            Match.objectLike({ EventType }),
          ),
        },
      });
      const after = (headers: object): unknown =>
        runInNewContext(`${code}; handler(event)`, { event: { response: { statusCode: 200, headers } } });
      const kept = { 'content-type': { value: 'text/html' } };
      expect(after({ ...kept, 'x-pressrun-status': { value: '410' } })).toEqual({
        statusCode: 410,
        statusDescription: 'Gone',
        headers: kept,
      });
      expect(after(kept)).toEqual({ statusCode: 200, headers: kept });
    });

    test('is told the host that the reader asked for, whatever the reader claims', () => {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const request = {
        uri: '/',
        querystring: {},
        headers: { host: { value: 'news.example.com' }, 'x-pressrun-host': { value: 'evil.example' } },
      };
      const seen: unknown = runInNewContext(`${code?.properties.FunctionCode ?? ''}; handler(event)`, {
        event: { request },
      });
      expect(seen).toMatchObject({ headers: { 'x-pressrun-host': { value: 'news.example.com' } } });
      dev.template.resourceCountIs('AWS::CloudFront::OriginRequestPolicy', 0);
    });

    /** The query as CloudFront's function leaves it. */
    function queryAfter(uri: string, querystring: object): Record<string, unknown> {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const event = { request: { uri, querystring, headers: {} } };
      return JSON.parse(
        runInNewContext(`${code?.properties.FunctionCode ?? ''}; JSON.stringify(handler(event).querystring)`, {
          event,
        }) as string,
      ) as Record<string, unknown>;
    }

    test.each([
      [
        '/feeds/latest.json',
        'limit',
        ['030', '0', '-1', '+7', '1e1', '101', '%37', '7 ', '7%20', '٧', '', 'NaN', '7.0'],
      ],
      ['/feeds/latest.json', 'after', ['', 'bm9vbg==', 'bm9v%62g', 'bm9v+bg', 'a/b', 'x'.repeat(101), '__proto__%00']],
      ['/changes', 'since', ['', '01', '00', '1e3', '-1', '%31', '1'.repeat(17)]],
      [
        '/fronts/home.json',
        'exclude',
        ['', 'ABCDEFGHIJKLMNOP', '%61bcdefghijklmnop', 'abcdefghijklmnop1', '0123456789abcdef'],
      ],
    ])('is asked at %s for one value of %s in place of all that it would reject', (uri, name, values) => {
      for (const value of values)
        expect([value, queryAfter(uri, { [name]: { value } })]).toEqual([value, { [name]: { value: '' } }]);
    });

    test.each([
      ['/news/%61-story', '/news/a-story'],
      ['/n%65ws/caf%c3%a9', '/news/caf%C3%A9'],
      ['/%66eeds/latest.json', '/feeds/latest.json'],
      ['/a%2fb/c%25%37e', '/a%2Fb/c%257e'],
      ['/sw%2ejs', '/sw.js'],
      ['/a..b/.well-known', '/a..b/.well-known'],
      ['/a~b', '/a~b'],
    ])('is asked for %s by one spelling', (uri, spelled) => {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const after = (given: string): string =>
        runInNewContext(`${code?.properties.FunctionCode ?? ''}; handler(event).uri`, {
          event: { request: { uri: given, querystring: {}, headers: {} } },
        }) as string;
      // What is signed for the origin has no escapes: `~` stands for `%`.
      const sent = spelled.replaceAll('~', '~7E').replaceAll('%', '~');
      expect([after(uri), after(spelled)]).toEqual([sent, sent]);
      expect(sent).not.toContain('%');
    });

    test.each([
      '/x/../a',
      '/x/%2e%2E/a',
      '/./a',
      '/a/..',
      '/a/%2e',
      '/a\\b',
      '/a%5Cb',
      '/..',
      '/x/%%32E%%32E/a',
      '/100%',
      '/a%2',
    ])('is not asked for %s, which is another path to a browser', (uri) => {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const status: unknown = runInNewContext(`${code?.properties.FunctionCode ?? ''}; handler(event).statusCode`, {
        event: { request: { uri, querystring: {}, headers: {} } },
      });
      expect(status).toBe(400);
    });

    test('answers OPTIONS itself: everybody may read from any page', () => {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const answer: unknown = runInNewContext(`${code?.properties.FunctionCode ?? ''}; handler(event)`, {
        event: { request: { method: 'OPTIONS', uri: '/feeds/latest.json', headers: {}, querystring: {} } },
      });
      expect(answer).toMatchObject({
        statusCode: 204,
        headers: {
          allow: { value: 'GET, HEAD, OPTIONS' },
          'access-control-allow-origin': { value: '*' },
          'access-control-allow-methods': { value: 'GET, HEAD' },
        },
      });
    });

    test('is not asked for a page of the usual length by two addresses', () => {
      expect(queryAfter('/feeds/latest.json', { limit: { value: '30' } })).toEqual({});
      expect(queryAfter('/', { limit: { value: '30' }, after: { value: 'bm9vbg' } })).toEqual({
        after: { value: 'bm9vbg' },
      });
    });

    test.each([
      ['/feeds/latest.json', 'limit,after'],
      ['/latest', 'limit,after'],
      ['/section/news/world', 'limit,after'],
      ['/', 'limit,after,exclude'],
      ['/fronts/home.json', 'exclude'],
      ['/fronts/home.fragment.html', ''],
      ['/changes', 'since,after'],
      ['/news/a-story', ''],
      ['/articles/abcdefghijklmnop.json', ''],
      ['/robots.txt', ''],
      ['/sitemap-news.xml', ''],
      ['/feeds/latest.json/x', ''],
    ])('is asked at %s with no parameters but these, each once, in one order: %s', (uri, names) => {
      const given = {
        ['__proto__']: 'x',
        utm_source: 'x',
        exclude: 'abcdefghijklmnop',
        after: 'bm9vbg',
        since: '1777636800000',
        limit: '7',
        constructor: 'x',
      };
      const seen = queryAfter(
        uri,
        Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, { value, multiValue: [{ value }, { value: '9' }] }]),
        ),
      );
      expect(seen).toEqual(
        Object.fromEntries(
          names
            .split(',')
            .filter(Boolean)
            .map((name) => [name, { value: given[name as keyof typeof given] }]),
        ),
      );
      expect(Object.keys(seen).join()).toBe(names);
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      // CloudFront takes 10 KB.
      expect(code?.properties.FunctionCode.length).toBeLessThan(10_240);
    });
  });

  describe("a domain of one's own", () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f';

    test('comes with its certificate and TLS 1.2 at least, and is where links lead', () => {
      const own = synthesise({ domainName: 'news.example.com', certificateArn });
      hasDistribution(
        {
          Aliases: ['news.example.com'],
          ViewerCertificate: {
            AcmCertificateArn: certificateArn,
            MinimumProtocolVersion: 'TLSv1.2_2021',
            SslSupportMethod: 'sni-only',
          },
        },
        own,
      );
      own.template.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { SITE_URL: 'https://news.example.com' } },
      });
    });

    test('is not there unless asked for', () => {
      hasDistribution({ Aliases: Match.absent(), ViewerCertificate: Match.absent() });
    });
  });

  describe('a web ACL', () => {
    test('that exists is named', () => {
      const webAcl = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/house/0b1f';
      hasDistribution({ WebACLId: webAcl }, synthesise({ webAcl }));
    });

    test("of the stage's own blocks floods and known attackers, and nobody who is merely quiet about his browser", () => {
      const own = synthesise({ webAcl: 'managed', webAclRequests: '500' });
      const token = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
      own.template.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: 'pressrun-dev-watch',
        Environment: { Variables: { WATCH_TOKEN: token } },
      });
      own.template.hasResourceProperties('AWS::WAFv2::WebACL', {
        Scope: 'CLOUDFRONT',
        DefaultAction: { Allow: {} },
        Rules: [
          Match.objectLike({
            Priority: 0,
            Action: { Allow: {} },
            Statement: {
              ByteMatchStatement: Match.objectLike({
                FieldToMatch: { SingleHeader: { Name: 'x-pressrun-watch' } },
                PositionalConstraint: 'EXACTLY',
                SearchString: token,
              }),
            },
          }),
          Match.objectLike({
            Action: { Block: {} },
            Statement: { RateBasedStatement: { Limit: 500, EvaluationWindowSec: 300, AggregateKeyType: 'IP' } },
          }),
          ...['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'].map((Name) =>
            Match.objectLike({
              OverrideAction: { None: {} },
              Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name } },
            }),
          ),
        ],
      });
      hasDistribution({ WebACLId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EdgeWebAcl'), 'Arn'] } }, own);
    });

    test('is not there unless asked for', () => {
      dev.template.resourceCountIs('AWS::WAFv2::WebACL', 0);
      hasDistribution({ WebACLId: Match.absent() });
    });
  });
});
