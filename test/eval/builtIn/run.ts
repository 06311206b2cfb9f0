import { wishLanguages } from '../../../service/actions/wish.ts';
import { startComputer } from './computer.ts';
import { judge, verdicts, type Verdict } from './judge.ts';
import { loadLines, type Line } from './load.ts';
import { readLine, type Reading } from './read.ts';

type Result = { line: Line; reading: Reading; verdict: Verdict; /** Milliseconds. */ took: number };

const kinds = { question: 'Questions', wish: 'Wishes', refusal: 'Other topics' } as const;

/**
 * How well Reeve understands without a model: reads each line as the assistant would and prints how many were right,
 * refused and wrong, and how long that took.
 *
 * @param options.isHeldOut the third that nobody looks at while the rules are written, instead of the others
 * @param options.showsFailures prints each line that was not right; never of the third that is held out
 */
export async function evaluateBuiltIn({
    isHeldOut,
    showsFailures,
}: {
    isHeldOut: boolean;
    showsFailures: boolean;
}): Promise<void> {
    const lines = loadLines().filter(line => line.isHeldOut === isHeldOut);
    await using computer = await startComputer();
    const system = { ...computer, signal: new AbortController().signal };
    // With the first line, everything that is declared is read; the others find it there.
    const started = performance.now();
    await readLine('which service failed', system);
    const first = performance.now() - started;
    const results: Result[] = [];
    for (const line of lines) {
        const begun = performance.now();
        const reading = await readLine(line.text, system);
        results.push({ line, reading, verdict: judge(line.wanted, reading), took: performance.now() - begun });
    }
    if (showsFailures && !isHeldOut)
        for (const { line, reading, verdict } of results)
            if (verdict !== 'right') console.log(`${verdict}: ${line.text}\n    ${describe(line, reading)}`);
    console.log(table(results));
    const times = results.map(({ took }) => took).sort((one, other) => one - other);
    const at = (share: number) =>
        times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(1) ?? '–';
    console.log(
        `The first line took ${first.toFixed(0)} ms; each of the others, with what it asks of the computer, ` +
            `${at(0.5)} ms (median), ${at(0.95)} ms (95 of 100), ${at(1)} ms (longest).`,
    );
}

function table(results: readonly Result[]): string {
    const rows = Object.entries(kinds).flatMap(([kind, title]) =>
        [...wishLanguages, 'all'].map(language => {
            const of = results.filter(
                ({ line }) => line.wanted.kind === kind && (language === 'all' || line.language === language),
            );
            const counts = verdicts.map(verdict => {
                const count = of.filter(result => result.verdict === verdict).length;
                const share = of.length === 0 ? '' : ` (${((100 * count) / of.length).toFixed(0)} %)`;
                return `${count}${share}`.padStart(12);
            });
            return `${title.padEnd(14)}${language.padEnd(5)}${String(of.length).padStart(5)}${counts.join('')}`;
        }),
    );
    return [`${''.padEnd(19)}lines${verdicts.map(verdict => verdict.padStart(12)).join('')}`, ...rows].join('\n');
}

function describe({ wanted }: Line, reading: Reading): string {
    const want =
        wanted.kind === 'refusal'
            ? 'nothing'
            : (wanted.kind === 'question' ? wanted.answers : wanted.action).join(' or ');
    return `wanted ${want}, read as ${JSON.stringify(reading)}`;
}
