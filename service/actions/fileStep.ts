import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';

import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { BusValue, Step } from '../model/proposal.ts';
import type { Scope } from '../model/unit.ts';
import { Contents } from '../store/contents.ts';
import { busOf, manager } from '../system/systemd.ts';

/** Where programs that root may be made to run can lie; the last is NixOS. Never what PATH says. */
const programFolders = ['/usr/bin', '/bin', '/run/current-system/sw/bin'];

/**
 * Has a service manager write a file, or remove it: a unit that lives for the moment, whose program is tee(1) or rm(1) with
 * this path as its argument and these bytes as its input. So the call itself carries all of what will be in the file, the
 * file keeps its owner, permissions and labels, and it is polkit that asks for a password where one is due
 * (StartTransientUnit() of org.freedesktop.systemd1(5), the same that systemd-run(1) calls).
 *
 * @param bytes null to remove the file
 */
export function writeStep(
    of: Scope,
    path: string,
    bytes: Buffer | null,
    contents: Contents,
): Pick<Step, 'command' | 'call'> {
    const argv = bytes === null ? [program('rm'), '--', path] : [program('tee'), '--', path];
    const input: [string, BusValue][] =
        bytes === null
            ? []
            : [
                  ['StandardInput', string('data')],
                  ['StandardInputData', { signature: 'ay', value: { base64: bytes.toString('base64') } }],
              ];
    const properties: [string, BusValue][] = [
        ['Description', string(`Reeve: ${argv.join(' ')}`)],
        ['Type', string('oneshot')],
        ['ExecStart', { signature: 'a(sasb)', value: [[argv[0] ?? '', argv, false]] }],
        ...input,
        ['StandardOutput', string('null')],
        // Gone as soon as it has ended, however it ended.
        ['CollectMode', string('inactive-or-failed')],
    ];
    // The same file and contents make the same unit, as a plan that is made again must not differ.
    const identity = createHash('sha256')
        .update(argv.join('\0'))
        .update(bytes ?? '')
        .digest('hex');
    const name = `reeve-write-${identity.slice(0, 16)}.service`;
    return {
        command: commandLine(of, argv, bytes === null ? null : contents.path(Contents.hashOf(bytes))),
        call: {
            bus: busOf[of],
            ...manager,
            member: 'StartTransientUnit',
            signature: 'ssa(sv)a(sa(sv))',
            arguments: [name, 'fail', properties, []],
        },
    };
}

function string(value: string): BusValue {
    return { signature: 's', value };
}

/** @throws ReeveError InvalidState when this system does not have it where it should be */
function program(name: string): string {
    const path = programFolders.map(folder => `${folder}/${name}`).find(candidate => existsSync(candidate));
    if (path === undefined)
        throw new ReeveError('InvalidState', _('There is no {program} on this machine', { program: name }));
    return path;
}

/** What a person could type. */
function commandLine(of: Scope, argv: readonly string[], input: string | null): string {
    const words = ['systemd-run', ...(of === 'user' ? ['--user'] : []), '--wait', '--pipe', ...argv].map(quoted);
    return input === null ? words.join(' ') : `${words.join(' ')} < ${quoted(input)}`;
}

function quoted(word: string): string {
    return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
