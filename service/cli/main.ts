/** The `reeve` command: a thin client of the service's D-Bus API. */
import { join } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import { useLocale } from '../i18n/locale.ts';
import { version } from '../version.ts';
import { parseArguments } from './arguments.ts';
import { Client } from './client.ts';
import { CommandError, exit, UsageError, type Context, type ExitCode } from './command.ts';
import { commands, findCommand } from './commands.ts';
import { commandManual, mainManual, shortUsage } from './manual.ts';
import { Terminal } from './terminal.ts';

async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const [name, ...rest] = argv;
    if (name === undefined) {
        terminal.note(shortUsage());
        return exit.usage;
    }
    if (name === '--help' || name === '-h') {
        terminal.line(mainManual(terminal));
        return exit.ok;
    }
    if (name === '--version') {
        terminal.line(`reeve ${version}`);
        return exit.ok;
    }
    const command = findCommand(name);
    if (command === undefined) {
        const names = commands.map(known => known.name).join(', ');
        throw new UsageError(`there is no command “${terminal.plain(name, 80)}”; there are ${names}`);
    }
    const args = parseArguments(command, rest);
    if (args === null) {
        terminal.line(commandManual(terminal, command));
        return exit.ok;
    }
    await using client = new LazyClient();
    const context: Context = { terminal, json: args.options.json === true, client: () => client.open() };
    const run = await command.load();
    try {
        return await run(context, args);
    } catch (error) {
        if (!context.json || !(error instanceof CommandError)) throw error;
        terminal.json({ error: error.reason, message: error.message });
        return error.code;
    }
}

/** Connects when the command first needs it, so that a mistake on the command line does not start the service. */
class LazyClient implements AsyncDisposable {
    #client: Promise<Client> | undefined;

    async open(): Promise<Client> {
        this.#client ??= Client.open();
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
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.note(`reeve: ${_('This is a defect of reeve:')}\n${terminal.block(reason)}`);
    return exit.failed;
}

useLocale(join(import.meta.dirname, 'locale'));
const terminal = new Terminal();
// Whoever reads our output may stop before its end: reeve timeline | head.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exit.ok);
    throw error;
});
process.exitCode = await main(process.argv.slice(2), terminal).catch((error: unknown) => explain(error, terminal));
