/** `reeve grants`: what Reeve may do without asking, and how to allow and stop that. */
import { variant, type Variant } from '../../dbus/connection.ts';
import { rootPath } from '../../util/names.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { localTime } from '../../text/localTime.ts';
import { incidentNumber, type Context, type Run } from '../command.ts';
import { CommandError, exit, UsageError, type ExitCode } from '../exit.ts';
import type { OptionValues } from '../command.ts';
import { ownerOf, type Grant } from '../objects.ts';
import { jsonTime } from '../times.ts';
import { approve, assertPerson } from './change.ts';

export const run: Run = async (context, { operands: [action = 'list', operand], options }) => {
    switch (action) {
        case 'add':
            return await add(context, incidentNumber(operand), options);
        case 'remove':
            return await remove(context, operand);
        default:
            return await list(context);
    }
};

async function list({ terminal, json, client }: Context): Promise<ExitCode> {
    const grants = await (await client()).grants();
    if (json) terminal.json({ grants: grants.map(grantJson) });
    else if (grants.length === 0) terminal.line(_('Reeve does nothing without asking you.'));
    for (const grant of json ? [] : grants) {
        terminal.line(`${grant.id}  ${terminal.plain(grant.title, 300)}`);
        terminal.line(terminal.wrap(terminal.style('dim', standing(grant)), '          '));
    }
    return exit.ok;
}

async function add(context: Context, number: number, options: OptionValues): Promise<ExitCode> {
    assertPerson(context);
    const service = await context.client();
    const fixes = await service.proposals(await service.incident(number));
    const fix = fixes.find(({ grantable }) => grantable);
    if (fix === undefined)
        throw new CommandError(
            exit.failed,
            'InvalidState',
            _('No fix of incident {id} can be allowed for the next times.', { id: number }),
        );
    const limits = { days: 'days', times: 'uses', 'per-hour': 'uses_per_hour' };
    const given = Object.entries(limits).flatMap(([option, name]): [string, Variant][] => {
        const value = options[option];
        return value === undefined ? [] : [[name, variant('u', countOf(option, value))]];
    });
    const [path] = await service.call(rootPath, 'Grants.Propose', 'oa{sv}', [fix.path, Object.fromEntries(given)]);
    const proposals = await service.proposalsAt([String(path)]);
    const [plan] = proposals;
    if (plan === undefined) throw new CommandError(exit.failed, 'Failed', _('No answer.'));
    return await approve(context, { id: ownerOf(plan), isOpen: true, proposals });
}

async function remove({ terminal, json, client }: Context, id: string | undefined): Promise<ExitCode> {
    if (id === undefined) throw new UsageError('grants: remove which one? See reeve grants');
    const service = await client();
    const grant = (await service.grants()).find(one => one.id === id);
    if (grant === undefined)
        throw new CommandError(exit.notFound, 'NotFound', _('There is no standing grant {id}', { id }));
    await service.call(rootPath, 'Grants.Remove', 's', [id]);
    if (json) terminal.json({ removed: grantJson(grant) });
    else terminal.line(_('Reeve will ask you again: {title}', { title: terminal.plain(grant.title, 300) }));
    return exit.ok;
}

function countOf(option: string, value: OptionValues[string]): number {
    if (typeof value === 'string' && /^[1-9]\d{0,2}$/.test(value)) return Number(value);
    throw new UsageError(`--${option}: expected a number, not “${String(value)}”`);
}

function standing({ state, reason, ends, uses, usesAllowed }: Grant): string {
    const used = ngettext('Used {count} time of {total}', 'Used {count} times of {total}', uses, {
        total: usesAllowed,
    });
    switch (state) {
        case 'suspended':
            return _('Suspended. {reason}', { reason });
        case 'over':
            return _('Ended on {time}', { time: localTime(ends) });
        case 'used-up':
            return _('{used}, so it has ended', { used });
        case 'usable':
        case 'unknown':
            return _('{used}, until {time}', { used, time: localTime(ends) });
    }
}

function grantJson({ made, ends, lastUsed, usesAllowed, usesPerHour, ...grant }: Grant) {
    return {
        ...grant,
        made: jsonTime(made),
        ends: jsonTime(ends),
        uses_allowed: usesAllowed,
        uses_per_hour: usesPerHour,
        last_used: lastUsed === 0 ? null : jsonTime(lastUsed),
    };
}
