/** The `reeve` command: a thin client of the service's D-Bus API. */
import { join } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import { useLocale } from '../i18n/locale.ts';
import { version } from '../util/version.ts';
import { parseArguments } from './arguments.ts';
import type { Client } from './client.ts';
import type { Context } from './command.ts';
import { CommandError, exit, UsageError, type ExitCode } from './exit.ts';
import { findCommand } from './commands.ts';
import { commandManual, mainManual, shortUsage } from './manual.ts';
import { Terminal } from './terminal.ts';
import { stackOf } from '../util/errors.ts';

async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const position = argv.findIndex(word => !word.startsWith('-'));
    const name = argv[position];
    if (name === undefined) return withoutCommand(argv, terminal);
    const command = findCommand(name);
    const args = parseArguments(command, argv.toSpliced(position, 1));
    if (args === null) {
        terminal.line(commandManual(terminal, command));
        return exit.ok;
    }
    await using client = new LazyClient();
    const context: Context = {
        terminal,
        json: args.options.json === true,
        client: () => client.open(),
        manual: of => (of === undefined ? mainManual(terminal) : commandManual(terminal, findCommand(of))),
    };
    const run = await command.load();
    try {
        return await run(context, args);
    } catch (error) {
        if (!context.json || !(error instanceof CommandError)) throw error;
        terminal.json({ error: error.reason, message: error.message });
        return error.code;
    }
}

function withoutCommand(options: readonly string[], terminal: Terminal): ExitCode {
    if (options.includes('--help') || options.includes('-h')) {
        terminal.line(mainManual(terminal));
        return exit.ok;
    }
    if (options.includes('--version')) {
        terminal.line(`reeve ${version}`);
        return exit.ok;
    }
    const [option] = options;
    if (option !== undefined) throw new UsageError(`${option} needs a COMMAND; reeve --help lists them`);
    terminal.note(shortUsage());
    return exit.usage;
}

/**
 * Connects when the command first needs it, so that a mistake on the command line does not start the service. The D-Bus
 * modules take a third of the start-up time, and are only loaded then.
 */
class LazyClient implements AsyncDisposable {
    #client: Promise<Client> | undefined;

    async open(): Promise<Client> {
        this.#client ??= import('./client.ts').then(({ Client }) => Client.open());
        return this.#client;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const client = await this.#client?.catch(() => undefined);
        await client?.[Symbol.asyncDispose]();
    }
}

function explain(error: unknown, terminal: Terminal): ExitCode {
    if (error instanceof UsageError) {
        terminal.note(`reeve: ${terminal.plain(error.message)}`);
        return exit.usage;
    }
    if (error instanceof CommandError) {
        terminal.note(`reeve: ${terminal.block(error.message)}`);
        return error.code;
    }
    const reason = stackOf(error);
    terminal.note(`reeve: ${_('This is a bug in reeve:')}\n${terminal.block(reason)}`);
    return exit.failed;
}

useLocale(join(import.meta.dirname, 'locale'));
const terminal = new Terminal();
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of our output may stop before its end: reeve timeline | head.
    if (error.code === 'EPIPE') process.exit(exit.ok);
    terminal.note(`reeve: ${_('Cannot write the output: {reason}', { reason: error.message })}`);
    process.exit(exit.failed);
});
// Notes are for people. Without a place for them the exit code still reports the outcome.
process.stderr.on('error', () => undefined);
process.exitCode = await main(process.argv.slice(2), terminal).catch((error: unknown) => explain(error, terminal));
