import type { Severity } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';

type Case = { scope: Scope | null; pattern: RegExp; severity: Severity };

/**
 * How much the failure of a unit matters to the person at the computer; docs/faults.md has the rule in words. The first case
 * that fits holds.
 */
const cases: readonly Case[] = [
    // Without these nobody can log in or use the desktop, or the computer does not finish starting.
    {
        scope: 'system',
        pattern:
            /^(?:(?:display-manager|gdm3?|sddm|lightdm|dbus|dbus-broker|systemd-logind|systemd-journald|systemd-udevd|systemd-remount-fs|systemd-fsck-root|user@\d+)\.service|(?:dbus|systemd-journald)\.socket|(?:-|boot|boot-efi|efi|home|usr|var)\.mount|(?:local-fs|basic|sysinit|graphical|multi-user)\.target)$/,
        severity: 'critical',
    },
    {
        scope: 'user',
        pattern:
            /^(?:org\.gnome\.Shell@[\w-]+\.service|gnome-session[\w@-]*\.(?:service|target)|graphical-session\.target|dbus(?:-broker)?\.service|dbus\.socket)$/,
        severity: 'critical',
    },
    // Without these the desktop is there, but the network, sound, the right to change settings, or a disk is not.
    {
        scope: 'system',
        pattern:
            /^(?:NetworkManager|wpa_supplicant|iwd|systemd-networkd|systemd-resolved|systemd-timesyncd|polkit|accounts-daemon|upower|udisks2|bluetooth|firewalld|nftables|ssh|sshd|apparmor|systemd-cryptsetup@[^.]+|systemd-fsck@[^.]+|lvm2-[\w@-]+|zfs-[\w-]+)\.service$|\.(?:mount|swap)$|^(?:network|sockets|swap|cryptsetup)\.target$/,
        severity: 'high',
    },
    {
        scope: 'user',
        pattern:
            /^(?:pipewire|pipewire-pulse|pulseaudio|wireplumber|xdg-desktop-portal|gnome-keyring-daemon|gcr-ssh-agent|org\.gnome\.SettingsDaemon\.[\w-]+)\.service$/,
        severity: 'high',
    },
    // What runs unattended now and then, runs again by itself, or was started by hand for once.
    {
        scope: null,
        pattern:
            /^(?:run-[\w-]+\.(?:service|scope)|app-[^/]+\.(?:service|scope)|session-\w+\.scope|(?:apt-daily|apt-daily-upgrade|apt-news|esm-cache|man-db|logrotate|fstrim|e2scrub_all|e2scrub_reap|dpkg-db-backup|fwupd-refresh|motd-news|packagekit-offline-update|plocate-updatedb|updatedb|mlocate|tracker-[\w-]+|localsearch[\w-]*|systemd-tmpfiles-clean|unattended-upgrades|anacron|ua-timer|update-notifier-[\w-]+)\.service)$|\.(?:timer|path|scope|slice|device)$/,
        severity: 'low',
    },
];

/**
 * What some of them are called where a log has nothing but their description, as those of systemd before 250 do: Description= of
 * the units of systemd, dbus, GDM, NetworkManager, OpenSSH (of Debian and of Red Hat), polkit, OpenZFS, and of Debian's and Red Hat's network.
 */
const described = new Map([
    ['D-Bus System Message Bus', 'dbus.service'],
    ['Journal Service', 'systemd-journald.service'],
    ['Login Service', 'systemd-logind.service'],
    ['User Login Management', 'systemd-logind.service'],
    ['udev Kernel Device Manager', 'systemd-udevd.service'],
    ['Rule-based Manager for Device Events and Files', 'systemd-udevd.service'],
    ['Remount Root and Kernel File Systems', 'systemd-remount-fs.service'],
    ['Local File Systems', 'local-fs.target'],
    ['GNOME Display Manager', 'gdm.service'],
    ['Simple Desktop Display Manager', 'sddm.service'],
    ['Light Display Manager', 'lightdm.service'],
    ['Network Manager', 'NetworkManager.service'],
    ['Network Service', 'systemd-networkd.service'],
    ['Network Configuration', 'systemd-networkd.service'],
    ['Network Name Resolution', 'systemd-resolved.service'],
    ['LSB: Bring up/down networking', 'network.target'],
    ['Raise network interfaces', 'network.target'],
    ['OpenSSH server daemon', 'sshd.service'],
    ['OpenBSD Secure Shell server', 'ssh.service'],
    ['Authorization Manager', 'polkit.service'],
    ['WPA supplicant', 'wpa_supplicant.service'],
    ['Import ZFS pools by cache file', 'zfs-import-cache.service'],
    ['Import ZFS pools by device scanning', 'zfs-import-scan.service'],
    ['Mount ZFS filesystems', 'zfs-mount.service'],
    ['Bluetooth service', 'bluetooth.service'],
    ['Disk Manager', 'udisks2.service'],
    ['Rotate log files', 'logrotate.service'],
    ['Daily man-db regeneration', 'man-db.service'],
    ['Daily apt download activities', 'apt-daily.service'],
    ['Daily apt upgrade and clean activities', 'apt-daily-upgrade.service'],
    ['Cleanup of Temporary Directories', 'systemd-tmpfiles-clean.service'],
]);

export function unitSeverity(scope: Scope, unit: string): Severity {
    const name = described.get(unit) ?? unit;
    const found = cases.find(one => (one.scope === null || one.scope === scope) && one.pattern.test(name));
    return found?.severity ?? 'medium';
}
