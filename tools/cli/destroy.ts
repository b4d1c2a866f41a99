import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { WrongUse } from './exits.ts';

/** Which credentials, and where; as the SDK finds them, unless given. */
export interface Whereabouts {
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

/** The CDK's default region. */
const cdkRegion = 'us-east-1';

/** The account and the region of a stack, as CloudFormation says. */
export async function stackNamed(
  stackName: string,
  where: Whereabouts,
): Promise<{ readonly account: string; readonly region: string }> {
  const cloudFormation = new CloudFormationClient(settingsOf(where));
  const region = await cloudFormation.config.region().catch(() => cdkRegion);
  try {
    const { Stacks: [stack] = [] } = await new CloudFormationClient({ ...settingsOf({ ...where, region }) }).send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    // arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>
    const [, , , ofRegion = region, account = ''] = stack?.StackId?.split(':') ?? [];
    return { account, region: ofRegion };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') {
      throw new WrongUse(
        `there is no stack ${stackName} in region ${region}${where.profile === undefined ? '' : ` for profile ${where.profile}`}: are --stage, --region and --profile right?`,
      );
    }
    throw error;
  }
}

/** Deletes everything in the buckets of a stack that is to go. */
export async function emptyBucketsOf(
  stackName: string,
  where: Whereabouts,
  notify: (line: string) => void,
): Promise<void> {
  const cloudFormation = new CloudFormationClient(settingsOf(where));
  // Emulators know a bucket by its path; AWS's own address knows it by its host.
  const s3 = new S3Client({ ...settingsOf(where), forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client: cloudFormation },
    { StackName: stackName },
  )) {
    for (const { ResourceType, PhysicalResourceId: bucket } of StackResourceSummaries) {
      if (ResourceType === 'AWS::S3::Bucket' && bucket !== undefined)
        notify(`${bucket}: ${await empty(s3, bucket)} objects deleted`);
    }
  }
}

function settingsOf({ profile, region }: Whereabouts): { profile?: string; region?: string } {
  return { ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) };
}

async function empty(s3: S3Client, bucket: string): Promise<number> {
  let deleted = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    if (Contents.length === 0) continue;
    const { Errors: [fault] = [] } = await s3.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true },
      }),
    );
    if (fault !== undefined)
      throw new Error(
        `${bucket}: ${fault.Key ?? ''} was not deleted: ${fault.Message ?? fault.Code ?? 'no reason given'}`,
      );
    deleted += Contents.length;
  }
  return deleted;
}
