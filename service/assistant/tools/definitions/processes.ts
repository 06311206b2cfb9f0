import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code } from '../../markup.ts';
import { fact } from '../../../machine/evidence.ts';
import { readText } from '../../../machine/machine.ts';
import { millisecondsPerTick, parseStatus, readOwner, readProcesses } from '../../../machine/processes/processes.ts';
import type { Process } from '../../../machine/processes/processes.ts';
import { bytes, duration } from '../figures.ts';
import { listed } from '../listed.ts';
import { toldTool } from '../tool.ts';
import { readUptime } from '../../../machine/time/uptime.ts';

/** States of proc_pid_stat(5) that people ask about. */
const states: Record<string, string> = {
    R: 'running',
    S: 'sleeping',
    D: 'waiting for a disk',
    Z: 'zombie',
    T: 'stopped',
};

/** Those in which a process should not be for long. */
const odd = new Set(['D', 'Z', 'T']);

const shown = 20;

type Row = { name: string; pid: number; state: string; memory: number | null; age: number | null };

/** In words for people; null for what is usual. */
function oddStates(state: string): string | null {
    if (state === 'D') return _('waiting for a disk');
    if (state === 'Z') return _('a zombie: it has ended, and its parent has not collected it');
    return state === 'T' ? _('stopped') : null;
}

export const processes = toldTool({
    name: 'processes',
    description: 'Running processes whose name or application contains a word: PID, state, memory, age.',
    parameters: z.object({
        name: z.string().max(64).optional().describe('part of the name; leave out for zombies and stuck processes'),
        all: z.boolean().optional().describe('every process, those with most memory first'),
    }),
    asked: {
        phrases: {
            en: [
                '(which|what) {all} are [currently] (running|open) [right now]',
                'what is running [right now|on my computer]',
                '[list|show] [me] [all] [the] running {all}',
                '(list|show) [me] all {all}',
                'how many {all} (are there|are running|run)',
                'how long has {name} been running',
                '(how many|which) {name} processes (are there|are running|run)',
                '(what|which) (pid|process id|process number) does {name} have',
                '[what is the] pid of {name}',
                'is {name} [still] running',
                'since when is {name} running',
                '[are there] [any] zombie processes',
                'which (processes|programs) are (stuck|hanging|zombies)',
            ],
            de: [
                'welche {all} (laufen|sind offen|sind geöffnet) [gerade]',
                'was läuft [gerade]',
                '[zeige] [mir] (alle|laufende) {all} [anzeigen|auflisten]',
                'wie viele {all} (laufen|gibt es)',
                'welche (pid|prozessnummer) hat {name}',
                'wie viele {name} prozesse (gibt es|laufen)',
                'läuft {name} [noch]',
                'seit wann läuft {name}',
                '[gibt es] zombie prozesse',
                'welche prozesse hängen',
            ],
            ar: [
                '(ما|ما هي) {all} (التي تعمل|المفتوحة|قيد التشغيل) [الان]',
                'اعرض [كل] {all}',
                'كم {all} تعمل',
                '{all} قيد التشغيل',
                'ما رقم عملية {name}',
                'هل {name} يعمل',
                'هل توجد عمليات عالقة',
            ],
        },
        slots: {
            all: {
                yes: [
                    'programs',
                    'processes',
                    'apps',
                    'applications',
                    'programme',
                    'prozesse',
                    'anwendungen',
                    'البرامج',
                    'العمليات',
                    'التطبيقات',
                    'عملية',
                    'برنامج',
                ],
            },
        },
        named: 'may',
        example: () => _('Which process ID does {program} have?', { program: 'firefox' }),
        values: ({ name, all }) => (all !== undefined ? { all: true } : name === undefined ? {} : { name }),
    },
    async find({ name, all: isOfAll }, { machine, signal }, cite) {
        const uptime = (await readUptime(machine))?.seconds ?? null;
        const all = await readProcesses(machine, signal);
        const wanted = name?.toLowerCase();
        const isWanted = async (process: Process) => {
            if (isOfAll === true) return true;
            if (wanted === undefined) return odd.has(process.state);
            if (process.name.toLowerCase().includes(wanted)) return true;
            return (await readOwner(machine, process)).name.toLowerCase().includes(wanted);
        };
        const found: Row[] = [];
        for (const process of all) {
            if (!(await isWanted(process))) continue;
            const status = await readText(machine, `/proc/${process.pid}/status`, 4096);
            const memory = status === null ? null : parseStatus(status);
            const started = (process.started * millisecondsPerTick) / 1000;
            found.push({
                name: process.name,
                pid: process.pid,
                state: process.state,
                memory: memory?.resident ?? null,
                age: uptime === null ? null : Math.max(0, uptime - started),
            });
        }
        if (isOfAll === true) found.sort((one, other) => (other.memory ?? 0) - (one.memory ?? 0));
        cite(fact('file', '/proc/*/stat', `${all.length} processes read, ${found.length} fit`));
        return { all: all.length, found };
    },
    write({ all, found }, out, { name, all: isOfAll }) {
        out.line(`${all} processes run`);
        out.list(
            isOfAll === true
                ? 'Largest first'
                : name === undefined
                  ? 'Zombies, stopped or waiting for a disk'
                  : `Named like ${name}`,
            found,
            ({ name: title, pid, state, memory, age }) => {
                const size = memory === null ? '' : `, ${bytes(memory)}`;
                return `${title} (pid ${pid}): ${states[state] ?? state}${size}${age === null ? '' : `, for ${duration(age)}`}`;
            },
            shown,
        );
    },
    *tell({ all, found }, format, { name, all: isOfAll }) {
        const count = found.length;
        const values = { count, name: code(name ?? ''), all: format.number(all) };
        if (isOfAll === true) yield `${_('{all} processes run. Those with most memory first:', values)}\n\n`;
        else if (name === undefined)
            yield count === 0
                ? `${_('{all} processes run, and none is stuck, stopped or a zombie.', values)}\n`
                : `${ngettext('{count} of {all} processes is stuck, stopped or a zombie:', '{count} of {all} processes are stuck, stopped or zombies:', count, values)}\n\n`;
        else
            yield count === 0
                ? `${_('No process is called {name}.', values)}\n`
                : `${ngettext('{count} process is called {name}:', '{count} processes are called {name}:', count, values)}\n\n`;
        yield* listed(found, shown, format, ({ name: title, pid, state, memory, age }) => {
            const parts = [_('{program}, process {pid}', { program: code(title), pid })];
            const odd = oddStates(state);
            if (odd !== null) parts.push(odd);
            if (memory !== null) parts.push(format.size(memory));
            if (age !== null) parts.push(_('running for {time}', { time: format.duration(age) }));
            return parts.join(', ');
        });
    },
});
