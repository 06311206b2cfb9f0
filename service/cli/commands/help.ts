import { exit, type Run } from '../command.ts';
import { findCommand } from '../commands.ts';
import { commandManual, mainManual } from '../manual.ts';

export const run: Run = ({ terminal }, { operands: [name] }) => {
    terminal.line(name === undefined ? mainManual(terminal) : commandManual(terminal, findCommand(name)));
    return Promise.resolve(exit.ok);
};
