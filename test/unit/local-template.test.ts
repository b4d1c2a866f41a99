import { describe, expect, test } from '@jest/globals';
import { Fields, isRecord } from '../../tools/laptop/fields.ts';
import { Template } from '../../tools/laptop/cloudformation/template.ts';

const endpoints = { awsUrl: 'http://127.0.0.1:1', edgeHost: '127.0.0.1:2' };

function templateOf(content: Readonly<Record<string, unknown>>): Template {
  return new Template(
    { stackName: 'test', template: new Fields({ Resources: {}, ...content }, (field) => new Error(field)) },
    endpoints,
  );
}

/** The value of a function's variable after resolving. */
function valueOf(value: unknown, more: Readonly<Record<string, unknown>> = {}): unknown {
  const template = templateOf({
    Conditions: {
      Yes: { 'Fn::Equals': ['a', 'a'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
      Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    },
    Mappings: { Regions: { 'us-east-1': { name: 'Virginia' } } },
    Parameters: { Word: { Type: 'String', Default: 'default' } },
    ...more,
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': ['-', ['test', { Ref: 'Word' }]] } } },
      Nameless: { Type: 'AWS::DynamoDB::Table', Properties: {} },
      Distribution: { Type: 'AWS::CloudFront::Distribution', Properties: {} },
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: {} },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Value: value } },
    },
  });
  return template.all('AWS::Lambda::Function')[0]?.properties.record['Value'];
}

describe('an intrinsic function', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a queue', { Ref: 'Queue' }, 'http://127.0.0.1:1/000000000000/test-default'],
    ['Ref of a table without a name', { Ref: 'Nameless' }, 'test-Nameless'],
    ['Ref of a parameter', { Ref: 'Word' }, 'default'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Ref of AWS::NoValue', [{ Ref: 'AWS::NoValue' }, 1], [1]],
    ['GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:test-default'],
    [
      'GetAtt in one string',
      { 'Fn::GetAtt': 'Nameless.StreamArn' },
      'arn:aws:dynamodb:us-east-1:000000000000:table/test-Nameless/stream/2026-01-01T00:00:00.000',
    ],
    ['GetAtt of the distribution', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }, '127.0.0.1:2'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::AccountId' }, 3]] }, 'a/000000000000/3'],
    ['Split and Select', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Sub', { 'Fn::Sub': 'arn:${AWS::Partition}:${Queue.QueueName}:${!Literal}' }, 'arn:aws:test-default:${Literal}'],
    ['Sub with variables', { 'Fn::Sub': ['${Own}-${Word}', { Own: { Ref: 'AWS::StackName' } }] }, 'test-default'],
    ['FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'name'] }, 'Virginia'],
    ['If', { 'Fn::If': ['Yes', 'then', { Ref: 'Missing' }] }, 'then'],
    ['If with a nested condition', { 'Fn::If': ['Both', 'then', { 'Fn::If': ['Either', 'else', 'never'] }] }, 'else'],
    ['Base64', { 'Fn::Base64': 'hej' }, 'aGVq'],
  ])('%s', (_, value, expected) => {
    expect(valueOf(value)).toEqual(expected);
  });

  test('is not read from fields that only resemble one', () => {
    const pattern = {
      source: [{ 'anything-but': ['draft'] }],
      detail: { status: [{ prefix: 'a' }], Condition: { a: [1] } },
    };
    expect(valueOf(pattern)).toEqual(pattern);
  });

  test.each<[string, unknown, string]>([
    ['an unknown function', { a: [{ 'Fn::ImportValue': 'x' }] }, 'Function.Value.a.0: Fn::ImportValue'],
    ['a resource that is not there', { Ref: 'Missing' }, 'Function.Value: Ref Missing is not in the template'],
    [
      'a type that a laptop does not have',
      { 'Fn::GetAtt': ['Stream', 'Arn'] },
      'Function.Value: Fn::GetAtt refers to Stream, and AWS::Kinesis::Stream is not known',
    ],
    ['an attribute that is not known', { 'Fn::GetAtt': ['Queue', 'Colour'] }, 'asks Queue for Colour'],
    ['a place that is not there', { 'Fn::Select': [3, ['a']] }, 'Fn::Select finds nothing at 3'],
  ])('that cannot be resolved is an error that names its place: %s', (_, value, message) => {
    expect(() => valueOf(value)).toThrow(message);
  });
});

describe('a template', () => {
  test('leaves out resources whose condition is false', () => {
    const template = templateOf({
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: { A: { Type: 'AWS::SQS::Queue', Condition: 'Never' }, B: { Type: 'AWS::SQS::Queue' } },
    });
    expect(template.all('AWS::SQS::Queue').map(({ name }) => name)).toEqual(['test-B']);
  });

  test('leaves out outputs that cannot be resolved, and reports them', () => {
    const missing: string[] = [];
    const template = templateOf({
      Outputs: { Known: { Value: { Ref: 'AWS::Region' } }, Unknown: { Value: { Ref: 'Missing' } } },
    });
    expect(template.outputs((reason) => missing.push(reason))).toEqual({ Known: 'us-east-1' });
    expect(missing).toEqual([expect.stringContaining('Outputs.Unknown')]);
  });
});

describe('the fields of a template', () => {
  const fields = new Fields(
    { text: 'a', number: '300', flag: 'true', list: ['a', 1], nested: { deep: 'x' } },
    (field, expected) => new Error(`${field} should be ${expected}`),
  );

  test('are read by type', () => {
    expect(fields.text('text')).toBe('a');
    expect(fields.integer('number')).toBe(300);
    expect(fields.flag('flag')).toBe(true);
    expect(fields.optionalInteger('missing')).toBeUndefined();
    expect(fields.list('missing')).toEqual([]);
    expect(isRecord(fields.fields('nested').record)).toBe(true);
  });

  test('of another type are an error that names the path', () => {
    expect(() => fields.text('missing')).toThrow('missing should be a string');
    expect(() => fields.integer('text')).toThrow('text should be an integer');
    expect(() => fields.texts('list')).toThrow('list.1 should be a string');
    expect(() => fields.fields('nested').fields('deep')).toThrow('nested.deep should be an object');
  });
});
