import * as z from 'zod';

import { variant, type Variant } from '../../dbus/connection.ts';
import { rootPath } from '../../util/names.ts';
import { listNames } from '../../faults/unit/texts.ts';
import { _ } from '../../i18n/i18n.ts';
import { describePackages, occasionsOf } from '../../timeline/occasions.ts';
import type { OptionValues, Run } from '../command.ts';
import { exit, UsageError } from '../exit.ts';
import { timelineJson } from '../json.ts';
import { differenceBeginning, differenceLines, isDifference } from '../difference.ts';
import { timelineEntrySchema, type TimelineEntry } from '../objects.ts';
import { localTime } from '../../text/localTime.ts';
import { parseTime } from '../times.ts';

const reply = z.tuple([z.array(timelineEntrySchema)]);
/** The service returns at most this many at once. */
const most = 1000;

export const run: Run = async ({ terminal, json, client }, { options }) => {
    const limit = limitOf(options);
    const filter = toFilter(options);
    // A hundred packages installed at once are one line, not a whole list.
    filter.limit = variant('u', json ? limit : most);
    const service = await client();
    const [entries] = reply.parse(await service.call(rootPath, 'Timeline.Query', 'a{sv}', [filter]));
    if (json) {
        terminal.json({ entries: entries.map(timelineJson) });
        return exit.ok;
    }
    if (entries.length === 0) terminal.line(_('Nothing is recorded.'));
    const all = joinPackages(entries);
    const shown = all.slice(0, limit);
    const width = Math.max(...shown.map(({ kind }) => kind.length));
    const difference = typeof options.subject === 'string' ? differenceLines : differenceBeginning;
    for (const { time, kind, summary, detail } of shown) {
        const when = terminal.style('dim', localTime(time));
        terminal.line(`${when}  ${terminal.plain(kind).padEnd(width)}  ${terminal.plain(summary)}`);
        if (isDifference(detail)) for (const line of difference(terminal, detail, '    ')) terminal.line(line);
        else if (detail !== '') terminal.line(terminal.wrap(terminal.block(detail, 4096), '    '));
    }
    const last = shown.at(-1);
    if (last !== undefined && (all.length > limit || entries.length === most)) terminal.line(leftOut(last.time, limit));
    return exit.ok;
};

type Line = Pick<TimelineEntry, 'time' | 'kind' | 'summary' | 'detail'>;

/** Packages that were installed, upgraded or removed together share one line, at the place of the last. */
function joinPackages(entries: readonly TimelineEntry[]): Line[] {
    const isOfManager = ({ kind, facts }: TimelineEntry) => kind === 'package' && facts.manager !== undefined;
    const occasions = occasionsOf(entries.filter(isOfManager));
    const joined = new Map(occasions.map(occasion => [occasion[0], oneLine(occasion)]));
    return entries.flatMap(entry => (isOfManager(entry) ? (joined.get(entry) ?? []) : entry));
}

function oneLine(occasion: readonly TimelineEntry[]): Line[] {
    const [first] = occasion;
    if (first === undefined || occasion.length === 1) return [...occasion];
    const changes = occasion.map(({ event, subject }) => ({ action: event, name: subject }));
    return [{ ...first, summary: describePackages(changes, listNames) }];
}

function leftOut(time: number, limit: number): string {
    const more = limit < most ? [`--limit ${most}`] : [];
    const options = [...more, '--since TIME', `--until "${localTime(time)}"`].join(', ');
    return _('Older entries are not shown. To see others: {options}', { options });
}

function toFilter(options: OptionValues): Record<string, Variant> {
    const filter: Record<string, Variant> = {};
    for (const name of ['since', 'until'] as const) {
        const text = options[name];
        if (typeof text !== 'string') continue;
        const time = parseTime(text);
        if (time === null)
            throw new UsageError(`--${name}: “${text}” is not a time; try "2h", "yesterday" or "2026-11-21"`);
        filter[name] = variant('t', time);
    }
    const kinds = options.kind;
    if (Array.isArray(kinds)) filter.kinds = variant('as', kinds.map(String));
    for (const name of ['subject', 'text'] as const) {
        const value = options[name];
        if (typeof value === 'string') filter[name] = variant('s', value);
    }
    return filter;
}

function limitOf({ limit: text = '100' }: OptionValues): number {
    const limit = Number(text);
    if (!Number.isInteger(limit) || limit < 1 || limit > most)
        throw new UsageError(`--limit: expected 1 to ${most}, not “${String(text)}”`);
    return limit;
}
