// How Reeve does on whole logs with labels: `node build/run.mjs test/logs/run.ts FOLDER`. README.md describes the labels.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { messageOf } from '../../service/util/errors.ts';
import { loadLabels } from './labels.ts';
import type { LabelledLog } from './labels.ts';
import { scoreLog } from './match.ts';
import type { LogScore, Reported, Verdict } from './match.ts';
import { details, summary } from './report.ts';

const usage = `Usage: node build/run.mjs test/logs/run.ts FOLDER [options]

  --only NAME   only this log; may be repeated
  --list        also each wrong or repeated incident, missed label and wrong line
  --reeve PATH  another reeve than that of this checkout: a program, or the service/cli/main.ts of another checkout`;

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        only: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
        reeve: { type: 'string', default: join(import.meta.dirname, '../../service/cli/main.ts') },
        help: { type: 'boolean', default: false },
    },
});
const [folder, ...others] = positionals;
if (values.help || folder === undefined || others.length > 0) {
    console.error(usage);
    process.exit(values.help ? 0 : 2);
}

const run = promisify(execFile);

async function analyse<Line>(path: string, ...options: string[]): Promise<Line[]> {
    const own = values.reeve.endsWith('.ts') ? [process.execPath, '--disable-warning=ExperimentalWarning'] : [];
    const [command = '', ...args] = [...own, values.reeve, 'analyze', '--text', path, '--json', ...options];
    const { stdout } = await run(command, args, { maxBuffer: 2 ** 30, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    return stdout
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as Line);
}

async function score(log: LabelledLog): Promise<LogScore> {
    return scoreLog(log, await analyse<Reported>(log.path), await analyse<Verdict>(log.path, '--per-line'));
}

try {
    const logs = loadLabels(folder).filter(({ name }) => values.only.length === 0 || values.only.includes(name));
    const scores: LogScore[] = [];
    for (const log of logs) {
        const scored = await score(log);
        scores.push(scored);
        if (!values.list) continue;
        const text = readFileSync(log.path, 'utf8').split('\n');
        for (const line of details(scored, number => text[number - 1] ?? '')) console.log(line);
    }
    console.log(summary(scores));
} catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
}
