/** `reeve preferences`: how a person wants things called, and what is never to be done. */
import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import { incidentNumber, type Context, type Run } from '../command.ts';
import { exit, UsageError, type ExitCode } from '../exit.ts';
import { jsonTime } from '../times.ts';

export const run: Run = async (context, { operands: [action = 'list', ...operands] }) => {
    const { terminal, json, client } = context;
    const call = async (member: string, signature: string, ...values: unknown[]) =>
        await (await client()).call(rootPath, `Preferences.${member}`, signature, values);
    switch (action) {
        case 'add':
            await call('State', 's', sentence(operands));
            break;
        case 'edit':
            await call('Edit', 'ts', incidentNumber(operands[0]), sentence(operands.slice(1)));
            break;
        case 'forget':
            await call('Forget', 't', incidentNumber(operands[0]));
            if (!json) terminal.line(_('Forgotten.'));
            return exit.ok;
    }
    return await list(context);
};

async function list({ terminal, json, client }: Context): Promise<ExitCode> {
    const preferences = await (await client()).preferences();
    if (json)
        terminal.json({ preferences: preferences.map(({ made, ...rest }) => ({ ...rest, made: jsonTime(made) })) });
    else if (preferences.length === 0) terminal.line(_('You have stated no preferences.'));
    for (const { id, said } of json ? [] : preferences) terminal.line(`${id}  ${terminal.plain(said, 256)}`);
    return exit.ok;
}

function sentence(operands: readonly string[]): string {
    if (operands.length === 0) throw new UsageError('preferences: say it, such as “never restart docker”');
    return operands.join(' ');
}
