import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText, type Machine } from '../../machine/machine.ts';
import { patience } from '../../machine/packages/aptSimulation.ts';
import { programStep } from '../programStep.ts';
import {
    alteredFiles,
    holdBy,
    type KnownPackage,
    type PackageChanges,
    type PackageManager,
    type Wanted,
} from './packageManager.ts';

/**
 * Fedora's, from DNF 5 on: dnf5(8), rpm(8). DNF 4 shows nobody but root what it would do, so nothing is planned with it.
 *
 * A simulation reads a copy of the lists that root has downloaded (--cacheonly). A change is made by the same
 * lists: dnf5.conf(5), cacheonly.
 */
const simulation = ['--cacheonly', '--quiet', '--assumeno'];
const change = ['dnf', '--assumeyes', '--setopt=cacheonly=metadata'] as const;
/** What `versionlock` keeps, for everybody to read: dnf5-versionlock(8). */
const versionLocks = '/etc/dnf/versionlock.toml';
const outputLimit = 16 * 1_048_576;

/**
 * As Fedora calls what a computer starts, shows its desktop, reaches the network or gets its updates with. DNF itself refuses to
 * remove what its own list protects (dnf5.conf(5), protected_packages).
 */
const vitalName =
    /^(?:grub2|shim|efibootmgr|systemd|kernel|dracut|cryptsetup|lvm2|mdadm|device-mapper|e2fsprogs|btrfs-progs|xfsprogs|dnf|libdnf|rpm|glibc|filesystem|setup|fedora-(?:release|repos|gpg-keys)|dbus|polkit|sudo|shadow-utils|pam|bash|coreutils|util-linux|openssh-server|NetworkManager|wpa_supplicant|iwd|linux-firmware|selinux-policy|gdm$|gnome-shell|gnome-session|gnome-settings-daemon|mutter|xorg-x11-server|pipewire|wireplumber|ca-certificates|reeve)/;

export const dnf: PackageManager = {
    async search(machine, words, signal) {
        const asked = words.map(word => word.toLowerCase());
        return (await listed(machine, signal)).filter(({ name, summary }) => {
            const text = `${name} ${summary}`.toLowerCase();
            return asked.length > 0 && asked.every(word => text.includes(word));
        });
    },
    isInstalled: async (machine, name, signal) => {
        const found = await machine.run('rpm', ['-q', '--queryformat', '%{NAME}\\n', '--', name], { signal });
        return (found ?? '').split('\n').includes(name);
    },
    altered: async (machine, name, signal) =>
        alteredFiles((await machine.run('rpm', ['--verify', '--', name], { signal, timeout: patience })) ?? ''),
    async simulate(machine, wanted, signal) {
        const options = { signal, timeout: patience, limit: outputLimit };
        const table = await machine.run('dnf', [...simulation, ...argvFor(wanted)], options);
        return readTable(table ?? '');
    },
    step: wanted => programStep('system', [...change, ...argvFor(wanted)]),
    removal: names => programStep('system', ['rpm', '--erase', '--', ...names]),
    async returning(machine, removed, signal) {
        const argv = [
            '--cacheonly',
            '--quiet',
            'repoquery',
            '--available',
            '--queryformat',
            '%{name}-%{version}-%{release}\n',
        ];
        const names = removed.map(({ name }) => name);
        const options = { signal, timeout: patience, limit: outputLimit };
        const found = (await machine.run('dnf', [...argv, '--', ...names], options)) ?? '';
        const again = removed.map(({ name, version }) => `${name}-${version ?? ''}`);
        const isThere = again.every(each => found.split('\n').includes(each));
        return isThere ? programStep('system', [...change, 'install', '--', ...again]) : null;
    },
    markAutomatic: names => programStep('system', ['dnf', '--assumeyes', 'mark', 'dependency', '--', ...names]),
    vital: (_machine, names) => Promise.resolve(names.filter(name => vitalName.test(name))),
    refresh: () => programStep('system', ['dnf', '--refresh', 'makecache']),
    async isHeld(machine, name) {
        const text = (await readText(machine, versionLocks, outputLimit)) ?? '';
        return text.split('\n').includes(`name = "${name}"`);
    },
    hold: (name, isWanted, words) =>
        holdBy(on => [...change, 'versionlock', on ? 'add' : 'delete', '--', name], isWanted, words),
};

async function listed(machine: Machine, signal: AbortSignal): Promise<KnownPackage[]> {
    const argv = ['--cacheonly', '--quiet', 'repoquery', '--available', '--queryformat', '%{name}\t%{summary}\n'];
    const output = await machine.run('dnf', argv, { signal, timeout: patience, limit: outputLimit });
    if (output === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
    // One line for each version.
    const lines = [...new Set(output.split('\n'))];
    return lines.flatMap(line => {
        const [name = '', summary = ''] = line.split('\t');
        return name === '' ? [] : [{ name, summary }];
    });
}

function argvFor(wanted: Wanted): string[] {
    switch (wanted.kind) {
        case 'install':
            return ['install', '--', ...wanted.names];
        case 'remove':
            // What was installed for others stays, as those others may be something else by then.
            return ['remove', '--no-autoremove', '--', ...wanted.names];
        case 'reinstall':
            return ['reinstall', '--', wanted.name];
        case 'upgrade': {
            const { name, version } = wanted;
            return ['upgrade', '--', version === undefined ? name : `${name}-${version}`];
        }
        case 'upgradeAll':
            return ['upgrade'];
        case 'autoremove':
            return ['autoremove'];
    }
}

/**
 * Of the table that DNF 5 prints of a transaction: headings that end in a colon, below each a line " NAME ARCH VERSION REPOSITORY SIZE",
 * and below what is updated "   replacing NAME ARCH VERSION …" (libdnf5-cli/output/transaction_table.cpp; seen with 5.4.6).
 */
export function readTable(table: string): PackageChanges {
    const changes: PackageChanges = { installed: [], removed: [] };
    let isRemoving = false;
    for (const line of table.split('\n')) {
        const heading = /^(\S.*):$/.exec(line)?.[1];
        if (heading === 'Transaction Summary') break;
        if (heading !== undefined) {
            isRemoving = heading.startsWith('Removing');
            continue;
        }
        const [replaced, name = '', version = ''] = /^ +(replacing +)?(\S+) +\S+ +(\S+) /.exec(line)?.slice(1) ?? [];
        if (name === '') continue;
        const [last] = changes.installed.slice(-1);
        if (isRemoving) changes.removed.push(name);
        else if (replaced === undefined) changes.installed.push({ name, from: null, to: version.replace(/^0:/, '') });
        else if (last?.name === name) last.from = version.replace(/^0:/, '');
        // Another package takes its place.
        else changes.removed.push(name);
    }
    return changes;
}
