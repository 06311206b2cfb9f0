import { join } from 'node:path';

/** A watched directory, with the relevant files in it. */
export type Place = {
    /** Absolute. It need not exist. */
    path: string;
    /** How many levels of directories below it are watched as well. */
    depth: number;
    /** The kind of the entries in the timeline. */
    kind: 'file' | 'crash';
    /** Whether the contents are stored, so that a change can be shown and reverted. */
    keep: boolean;
    /** Which files are relevant; all if absent. @param path below the place */
    includes?: (path: string) => boolean;
    /** Whether the directories directly in it are the relevant entries, as for extensions and icon themes. */
    folders?: boolean;
};

/**
 * Files in the home directory that every login reads: bash(1), zsh(1), Xsession(5), pam_env(8); and those in which ALSA and
 * Mesa read their users' settings: alsa-lib's src/conf/alsa.conf, parseUserConfigFiles of Mesa's src/util/xmlconfig.c.
 */
const profiles = new Set([
    '.bashrc',
    '.bash_profile',
    '.bash_login',
    '.bash_aliases',
    '.profile',
    '.zshrc',
    '.zshenv',
    '.zprofile',
    '.zlogin',
    '.xprofile',
    '.xsessionrc',
    '.xinputrc',
    '.pam_environment',
    '.inputrc',
    '.XCompose',
    '.Xresources',
    '.xsession',
    '.asoundrc',
    '.drirc',
]);

/** What can break a desktop directly in ~/.config. */
const settings = new Set(['monitors.xml', 'mimeapps.list', 'user-dirs.dirs', 'user-dirs.locale']);

/** What can break a desktop in folders of ~/.config. dconf's database is binary; its changes come as signals. */
const settingFolders = [
    'autostart',
    'systemd/user',
    'environment.d',
    'user-tmpfiles.d',
    'gtk-3.0',
    'gtk-4.0',
    'fontconfig',
    'pipewire',
    'wireplumber',
    'xdg-desktop-portal',
    'containers/systemd',
    'fish',
];

/**
 * What programs write by themselves, so that a change means nothing: caches, backups, links of old init scripts, the swap, lock
 * and temporary files of editors and package managers, the repository of etckeeper(8).
 */
const selfWritten =
    /(?:^|\/)(?:\.git|rc[0-6S]\.d|\.pwd\.lock|\.updated|mtab|adjtime|ld\.so\.cache|subscriptions\.conf(?:\.O)?|printers\.conf\.O|4913)(?:\/|$)|[-~]$|\.(?:sw[a-p]x?|tmp|lock|part|partial|dpkg-(?:new|tmp))$|(?:^|\/)(?:\.?#|\.goutputstream-|sed[A-Za-z0-9]{6}$|\.[^/]+\.[A-Za-z0-9]{6}$)/;

export function isSelfWritten(path: string): boolean {
    return selfWritten.test(path);
}

/** @param home the user's home directory */
export function placesFor({ root, home }: { root: string; home: string }): Place[] {
    const kept = { kind: 'file', keep: true } as const;
    const noted = { kind: 'file', keep: false } as const;
    const data = join(home, '.local/share');
    return [
        { ...kept, path: join(root, 'etc'), depth: 8 },
        { ...kept, path: home, depth: 0, includes: name => profiles.has(name) },
        { ...kept, path: join(home, '.config'), depth: 0, includes: name => settings.has(name) },
        ...settingFolders.map(folder => ({ ...kept, path: join(home, '.config', folder), depth: 2 })),
        // PulseAudio keeps its state of devices beside its settings.
        { ...kept, path: join(home, '.config/pulse'), depth: 0, includes: name => /\.(?:conf|pa)$/.test(name) },
        { ...kept, path: join(data, 'applications'), depth: 1, includes: name => /\.(?:desktop|list)$/.test(name) },
        { ...kept, path: join(data, 'systemd/user'), depth: 2 },
        { ...kept, path: join(data, 'dbus-1/services'), depth: 0 },
        // Permissions of Flatpak applications that differ from what they ask for: flatpak-override(1).
        { ...kept, path: join(data, 'flatpak/overrides'), depth: 0 },
        { ...kept, path: join(root, 'var/lib/flatpak/overrides'), depth: 0 },
        { ...noted, path: join(data, 'gnome-shell/extensions'), depth: 0, folders: true },
        { ...noted, path: join(data, 'fonts'), depth: 2 },
        { ...noted, path: join(home, '.fonts'), depth: 2 },
        { ...noted, path: join(data, 'icons'), depth: 0, folders: true },
        { ...noted, path: join(home, '.icons'), depth: 0, folders: true },
        { ...noted, path: join(data, 'themes'), depth: 0, folders: true },
        { ...noted, path: join(home, '.themes'), depth: 0, folders: true },
        { ...noted, path: join(root, 'usr/local/share/fonts'), depth: 2 },
        { ...noted, path: join(root, 'usr/local/share/icons'), depth: 0, folders: true },
        { ...noted, path: join(root, 'usr/local/share/themes'), depth: 0, folders: true },
        { ...kept, path: join(root, 'usr/local/share/applications'), depth: 0 },
        {
            path: join(root, 'var/crash'),
            depth: 0,
            kind: 'crash',
            keep: false,
            includes: name => name.endsWith('.crash'),
        },
    ];
}
