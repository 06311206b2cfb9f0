/**
 * What is installed besides the programs, and where: the files in the build's share/ that the system looks up. Each is one line here, and
 * its text one line in build/share.ts. The installation for one user, `npm run install:system` and the packages follow from it.
 */
import { join } from 'node:path';

import metadata from '../extension/metadata.json' with { type: 'json' };
import { busName, mechanismName, mechanismUnit, polkitPrefix, serviceUnit } from '../service/util/names.ts';

export const homepage = 'https://reevedesktop.org/';
export const maintainer = 'The developers of Reeve <maintainers@reevedesktop.org>';

export const extensionUuid = metadata.uuid;
export const extensionSchema = metadata['settings-schema'];
/** Of the entry in the list of applications. */
export const desktopId = 'org.reevedesktop.Reeve';

/** The unit that offers Reeve to each user once, where a package installed it. */
export const offerUnit = 'reeve-offer.service';
/** Lies in the user's state when that was done. */
export const offeredMark = 'offered';

type Placing = {
    /** A user's own installation has it below $XDG_DATA_HOME, by the same path. */
    user?: true;
    /** `npm run install:system` puts it here. */
    local?: string;
    /** A package puts it here; below /usr/share, by the same path, if not given. */
    package?: string;
    /** Where Debian's policy has it, if not there. */
    debian?: string;
};

/** Debian's, those of Fedora and openSUSE, Arch's, Nix's. */
export type PackageSort = 'deb' | 'rpm' | 'pacman' | 'nix';

export const sharedFiles = {
    [`systemd/user/${serviceUnit}`]: { user: true, package: `/usr/lib/systemd/user/${serviceUnit}` },
    [`dbus-1/services/${busName}.service`]: { user: true },
    'bash-completion/completions/reeve': { user: true },
    'zsh/site-functions/_reeve': { user: true, debian: '/usr/share/zsh/vendor-completions/_reeve' },
    // It comes first of those for the whole computer: it is the only place that every polkitd reads, and /usr may be read-only.
    [`polkit-1/actions/${polkitPrefix}.policy`]: { local: `/usr/share/polkit-1/actions/${polkitPrefix}.policy` },
    [`systemd/system/${mechanismUnit}`]: {
        local: `/usr/local/lib/systemd/system/${mechanismUnit}`,
        package: `/usr/lib/systemd/system/${mechanismUnit}`,
    },
    [`dbus-1/system-services/${mechanismName}.service`]: {
        local: `/usr/local/share/dbus-1/system-services/${mechanismName}.service`,
    },
    [`dbus-1/system.d/${mechanismName}.conf`]: { local: `/etc/dbus-1/system.d/${mechanismName}.conf` },
    // What only a package brings: the place in the list of applications and in shops for software, and the offer.
    [`applications/${desktopId}.desktop`]: {},
    [`metainfo/${desktopId}.metainfo.xml`]: {},
    [`icons/hicolor/scalable/apps/${desktopId}.svg`]: {},
    [`systemd/user/${offerUnit}`]: { package: `/usr/lib/systemd/user/${offerUnit}` },
} as const satisfies Record<string, Placing>;

export type SharedFile = keyof typeof sharedFiles;

const placings = Object.entries(sharedFiles) as [SharedFile, Placing][];

export const userFiles = placings.flatMap(([file, { user }]) => (user ? [file] : []));

/** Path in share/ → where it goes. */
export const localFiles = placings.flatMap(([file, { local }]) =>
    local === undefined ? [] : [[file, local] as const],
);

/** Path in share/ → where a package of this sort puts it. */
export function packagedFiles(sort: PackageSort): (readonly [SharedFile, string])[] {
    return placings.map(([file, placing]) => {
        const own = sort === 'deb' ? placing.debian : undefined;
        return [file, own ?? placing.package ?? join('/usr/share', file)] as const;
    });
}

/** "For use by the system administrator when installing software locally": hier(7). */
export const localLibrary = '/usr/local/lib/reeve';
/** A package has all of the build's bin/ and lib/ in here. */
export const packagedLibrary = '/usr/lib/reeve';
