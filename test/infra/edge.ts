import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('edge', () => {
  const dev = synthesise({ stage: 'dev' });

  function hasDistribution(config: object, { template } = dev): void {
    template.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: Match.objectLike(config) });
  }

  test('cache tags are read from the header that deliver sets', () => {
    hasDistribution({ CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' } });
  });

  test('deliver has the whole theme; purge has a hub only if the theme names one', () => {
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

  test('errors are cached for five seconds', () => {
    const codes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
    hasDistribution({ CustomErrorResponses: codes.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 5 })) });
  });

  test('the origin alone decides how long an answer is cached', () => {
    dev.template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: { MinTTL: 0, DefaultTTL: 0, MaxTTL: 86_400 },
    });
  });

  test('the cache key has the host and the query parameters that deliver reads, and nothing else', () => {
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

  test('viewers may read only, and over HTTPS', () => {
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
    test('accepts requests of the distribution only', () => {
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
    ])('has reserved concurrency if it is configured: %j', (context, reserved) => {
      const deliver = resourcesOf(synthesise(context as Record<string, string | number>), 'AWS::Lambda::Function').find(
        ({ properties }) => properties.FunctionName.endsWith('-deliver'),
      );
      expect(deliver?.properties.ReservedConcurrentExecutions).toBe(reserved);
    });

    test('has a timeout equal to deliver’s, after which a withdrawal is purged again', () => {
      const functions = resourcesOf(dev, 'AWS::Lambda::Function');
      const deliver = functions.find(({ properties }) => properties.FunctionName === 'pressrun-dev-deliver');
      const project = functions.find(({ properties }) => properties.FunctionName === 'pressrun-dev-project');
      const timeout = deliver?.properties.Timeout ?? NaN;
      hasDistribution({
        Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout: timeout }) })],
      });
      expect(Number(project?.properties.Environment.Variables['PURGE_AGAIN_SECONDS'])).toBeGreaterThan(timeout);
    });

    test('answers 200 for a withdrawn article, which CloudFront caches and turns into 410 for readers', () => {
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

    test('receives the host that the reader asked for, and not the x-pressrun-host that the reader sent', () => {
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
      // Where something is cached, the host is in its key; the one policy is that of previews.
      dev.template.resourceCountIs('AWS::CloudFront::OriginRequestPolicy', 1);
    });

    test('receives each request for a preview, with the host and nothing else, and none is cached', () => {
      const keep = Match.objectLike({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 0 });
      dev.template.hasResourceProperties('AWS::CloudFront::CachePolicy', { CachePolicyConfig: keep });
      dev.template.hasResourceProperties('AWS::CloudFront::OriginRequestPolicy', {
        OriginRequestPolicyConfig: {
          CookiesConfig: { CookieBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'none' },
          HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['x-pressrun-host'] },
        },
      });
      hasDistribution({
        CacheBehaviors: [
          {
            PathPattern: '/preview/*',
            AllowedMethods: ['GET', 'HEAD'],
            ViewerProtocolPolicy: 'redirect-to-https',
            CachePolicyId: { Ref: Match.stringLikeRegexp('^EdgePreviewCachePolicy') },
            OriginRequestPolicyId: { Ref: Match.stringLikeRegexp('^EdgePreviewOriginRequestPolicy') },
          },
        ],
      });
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
    ])('receives, at %s, one empty %s in place of every value that it would reject', (uri, name, values) => {
      for (const value of values)
        expect([value, queryAfter(uri, { [name]: { value } })]).toEqual([value, { [name]: { value: '' } }]);
    });

    test('receives an empty since in place of a parameter that the list of changes does not have', () => {
      const [since, after] = [{ value: '1795685258000' }, { value: 'bm9vbg' }];
      const twice = { ...since, multiValue: [since, { value: '9' }] };
      expect(Object.entries(queryAfter('/changes', { after, since: twice }))).toEqual([
        ['since', since],
        ['after', after],
      ]);
      expect(queryAfter('/changes', { since, after, sicne: since })).toEqual({ since: { value: '' } });
      expect(queryAfter('/changes', { limit: { value: '7' } })).toEqual({ since: { value: '' } });
      expect(queryAfter('/feeds/latest.json', { sicne: since })).toEqual({});
    });

    test.each([
      ['/news/%61-story', '/news/a-story'],
      ['/n%65ws/caf%c3%a9', '/news/caf%C3%A9'],
      ['/%66eeds/latest.json', '/feeds/latest.json'],
      ['/a%2fb/c%25%37e', '/a%2Fb/c%257e'],
      ['/sw%2ejs', '/sw.js'],
      ['/a..b/.well-known', '/a..b/.well-known'],
      ['/a~b', '/a~b'],
    ])('receives one spelling of %s', (uri, spelled) => {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const after = (given: string): string =>
        runInNewContext(`${code?.properties.FunctionCode ?? ''}; handler(event).uri`, {
          event: { request: { uri: given, querystring: {}, headers: {} } },
        }) as string;
      // A path that is signed for the origin has no percent escapes: `~` replaces `%`.
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
    ])('does not receive %s, which browsers resolve to another path', (uri) => {
      const [code] = resourcesOf(dev, 'AWS::CloudFront::Function');
      const status: unknown = runInNewContext(`${code?.properties.FunctionCode ?? ''}; handler(event).statusCode`, {
        event: { request: { uri, querystring: {}, headers: {} } },
      });
      expect(status).toBe(400);
    });

    test('does not receive OPTIONS: the edge answers that any page may read', () => {
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

    test('receives one address for a page of the default length', () => {
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
      ['/news/a-story', ''],
      ['/articles/abcdefghijklmnop.json', ''],
      ['/robots.txt', ''],
      ['/sitemap-news.xml', ''],
      ['/feeds/latest.json/x', ''],
    ])('receives, at %s, only these parameters, each once and in one order: %s', (uri, names) => {
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

  describe('a domain of the newsroom', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f';

    test('comes with its certificate and at least TLS 1.2, and is the host of all links', () => {
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

    test('is absent by default', () => {
      hasDistribution({ Aliases: Match.absent(), ViewerCertificate: Match.absent() });
    });
  });

  describe('a web ACL', () => {
    test('is attached by its ARN if one is named', () => {
      const webAcl = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/house/0b1f';
      hasDistribution({ WebACLId: webAcl }, synthesise({ webAcl }));
    });

    test('of the stage blocks floods and known attackers, but no client for sending few headers', () => {
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

    test('is absent by default', () => {
      dev.template.resourceCountIs('AWS::WAFv2::WebACL', 0);
      hasDistribution({ WebACLId: Match.absent() });
    });
  });
});
