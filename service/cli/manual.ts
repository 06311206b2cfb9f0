/** Manuals in the form of man pages, from the table of commands. */
import type { Command, Option } from './command.ts';
import { exit } from './exit.ts';
import { commands } from './commands.ts';
import type { Terminal } from './terminal.ts';

type ExitStatus = Command['exitStatus'];

/** The meaning of the codes for any command. */
const exitStatus = {
    [exit.ok]: 'Success.',
    [exit.notWell]: 'Success, but there is a problem with what you asked about.',
    [exit.usage]: 'The command line is invalid.',
    [exit.unavailable]: 'The service cannot be reached, or the log cannot be read.',
    [exit.refused]: 'You, the system or the service did not allow it.',
    [exit.notFound]: 'There is no such incident, fix or subject.',
    [exit.failed]: 'Failure, or the output cannot be written.',
    [exit.interrupted]: 'Cancelled with Ctrl+C.',
} satisfies ExitStatus;

/** The exit codes of every command. */
const commonExitStatus: ExitStatus = {
    [exit.ok]: exitStatus[exit.ok],
    [exit.usage]: exitStatus[exit.usage],
    [exit.failed]: 'The output cannot be written.',
};

const files = [
    ['$XDG_CONFIG_HOME/reeve/config.toml', 'The configuration of the service; see docs/configuration.md.'],
    ['/etc/reeve/faults.d/*.yaml, $XDG_CONFIG_HOME/reeve/faults.d/*.yaml', 'Local rules; see docs/local-rules.md.'],
    ['$XDG_STATE_HOME/reeve/', 'Incidents, timeline and audit log.'],
    ['$XDG_DATA_HOME/reeve/models/', 'Language models.'],
] as const;

const environment = [
    ['DBUS_SESSION_BUS_ADDRESS', 'The bus on which to find the service.'],
    ['NO_COLOR', 'Turns off colours if set to anything. Colours are also off if the output is not a terminal.'],
    ['LANGUAGE, LC_ALL, LC_MESSAGES, LANG', 'The language of messages.'],
] as const;

const seeAlso = 'journalctl(1), systemctl(1), gdbus(1)';

/** What `reeve --help` shows. */
export function mainManual(terminal: Terminal): string {
    const page = new Page(terminal);
    page.section('NAME', 'reeve - watch, explain and fix this computer');
    page.section('SYNOPSIS', 'reeve COMMAND [ARGUMENT…] [--json]\nreeve help [COMMAND]\nreeve --version');
    page.section(
        'DESCRIPTION',
        'Reeve watches this computer and explains what went wrong and why. With your consent it makes the change that fixes it, checks that the fault is gone, and can undo the change. It also answers questions about this computer.',
        'reeve talks to the service of the logged-in user over the session bus, and starts it if necessary. Nothing leaves this computer.',
    );
    page.list(
        'COMMANDS',
        commands.map(command => [usage(command), command.summary]),
    );
    page.list('OPTIONS', [
        [
            '--json',
            'Print JSON instead of text, one document per line. Times are ISO 8601 in UTC, or null. Errors are JSON too: error, message. Only an invalid command line is reported on standard error.',
        ],
        ['-h, --help', 'Show the manual, of the command if one is given.'],
        ['--version', 'Show the version.'],
    ]);
    page.list('EXIT STATUS', Object.entries(exitStatus));
    page.list('FILES', files);
    page.list('ENVIRONMENT', environment);
    page.list('EXAMPLES', [
        ['reeve ask "what failed"', 'Show what is wrong.'],
        ['reeve fix 3', 'Show the plan for incident 3, approve it, and watch it being applied and checked.'],
        ['reeve status >/dev/null || notify-send "Reeve has something to say"', 'Act on the exit status.'],
    ]);
    page.section('SEE ALSO', seeAlso);
    return page.text;
}

/** What `reeve help COMMAND` shows. */
export function commandManual(terminal: Terminal, command: Command): string {
    const page = new Page(terminal);
    page.section('NAME', `reeve-${command.name} - ${command.summary}`);
    page.section('SYNOPSIS', `reeve ${usage(command)}${Object.keys(command.options).length > 0 ? ' [OPTION]…' : ''}`);
    page.section('DESCRIPTION', ...command.description);
    page.list('OPTIONS', [
        ...Object.entries(command.options).map(
            ([name, option]) => [optionForm(name, option), optionText(option)] as const,
        ),
        ['-h, --help', 'Show this manual.'],
    ]);
    if (command.json !== undefined) page.section('JSON', command.json);
    page.list('EXIT STATUS', Object.entries({ ...commonExitStatus, ...command.exitStatus }));
    page.list('FILES', files);
    page.list('ENVIRONMENT', environment);
    page.list('EXAMPLES', command.examples);
    page.section('SEE ALSO', `reeve --help, ${seeAlso}`);
    return page.text;
}

/** The list of commands, for a call without one. */
export function shortUsage(): string {
    const width = Math.max(...commands.map(command => usage(command).length));
    const lines = commands.map(command => `  ${usage(command).padEnd(width)}  ${command.summary}`);
    return ['Usage: reeve COMMAND [ARGUMENT…] [--json]', '', ...lines, '', 'The manual: reeve --help'].join('\n');
}

export function usage({ name, operands }: Command): string {
    return [name, ...operands.map(operand => (operand.optional ? `[${operand.name}]` : operand.name))].join(' ');
}

function optionForm(name: string, { short, value }: Option): string {
    return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function optionText({ description, choices }: Option): string {
    return choices === undefined ? description : `${description} One of ${choices.join(', ')}.`;
}

class Page {
    readonly #terminal: Terminal;
    readonly #sections: string[] = [];

    constructor(terminal: Terminal) {
        this.#terminal = terminal;
    }

    get text(): string {
        return this.#sections.join('\n\n');
    }

    section(title: string, ...paragraphs: string[]): void {
        const body = paragraphs.map(paragraph => this.#terminal.wrap(paragraph, '    ')).join('\n\n');
        this.#sections.push(`${this.#terminal.style('strong', title)}\n${body}`);
    }

    list(title: string, entries: readonly (readonly [term: string, text: string])[]): void {
        const body = entries.map(([term, text]) => {
            const head = `    ${this.#terminal.style('strong', term)}`;
            return text === '' ? head : `${head}\n${this.#terminal.wrap(text, '        ')}`;
        });
        this.#sections.push(`${this.#terminal.style('strong', title)}\n${body.join('\n')}`);
    }
}
