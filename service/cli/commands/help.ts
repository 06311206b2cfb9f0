import type { Run } from '../command.ts';
import { exit } from '../exit.ts';

export const run: Run = ({ terminal, manual }, { operands: [name] }) => {
    terminal.line(manual(name));
    return Promise.resolve(exit.ok);
};
