import { functionsOf, type FunctionEntry } from '../inventory/inventory.ts';
import type { Template } from '../inventory/template.ts';
import { originShieldOf } from '../../infra/regions.ts';
import { dollarsAPath, freePathsAMonth } from '../../shared/purge/purge-budget.ts';

/** A fact about the account; undefined where AWS did not say. */
export interface AccountFacts {
  readonly account: string;
  readonly region: string;
  /** Version of the CDK's bootstrap stack; undefined if there is no such stack. */
  readonly bootstrapVersion: number | 'unknown' | undefined;
  /** Concurrent executions of Lambda in this region. */
  readonly concurrency: { readonly quota: number; readonly unreserved: number } | undefined;
  readonly distributions: number | undefined;
  readonly eventBuses: number | undefined;
  readonly certificate: { readonly status: string; readonly names: readonly string[] } | undefined;
  /** Concurrency that a deployed stack of this stage has reserved by now. */
  readonly ownReserved: number;
  readonly isDeployed: boolean;
}

export interface Check {
  readonly what: string;
  /** `unknown`: AWS did not say, and it stops no deployment. */
  readonly state: 'right' | 'wrong' | 'unknown';
  readonly detail: string;
}

/** The oldest bootstrap that the synthesised assets can use. */
const leastBootstrapVersion = 6;
/** AWS's default quotas of an account. */
const maxDistributions = 200;
const maxEventBuses = 100;
/** Lambda keeps so much of the quota unreserved. */
const leastUnreserved = 100;

/** Whether a template can be deployed, as far as the account says. */
export function checksOf(facts: AccountFacts, template: Template): Check[] {
  const domain = domainOf(template);
  const { account, region, bootstrapVersion, distributions, eventBuses, isDeployed } = facts;
  return [
    { what: 'credentials', state: 'right', detail: `account ${account}` },
    region in originShieldOf
      ? { what: 'region', state: 'right', detail: region }
      : { what: 'region', state: 'wrong', detail: `${region} lacks a service: see docs/deploying.md` },
    bootstrapVersion !== undefined && (bootstrapVersion === 'unknown' || bootstrapVersion >= leastBootstrapVersion)
      ? { what: 'bootstrap', state: 'right', detail: `version ${bootstrapVersion}` }
      : { what: 'bootstrap', state: 'wrong', detail: `run npm run bootstrap for ${account} in ${region} first` },
    concurrencyCheck(facts, functionsOf(template)),
    quotaCheck('CloudFront distributions', distributions, isDeployed, maxDistributions),
    quotaCheck('event buses', eventBuses, isDeployed, maxEventBuses),
    ...(domain ? [certificateCheck(facts.certificate, domain)] : []),
  ];
}

interface Domain {
  readonly name: string;
  readonly certificateArn: string;
}

/** The distribution's own domain, if it has one. */
export function domainOf({ Resources }: Template): Domain | undefined {
  const distribution = Object.values(Resources).find(({ Type }) => Type === 'AWS::CloudFront::Distribution');
  const { Aliases: [name] = [], ViewerCertificate } = (distribution?.Properties?.['DistributionConfig'] ?? {}) as {
    readonly Aliases?: readonly string[];
    readonly ViewerCertificate?: { readonly AcmCertificateArn?: string };
  };
  const certificateArn = ViewerCertificate?.AcmCertificateArn;
  return name === undefined || certificateArn === undefined ? undefined : { name, certificateArn };
}

/** Whether a deployed stack has the concurrency that it needs. Its own reservations are no longer part of the unreserved concurrency. */
export function deployedConcurrencyCheck(
  concurrency: AccountFacts['concurrency'],
  template: Template | undefined,
): Check {
  if (template === undefined)
    return { what: 'Lambda concurrency', state: 'unknown', detail: 'the template of the stack could not be read' };
  const functions = functionsOf(template);
  const ownReserved = reservedIn(functions);
  return concurrencyCheck({ concurrency, ownReserved }, functions);
}

const atOnce = (functions: readonly FunctionEntry[]): number =>
  functions.reduce((total, { atOnce: most = 0 }) => total + most, 0);

const reservedIn = (functions: readonly FunctionEntry[]): number =>
  atOnce(functions.filter(({ isReserved }) => isReserved));

function concurrencyCheck(
  { concurrency, ownReserved }: Pick<AccountFacts, 'concurrency' | 'ownReserved'>,
  functions: readonly FunctionEntry[],
): Check {
  const what = 'Lambda concurrency';
  const reserved = reservedIn(functions);
  const others = atOnce(functions.filter(({ isReserved }) => !isReserved));
  if (concurrency === undefined)
    return { what, state: 'unknown', detail: `${reserved} are reserved, other functions use up to ${others}` };
  const left = concurrency.unreserved + ownReserved - reserved;
  if (reserved > 0 && left < leastUnreserved)
    return {
      what,
      state: 'wrong',
      detail: `the account has ${concurrency.quota}; reserving ${reserved} would leave ${left}, and Lambda wants ${leastUnreserved} left: raise the quota (Service Quotas), or set deliverConcurrency and ingestConcurrency to 0`,
    };
  return left < others
    ? {
        what,
        state: 'wrong',
        detail: `the account has ${concurrency.quota}, of which ${left} are left; functions use up to ${others} at once, and readers what is then left: raise the quota (Service Quotas)`,
      }
    : { what, state: 'right', detail: `${reserved} reserved, ${left} left for functions that use up to ${others}` };
}

function quotaCheck(what: string, used: number | undefined, isDeployed: boolean, quota: number): Check {
  if (used === undefined) return { what, state: 'unknown', detail: `${quota} are allowed by default` };
  return !isDeployed && used >= quota
    ? { what, state: 'wrong', detail: `${used} of ${quota} exist: raise the quota (Service Quotas) if you have not` }
    : { what, state: 'right', detail: `${used} of ${quota}` };
}

function certificateCheck(
  certificate: AccountFacts['certificate'],
  { name: domain, certificateArn: arn }: Domain,
): Check {
  const what = 'certificate';
  if (certificate === undefined) return { what, state: 'unknown', detail: arn };
  const { status, names } = certificate;
  if (status !== 'ISSUED') return { what, state: 'wrong', detail: `${arn} is ${status}` };
  const wildcard = domain.replace(/^[^.]+/, '*');
  return names.includes(domain) || names.includes(wildcard)
    ? { what, state: 'right', detail: `covers ${domain}` }
    : { what, state: 'wrong', detail: `${arn} is for ${names.join(', ')}, and not for ${domain}` };
}

/** US dollars a month for a resource that costs money even when unused (us-east-1). */
const monthlyPrices: Readonly<Record<string, readonly [dollars: number, what: string]>> = {
  'AWS::CloudWatch::Alarm': [0.1, 'alarms'],
  'AWS::CloudWatch::Dashboard': [3, 'dashboard'],
  'AWS::SecretsManager::Secret': [0.4, 'secrets'],
  'AWS::WAFv2::WebACL': [9, 'web ACL with its four rules'],
};

/** Returns the fixed costs of a template, in US dollars a month, by kind of resource. */
export function fixedCosts(counts: ReadonlyMap<string, number>): { readonly what: string; readonly dollars: number }[] {
  return Object.entries(monthlyPrices).flatMap(([type, [dollars, what]]) => {
    const count = counts.get(type) ?? 0;
    return count === 0 ? [] : [{ what: `${count} ${what}`, dollars: count * dollars }];
  });
}

/** The cost of purges, with the budget that bounds it. */
export function purgeCost(template: Template): string {
  const [budget] = Object.values(template.Resources).flatMap(({ Properties }) => {
    const { Variables = {} } = (Properties?.['Environment'] ?? {}) as { readonly Variables?: Record<string, unknown> };
    const { PURGE_BUDGET: paths } = Variables;
    return typeof paths === 'string' ? [Number(paths)] : [];
  });
  if (budget === undefined)
    return `purges: $${dollarsAPath} a path beyond ${freePathsAMonth} a month, without a bound (purgeBudget sets one)`;
  return `purges: up to $${(Math.max(0, budget - freePathsAMonth) * dollarsAPath).toFixed(2)} for ${budget} paths a month; urgent ones go on beyond`;
}
