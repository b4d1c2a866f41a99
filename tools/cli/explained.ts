import { CommanderError } from 'commander';
import { InvalidSetting } from '../../infra/stage-name.ts';
import { exitCodes, Unreachable, WrongUse } from './exits.ts';

/** The endpoint of AWS's services, and the flag or variable that changes it. */
export interface AwsAddress {
  /** Absent: AWS itself, in the region that the SDK finds. */
  readonly url?: string | undefined;
  readonly movedBy: string;
}

/** Node's network error codes. */
const network =
  /\b(?:ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT)\b/;

const noCredentials =
  'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for every AWS tool; for single sign-on, run "aws sso login" first; to look after the laptop that "npm start" runs, leave --stage out';

/** By the names that AWS's services and SDK give their errors. */
const notLetIn =
  /^(?:CredentialsProviderError|TokenProviderError|ExpiredToken(?:Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/;
const notAllowed = /^AccessDenied(?:Exception)?$/;
const notThere = /^(?:ResourceNotFoundException|QueueDoesNotExist)$/;

/**
 * Returns the message for an error and its exit code. The message says what to do if the error's own does not. Never a
 * stack trace.
 */
export function explained(
  error: unknown,
  aws: AwsAddress = { movedBy: 'AWS_ENDPOINT_URL' },
): { readonly message: string; readonly code: number } {
  const message = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof WrongUse || error instanceof InvalidSetting || error instanceof CommanderError)
    return { message, code: exitCodes.wrongUse };
  if (error instanceof Unreachable) return { message, code: exitCodes.unreachable };
  const code = networkCodeOf(error);
  if (code !== undefined) return { message: unreachable(code, aws), code: exitCodes.unreachable };
  // Something else listens at the port, or a network's login page answers.
  if (message.includes('Deserialization error'))
    return {
      message: `what answers at ${aws.url ?? 'AWS'} is not AWS: is ${aws.movedBy} right?`,
      code: exitCodes.unreachable,
    };
  const name = nameOf(error);
  if (/Region is missing/.test(message))
    return { message: 'no region: set AWS_REGION, as for every AWS tool', code: exitCodes.wrongUse };
  if (notLetIn.test(name))
    return { message: `AWS does not let you in (${name}): ${noCredentials}`, code: exitCodes.unreachable };
  if (notAllowed.test(name)) {
    return {
      message: `AWS does not allow it (${name}): ${message}. Are AWS_PROFILE and --stage right, and may this user do it?`,
      code: exitCodes.unreachable,
    };
  }
  if (notThere.test(name))
    return {
      message: `${message}: nothing of that name is there. Are --stage, --articles-table and AWS_REGION right?`,
      code: exitCodes.wrongUse,
    };
  return { message, code: exitCodes.found };
}

function unreachable(code: string, { url, movedBy }: AwsAddress): string {
  if (url === undefined) return `AWS does not answer (${code}): is AWS_REGION a region, and this machine online?`;
  const isRunning = movedBy === 'PRESSRUN_AWS_PORT' ? 'is "npm start" running, and ' : 'is ';
  return `the AWS endpoint ${url} does not answer (${code}): ${isRunning}${movedBy} right?`;
}

/** Looks for the code in the error, in its cause, and in the errors of an AggregateError (IPv4 and IPv6). */
export function networkCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { code } = error as { readonly code?: unknown };
  const found = network.exec(typeof code === 'string' ? code : '')?.[0] ?? network.exec(error.message)?.[0];
  if (found !== undefined) return found;
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return inner.map(networkCodeOf).find((each) => each !== undefined);
}

/** An error of our own client says AWS's name for it in `code`. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.name === 'AwsRefusal' ? String((error as { readonly code?: unknown }).code) : error.name;
}
