import type { Scope } from '../model/unit.ts';
import type { Severity } from '../model/incident.ts';

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

export function unitSeverity(scope: Scope, unit: string): Severity {
    const found = cases.find(one => (one.scope === null || one.scope === scope) && one.pattern.test(unit));
    return found?.severity ?? 'medium';
}
