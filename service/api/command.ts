/** Manager.RunCommand: a command in the sandbox. */
import * as z from 'zod';

import type { Callers } from '../approval/callers.ts';
import { readOptions } from '../dbus/options.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import { _ } from '../i18n/i18n.ts';
import type { Status } from '../lifecycle/status.ts';
import type { CommandResult, SandboxedCommands } from '../sandbox/sandboxedCommands.ts';
import { ReeveError } from '../util/errors.ts';
import { lazy } from '../util/lazy.ts';
import { proposalPath } from './paths.ts';
import { requestOptions, type Requests } from './requests.ts';

const path = z
    .string()
    .max(4096)
    .regex(/^\/[^\0]*$/, 'has to begin with /');
const argvSchema = lazy(() => z.array(z.string().max(4096)).min(1).max(256));
const options = lazy(() => ({
    schema: requestOptions.schema.extend({
        directory: path,
        folders: z.array(path).min(1).max(8).optional(),
        network: z.boolean().default(false),
    }),
    signatures: { ...requestOptions.signatures, directory: 's', folders: 'as', network: 'b' },
}));

/**
 * @returns the path of the request
 * @throws ReeveError NotAuthorized, InvalidArgument, Paused
 */
export async function startCommand(
    asked: { argv: string[]; options: Dictionary; sender: string },
    {
        callers,
        status,
        requests,
        commands,
    }: { callers: Callers; status: Status; requests: Requests; commands: () => Promise<SandboxedCommands> },
): Promise<string> {
    const actor = await callers.authorise(asked.sender);
    const argv = argvSchema().safeParse(asked.argv);
    if (!argv.success) throw new ReeveError('InvalidArgument', `argv: ${argv.error.issues[0]?.message ?? ''}`);
    const { directory, folders = [directory], network, handle_token: token } = readOptions(asked.options, options());
    if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
    const request = await requests.start(asked.sender, 'command', token, async ({ write, signal }) => {
        const running = await commands();
        const result = await running.run({ argv: argv.data, directory, folders, network }, { actor, signal });
        write(result.output);
        return { outcome: 'success', results: toResults(result) };
    });
    return request.path;
}

function toResults({ ended, sandbox, leftOut, proposal, refusal }: CommandResult): Dictionary {
    return {
        ended: variant('s', ended.how),
        exit_status: variant('i', ended.how === 'exit' ? ended.status : -1),
        sandbox: variant('s', sandbox),
        left_out: variant(
            'aa{sv}',
            leftOut.map(({ path: of, why }) => ({ path: variant('s', of), why: variant('s', why) })),
        ),
        proposals: variant('ao', proposal === null ? [] : [proposalPath(proposal)]),
        refusal: variant('s', refusal),
    };
}
