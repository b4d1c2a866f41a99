import type { FunctionRuntime } from './function-runtime.ts';
import type { Template } from './template.ts';

const unitMilliseconds: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Calls functions at the rates that the template's schedules say; returns how to stop that. */
export function startRecurring(
  template: Template,
  { functions, warn }: { readonly functions: ReadonlyMap<string, FunctionRuntime>; readonly warn: (line: string) => void },
): () => void {
  const timers = template.all('AWS::Scheduler::Schedule').flatMap(({ logicalId, properties }) => {
    const expression = properties.text('ScheduleExpression');
    const target = properties.fields('Target');
    const arn = target.text('Arn');
    const runtime = functions.get(arn.slice(arn.lastIndexOf(':') + 1));
    const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
    if (!runtime || unit === '') {
      warn(`schedule ${logicalId} (${expression}, ${arn}) is not run: on a laptop only functions are called, at a rate`);
      return [];
    }
    const event: unknown = JSON.parse(target.optionalText('Input') ?? '{}');
    // What fails is in the function's own log, and is called again.
    return [setInterval(() => void runtime.invoke(event).catch(() => undefined), Number(count) * (unitMilliseconds[unit] ?? 0))];
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
