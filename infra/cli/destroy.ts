import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

/** Deletes everything in the buckets of a stack that is to go. */
export async function emptyBucketsOf(stackName: string, tell: (line: string) => void): Promise<void> {
  const cloudFormation = new CloudFormationClient();
  // Emulators know a bucket by its path; AWS's own address knows it by its host.
  const s3 = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: cloudFormation }, { StackName: stackName })) {
    for (const { ResourceType, PhysicalResourceId: bucket } of StackResourceSummaries) {
      if (ResourceType === 'AWS::S3::Bucket' && bucket !== undefined) tell(`${bucket}: ${await empty(s3, bucket)} objects deleted`);
    }
  }
}

async function empty(s3: S3Client, bucket: string): Promise<number> {
  let deleted = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    if (Contents.length === 0) continue;
    const { Errors: [fault] = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true } }));
    if (fault !== undefined) throw new Error(`${bucket}: ${fault.Key ?? ''} was not deleted: ${fault.Message ?? fault.Code ?? 'no reason given'}`);
    deleted += Contents.length;
  }
  return deleted;
}
