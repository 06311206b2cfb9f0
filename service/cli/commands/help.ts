import { exit, UsageError, type Run } from '../command.ts';
import { findCommand } from '../commands.ts';
import { commandManual, mainManual } from '../manual.ts';

export const run: Run = ({ terminal }, { operands: [name] }) => {
    const command = name === undefined ? undefined : findCommand(name);
    if (name !== undefined && command === undefined) throw new UsageError(`there is no command “${name}”`);
    terminal.line(command === undefined ? mainManual(terminal) : commandManual(terminal, command));
    return Promise.resolve(exit.ok);
};
