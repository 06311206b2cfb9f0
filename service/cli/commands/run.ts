/** `reeve run`: runs a command in a sandbox, and keeps what it changed with one's consent. */
import { realpathSync } from 'node:fs';

import * as z from 'zod';

import { rootPath } from '../../util/names.ts';
import { variant } from '../../dbus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Run } from '../command.ts';
import { CommandError, exit, type ExitCode } from '../exit.ts';
import { onInterrupt } from '../interrupt.ts';
import { proposalJson } from '../json.ts';
import { ownerOf } from '../objects.ts';
import { messageOf } from '../../util/errors.ts';
import { approve, assertPerson } from './change.ts';

const runResults = z.object({
    ended: z.string().default('killed'),
    exit_status: z.number().default(-1),
    sandbox: z.string().default(''),
    left_out: z.array(z.object({ path: z.string(), why: z.string() })).default([]),
    proposals: z.array(z.string()).default([]),
    refusal: z.string().default(''),
    error: z.string().optional(),
    message: z.string().optional(),
});
type RunResults = z.infer<typeof runResults>;

export const run: Run = async (context, { operands, options }) => {
    const { terminal, json, client } = context;
    assertPerson(context);
    const directory = process.cwd();
    const folders = [options.folder ?? directory].flat().map(folder => realFolder(String(folder)));
    const service = await client();
    using interrupt = onInterrupt();
    const given = {
        directory: variant('s', directory),
        folders: variant('as', folders),
        network: variant('b', options.network === true),
    };
    const { outcome, results, text } = await service.request(rootPath, 'Manager.RunCommand', operands, given, {
        chunk: () => undefined,
        signal: interrupt.signal,
    });
    if (outcome === 'cancelled') return exit.interrupted;
    const result = runResults.parse(results);
    if (outcome !== 'success')
        throw new CommandError(exit.failed, result.error ?? 'Failed', result.message ?? _('The command was not run.'));
    const plans = await service.proposalsAt(result.proposals);
    const { ended, exit_status, sandbox, left_out, refusal } = result;
    if (json) {
        const shown = { ended, exit_status, sandbox, output: text, left_out, refusal };
        terminal.json({ ...shown, proposals: plans.map(proposalJson) });
    } else {
        if (text !== '') terminal.line(terminal.block(text).replace(/\n$/, ''));
        terminal.note(endText(result));
        for (const { path, why } of left_out)
            terminal.note(_('Not kept: {path}: {why}', { path: terminal.plain(path), why: terminal.plain(why) }));
        if (refusal !== '') terminal.note(terminal.plain(refusal));
    }
    const [first] = plans;
    if (first !== undefined) return await approve(context, { id: ownerOf(first), isOpen: true, proposals: plans });
    if (!json && refusal === '' && left_out.length === 0) terminal.note(_('It changed nothing.'));
    return exitOf(result);
};

function realFolder(path: string): string {
    try {
        return realpathSync(path);
    } catch (error) {
        throw new CommandError(exit.notFound, 'NotFound', messageOf(error));
    }
}

function endText({ ended, exit_status }: RunResults): string {
    switch (ended) {
        case 'exit':
            return _('The command ended with exit status {status}.', { status: exit_status });
        case 'time':
            return _('The command was stopped, as it took longer than {count} minutes.', { count: 10 });
        case 'memory':
            return _('The command was stopped, as it needed too much memory.');
        case 'disk':
            return _('The command was stopped, as it wrote too much.');
        default:
            return _('The command was killed.');
    }
}

function exitOf({ ended, exit_status, refusal }: RunResults): ExitCode {
    if (refusal !== '') return exit.failed;
    return ended === 'exit' && exit_status === 0 ? exit.ok : exit.notWell;
}
