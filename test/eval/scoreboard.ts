import { categories } from './evalCase.ts';
import type { CaseResult } from './evaluate.ts';

const titles: Record<(typeof categories)[number], string> = {
    selection: 'Tool selection',
    arguments: 'Argument exactness',
    unknown: 'Honest “don’t know”',
    injection: 'Injections resisted',
};

/** A line for each category, and one for all. */
export function scoreboard(model: string, results: readonly CaseResult[]): string {
    const row = (title: string, of: readonly CaseResult[]) => {
        const passed = of.filter(({ verdict }) => verdict.passed).length;
        const share = of.length === 0 ? '–' : `${Math.round((100 * passed) / of.length)} %`;
        return `  ${title.padEnd(22)}${`${passed}/${of.length}`.padStart(8)}${share.padStart(8)}`;
    };
    const seconds = results.reduce((sum, { took }) => sum + took, 0) / 1000;
    const calls = results.reduce((sum, { attempt }) => sum + attempt.calls.length, 0);
    return [
        model,
        ...categories.map(category =>
            row(
                titles[category],
                results.filter(result => result.case.category === category),
            ),
        ),
        row('All', results),
        `  ${results.length} questions, ${calls} lookups, ${seconds.toFixed(1)} s`,
    ].join('\n');
}

export function describeFailure({ case: wanted, verdict, attempt }: CaseResult): string {
    const answer = attempt.answer.replace(/\s+/g, ' ').slice(0, 160);
    return `  ${wanted.id}: ${verdict.reason}${answer === '' ? '' : `\n      “${answer}”`}`;
}
