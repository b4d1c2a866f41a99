import { callAws, functionOf, publishing, queueOf, writeAssembly } from '../../fixtures/small-assembly.ts';

const arn = (logicalId: string): unknown => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/**
 * Writes a small assembly that uses what the emulator supports: a bus with rules, queues, functions in a few odd states,
 * a table with a stream, a function URL behind a distribution. Returns its directory.
 */
export const writeSmallAssembly = (directory: string): string =>
  writeAssembly(directory, {
    ...publishing,
    resources: {
      ...publishing.resources,
      Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'small' } },
      Inbox: queueOf('small-inbox'),
      StrictRule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { 'detail-type': ['strict.published'] },
          Targets: [{ Id: 'Queue', Arn: arn('Strict') }],
        },
      },
      Partner: { Type: 'AWS::Events::EventBus', Properties: { Name: 'partner' } },
      ToPartner: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { 'detail-type': ['partner.sent'] },
          Targets: [{ Id: 'Bus', Arn: arn('Partner'), RoleArn: arn('Role') }],
        },
      },
      AtPartner: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Partner' },
          EventPattern: { detail: { wanted: [true] } },
          Targets: [{ Id: 'Queue', Arn: arn('Sent') }],
        },
      },
      Sent: queueOf('partner-sent'),
      StrictDeadLetters: queueOf('small-strict-dlq'),
      // A short visibility timeout, so that tests need not wait.
      Strict: queueOf('small-strict', {
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: arn('StrictDeadLetters'), maxReceiveCount: 2 },
      }),
      StrictSource: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Store' },
          EventSourceArn: arn('Strict'),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Kept: queueOf('small-kept'),
      AskedDeadLetters: queueOf('small-asked-dlq'),
      Asked: queueOf('small-asked', {
        VisibilityTimeout: 2,
        RedrivePolicy: { deadLetterTargetArn: arn('AskedDeadLetters'), maxReceiveCount: 2 },
      }),
      AskedSource: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: { Ref: 'Odd' }, EventSourceArn: arn('Asked'), BatchSize: 1 },
      },
      Odd: functionOf(
        'odd',
        { GREETING: { 'Fn::Join': ['-', ['hello', { Ref: 'AWS::Region' }]] }, INBOX: { Ref: 'Inbox' } },
        { Timeout: 1 },
      ),
      Collected: queueOf('small-collected'),
      CollectedSource: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Count' },
          EventSourceArn: arn('Collected'),
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 1,
          FilterCriteria: { Filters: [{ Pattern: '{"body":{"wanted":[true]}}' }] },
        },
      },
      Count: functionOf('count', { INBOX: { Ref: 'Inbox' } }),
      Site: functionOf('site'),
      SiteUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arn('Site'), AuthType: 'AWS_IAM' } },
      Policy: {
        Type: 'AWS::CloudFront::CachePolicy',
        Properties: {
          CachePolicyConfig: {
            Name: 'small',
            MinTTL: 0,
            DefaultTTL: 0,
            MaxTTL: 60,
            ParametersInCacheKeyAndForwardedToOrigin: {
              QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['q'] },
            },
          },
        },
      },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            CacheTagConfig: { HeaderName: 'Cache-Tag' },
            DefaultCacheBehavior: { TargetOriginId: 'site', CachePolicyId: { Ref: 'Policy' } },
            Origins: [
              {
                Id: 'site',
                DomainName: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['SiteUrl', 'FunctionUrl'] }] }] },
              },
            ],
          },
        },
      },
      Pipe: { Type: 'AWS::Pipes::Pipe', Properties: {} },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Elsewhere: { Type: 'AWS::Kinesis::Stream', Condition: 'Never', Properties: {} },
    },
    conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'mars-north-1'] } },
    code: {
      ...publishing.code,
      odd: `${callAws}
let calls = 0;
exports.handler = async ({ Records: [{ body }] }, context) => {
  calls += 1;
  const say = (text) => call('AmazonSQS.SendMessage', { QueueUrl: process.env.INBOX, MessageBody: text });
  if (body === 'environment') return say(JSON.stringify({ ...process.env, name: context.functionName, left: context.getRemainingTimeInMillis() }));
  if (body === 'calls') return say('calls ' + calls);
  if (body === 'hang') { await say('hanging'); return new Promise((resolve) => setTimeout(resolve, 60000)); }
  if (body === 'crash') { await say('crashing'); setImmediate(() => { throw new Error('crashed'); }); return new Promise(() => {}); }
};`,
      count: `${callAws}
exports.handler = ({ Records }) => call('AmazonSQS.SendMessage', { QueueUrl: process.env.INBOX, MessageBody: 'counted ' + Records.map(({ body }) => JSON.parse(body).number).sort() });`,
      site: `exports.handler = async (event) => event.rawPath === '/broken' ? (() => { throw new Error('broken'); })() : ({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', 'cache-control': 's-maxage=60', 'cache-tag': 'page' },
      body: Buffer.from([event.version, event.requestContext.http.method, event.rawPath, JSON.stringify(event.queryStringParameters)].join(' ')).toString('base64'),
      isBase64Encoded: true,
    });`,
    },
  });
