import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { isUnitName } from '../../../model/unitName.ts';
import type { JournalQuery } from '../../../journal/query.ts';
import { redact } from '../../../text/redact.ts';
import { safeText } from '../../../text/sanitise.ts';
import { reduceLines } from '../../../text/similarLines.ts';
import { amount } from '../amount.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { entryFact } from '../../../journal/facts.ts';
import { notHere, toldTool } from '../tool.ts';

const minute = 60_000_000;
const entriesRead = 400;
// Cut from the start: the last lines answer the question.
const linesShown = 30;
const linesTold = 12;
const levels = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

export const journal = toldTool({
    name: 'journal',
    description: 'Log lines of the journal, newest last, repeated lines shown once: by unit, level, text, time.',
    parameters: z.object({
        unit: z.string().max(255).optional().describe('only of this unit, such as ssh.service'),
        level: z.enum(['error', 'warning', 'info']).optional().describe('only this level and worse'),
        text: z.string().max(128).optional().describe('only lines that contain this'),
        minutes: amount(43_200).optional().describe('how far back; default 1440, a day'),
        kernel: z.boolean().optional().describe('only lines of the kernel'),
    }),
    asked: {
        phrases: {
            en: [
                '[show] [me] [the] [last] (log|logs|journal|log lines) (of|from|for) {name}',
                'what did {name} log',
                'what does {name} log',
            ],
            de: ['[zeige] [mir] [das] (log|protokoll|journal) von {name}', 'was hat {name} protokolliert'],
            ar: ['[اعرض] سجل {name}'],
        },
        named: 'must',
        example: () => _('What did {program} log?', { program: 'ssh' }),
        values: ({ name = '' }) => ({ unit: name }),
    },
    absent: () => _('I cannot read the journal of this computer.'),
    async find({ unit, level, text, minutes = 1440, kernel = false }, { journal: log, clock, signal }, cite) {
        if ((await log.access()) === 'none') throw notHere('The journal', 'no permission, or no journald');
        const matches = kernel ? ['_TRANSPORT=kernel'] : [];
        if (level !== undefined)
            for (let priority = 0; priority <= levels.indexOf(level); priority += 1)
                matches.push(`PRIORITY=${priority}`);
        const query: JournalQuery = {
            matches,
            since: clock() - minutes * minute,
            lines: entriesRead,
            reverse: true,
            signal,
        };
        if (text !== undefined) query.grep = literal(text);
        if (unit !== undefined) query.unit = isUnitName(unit) ? unit : `${unit}.service`;
        let entries = await log.query(query);
        if (entries.length === 0 && query.unit !== undefined) {
            const { unit: userUnit, ...rest } = query;
            entries = await log.query({ ...rest, userUnit });
        }
        cite(fact('system', 'journalctl', `${entries.length} entries`), ...entries.slice(0, 8).map(entryFact));
        const all = reduceLines(
            entries.reverse().map(({ userUnit, unit: owner, identifier, message, time }) => ({
                origin: userUnit ?? owner ?? identifier ?? '?',
                message: redact(message),
                time,
            })),
        );
        return { entries: entries.length, kinds: all.length, lines: all.slice(-linesShown) };
    },
    write({ entries, kinds, lines }, out, { unit, minutes = 1440 }, clock) {
        out.line(
            `${entries === entriesRead ? 'The last ' : ''}${entries} lines of the last ${minutes} minutes, ` +
                `${kinds} kinds${lines.length < kinds ? `, the last ${lines.length} shown` : ''}`,
        );
        for (const { origin, message, count, last } of lines) {
            const when = last === null ? '' : `${moment(last, clock())} `;
            const often = count === 1 ? '' : `${count} times, last `;
            out.line(`${often}${when}${unit === undefined ? `${origin}: ` : ''}${message}`);
        }
    },
    *tell({ entries, lines }, format, { unit }) {
        const values = { count: entries, program: code(safeText(unit ?? '', 128)) };
        if (entries === entriesRead)
            yield `${_('Of the last {count} lines that {program} wrote to the journal, the newest:', { ...values, count: format.number(entries) })}\n\n`;
        else
            yield entries === 0
                ? `${_('{program} wrote nothing to the journal in the last day.', values)}\n`
                : `${ngettext('{program} wrote {count} line to the journal in the last day:', '{program} wrote {count} lines to the journal in the last day:', entries, values)}\n\n`;
        for (const { message, count, last } of lines.slice(-linesTold)) {
            const line = code(safeText(message, 300));
            const told = { line, when: last === null ? '' : format.when(last), count: format.number(count) };
            yield item(count === 1 ? _('{when}: {line}', told) : _('{when}: {line} ({count} times)', told));
        }
    },
});

/** journalctl takes a PCRE2 pattern; the model's text is literal. */
function literal(text: string): string {
    return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
