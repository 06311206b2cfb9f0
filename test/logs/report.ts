import type { Label } from './labels.ts';
import { sumsOf } from './match.ts';
import type { LogScore, Match, Share, Sums } from './match.ts';

/** A line for each log and one for all, then each figure with what it is counted from. */
export function summary(scores: readonly LogScore[]): string {
    const columns = ['lines', 'labels', 'found', 'reported', 'worth', 'again', 'optional', 'wrong', 'wrong lines'];
    const row = (name: string, cells: readonly (string | number)[]) =>
        `${name.slice(0, 32).padEnd(34)}${cells.map((cell, index) => String(cell).padStart((columns[index]?.length ?? 0) + 2)).join('')}`;
    const rowOf = (name: string, of: readonly LogScore[]) => {
        const sums = sumsOf(of);
        const { lines, labels, found, reported, worthIt, duplicates, optional, wrong, wrongLines } = sums;
        return row(name, [lines, labels, found, reported, worthIt, duplicates, optional, wrong, wrongLines]);
    };
    return [
        row('', columns),
        ...scores.map(score => rowOf(score.name, [score])),
        rowOf('all', scores),
        '',
        ...figures(sumsOf(scores)),
    ].join('\n');
}

function figures(sums: Sums): string[] {
    const { worthIt, wrong, duplicates, labels, found, foundInLines, wrongLines, lines } = sums;
    const share = (title: string, { right, of }: Share) =>
        `${title.padEnd(52)}${of === 0 ? '–' : ((100 * right) / of).toFixed(1)} of 100 (${right} of ${of})`;
    const ratio = (title: string, part: number, whole: number, digits: number, times = 1) =>
        `${title.padEnd(52)}${whole === 0 ? '–' : ((times * part) / whole).toFixed(digits)} (${part} of ${whole})`;
    return [
        share('Incidents worth a person’s time', { right: worthIt, of: worthIt + wrong }),
        share('Critical ones right', sums.critical),
        share('High ones right', sums.high),
        share('Severity right', sums.severity),
        share('Family right', sums.family),
        share('Faults found, in an incident', { right: found, of: labels }),
        share('Faults found, in a line', { right: foundInLines, of: labels }),
        ratio('Incidents for one cause', worthIt + duplicates, found, 2),
        ratio('Wrong lines in a thousand', wrongLines, lines, 2, 1000),
    ];
}

/** What went wrong in a log, with the lines that show it. @param textOf a line of the log by its number */
export function details({ name, matches, missed, wrongLines }: LogScore, textOf: (line: number) => string): string[] {
    const lineOf = (number: number) => `        ${number}: ${textOf(number).slice(0, 240)}`;
    const incidentOf = ({ incident, label }: Match, what: string) => [
        `  ${what}: ${incident.severity} ${incident.family} ${incident.kind} “${incident.title}” (${incident.subject})`,
        ...(label === null ? [] : [`      of: ${described(label)}`]),
        ...incident.evidence.slice(0, 4).flatMap(({ line }) => (line === null ? [] : [lineOf(line)])),
    ];
    const all = [
        ...matches.filter(({ is }) => is === 'wrong').flatMap(match => incidentOf(match, 'WRONG')),
        ...matches
            .filter(({ is, isSeverityRight }) => (is === 'worth it' || is === 'optional') && !isSeverityRight)
            .flatMap(match => incidentOf(match, 'SEVERITY')),
        ...matches
            .filter(({ is, isFamilyRight }) => is === 'worth it' && !isFamilyRight)
            .flatMap(match => incidentOf(match, 'FAMILY')),
        ...matches.filter(({ is }) => is === 'duplicate').flatMap(match => incidentOf(match, 'AGAIN')),
        ...missed.flatMap(label => [
            `  MISSED: ${described(label)}`,
            ...Array.from(label.lines).slice(0, 4).map(lineOf),
        ]),
        ...wrongLines.map(({ line, family, severity }) => `  LINE: ${severity} ${family}\n${lineOf(line)}`),
    ];
    return all.length === 0 ? [] : [name, ...all, ''];
}

function described({ cause, family, severity }: Label): string {
    return `${cause} [${family.join(', ')}; ${[...severity].join(', ')}]`;
}
