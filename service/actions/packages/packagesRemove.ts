import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isInstalled } from '../../machine/packages/aptSearch.ts';
import { debianName, debianPackage } from '../../machine/packages/aptSimulation.ts';
import { versionOf } from '../../machine/packages/packageOf.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { aptStep, describeChanges, simulated, unattended } from './apt.ts';
import { installedMeant } from './packagesMeant.ts';
import { isToBeHad, isVital } from './packagesRevert.ts';

const parameters = z.strictObject({ name: z.string().regex(debianPackage) });

/**
 * What a computer starts, shows its desktop, lets people in, reaches the network, reads its disks or gets its updates with, as
 * Debian calls it. Nothing may depend on some of these, and yet much does.
 */
const vitalName =
    /^(?:grub|shim-|efibootmgr|systemd|linux-|initramfs|dracut|cryptsetup|lvm2|mdadm|dmsetup|e2fsprogs|btrfs-progs|xfsprogs|zfs|apt|dpkg|debconf|dbus|polkit|sudo|login|passwd|bash|dash|coreutils|util-linux|libpam|openssh-server|network-manager|ifupdown|netplan|wpasupplicant|iwd|firmware-|nvidia-|gdm3?$|lightdm|sddm|gnome-shell|gnome-session|gnome-settings-daemon|mutter|plasma-|kwin|xserver-xorg|xwayland|pipewire|wireplumber|ca-certificates|reeve)/;

/**
 * Removes a package, and those that need it; their settings stay. What everything else needs is refused. dpkg(1) removes exactly
 * the packages that were shown, whatever apt-get(8) would find by then.
 */
export const packagesRemove = defineAction({
    name: 'packages.remove',
    parameters,
    touches: ({ name }) => [`package ${name}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(uninstall|remove) [(program|app|application|package|game)] {name} [(program|app|application|package|game)]',
                    'get rid of [(program|app|application|package|game)] {name}',
                ],
                de: [
                    '(deinstalliere|entferne) [sie] [(programm|anwendung|paket|spiel)] {name}',
                    '[(programm|anwendung|paket|spiel)] {name} (deinstallieren|entfernen)',
                ],
                ar: ['(احذف|أزل|إزالة) (برنامج|تطبيق|حزمة) {name}'],
            },
            parameters: async ({ name = '' }, asked) => await installedMeant(name, asked),
        },
    ],
    async plan({ name }, { machine, signal }) {
        if (machine === null || !(await isInstalled(machine, name, signal)))
            throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
        const changes = await simulated(machine, ['remove', '--', name], signal);
        const { removed, installed } = changes;
        if (!removed.includes(name) || installed.length > 0 || !removed.every(each => debianName.test(each)))
            throw new ReeveError('InvalidState', _('{name} cannot be removed alone', { name }));
        const vital = await Promise.all(removed.map(each => isVital(machine, each, signal)));
        const needed = removed.find((each, index) => vital[index] === true || vitalName.test(each));
        if (needed !== undefined)
            throw new ReeveError('InvalidState', _('Too much depends on {name} to remove it', { name: needed }));
        const versions = await Promise.all(
            removed.map(async each => {
                const version = await versionOf(machine.run, each, signal);
                return version !== null && (await isToBeHad(machine, each, version, signal)) ? version : null;
            }),
        );
        const isKept = versions.every(version => version !== null);
        const again = removed.map((each, index) => `${each}=${versions[index] ?? ''}`);
        return {
            title: _('Remove {names}', { names: name }),
            steps: [
                {
                    description: describeChanges(changes),
                    ...programStep('system', ['dpkg', '--remove', ...removed], { environment: unattended }),
                },
            ],
            risk: removed.length === 1 ? 'medium' : 'high',
            riskText:
                removed.length === 1
                    ? _('The program is gone. Its settings and your files stay.')
                    : _('Other packages need it and are removed with it. Settings and your files stay.'),
            subject: name,
            undo: isKept
                ? {
                      text: _('Installs what was removed'),
                      steps: [
                          {
                              description: _('Install {names}', { names: removed.join(', ') }),
                              ...aptStep(['--no-remove', 'install', '--', ...again]),
                          },
                      ],
                  }
                : null,
            authentication: true,
            preconditions: { packages: JSON.stringify([removed, versions]) },
        };
    },
    async verify({ name }, { machine, signal }) {
        const gone = machine !== null && !(await isInstalled(machine, name, signal));
        return { gone, detail: gone ? '' : _('{name} is still installed', { name }) };
    },
});
