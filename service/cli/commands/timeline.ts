import * as z from 'zod';

import { variant, type Variant } from '../../bus/connection.ts';
import { rootPath } from '../../bus/paths.ts';
import { _ } from '../../i18n/i18n.ts';
import { exit, UsageError, type OptionValues, type Run } from '../command.ts';
import { timelineJson } from '../json.ts';
import { differenceBeginning, differenceLines, isDifference } from '../difference.ts';
import { timelineEntrySchema } from '../objects.ts';
import { localTime } from '../../text/localTime.ts';
import { parseTime } from '../times.ts';

const reply = z.tuple([z.array(timelineEntrySchema)]);

export const run: Run = async ({ terminal, json, client }, { options }) => {
    const filter = toFilter(options);
    const service = await client();
    const [entries] = reply.parse(await service.call(rootPath, 'Timeline.Query', 'a{sv}', [filter]));
    if (json) {
        terminal.json({ entries: entries.map(timelineJson) });
        return exit.ok;
    }
    if (entries.length === 0) terminal.line(_('Nothing is recorded.'));
    const width = Math.max(...entries.map(({ kind }) => kind.length));
    const difference = typeof options.subject === 'string' ? differenceLines : differenceBeginning;
    for (const { time, kind, summary, detail } of entries) {
        const when = terminal.style('dim', localTime(time));
        terminal.line(`${when}  ${terminal.plain(kind).padEnd(width)}  ${terminal.plain(summary)}`);
        if (isDifference(detail)) for (const line of difference(terminal, detail, '    ')) terminal.line(line);
        else if (detail !== '') terminal.line(terminal.wrap(terminal.block(detail, 4096), '    '));
    }
    return exit.ok;
};

function toFilter(options: OptionValues): Record<string, Variant> {
    const filter: Record<string, Variant> = {};
    for (const name of ['since', 'until'] as const) {
        const text = options[name];
        if (typeof text !== 'string') continue;
        const time = parseTime(text);
        if (time === null)
            throw new UsageError(`--${name}: “${text}” is no time; try "2h", "yesterday" or "2026-11-21"`);
        filter[name] = variant('t', time);
    }
    const kinds = options.kind;
    if (Array.isArray(kinds)) filter.kinds = variant('as', kinds.map(String));
    for (const name of ['subject', 'text'] as const) {
        const value = options[name];
        if (typeof value === 'string') filter[name] = variant('s', value);
    }
    const limit = Number(options.limit ?? 100);
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new UsageError('--limit: expected 1 to 1000');
    filter.limit = variant('u', limit);
    return filter;
}
