import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { parseArguments } from '../../../service/cli/arguments.ts';
import { UsageError } from '../../../service/cli/exit.ts';
import { commands, findCommand } from '../../../service/cli/commands.ts';
import { bashCompletion, zshCompletion } from '../../../service/cli/completion.ts';
import { commandManual, mainManual } from '../../../service/cli/manual.ts';
import { Terminal } from '../../../service/cli/terminal.ts';
import { run } from '../../support/program.ts';

describe('The arguments of a command', () => {
    it('are operands and options in any order', () => {
        expect(parseArguments(findCommand('fix'), ['3', '--json', '2'])).toEqual({
            operands: ['3', '2'],
            options: jasmine.objectContaining({ json: true }),
        });
        expect(parseArguments(findCommand('timeline'), ['-n', '5', '--kind', 'unit', '--kind=boot'])?.options).toEqual(
            jasmine.objectContaining({ limit: '5', kind: ['unit', 'boot'] }),
        );
        expect(parseArguments(findCommand('ask'), ['what', 'failed'])?.operands).toEqual(['what', 'failed']);
    });

    it('may ask for the manual instead, whatever else is missing', () => {
        expect(parseArguments(findCommand('fix'), ['--help'])).toBeNull();
        expect(parseArguments(findCommand('fix'), ['-h'])).toBeNull();
    });

    const mistakes: [string, string[], RegExp][] = [
        ['fix', [], /N is missing/],
        ['unmute', [''], /^unmute: SUBJECT is missing$/],
        ['fix', ['1', '2', '3'], /unexpected argument “3”$/],
        ['analyze', ['syslog'], /unexpected argument “syslog”; to name it use --file, --directory, --input, --text$/],
        ['status', ['--colour'], /^status has no option --colour; see reeve help status$/],
        ['status', ['--constructor'], /^status has no option --constructor; see reeve help status$/],
        ['timeline', ['--sinc', '2h'], /^timeline has no option --sinc; did you mean --since\?$/],
        ['show', ['-1'], /^show has no option -1; see reeve help show$/],
        ['timeline', ['--since'], /^--since: TIME is missing$/],
        ['timeline', ['--limit', '-3'], /^--limit: “-3” is not a value; write --limit COUNT, /],
        [
            'analyze',
            ['--text', '--per-line', 'log'],
            /^--text: “--per-line” is not a value; write --text LOG, and other options before/,
        ],
        ['analyze', ['--text', ''], /^--text: LOG is empty$/],
        ['analyze', ['--text='], /^--text: LOG is empty$/],
        ['status', ['--json=yes'], /^--json takes no value$/],
        ['timeline', ['--kind', 'weather'], /expected one of incident, /],
        ['audit', ['burn'], /expected one of list, verify/],
        ['analyze', ['--text', 'a', '--text=b'], /--text can be given only once/],
        ['timeline', ['-n', '1', '--limit', '2'], /--limit can be given only once/],
    ];
    it('may come after what ends the options, and "-" is standard input', () => {
        expect(parseArguments(findCommand('ask'), ['--', '--why'])?.operands).toEqual(['--why']);
        expect(parseArguments(findCommand('analyze'), ['--text', '-'])?.options.text).toBe('-');
        expect(parseArguments(findCommand('timeline'), ['-n5', '--since=-2h'])?.options).toEqual(
            jasmine.objectContaining({ limit: '5', since: '-2h' }),
        );
    });

    for (const [name, argv, message] of mistakes) {
        it(`are refused when they make no sense: ${[name, ...argv].join(' ')}`, () => {
            expect(() => parseArguments(findCommand(name), argv)).toThrowMatching(
                (error: unknown) => error instanceof UsageError && message.test(error.message),
            );
        });
    }
});

describe('The name of a command', () => {
    const hints: [given: string, hint: RegExp][] = [
        ['timelin', /; did you mean timeline\?$/],
        ['docotr', /; did you mean doctor\?$/],
        ['incident', /; did you mean incidents\?$/],
        ['weather', /; there are status, setup, /],
        ['x'.repeat(100_000), /; there are status, /],
    ];
    for (const [given, hint] of hints) {
        it(`is looked for when it is mistyped: ${given.slice(0, 20)}`, () => {
            expect(() => findCommand(given)).toThrowMatching((error: Error) => hint.test(error.message));
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

    it('list only the exit codes that a command ends with', () => {
        const codes = (name: string) =>
            /^EXIT STATUS\n([^]*?)\n\n/m
                .exec(commandManual(terminal, findCommand(name)))?.[1]
                ?.match(/^ {4}\d+$/gm)
                ?.map(Number);

        expect(codes('analyze')).toEqual([0, 2, 3, 6, 130]);
        expect(codes('incidents')).toEqual([0, 2, 3, 6]);
        expect(codes('fix')).toEqual([0, 1, 2, 3, 4, 5, 6, 130]);
        expect(codes('help')).toEqual([0, 2, 6]);
    });

    it('give examples that would be understood', () => {
        for (const [line] of commands.flatMap(each => each.examples)) {
            const part = line.split(/ [|>&]+/).find(each => each.trim().startsWith('reeve ')) ?? '';
            const words = part.trim().match(/"[^"]*"|\S+/g) ?? [];
            const [name = '', ...argv] = words.slice(1).map(word => word.replaceAll('"', ''));
            expect(() => parseArguments(findCommand(name), argv))
                .withContext(line)
                .not.toThrow();
        }
    });
});

describe('Completion', () => {
    const zsh = ['/bin/zsh', '/usr/bin/zsh'].find(path => existsSync(path));
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
        if (zsh === undefined) pending('zsh is not installed here');
        else expect(() => execFileSync(zsh, ['-n', '-c', zshCompletion()])).not.toThrow();
    });

    describe('at the prompt of a shell', () => {
        let directory: string;
        /** What the shell makes of a line typed there, tabulators included. */
        const typed = async (shell: string, start: string, line: string) => {
            const input = `cd ${directory}\n${start}\nreeve() { printf '<%s>' "$@"; }\n${line}\nexit\n`;
            const { output } = await run(['script', '--quiet', '--command', shell, '/dev/null'], {
                input,
                env: { PATH: process.env.PATH, HOME: directory, TERM: 'dumb' },
            });
            // zsh takes back the slash that it put behind a directory.
            return [...output.matchAll(/(?:<[^<>\r\n]*>)+/g)].at(-1)?.[0].replace('/>', '>');
        };
        const lines: [line: string, words: string][] = [
            ['reeve analyze --text sys\t', '<analyze><--text><sys log>'],
            ['reeve analyze --text=sys\t', '<analyze><--text=sys log>'],
            // Not the file whose name begins alike.
            ['reeve analyze --directory j\t', '<analyze><--directory><journals>'],
            ['reeve restore sys\t', '<restore><sys log>'],
        ];

        beforeEach(() => {
            directory = mkdtempSync(join(tmpdir(), 'reeve-completion-'));
            mkdirSync(join(directory, 'journals'));
            writeFileSync(join(directory, 'journal.txt'), '');
            writeFileSync(join(directory, 'sys log'), '');
            writeFileSync(join(directory, 'reeve.bash'), bashCompletion());
            writeFileSync(join(directory, '_reeve'), zshCompletion());
        });
        afterEach(() => {
            rmSync(directory, { recursive: true });
        });

        for (const [line, words] of lines) {
            it(`names files in bash: ${JSON.stringify(line)}`, async () => {
                expect(await typed('bash --norc -i', 'source ./reeve.bash', line)).toBe(words);
            });

            it(`names files in zsh: ${JSON.stringify(line)}`, async () => {
                if (zsh === undefined) {
                    pending('zsh is not installed here');
                    return;
                }
                const start = 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D';
                expect(await typed(`${zsh} -f -i`, start, line)).toBe(words);
            });
        }
    });
});
