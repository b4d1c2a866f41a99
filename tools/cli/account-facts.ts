import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Template } from '../inventory/template.ts';
import type { AccountFacts } from './preflight.ts';

interface Where {
  readonly stage: string;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly certificateArn: string | undefined;
}

/** Asks AWS what decides whether a stage can be deployed. Throws if there are no valid credentials. */
export async function accountFacts({ stage, profile, region: given, certificateArn }: Where): Promise<AccountFacts> {
  const settings = { ...(profile !== undefined && { profile }), ...(given !== undefined && { region: given }) };
  const sts = new STSClient(settings);
  const region = await sts.config.region();
  const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const cloudFormation = new CloudFormationClient(settings);
  const outputs = async (StackName: string): Promise<ReadonlyMap<string, string> | undefined> => {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return (
      stack && new Map((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))
    );
  };
  const stackName = `pressrun-${stage}`;
  const lambda = new LambdaClient(settings);
  const [toolkit, own, concurrency, distributions, eventBuses, certificate] = await Promise.all([
    known(outputs('CDKToolkit')),
    known(outputs(stackName)),
    known(concurrencyOf(lambda)),
    known(distributionsIn(new CloudFrontClient(settings))),
    known(new EventBridgeClient(settings).send(new ListEventBusesCommand({}))),
    certificateArn === undefined ? undefined : known(certificateNamed(certificateArn, settings)),
  ]);
  return {
    account,
    region,
    bootstrapVersion:
      toolkit && (toolkit.has('BootstrapVersion') ? Number(toolkit.get('BootstrapVersion')) : 'unknown'),
    concurrency,
    distributions,
    eventBuses: eventBuses?.EventBuses?.length,
    certificate,
    isDeployed: own !== undefined,
    ownReserved: own === undefined ? 0 : ((await known(reservedBy(cloudFormation, lambda, stackName))) ?? 0),
  };
}

/** The template of a stack that is deployed, as it was handed in. */
export async function deployedTemplate(cloudFormation: CloudFormationClient, StackName: string): Promise<Template> {
  const { TemplateBody = '' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
  );
  return JSON.parse(TemplateBody) as Template;
}

/** Undefined where AWS does not answer, or does not allow the question. */
export async function known<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined);
}

export async function concurrencyOf(lambda: LambdaClient): Promise<AccountFacts['concurrency']> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
  return quota === undefined || unreserved === undefined ? undefined : { quota, unreserved };
}

async function distributionsIn(client: CloudFrontClient): Promise<number> {
  let count = 0;
  for await (const { DistributionList } of paginateListDistributions({ client }, {}))
    count += DistributionList?.Items?.length ?? 0;
  return count;
}

async function certificateNamed(arn: string, settings: object): Promise<AccountFacts['certificate']> {
  const { Certificate } = await new ACMClient({ ...settings, region: 'us-east-1' }).send(
    new DescribeCertificateCommand({ CertificateArn: arn }),
  );
  const { Status: status, DomainName: name, SubjectAlternativeNames: others = [] } = Certificate ?? {};
  return status === undefined
    ? undefined
    : { status, names: [...new Set([...(name === undefined ? [] : [name]), ...others])] };
}

async function reservedBy(
  cloudFormation: CloudFormationClient,
  lambda: LambdaClient,
  stackName: string,
): Promise<number> {
  const functions = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client: cloudFormation },
    { StackName: stackName },
  ))
    functions.push(...StackResourceSummaries.filter(({ ResourceType }) => ResourceType === 'AWS::Lambda::Function'));
  const reserved = await Promise.all(
    functions.map(async ({ PhysicalResourceId: name }) => {
      const { ReservedConcurrentExecutions: count = 0 } = await lambda.send(
        new GetFunctionConcurrencyCommand({ FunctionName: name }),
      );
      return count;
    }),
  );
  return reserved.reduce((sum, count) => sum + count, 0);
}
