import { Command } from 'commander';
import { jsonBounds, jsonIn } from '../../../shared/canonical.ts';
import { xmlTextOf } from '../../../shared/cms/xml-bytes.ts';
import type { Source } from '../../../shared/cms/source.ts';
import { sourceNamed, sources } from '../../../shared/cms/sources.ts';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import { bus, check as checkPayload, checkLines } from '../check.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { settingsIn, sourcesOption } from '../source-settings.ts';
import { bytesIn, textIn } from '../text-file.ts';

const names = [...sources.map(({ name }) => name), bus];

export function check(cli: Cli): Command {
  return new Command('check')
    .argument('<file>', 'a file with the CMS’s payload; - reads it from standard input')
    .requiredOption('--source <name>', `which CMS: ${names.join(', ')} (an event, or its detail)`)
    .option(...sourcesOption)
    .description('show the article, warnings and rejected fields of a payload; sends nothing')
    .addHelpText('after', exampleOf('check payload.json --source ghost'))
    .action((file: string, { source, sources: given }: { readonly source: string; readonly sources?: string }) => {
      if (!names.includes(source))
        throw new WrongUse(
          `there is no source ${source}: it must be one of ${names.join(', ')}${didYouMean(source, names)}`,
        );
      const checked = checkPayload(source, payloadIn(file, sourceNamed(source)?.format), settingsIn(given), Date.now());
      cli.print(checked, checkLines(checked));
      if ([...checked.stories, checked].some(({ issues }) => issues.length > 0)) cli.found();
    });
}

function payloadIn(file: string, format: Source['format']): unknown {
  if (format === 'xml') return xmlTextOf(bytesIn(file), '');
  const payload = jsonIn(textIn(file));
  if (payload === undefined) throw new WrongUse(`${file} must be JSON, ${jsonBounds}`);
  return payload;
}
