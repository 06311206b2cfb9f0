import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';

import { parseArguments } from '../../../service/cli/arguments.ts';
import { UsageError, type Command } from '../../../service/cli/command.ts';
import { commands, findCommand } from '../../../service/cli/commands.ts';
import { bashCompletion, zshCompletion } from '../../../service/cli/completion.ts';
import { commandManual, mainManual } from '../../../service/cli/manual.ts';
import { Terminal } from '../../../service/cli/terminal.ts';

const command = (name: string): Command => {
    const found = findCommand(name);
    if (found === undefined) throw new Error(`no command ${name}`);
    return found;
};

describe('The arguments of a command', () => {
    it('are operands and options in any order', () => {
        expect(parseArguments(command('fix'), ['3', '--json', '2'])).toEqual({
            operands: ['3', '2'],
            options: jasmine.objectContaining({ json: true }),
        });
        expect(parseArguments(command('timeline'), ['-n', '5', '--kind', 'unit', '--kind=boot'])?.options).toEqual(
            jasmine.objectContaining({ limit: '5', kind: ['unit', 'boot'] }),
        );
        expect(parseArguments(command('ask'), ['what', 'failed'])?.operands).toEqual(['what', 'failed']);
    });

    it('may ask for the manual instead, whatever else is missing', () => {
        expect(parseArguments(command('fix'), ['--help'])).toBeNull();
        expect(parseArguments(command('fix'), ['-h'])).toBeNull();
    });

    const mistakes: [string, string[], RegExp][] = [
        ['fix', [], /N is missing/],
        ['fix', ['1', '2', '3'], /“3” is too much/],
        ['status', ['--colour'], /--colour/],
        ['timeline', ['--since'], /--since/],
        ['timeline', ['--kind', 'weather'], /expected one of incident, /],
        ['audit', ['burn'], /expected one of list, verify/],
    ];
    for (const [name, argv, message] of mistakes) {
        it(`are refused when they make no sense: ${[name, ...argv].join(' ')}`, () => {
            expect(() => parseArguments(command(name), argv)).toThrowMatching(
                (error: unknown) => error instanceof UsageError && message.test(error.message),
            );
        });
    }
});

describe('The manuals', () => {
    const terminal = new Terminal(new PassThrough() as unknown as NodeJS.WriteStream);

    it('have all parts of a man page', () => {
        for (const page of [mainManual(terminal), ...commands.map(each => commandManual(terminal, each))]) {
            for (const section of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'FILES', 'EXAMPLES'])
                expect(page).toMatch(new RegExp(`^${section}$`, 'm'));
            for (const line of page.split('\n')) expect(line.length).withContext(line).toBeLessThanOrEqual(80);
        }
    });

    it('describe every option, and what --json prints', () => {
        for (const each of commands) {
            const page = commandManual(terminal, each);
            for (const name of Object.keys(each.options)) expect(page).withContext(each.name).toContain(`--${name}`);
            expect(each.json !== undefined)
                .withContext(each.name)
                .toBe('json' in each.options);
        }
    });

    it('give examples that would be understood', () => {
        for (const [line] of commands.flatMap(each => each.examples)) {
            const part = line.split(/ [|>&]+/).find(each => each.trim().startsWith('reeve ')) ?? '';
            const words = part.trim().match(/"[^"]*"|\S+/g) ?? [];
            const [name = '', ...argv] = words.slice(1).map(word => word.replaceAll('"', ''));
            expect(() => parseArguments(command(name), argv))
                .withContext(line)
                .not.toThrow();
        }
    });
});

describe('Completion', () => {
    const complete = (...words: string[]): string[] => {
        const script = `${bashCompletion()}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reeve; printf '%s\\n' "\${COMPREPLY[@]}"`;
        return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
            .trim()
            .split('\n');
    };

    it('of bash knows commands, options and choices', () => {
        expect(complete('reeve', 'ti')).toEqual(['timeline']);
        expect(complete('reeve', 'timeline', '--li')).toEqual(['--limit']);
        expect(complete('reeve', 'timeline', '--kind', 'pa')).toEqual(['package']);
        expect(complete('reeve', 'audit', 'v')).toEqual(['verify']);
        expect(complete('reeve', 'timeline', '--limit', '')).toEqual(['']);
    });

    it('of zsh is a script that zsh understands', () => {
        const zsh = ['/bin/zsh', '/usr/bin/zsh'].find(path => existsSync(path));
        if (zsh === undefined) pending('zsh is not installed here');
        else expect(() => execFileSync(zsh, ['-n', '-c', zshCompletion()])).not.toThrow();
    });
});
