import type { Assembly } from './assembly.ts';
import { Fields, isRecord } from '../fields.ts';
import { resolve, resolveCondition, UnresolvedIntrinsic, type Names } from './intrinsics.ts';

export const region = 'us-east-1';
export const accountId = '000000000000';
const partition = 'aws';

/** Values that the template does not have: the addresses of the laptop's two ports. */
export interface Endpoints {
  readonly awsUrl: string;
  /** `host:port` of the edge: the distribution's domain name. */
  readonly edgeHost: string;
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** The name that AWS would show: the template's, else one made of the stack's and the resource's. */
  readonly name: string;
  readonly arn: string;
  /** With every intrinsic function resolved. */
  readonly properties: Fields;
}

/** How resources of one type are named and referred to. */
interface Kind {
  readonly nameProperty?: string;
  readonly arn: (name: string) => string;
  readonly ref?: (resource: Identity, endpoints: Endpoints) => string;
  readonly attributes?: Readonly<Record<string, (resource: Identity, endpoints: Endpoints) => string>>;
}

interface Identity {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

const regional =
  (service: string, prefix: string) =>
  (name: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${prefix}${name}`;
const global =
  (service: string, prefix: string) =>
  (name: string): string =>
    `arn:${partition}:${service}::${accountId}:${prefix}${name}`;
const queueUrl = ({ name }: Identity, { awsUrl }: Endpoints): string => `${awsUrl}/${accountId}/${name}`;
const opaqueId = ({ logicalId }: Identity): string => `E${logicalId.slice(-8).toUpperCase()}`;
const cloudFront = (prefix: string): Kind => ({
  arn: global('cloudfront', prefix),
  ref: opaqueId,
  attributes: { Id: opaqueId },
});
const table: Kind = {
  nameProperty: 'TableName',
  arn: regional('dynamodb', 'table/'),
  attributes: { StreamArn: ({ arn }) => `${arn}/stream/2026-01-01T00:00:00.000` },
};

/** Rules for names, ARNs and `Ref` by resource type. CDK's output does not have them; these are AWS's. */
const kinds: Readonly<Record<string, Kind>> = {
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    arn: regional('sqs', ''),
    ref: queueUrl,
    attributes: { QueueName: ({ name }) => name, QueueUrl: queueUrl },
  },
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    arn: regional('events', 'event-bus/'),
    attributes: { Name: ({ name }) => name },
  },
  'AWS::Events::EventBusPolicy': { arn: regional('events', 'event-bus-policy/') },
  'AWS::Events::Rule': { nameProperty: 'Name', arn: regional('events', 'rule/') },
  'AWS::Events::Archive': {
    nameProperty: 'ArchiveName',
    arn: regional('events', 'archive/'),
    attributes: { ArchiveName: ({ name }) => name },
  },
  'AWS::Events::Connection': { nameProperty: 'Name', arn: regional('events', 'connection/') },
  'AWS::Events::ApiDestination': { nameProperty: 'Name', arn: regional('events', 'api-destination/') },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', arn: regional('scheduler', 'schedule/') },
  'AWS::Scheduler::ScheduleGroup': { nameProperty: 'Name', arn: regional('scheduler', 'schedule-group/') },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', arn: regional('lambda', 'function:') },
  'AWS::Lambda::Url': {
    arn: regional('lambda', 'function-url:'),
    attributes: {
      FunctionArn: ({ arn }) => arn,
      // Lower case and one label, because CDK takes the domain out of it and CloudFront compares domains.
      FunctionUrl: ({ logicalId }) => `https://${functionUrlDomain(logicalId)}/`,
    },
  },
  'AWS::Lambda::EventSourceMapping': { arn: regional('lambda', 'event-source-mapping:') },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: global('iam', 'role/'),
    attributes: { RoleId: ({ name }) => name },
  },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName', arn: global('iam', 'policy/') },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', arn: regional('logs', 'log-group:') },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: regional('sns', ''),
    ref: ({ arn }) => arn,
    attributes: { TopicArn: ({ arn }) => arn, TopicName: ({ name }) => name },
  },
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', arn: regional('cloudwatch', 'alarm:') },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    arn: (name) => `arn:${partition}:s3:::${name}`,
    attributes: { RegionalDomainName: ({ name }) => `${name}.s3.${region}.amazonaws.com` },
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    arn: regional('secretsmanager', 'secret:'),
    ref: ({ arn }) => arn,
    attributes: { Id: ({ arn }) => arn },
  },
  'AWS::CloudFront::Distribution': {
    ...cloudFront('distribution/'),
    attributes: { Id: opaqueId, DomainName: (_, { edgeHost }) => edgeHost },
  },
  'AWS::CloudFront::CachePolicy': cloudFront('cache-policy/'),
  'AWS::CloudFront::OriginRequestPolicy': cloudFront('origin-request-policy/'),
  'AWS::CloudFront::ResponseHeadersPolicy': cloudFront('response-headers-policy/'),
  'AWS::CloudFront::OriginAccessControl': cloudFront('origin-access-control/'),
  'AWS::CloudFront::Function': {
    nameProperty: 'Name',
    arn: global('cloudfront', 'function/'),
    ref: ({ arn }) => arn,
    attributes: { FunctionARN: ({ arn }) => arn },
  },
};

export function functionUrlDomain(logicalId: string): string {
  return `${logicalId.toLowerCase()}.lambda-url.${region}.on.aws`;
}

/** A CloudFormation template as a running stack would have it: every name known, every reference followed. */
export class Template {
  readonly stackName: string;
  readonly #template: Fields;
  readonly #endpoints: Endpoints;
  readonly #names: Names;

  constructor({ stackName, template }: Pick<Assembly, 'stackName' | 'template'>, endpoints: Endpoints) {
    this.stackName = stackName;
    this.#template = template;
    this.#endpoints = endpoints;
    this.#names = {
      ref: (logicalId) => this.#ref(logicalId),
      attribute: (logicalId, attribute) => this.#attribute(logicalId, attribute),
      condition: (name) => this.#condition(name),
      mapping: (map, top, second) => template.fields('Mappings').fields(map).fields(top).record[second],
    };
  }

  /** Every type of which the template has a resource. */
  types(): ReadonlySet<string> {
    return new Set(this.#present().map(({ declaration }) => declaration.text('Type')));
  }

  /** The resources of these types, with all that they refer to. */
  all(...types: readonly string[]): readonly Resource[] {
    return this.#present()
      .filter(({ declaration }) => types.includes(declaration.text('Type')))
      .map(({ logicalId, declaration }) => {
        const properties = resolve(declaration.optionalFields('Properties')?.record ?? {}, this.#names, logicalId);
        return {
          ...this.#identity(logicalId),
          type: declaration.text('Type'),
          properties: new Fields(
            isRecord(properties) ? properties : {},
            (field, expected) => new Error(`${logicalId}.${field} should be ${expected}`),
          ),
        };
      });
  }

  /** The value of `Ref`: the name of most resources, the URL of a queue, the id of a distribution. */
  ref({ logicalId }: Resource): string {
    return this.#ref(logicalId);
  }

  attribute({ logicalId }: Resource, attribute: string): string {
    return this.#attribute(logicalId, attribute);
  }

  /**
   * The stack's outputs. An output that refers to a resource that a laptop does not have is left out, and `missing`
   * gets the reason.
   */
  outputs(missing: (reason: string) => void): Readonly<Record<string, string>> {
    const outputs = this.#template.optionalFields('Outputs');
    const values = new Map<string, string>();
    for (const name of Object.keys(outputs?.record ?? {})) {
      const output = outputs?.fields(name);
      if (!output || (output.has('Condition') && !this.#condition(output.text('Condition')))) continue;
      try {
        const value = resolve(output.record['Value'], this.#names, `Outputs.${name}`);
        values.set(name, typeof value === 'string' ? value : JSON.stringify(value));
      } catch (error) {
        if (!(error instanceof UnresolvedIntrinsic)) throw error;
        missing(error.message);
      }
    }
    return Object.fromEntries(values);
  }

  #present(): readonly { readonly logicalId: string; readonly declaration: Fields }[] {
    const resources = this.#template.fields('Resources');
    return Object.keys(resources.record)
      .map((logicalId) => ({ logicalId, declaration: resources.fields(logicalId) }))
      .filter(({ declaration }) => !declaration.has('Condition') || this.#condition(declaration.text('Condition')));
  }

  #declaration(logicalId: string): Fields {
    const declaration = this.#template.fields('Resources').optionalFields(logicalId);
    if (!declaration) throw new Error(`${logicalId} is not in the template`);
    return declaration;
  }

  #kind(logicalId: string): Kind {
    const type = this.#declaration(logicalId).text('Type');
    const kind = kinds[type];
    if (!kind) throw new Error(`refers to ${logicalId}, and ${type} is not known on a laptop`);
    return kind;
  }

  #identity(logicalId: string): Identity {
    const { nameProperty, arn } = this.#kind(logicalId);
    const given = nameProperty && this.#declaration(logicalId).optionalFields('Properties')?.record[nameProperty];
    const name =
      given === undefined || given === ''
        ? `${this.stackName}-${logicalId}`
        : resolve(given, this.#names, `${logicalId}.${nameProperty ?? ''}`);
    if (typeof name !== 'string') throw new Error(`${logicalId}.${nameProperty ?? ''} should be a string`);
    return { logicalId, name, arn: arn(name) };
  }

  #ref(logicalId: string): string {
    switch (logicalId) {
      case 'AWS::Region':
        return region;
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::Partition':
        return partition;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.stackName;
      case 'AWS::StackId':
        return regional('cloudformation', 'stack/')(`${this.stackName}/local`);
    }
    const parameter = this.#template.optionalFields('Parameters')?.optionalFields(logicalId);
    if (parameter) return parameter.text('Default');
    const identity = this.#identity(logicalId);
    return this.#kind(logicalId).ref?.(identity, this.#endpoints) ?? identity.name;
  }

  #attribute(logicalId: string, attribute: string): string {
    const { attributes } = this.#kind(logicalId);
    const identity = this.#identity(logicalId);
    const value =
      attributes?.[attribute]?.(identity, this.#endpoints) ?? (attribute === 'Arn' ? identity.arn : undefined);
    if (value === undefined) throw new Error(`asks ${logicalId} for ${attribute}, which is not known on a laptop`);
    return value;
  }

  #condition(name: string): boolean {
    return resolveCondition(this.#template.fields('Conditions').record[name], this.#names, `Conditions.${name}`);
  }
}
