/** An error that an AWS client understands: its SDK turns `code` into the name of the exception it throws. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function unknownOperation(service: string, operation: string): AwsError {
  return new AwsError('UnknownOperationException', `${service} on this laptop does not know ${operation}`);
}
