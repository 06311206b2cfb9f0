/** `reeve services`: the servers of models that the configuration declares. */
import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import { localTime } from '../../text/localTime.ts';
import { variant } from '../../dbus/connection.ts';
import type { Context, OptionValues, Run } from '../command.ts';
import { CommandError, exit, UsageError, type ExitCode } from '../exit.ts';
import { logEntriesSchema, ownerOf, type DeclaredServer } from '../objects.ts';
import { jsonTime } from '../times.ts';
import { approve, assertPerson } from './change.ts';
import { planFor } from './do.ts';

export const run: Run = async (context, { operands: [action = 'list', name], options }) => {
    if (action === 'list') return await list(context);
    if (name === undefined) throw new UsageError(`services: ${action} which one? See reeve services`);
    switch (action) {
        case 'show':
            return await show(context, name);
        case 'logs':
            return await logs(context, name, options);
        default:
            return await change(context, action, name);
    }
};

async function list({ terminal, json, client }: Context): Promise<ExitCode> {
    const services = await (await client()).services();
    if (json) terminal.json({ services });
    else if (services.length === 0)
        terminal.line(_('No model servers are declared. See {command}', { command: 'reeve help services' }));
    const width = Math.max(...services.map(({ name }) => name.length));
    for (const { name, state, url } of json ? [] : services)
        terminal.line(`${name.padEnd(width)}  ${stateText(state)}  ${terminal.style('dim', url)}`);
    return services.every(isWell) ? exit.ok : exit.notWell;
}

async function show({ terminal, json, client }: Context, name: string): Promise<ExitCode> {
    const found = (await (await client()).services()).find(service => service.name === name);
    if (found === undefined)
        throw new CommandError(exit.notFound, 'NotFound', _('There is no service {name}', { name }));
    if (json) terminal.json(found);
    else {
        const detail = found.detail === '' ? '' : `: ${terminal.plain(found.detail)}`;
        terminal.line(`${found.name}: ${stateText(found.state)}${detail}`);
        terminal.line(`  ${found.url}`);
        terminal.line(`  ${found.unit}`);
    }
    return isWell(found) ? exit.ok : exit.notWell;
}

async function logs({ terminal, json, client }: Context, name: string, options: OptionValues): Promise<ExitCode> {
    const { lines = '50' } = options;
    if (typeof lines !== 'string' || !/^[1-9]\d{0,3}$/.test(lines))
        throw new UsageError(`--lines: expected a number from 1 to 1000, not “${String(lines)}”`);
    const given = { lines: variant('u', Number(lines)) };
    const [answer] = await (await client()).call(rootPath, 'Services.Log', 'sa{sv}', [name, given]);
    const entries = logEntriesSchema.parse(answer);
    if (json) terminal.json({ entries: entries.map(({ time, message }) => ({ time: jsonTime(time), message })) });
    for (const { time, message } of json ? [] : entries)
        terminal.line(`${terminal.style('dim', localTime(time))}  ${terminal.plain(message, 2000)}`);
    return exit.ok;
}

async function change(context: Context, action: string, name: string): Promise<ExitCode> {
    assertPerson(context);
    const service = await context.client();
    if (!(await service.services()).some(one => one.name === name))
        throw new CommandError(exit.notFound, 'NotFound', _('There is no service {name}', { name }));
    const { proposal, refusal } = await planFor(service, `service.${action}`, `${action} model server "${name}"`);
    if (proposal === null) throw new CommandError(exit.failed, 'InvalidState', refusal);
    return await approve(context, { id: ownerOf(proposal), isOpen: true, proposals: [proposal] });
}

function isWell({ state }: DeclaredServer): boolean {
    return state !== 'unhealthy' && state !== 'failed';
}

function stateText(state: DeclaredServer['state']): string {
    switch (state) {
        case 'stopped':
            return _('stopped');
        case 'starting':
            return _('starting');
        case 'healthy':
            return _('healthy');
        case 'unhealthy':
            return _('not answering');
        case 'failed':
            return _('failed');
        case 'unknown':
            return '?';
    }
}
