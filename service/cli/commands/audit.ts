import * as z from 'zod';

import { variant } from '../../dbus/connection.ts';
import { rootPath } from '../../util/names.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { Context, Run } from '../command.ts';
import { exit, UsageError, type ExitCode } from '../exit.ts';
import { auditEntrySchema } from '../objects.ts';
import { localTime } from '../../text/localTime.ts';
import { jsonTime } from '../times.ts';

const listReply = z.tuple([z.array(auditEntrySchema)]);
const verifyReply = z.tuple([z.boolean(), z.union([z.number(), z.bigint()]), z.string(), z.string()]);

export const run: Run = async (context, { operands, options }) => {
    if (operands[0] === 'verify') return verify(context);
    const limit = Number(options.limit ?? 100);
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new UsageError(`--limit: expected 1 to 1000, not “${String(options.limit)}”`);
    return list(context, limit);
};

async function list({ terminal, json, client }: Context, limit: number): Promise<ExitCode> {
    const filter = { limit: variant('u', limit) };
    const [entries] = listReply.parse(await (await client()).call(rootPath, 'Audit.List', 'a{sv}', [filter]));
    if (json) {
        terminal.json({ entries: entries.map(({ time, ...rest }) => ({ ...rest, time: jsonTime(time) })) });
        return exit.ok;
    }
    if (entries.length === 0) terminal.line(_('Reeve has done nothing yet.'));
    for (const { id, time, event, actor, subject, detail } of entries) {
        const what = [event, actor, subject].map(text => terminal.plain(text, 300)).join('  ');
        terminal.line(`${String(id).padStart(5)}  ${terminal.style('dim', localTime(time))}  ${what}`);
        if (detail !== '') terminal.line(terminal.wrap(terminal.plain(detail), '       '));
    }
    return exit.ok;
}

async function verify({ terminal, json, client }: Context): Promise<ExitCode> {
    const reply = await (await client()).call(rootPath, 'Audit.Verify', '', [], { timeout: 120_000 });
    const [ok, checked, detail, head] = verifyReply.parse(reply);
    if (json) {
        terminal.json({ ok, checked: Number(checked), detail, head });
    } else if (ok) {
        terminal.line(
            terminal.style(
                'good',
                ngettext('{count} entry, chain intact', '{count} entries, chain intact', Number(checked)),
            ),
        );
        terminal.line(_('Newest hash: {hash}', { hash: terminal.plain(head) }));
    } else {
        terminal.line(terminal.style('bad', _('The log was altered: {detail}', { detail: terminal.plain(detail) })));
    }
    return ok ? exit.ok : exit.notWell;
}
