// How often Reeve would have notified the owners of healthy computers: `node build/run.mjs test/logs/week.ts FOLDER…`.
import { parseArgs } from 'node:util';

import { messageOf } from '../../service/util/errors.ts';
import { loadLabels } from './labels.ts';
import type { LabelledLog } from './labels.ts';
import { replay } from './replay.ts';
import type { Replay } from './replay.ts';

const usage = `Usage: node build/run.mjs test/logs/week.ts FOLDER… [--list] [--all]

  --only NAME  only this log; may be repeated
  --list       also what each notification is about, with the lines
  --all        also the computers with a fault`;

const { values, positionals: folders } = parseArgs({
    allowPositionals: true,
    options: {
        only: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
    },
});
if (values.help || folders.length === 0) {
    console.error(usage);
    process.exit(values.help ? 0 : 2);
}

type Watched = { log: LabelledLog; replayed: Replay };

function isWanted({ name, healthy }: LabelledLog): boolean {
    return values.only.length === 0 ? healthy || values.all : values.only.includes(name);
}

function row(name: string, { days, announced }: { days: number; announced: number }): string {
    const week = (7 * announced) / days;
    return `${name.slice(0, 38).padEnd(40)}${String(days).padStart(6)}${String(announced).padStart(15)}${week.toFixed(2).padStart(12)}`;
}

function rowOf(name: string, watched: readonly Watched[]): string {
    const sum = (of: (replayed: Replay) => number) => watched.reduce((all, { replayed }) => all + of(replayed), 0);
    return row(name, { days: sum(({ days }) => days), announced: sum(({ announced }) => announced.length) });
}

function describe({ replayed }: Watched): string[] {
    return replayed.announced.flatMap(({ severity, family, kind, title, subject, facts, evidence }) => [
        `    ${severity} ${family} ${kind} “${title}” (${subject})${facts.toldWith === undefined ? '' : `, and ${facts.toldWith} more`}`,
        ...evidence.slice(0, 3).map(({ line, message }) => `        ${line ?? ''}: ${message.slice(0, 220)}`),
    ]);
}

try {
    const all: Watched[] = [];
    console.log(`${' '.repeat(40)}  days  notifications  in a week`);
    for (const log of folders.flatMap(loadLabels).filter(isWanted)) {
        const watched = { log, replayed: await replay(log.path) };
        all.push(watched);
        console.log(rowOf(log.name, [watched]));
        if (values.list) for (const line of describe(watched)) console.log(line);
    }
    const hasDesktop = ({ log }: Watched) => log.desktop !== 'server';
    console.log(rowOf('desktops', all.filter(hasDesktop)));
    console.log(
        rowOf(
            'servers',
            all.filter(one => !hasDesktop(one)),
        ),
    );
    console.log(rowOf('all', all));
} catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
}
