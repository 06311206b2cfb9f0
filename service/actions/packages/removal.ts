/** Shared by the actions that remove packages. */
import { _ } from '../../i18n/i18n.ts';
import { isInstalled } from '../../machine/packages/aptSearch.ts';
import { versionOf } from '../../machine/packages/packageOf.ts';
import type { Machine } from '../../machine/machine.ts';
import { programStep } from '../programStep.ts';
import { aptStep, describeChanges, unattended } from './apt.ts';
import { isToBeHad, isVital } from './packagesRevert.ts';

/**
 * What a computer starts, shows its desktop, lets people in, reaches the network, reads its disks or gets its updates with, as
 * Debian calls it. Nothing may depend on some of these, and yet much does.
 */
const vitalName =
    /^(?:grub|shim-|efibootmgr|systemd|linux-|initramfs|dracut|cryptsetup|lvm2|mdadm|dmsetup|e2fsprogs|btrfs-progs|xfsprogs|zfs|apt|dpkg|debconf|dbus|polkit|sudo|login|passwd|bash|dash|coreutils|util-linux|libpam|openssh-server|network-manager|ifupdown|netplan|wpasupplicant|iwd|firmware-|nvidia-|gdm3?$|lightdm|sddm|gnome-shell|gnome-session|gnome-settings-daemon|mutter|plasma-|kwin|xserver-xorg|xwayland|pipewire|wireplumber|ca-certificates|reeve)/;

/** Those that too much depends on to remove them. */
export async function neededOf(machine: Machine, names: readonly string[], signal: AbortSignal): Promise<string[]> {
    const vital = await Promise.all(names.map(each => isVital(machine, each, signal)));
    return names.filter((each, index) => vital[index] === true || vitalName.test(each));
}

/**
 * dpkg(1) removes exactly the packages that were shown, whatever apt-get(8) would find by then. Their settings stay.
 *
 * @param given.isAutomatic whether they were installed for others; apt-mark(8), auto
 */
export async function removal(
    machine: Machine,
    removed: readonly string[],
    { isAutomatic, signal }: { isAutomatic: boolean; signal: AbortSignal },
) {
    const versions = await Promise.all(
        removed.map(async each => {
            const version = await versionOf(machine.run, each, signal);
            return version !== null && (await isToBeHad(machine, each, version, signal)) ? version : null;
        }),
    );
    const isKept = versions.every(version => version !== null);
    const names = removed.join(', ');
    const again = removed.map((each, index) => `${each}=${versions[index] ?? ''}`);
    const marked = {
        description: _('Mark {names} as installed for others', { names }),
        ...programStep('system', ['apt-mark', 'auto', '--', ...removed]),
    };
    return {
        steps: [
            {
                description: describeChanges({ installed: [], removed: [...removed] }),
                ...programStep('system', ['dpkg', '--remove', ...removed], { environment: unattended }),
            },
        ],
        undo: isKept
            ? {
                  text: _('Installs what was removed'),
                  steps: [
                      {
                          description: _('Install {names}', { names }),
                          ...aptStep(['--no-remove', 'install', '--', ...again]),
                      },
                      ...(isAutomatic ? [marked] : []),
                  ],
              }
            : null,
        authentication: true,
        preconditions: { packages: JSON.stringify([removed, versions]) },
    };
}

export async function stillInstalled(machine: Machine | null, name: string, signal: AbortSignal) {
    const gone = machine !== null && !(await isInstalled(machine, name, signal));
    return { gone, detail: gone ? '' : _('{name} is still installed', { name }) };
}
