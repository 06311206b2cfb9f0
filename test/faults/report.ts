// The table of a run of the fault bench: in the terminal, and in docs/faults-results.md.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { aspects, type Aspect, type Mark, type Score } from './score.ts';

export type QuietScore = { title: string; raised: string[] };
export type Report = {
    shell: number;
    /** Program → version. */
    versions: Record<string, string>;
    scores: Score[];
    quiet: QuietScore[];
};

const all = Object.keys(aspects) as Aspect[];
const documentation = new URL('../../docs/faults-results.md', import.meta.url);

function sign(mark: Mark): string {
    if (mark === null) return '–';
    return mark ? '✓' : '✗';
}

function cells({ title, family, by, noticed, leftOut, marks }: Score): string[] {
    const time = leftOut !== '' ? '–' : noticed === null ? '✗' : `${noticed.toFixed(1)} s`;
    return [title, family, by, time, ...all.map(aspect => sign(marks[aspect]))];
}

export function isPerfect({ noticed, marks }: Score): boolean {
    return noticed !== null && all.every(aspect => marks[aspect] !== false);
}

export function printScore(score: Score): void {
    const [title = '', family = '', by = '', time = '', ...marks] = cells(score);
    console.log(`${title.padEnd(46)} ${family.padEnd(13)} ${by.padEnd(9)} ${time.padStart(6)}  ${marks.join(' ')}`);
    for (const remark of score.leftOut !== '' ? [score.leftOut] : score.remarks) console.log(`    ${remark}`);
}

export function printHead(): void {
    console.log(`${' '.repeat(79)}${all.join(' ')}`);
}

export function printQuiet({ title, raised }: QuietScore): void {
    console.log(`${title.padEnd(46)} ${raised.join('; ') || 'quiet'}`);
}

/** The newer report, with what it did not try taken from the one before. */
export function merge(before: Report, now: Report): Report {
    const scores = new Map([...before.scores, ...now.scores].map(score => [score.title, score]));
    const quiet = new Map([...before.quiet, ...now.quiet].map(score => [score.title, score]));
    return { ...now, scores: [...scores.values()], quiet: [...quiet.values()] };
}

export function summary({ shell, scores, quiet }: Report): string {
    const tried = scores.filter(({ leftOut }) => leftOut === '');
    const noticed = tried.filter(score => score.noticed !== null);
    const perfect = tried.filter(isPerfect);
    const families = new Set(tried.map(({ family }) => family));
    const silent = quiet.filter(({ raised }) => raised.length === 0);
    return (
        `GNOME ${shell}: ${tried.length} faults of ${families.size} families, ${noticed.length} noticed, ` +
        `${perfect.length} as they should be in every respect; ${silent.length} of ${quiet.length} quiet runs were quiet`
    );
}

function toMarkdown(report: Report): string {
    const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
    const row = (texts: string[]) => `| ${texts.join(' | ')} |`;
    const head = ['fault', 'family', '', 'noticed', ...all];
    return [
        `${summary(report)}. (${versions.join(', ')}.)`,
        '',
        row(head),
        row(head.map(() => '---')),
        ...report.scores.map(score => row(cells(score))),
        '',
        ...report.quiet.map(({ title, raised }) => `- ${title}: ${raised.join('; ') || 'quiet'}`),
    ].join('\n');
}

/** Puts the report in the place of the last one. */
export async function writeReport(report: Report): Promise<void> {
    const [begin, end] = [`<!-- fault bench ${report.shell} -->`, `<!-- end of fault bench ${report.shell} -->`];
    const text = await readFile(documentation, 'utf8');
    const place = /### GNOME \d+\n\n<!-- fault bench \d+ -->[^]*<!-- end of fault bench \d+ -->/;
    if (!place.test(text)) throw new Error('docs/faults-results.md has no place for the report');
    const table = `### GNOME ${report.shell}\n\n${begin}\n\n${toMarkdown(report)}\n\n${end}`;
    const filled = text.replace(place, () => table);
    const options = await resolveConfig(documentation);
    await writeFile(documentation, await format(filled, { ...options, parser: 'markdown' }));
}
