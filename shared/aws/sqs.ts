import type { AwsClient } from './aws-client.ts';

/** Puts one message on a queue. */
export async function sendMessage(aws: AwsClient, queueUrl: string, body: string, delaySeconds = 0): Promise<void> {
  await aws.json(
    'sqs',
    'AmazonSQS.SendMessage',
    { QueueUrl: queueUrl, MessageBody: body, ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }) },
    '1.0',
  );
}

/** A message in hand comes back after so long. */
export async function changeVisibility(aws: AwsClient, queueUrl: string, receiptHandle: string, seconds: number): Promise<void> {
  await aws.json(
    'sqs',
    'AmazonSQS.ChangeMessageVisibility',
    { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds },
    '1.0',
  );
}
