import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isInstalled, searchPackages } from '../../machine/packages/aptSearch.ts';
import { patience, simulateApt } from '../../machine/packages/aptSimulation.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Surroundings } from '../surroundings.ts';
import { programStep } from '../programStep.ts';
import { alteredFiles, holdBy, type PackageManager, type Wanted } from './packageManager.ts';

/** Questions are answered as packages.configure does: the user's own configuration files stay. */
const answers = ['--option=Dpkg::Options::=--force-confdef', '--option=Dpkg::Options::=--force-confold'];
/** Of programs that must not ask questions. */
export const unattended = ['DEBIAN_FRONTEND=noninteractive'];

/** Within the ten seconds that somebody waits for a plan. Milliseconds. */
const versionsPatience = 9000;

export function aptStep(argv: readonly string[]) {
    return programStep('system', ['apt-get', '--assume-yes', ...answers, ...argv], { environment: unattended });
}

/** What apt-get(8) would do by its simulation; nothing when the watched system is not this computer. */
export async function simulated(machine: Surroundings['machine'], argv: readonly string[], signal: AbortSignal) {
    return machine === null ? { installed: [], removed: [] } : await simulateApt(machine, argv, signal);
}

/**
 * What a computer starts, shows its desktop, lets people in, reaches the network, reads its disks or gets its updates with, as
 * Debian calls it. Nothing may depend on some of these, and yet much does.
 */
const vitalName =
    /^(?:grub|shim-|efibootmgr|systemd|linux-|initramfs|dracut|cryptsetup|lvm2|mdadm|dmsetup|e2fsprogs|btrfs-progs|xfsprogs|zfs|apt|dpkg|debconf|dbus|polkit|sudo|login|passwd|bash|dash|coreutils|util-linux|libpam|openssh-server|network-manager|ifupdown|netplan|wpasupplicant|iwd|firmware-|nvidia-|gdm3?$|lightdm|sddm|gnome-shell|gnome-session|gnome-settings-daemon|mutter|plasma-|kwin|xserver-xorg|xwayland|pipewire|wireplumber|ca-certificates|reeve)/;

/** Debian's; apt-get(8), apt-cache(8), apt-mark(8), dpkg(1). */
export const apt: PackageManager = {
    search: searchPackages,
    isInstalled,
    altered: async (machine, name, signal) =>
        alteredFiles((await machine.run('dpkg', ['--verify', name], { signal, timeout: patience })) ?? ''),
    simulate: async (machine, wanted, signal) => await simulateApt(machine, argvFor(wanted), signal),
    step: wanted => aptStep(argvFor(wanted)),
    // Exactly these, whatever apt-get(8) would find by then.
    removal: names => programStep('system', ['dpkg', '--remove', ...names], { environment: unattended }),
    async returning(machine, removed, signal) {
        const there = await Promise.all(
            removed.map(
                async ({ name, version }) => version !== null && (await isToBeHad(machine, name, version, signal)),
            ),
        );
        const again = removed.map(({ name, version }) => `${name}=${version ?? ''}`);
        return there.every(Boolean) ? aptStep(['--no-remove', 'install', '--', ...again]) : null;
    },
    markAutomatic: names => programStep('system', ['apt-mark', 'auto', '--', ...names]),
    async vital(machine, names, signal) {
        const vital = await Promise.all(names.map(each => isVital(machine, each, signal)));
        return names.filter((each, index) => vital[index] === true || vitalName.test(each));
    },
    // It fails when one list cannot be downloaded, so that its success is the check.
    refresh: () => programStep('system', ['apt-get', '--error-on=any', 'update'], { environment: unattended }),
    async isHeld(machine, name, signal) {
        const held = await machine.run('apt-mark', ['showhold'], { signal });
        if (held === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
        return held.split('\n').includes(name);
    },
    hold: (name, isWanted, words) => holdBy(on => ['apt-mark', on ? 'hold' : 'unhold', '--', name], isWanted, words),
};

function argvFor(wanted: Wanted): string[] {
    switch (wanted.kind) {
        case 'install':
            return ['--no-remove', 'install', '--', ...wanted.names];
        case 'remove':
            return ['remove', '--', ...wanted.names];
        case 'reinstall':
            return ['--no-remove', '--reinstall', 'install', '--', wanted.name];
        case 'upgrade': {
            const { name, version } = wanted;
            const asked = version === undefined ? name : `${name}=${version}`;
            return ['--only-upgrade', '--no-remove', 'install', '--', asked];
        }
        case 'upgradeAll':
            // As apt(8) does it: new packages come where a new version needs them, and nothing is removed.
            return ['--no-remove', '--with-new-pkgs', 'upgrade'];
        case 'autoremove':
            return ['autoremove'];
    }
}

/** Whether nothing works without a package: by its own account, or by that of a few others that set it up. */
export async function isVital(machine: Machine, name: string, signal: AbortSignal): Promise<boolean> {
    const format = '${Essential}|${Priority}|${source:Package}\\n';
    const listed = await machine.run('dpkg-query', ['--show', '--showformat', format, '--', name], { signal });
    const lines = (listed ?? '').split('\n').filter(line => line !== '');
    return lines.length === 0 || lines.some(line => vital.test(line));
}

const vital = /^yes\||\|required\||\|(?:apt|dpkg|glibc|linux(?:-.+)?|systemd)$/;

/** Whether a source has a version. */
export async function isToBeHad(
    machine: Machine,
    name: string,
    version: string,
    signal: AbortSignal,
): Promise<boolean> {
    return (await versionsToBeHad(machine, name, signal)).includes(version);
}

/**
 * The versions that the sources have, by apt-cache(8), madison: "NAME | VERSION | SOURCE" a line. A source that ends in
 * "Sources" only has the source package. Only Undo depends on the result: where apt takes too long, no undo is
 * promised.
 */
export async function versionsToBeHad(machine: Machine, name: string, signal: AbortSignal): Promise<string[]> {
    const listed = await machine
        .run('apt-cache', ['madison', name], { signal, timeout: versionsPatience })
        .catch((error: unknown) => {
            if (error instanceof ReeveError && error.code === 'Unavailable') return null;
            throw error;
        });
    return (listed ?? '').split('\n').flatMap(line => {
        const [of, which = '', source = ''] = line.split('|').map(part => part.trim());
        return of === name && source.endsWith(' Packages') ? [which] : [];
    });
}
