import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText, type Machine } from '../../machine/machine.ts';
import { patience } from '../../machine/packages/aptSimulation.ts';
import { editSteps } from '../files/editedFile.ts';
import { programStep } from '../programStep.ts';
import type { PackageChanges, PackageManager, Wanted } from './packageManager.ts';

/** Its own words for what it would do: the name, the version, the packages that it takes the place of, and those it conflicts with. */
const simulation = ['--print', '--print-format', '%n\t%v\t%R\t%H'];
const outputLimit = 16 * 1_048_576;
/** pacman.conf(5); IgnorePkg counts in [options] alone, and may be there several times. */
const settings = '/etc/pacman.conf';
const ignored = /^(\s*IgnorePkg\s*=\s*)(\S.*?)\s*$/;

/** As Arch calls what a computer starts, shows its desktop, reaches the network or gets its updates with. */
const vitalName =
    /^(?:base$|filesystem|glibc|linux|mkinitcpio|dracut|grub|efibootmgr|systemd|cryptsetup|lvm2|mdadm|device-mapper|e2fsprogs|btrfs-progs|xfsprogs|pacman|archlinux-keyring|dbus|polkit|sudo|shadow|pam|bash|coreutils|util-linux|openssh$|networkmanager|wpa_supplicant|iwd|nvidia|gdm$|gnome-shell|gnome-session|gnome-settings-daemon|mutter|xorg-server|xorg-xwayland|pipewire|wireplumber|ca-certificates|reeve)/;

/** Arch's; pacman(8). Where it would have to remove a conflicting package, its answer without a person is no, and it fails. */
export const pacman: PackageManager = {
    async search(machine, words, signal) {
        if (words.length === 0) return [];
        // It takes each word for an expression.
        const patterns = words.map(word => word.replaceAll(/[^\p{L}\p{N}-]/gu, '.'));
        const output = await ask(machine, ['--sync', '--search', '--', ...patterns], signal);
        // "repository/name version [installed]", and below it the description.
        return Array.from(output.matchAll(/^[^\s/]+\/(\S+) .*\n {4}(.*)$/gm), ([, name = '', summary = '']) => ({
            name,
            summary,
        }));
    },
    isInstalled: async (machine, name, signal) =>
        (await ask(machine, ['--query', '--quiet', '--', name], signal)).split('\n').includes(name),
    // It knows no checksums of its own, only whether a file is there.
    async altered(machine, name, signal) {
        const options = { signal, timeout: patience, complaints: true };
        const output = (await machine.run('pacman', ['--query', '--check', '--', name], options)) ?? '';
        return Array.from(output.matchAll(/: (\/.*) \(No such file or directory\)$/gm), ([, path = '']) => path);
    },
    async simulate(machine, wanted, signal) {
        if (wanted.kind === 'upgrade')
            throw new ReeveError('InvalidState', _('Arch Linux supports only updates of all packages together'));
        if (wanted.kind === 'autoremove') {
            const unneeded = await ask(machine, argvFor(wanted), signal);
            return { installed: [], removed: unneeded.split('\n').filter(name => name !== '') };
        }
        const [present, announced] = await Promise.all([
            ask(machine, ['--query'], signal),
            ask(machine, [...simulation, ...argvFor(wanted)], signal),
        ]);
        const installed = Array.from(
            present.matchAll(/^(\S+) (\S+)$/gm),
            ([, name = '', version = '']) => [name, version] as const,
        );
        const versions = new Map(installed);
        return readAnnouncement(announced, versions, wanted.kind === 'remove');
    },
    step: wanted => programStep('system', ['pacman', '--noconfirm', ...argvFor(wanted)]),
    removal: names => programStep('system', ['pacman', '--noconfirm', '--remove', '--', ...names]),
    async returning(machine, removed, signal) {
        const names = removed.map(({ name }) => name);
        const argv = ['--sync', '--nodeps', '--nodeps', '--print', '--print-format', '%n %v', '--', ...names];
        const found = (await ask(machine, argv, signal)).split('\n');
        const isThere = removed.every(({ name, version }) => found.includes(`${name} ${version ?? ''}`));
        return isThere ? programStep('system', ['pacman', '--noconfirm', '--sync', '--', ...names]) : null;
    },
    markAutomatic: names => programStep('system', ['pacman', '--database', '--asdeps', '--', ...names]),
    vital: (_machine, names) => Promise.resolve(names.filter(name => vitalName.test(name))),
    refresh: () => programStep('system', ['pacman', '--noconfirm', '--sync', '--refresh']),
    isHeld: async (machine, name) => namesIgnored(await readSettings(machine)).includes(name),
    async hold(name, isWanted, { description, back }, { machine, contents }) {
        const from = await readSettings(machine);
        const to = withIgnored(from, name, isWanted);
        const change = { from: Buffer.from(from), to: Buffer.from(to), permissions: '0:0 0644' };
        return await editSteps('system', settings, change, { description, back }, contents);
    },
};

async function readSettings(machine: Machine | null): Promise<string> {
    const text = machine === null ? null : await readText(machine, settings, 262_144);
    if (text === null) throw new ReeveError('InvalidState', _('{path} cannot be read', { path: settings }));
    return text;
}

/** Its lines, each with the section that it is in. */
function linesOf(text: string): { line: string; isOption: boolean }[] {
    let section = '';
    return text.split('\n').map(line => {
        section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1] ?? section;
        return { line, isOption: section === 'options' };
    });
}

/** The packages that updates skip, by their names; patterns are left alone. */
function namesIgnored(text: string): string[] {
    return linesOf(text).flatMap(({ line, isOption }) =>
        isOption ? (ignored.exec(line)?.[2]?.split(/\s+/) ?? []) : [],
    );
}

/** The settings with a package in the first such line, or in none. */
function withIgnored(text: string, name: string, isWanted: boolean): string {
    const all = linesOf(text);
    const lines = all.map(({ line }) => line);
    if (!isWanted)
        return all
            .flatMap(({ line, isOption }) => {
                const [, key = '', names = ''] = (isOption ? ignored.exec(line) : null) ?? [];
                const each = names.split(/\s+/);
                if (!each.includes(name)) return [line];
                const left = each.filter(other => other !== name);
                return left.length === 0 ? [] : [`${key}${left.join(' ')}`];
            })
            .join('\n');
    const own = all.findIndex(({ line, isOption }) => isOption && ignored.test(line));
    if (own >= 0) return lines.with(own, `${(lines[own] ?? '').trimEnd()} ${name}`).join('\n');
    const head = lines.findIndex(line => line.trim() === '[options]');
    if (head < 0) throw new ReeveError('InvalidState', _('{path} cannot be read', { path: settings }));
    return lines.toSpliced(head + 1, 0, `IgnorePkg = ${name}`).join('\n');
}

async function ask(machine: Machine, argv: readonly string[], signal: AbortSignal): Promise<string> {
    const output = await machine.run('pacman', argv, { signal, timeout: patience, limit: outputLimit });
    if (output === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
    return output;
}

function argvFor(wanted: Wanted): string[] {
    switch (wanted.kind) {
        case 'install':
            return ['--sync', '--needed', '--', ...wanted.names];
        case 'remove':
            return ['--remove', '--cascade', '--', ...wanted.names];
        case 'reinstall':
            return ['--sync', '--', wanted.name];
        case 'upgrade':
        case 'upgradeAll':
            return ['--sync', '--sysupgrade'];
        case 'autoremove':
            return ['--query', '--deps', '--unrequired', '--quiet'];
    }
}

/**
 * @param versions of what is installed, by name
 * @param isRemoval whether what it names is removed
 */
export function readAnnouncement(
    announced: string,
    versions: ReadonlyMap<string, string>,
    isRemoval: boolean,
): PackageChanges {
    const lines = announced.split('\n').flatMap(line => {
        const [name = '', version, replaced = '', conflicting = ''] = line.split('\t');
        return version === undefined ? [] : [{ name, version, replaced, conflicting }];
    });
    if (isRemoval) return { installed: [], removed: lines.map(({ name }) => name) };
    const isThere = (name: string) => versions.has(name);
    const removed = new Set(
        lines.filter(({ name }) => !isThere(name)).flatMap(({ replaced }) => replaced.split(/\s+/).filter(isThere)),
    );
    // It announces them, and then fails, as it removes no package in conflict without a person.
    const isRefused = lines.some(({ name, conflicting }) =>
        conflicting.split(/\s+/).some(other => other !== name && isThere(other) && !removed.has(other)),
    );
    if (isRefused) return { installed: [], removed: [] };
    return {
        installed: lines.map(({ name, version }) => ({ name, from: versions.get(name) ?? null, to: version })),
        removed: [...removed],
    };
}
