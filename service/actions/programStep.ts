import { existsSync } from 'node:fs';

import { ReeveError } from '../util/errors.ts';
import { sha256 } from '../util/sha256.ts';
import { _ } from '../i18n/i18n.ts';
import type { BusValue, Step } from '../model/proposal.ts';
import type { Scope } from '../model/unit.ts';
import { busOf, manager } from '../machine/units/systemd.ts';
import { nameInvisible } from '../text/sanitise.ts';

/** The directories with programs that root may be made to run; the last is NixOS. PATH is never used. */
const programFolders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/run/current-system/sw/bin'];

/** The standard input of a program, and what a person would write after `<` for it. */
export type Input = { bytes: Buffer; path: string };

/** The name of a program, which is searched in root's directories, and its arguments. */
export type Argv = readonly [string, ...string[]];

type Options = {
    input?: Input;
    environment?: readonly string[];
    /** Programs that have to succeed before it, each in turn. */
    before?: readonly Argv[];
    /** Programs that run after it has succeeded. */
    after?: readonly Argv[];
    /** Programs that clean up, on success and on failure, each if the one before it succeeded. */
    last?: readonly Argv[];
};

const cleanupSeparator = '; ';

/** The programs that clean up, of what `cleanup` of a step shows. Names of files hold the separator, too. */
export const cleanupParts = (cleanup: string) => cleanup.split(/; (?=systemd-run )/);

/** The prefix of every unit that is made for a step of a plan. */
export const stepUnitPrefix = 'reeve-step-';

/**
 * Has a service manager run one program to its end: a unit that lives for the moment, with a fixed argv. So the call itself
 * carries all of what will be run, and it is polkit that asks for a password where one is due (StartTransientUnit() of
 * org.freedesktop.systemd1(5), the same that systemd-run(1) calls).
 *
 * The manager takes the arguments as they are. Of ExecStart it would replace "$WORD" and "${WORD}" in them, and a file may be
 * called so; ExecStartEx has flags, of which "no-env-expand" leaves them alone (bus_set_transient_exec_command() in systemd's
 * src/core/dbus-execute.c).
 *
 * @throws ReeveError InvalidState when this system does not have the program where it should be
 */
export function programStep(
    of: Scope,
    [name, ...rest]: Argv,
    { input, environment = [], before = [], after = [], last = [] }: Options = {},
): Pick<Step, 'command' | 'commands' | 'cleanup' | 'call'> {
    const argv = [programForRoot(name), ...rest];
    const located = ([program, ...others]: Argv) => [programForRoot(program), ...others];
    // The programs run in order, as long as each succeeds: systemd.service(5), ExecStart= of Type=oneshot. Each gets
    // the whole input again.
    const all = [...before.map(located), argv, ...after.map(located)];
    const cleaning = last.map(located);
    const given: [string, BusValue][] =
        input === undefined
            ? []
            : [
                  ['StandardInput', string('data')],
                  ['StandardInputData', { signature: 'ay', value: { base64: input.bytes.toString('base64') } }],
              ];
    const properties: [string, BusValue][] = [
        ['Description', string(`Reeve: ${name}`)],
        ['Type', string('oneshot')],
        ['ExecStartEx', commands(all)],
        ...(cleaning.length === 0 ? [] : [['ExecStopPostEx', commands(cleaning)] as [string, BusValue]]),
        ...given,
        ...(environment.length === 0
            ? []
            : [['Environment', { signature: 'as', value: [...environment] }] as [string, BusValue]]),
        // The output of tee(1) is its input; the output of the others belongs into the journal.
        ...(input === undefined ? [] : [['StandardOutput', string('null')] as [string, BusValue]]),
        // Removed as soon as it has ended, on success and on failure.
        ['CollectMode', string('inactive-or-failed')],
    ];
    // The same program and input make the same unit, as a plan that is made again must not differ.
    const run = [...all, ...cleaning].map(words => words.join('\0')).join('\0\0');
    const identity = sha256(Buffer.concat([Buffer.from(run), input?.bytes ?? Buffer.alloc(0)]));
    const typed = (words: readonly string[]) =>
        commandLine(of, words, environment, words === argv ? (input?.path ?? null) : null);
    const parts = all.map(typed);
    const cleanup = cleaning.length === 0 ? undefined : cleaning.map(typed).join(cleanupSeparator);
    return {
        command: [parts.join(' && '), ...(cleanup === undefined ? [] : [cleanup])].join(cleanupSeparator),
        ...(parts.length + cleaning.length > 1 && { commands: parts }),
        ...(cleanup !== undefined && { cleanup }),
        call: {
            bus: busOf[of],
            ...manager,
            member: 'StartTransientUnit',
            signature: 'ssa(sv)a(sa(sv))',
            arguments: [`${stepUnitPrefix}${identity.slice(0, 16)}.service`, 'fail', properties, []],
        },
    };
}

function commands(all: readonly string[][]): BusValue {
    return { signature: 'a(sasas)', value: all.map(argv => [argv[0] ?? '', argv, ['no-env-expand']]) };
}

function string(value: string): BusValue {
    return { signature: 's', value };
}

/** @throws ReeveError InvalidState when this system lacks it */
export function programForRoot(name: string): string {
    const path = programFolders.map(folder => `${folder}/${name}`).find(candidate => existsSync(candidate));
    if (path === undefined)
        throw new ReeveError('InvalidState', _('There is no {program} on this machine', { program: name }));
    return path;
}

/** What a person could type. systemd-run(1), too, expands anything that resembles a variable. */
function commandLine(of: Scope, argv: readonly string[], environment: readonly string[], input: string | null): string {
    const settings = environment.map(setting => `--setenv=${setting}`);
    const verbatim = argv.some(word => word.includes('$')) ? ['--expand-environment=no'] : [];
    const options = [...(of === 'user' ? ['--user'] : []), '--wait', '--pipe', ...verbatim, ...settings];
    const words = ['systemd-run', ...options, ...argv].map(shownWord);
    return input === null ? words.join(' ') : `${words.join(' ')} < ${shownWord(input)}`;
}

/**
 * A word of a command as a person could type it. What draws nothing, or changes how others are drawn, is written by its code, in
 * the quotes that bash(1) has for that.
 */
export function shownWord(word: string): string {
    if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
    const quoted = word.replaceAll("'", String.raw`'\''`);
    if (nameInvisible(word) === word && !/[\n\t]/.test(word)) return `'${quoted}'`;
    const coded = nameInvisible(word.replaceAll(/['\\]/g, String.raw`\$&`), code => `\\U${code.padStart(8, '0')}`);
    return `$'${coded.replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`)}'`;
}
