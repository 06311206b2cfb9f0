/** The parts of a command of `reeve`. Help, completion and parsing follow from them. */
import type { Client } from './client.ts';
import { UsageError, type ExitCode } from './exit.ts';
import type { Terminal } from './terminal.ts';

export type Option = {
    /** A letter, if there is a short form. */
    short?: string;
    /** The placeholder of the value in help, such as "TIME"; none for a switch. */
    value?: string;
    /** The kind of path that the value names, for completion. */
    path?: 'file' | 'directory';
    choices?: readonly string[];
    many?: boolean;
    description: string;
};

export type Operand = {
    name: string;
    optional?: boolean;
    choices?: readonly string[];
    /** The kind of path that it is, for completion. */
    path?: Option['path'];
};

export type OptionValues = Record<string, string | boolean | (string | boolean)[] | undefined>;
export type Arguments = { operands: readonly string[]; options: OptionValues };

export type Context = {
    terminal: Terminal;
    /** Whether --json was given. */
    json: boolean;
    /** Connects, starting the service if need be; the same connection each time. */
    client: () => Promise<Client>;
    /** The manual of a command, or of `reeve` itself. @throws UsageError when there is no such command */
    manual: (command?: string) => string;
};

export type Run = (context: Context, args: Arguments) => Promise<ExitCode>;

export type Command = {
    name: string;
    /** In a few words, for the list of commands. */
    summary: string;
    operands: readonly Operand[];
    options: Readonly<Record<string, Option>>;
    /** Paragraphs. */
    description: readonly string[];
    /** What --json prints. */
    json?: string;
    /** All exit codes of the command, except those that every command has. */
    exitStatus: Readonly<Partial<Record<ExitCode, string>>>;
    examples: readonly (readonly [command: string, meaning: string])[];
    load: () => Promise<Run>;
};

/** "3" names an incident, "t3" a task. @throws UsageError */
export function ownerNamed(text: string | undefined): { kind: 'incident' | 'task'; id: number } {
    const task = /^t(\d{1,15})$/.exec(text ?? '')?.[1];
    if (task !== undefined && Number(task) > 0) return { kind: 'task', id: Number(task) };
    return { kind: 'incident', id: incidentNumber(text) };
}

/** A positive number that names an incident. @throws UsageError */
export function incidentNumber(text: string | undefined): number {
    const number = Number(text);
    if (text === undefined || !/^\d{1,15}$/.test(text) || number < 1)
        throw new UsageError(`expected the number of an incident, not “${text ?? ''}”`);
    return number;
}
