import type { LogEntry } from '../journal/logEntry.ts';
import type { Writer } from './writer.ts';

/**
 * The programs that rules trust, and how to recognise them.
 *
 * In a journal, `_SYSTEMD_UNIT` identifies a system service, or `_COMM` if it runs as root; `_SYSTEMD_USER_UNIT` identifies a
 * part of the session. The name that a program gives itself counts only where there is nothing else, as in plain text.
 *
 * None of these identifies what people start themselves, because everybody chooses the `_COMM` of an own process. journald has
 * the real user in `_UID` (SCM_CREDENTIALS, unix(7)). For set-user-ID programs, that is the user who started them: seen with
 * su, sudo, pkexec. Only `_EXE` is left to recognise sudo, and within an own mount namespace anybody can fake that path too
 * (seen with bwrap). So it is a source of its own, for the one rule in which a forger would gain nothing.
 */
type Program = {
    /** Names in lower case: SYSLOG_IDENTIFIER of text, _COMM of processes. */
    names: readonly string[];
    /** Units without their suffix; "@" at the end stands for any instance. */
    units?: readonly string[];
    /** Whether it runs in each user's session. */
    ofUser?: true;
    /** `_EXE` of what people run themselves. */
    executables?: readonly string[];
};

const programs = {
    // Written by the kernel, or by auditd on its behalf.
    audit: { names: ['audit', 'auditd', 'audispd', 'kernel'], units: ['auditd', 'systemd-journald'] },
    sshd: { names: ['sshd', 'sshd-session', 'sshd-auth', 'sshd2'], units: ['ssh', 'sshd', 'ssh@', 'sshd@'] },
    login: {
        names: [
            'login',
            'su',
            'sudo',
            'gdm-password',
            'gdm-launch-environment',
            'gdm-autologin',
            'gdm-session-worker',
            'lightdm',
            'sddm',
            'sddm-helper',
            'kdm',
            'xdm',
            'polkit-agent-helper-1',
            'pkexec',
            'unix_chkpwd',
            'vsftpd',
            'ftpd',
            'proftpd',
            'klogind',
            'kshd',
            'rlogind',
            'rshd',
            'telnetd',
            'dovecot',
            'saslauthd',
            'imapd',
            'ipop3d',
            'cron',
            'crond',
            'atd',
            'passwd',
            'useradd',
            'faillock',
            'samba',
            'smbd',
            'xrdp',
            'xrdp-sesman',
            'remote',
        ],
        // Not cron.service: the commands of a user's crontab run in it, as its PAM stack does without pam_systemd, which opens
        // a scope for each session only where people log in ("Session-Interactive-Only" in Debian's pam-configs/systemd).
        units: ['gdm', 'gdm3', 'display-manager', 'lightdm', 'sddm', 'getty@', 'vsftpd', 'proftpd', 'dovecot'],
    },
    sudo: { names: ['sudo'], executables: ['/usr/bin/sudo'] },
    networkManager: {
        names: ['networkmanager', 'nm-dispatcher', 'nm-openvpn', 'nm-vpnc', 'nm-pptp-service', 'nm-l2tp-service'],
        units: ['NetworkManager', 'NetworkManager-dispatcher', 'NetworkManager-wait-online'],
    },
    networkd: { names: ['systemd-networkd', 'systemd-network'], units: ['systemd-networkd'] },
    resolver: {
        names: [
            'systemd-resolved',
            'systemd-resolve',
            'dnsmasq',
            'unbound',
            'named',
            'nscd',
            'nslcd',
            'avahi-daemon',
            'bind9',
        ],
        units: ['systemd-resolved', 'dnsmasq', 'unbound', 'named', 'bind9', 'avahi-daemon'],
    },
    dhcp: {
        names: ['dhclient', 'dhcpcd', 'dhcpd', 'udhcpc', 'pump'],
        units: ['dhcpcd', 'dhclient', 'isc-dhcp-server', 'NetworkManager'],
    },
    supplicant: { names: ['wpa_supplicant', 'iwd', 'hostapd'], units: ['wpa_supplicant', 'wpa_supplicant@', 'iwd'] },
    vpn: {
        names: [
            'openvpn',
            'nm-openvpn',
            'charon',
            'pluto',
            'ipsec',
            'racoon',
            'strongswan',
            'vpnc',
            'openconnect',
            'pppd',
            'wg-quick',
            'xl2tpd',
            'pptp',
        ],
        units: ['openvpn@', 'openvpn-client@', 'openvpn-server@', 'strongswan', 'ipsec', 'wg-quick@', 'NetworkManager'],
    },
    bluetooth: { names: ['bluetoothd', 'hcid', 'obexd'], units: ['bluetooth'] },
    audio: {
        names: [
            'pipewire',
            'pipewire-pulse',
            'wireplumber',
            'pulseaudio',
            'rtkit-daemon',
            'pipewire-media-session',
            'alsactl',
        ],
        units: [
            'pipewire',
            'pipewire-pulse',
            'wireplumber',
            'pulseaudio',
            'rtkit-daemon',
            'alsa-restore',
            'alsa-state',
        ],
        ofUser: true,
    },
    shell: {
        names: [
            'gnome-shell',
            'gnome-session',
            'gnome-session-binary',
            'gnome-session-service',
            'gjs',
            'mutter',
            'gdm',
            'gdm3',
            'gsd-xsettings',
            'gsd-media-keys',
            'gsd-color',
            'gsd-power',
            'gnome-keyring-daemon',
            'org.gnome.shell.desktop',
            'gdm-wayland-session',
            'gdm-x-session',
            'xorg',
            'x',
            '/usr/lib/gdm-x-session',
        ],
        units: [
            'org.gnome.Shell@',
            'gnome-session-binary@',
            'gnome-session-manager@',
            'gnome-session@',
            'org.gnome.SettingsDaemon.Color',
            'org.gnome.SettingsDaemon.XSettings',
            'org.gnome.SettingsDaemon.MediaKeys',
            'org.gnome.SettingsDaemon.Power',
            'gnome-keyring-daemon',
            'gdm',
            'gdm3',
            'display-manager',
        ],
        ofUser: true,
    },
    settings: { names: ['dconf-service'], units: ['dconf'], ofUser: true },
    portal: {
        names: [
            'xdg-desktop-portal',
            'xdg-desktop-portal-gnome',
            'xdg-desktop-portal-gtk',
            'xdg-desktop-por',
            'xdg-document-portal',
            'xdg-permission-store',
            'flatpak',
            'flatpak-portal',
            'flatpak-system-helper',
            'snapd',
            'snap',
            'snapd-desktop-integration',
        ],
        units: [
            'xdg-desktop-portal',
            'xdg-desktop-portal-gnome',
            'xdg-desktop-portal-gtk',
            'xdg-document-portal',
            'flatpak-portal',
            'flatpak-session-helper',
            'flatpak-system-helper',
            'snapd',
        ],
        ofUser: true,
    },
    containers: {
        names: [
            'dockerd',
            'docker',
            'containerd',
            'podman',
            'conmon',
            'crio',
            'kubelet',
            'runc',
            'crun',
            'libvirtd',
            'lxd',
            'lxc',
            'virtqemud',
            'systemd-nspawn',
        ],
        units: ['docker', 'containerd', 'podman', 'kubelet', 'crio', 'libvirtd', 'lxd', 'virtqemud'],
    },
    packages: {
        names: [
            'apt',
            'apt-get',
            'apt-daily',
            'apt.systemd.daily',
            'dpkg',
            'unattended-upgrade',
            'unattended-upgrades',
            'packagekitd',
            'packagekit',
            'dnf',
            'dnf-automatic',
            'yum',
            'rpm',
            'pacman',
            'zypper',
            'aptitude',
            'needrestart',
            'fwupd',
            'fwupdmgr',
            'update-manager',
            'up2date',
        ],
        units: [
            'apt-daily',
            'apt-daily-upgrade',
            'unattended-upgrades',
            'packagekit',
            'dnf-makecache',
            'dnf-automatic',
            'fwupd',
            'fwupd-refresh',
            'apt-news',
        ],
    },
    smart: {
        names: [
            'smartd',
            'smartctl',
            'udisksd',
            'udisks-daemon',
            'mdadm',
            'mdmonitor',
            'dmeventd',
            'lvm',
            'multipathd',
            'iscsid',
            'zed',
            'hpsmartd',
            'cpqarrayd',
            'cmaidad',
            'megaraid',
            'diskmon',
            'arcconf',
            '3dmd',
            'raidmon',
            'hddtemp',
            'multipath',
            'iscsiadm',
        ],
        units: [
            'smartd',
            'smartmontools',
            'udisks2',
            'mdmonitor',
            'mdmonitor-oneshot',
            'mdcheck_start',
            'dm-event',
            'lvm2-monitor',
            'multipathd',
            'zfs-zed',
        ],
    },
    fsck: {
        names: [
            'fsck',
            'systemd-fsck',
            'fsck.ext4',
            'fsck.ext3',
            'fsck.ext2',
            'e2fsck',
            'fsck.vfat',
            'xfs_repair',
            'e2scrub',
            'e2scrub_all',
            'btrfs',
        ],
        units: ['systemd-fsck@', 'systemd-fsck-root', 'e2scrub@'],
    },
    mount: {
        names: [
            'mount',
            'umount',
            'mount.nfs',
            'mount.cifs',
            'automount',
            'autofs',
            'netfs',
            'nfs',
            'rpc.statd',
            'rpc.gssd',
            'rpc.mountd',
            'rpc.nfsd',
            'rpcbind',
            'portmap',
            'nfslock',
            'ntfs-3g',
            'systemd-fstab-generator',
            'fusermount',
            'fusermount3',
        ],
        units: ['autofs', 'rpc-statd', 'rpc-gssd', 'nfs-mountd', 'nfs-server', 'rpcbind'],
    },
    memory: {
        names: ['systemd-oomd', 'earlyoom', 'nohang', 'rasdaemon', 'mcelog', 'edac-util'],
        units: ['systemd-oomd', 'earlyoom', 'nohang', 'rasdaemon', 'mcelog'],
    },
    coredump: {
        names: [
            'systemd-coredump',
            'abrt',
            'abrtd',
            'abrt-hook-ccpp',
            'abrt-server',
            'apport',
            'whoopsie',
            'drkonqi-coredump-processor',
        ],
        units: ['systemd-coredump@', 'abrtd', 'abrt-ccpp', 'apport'],
    },
    power: {
        names: [
            'upowerd',
            'upower',
            'thermald',
            'acpid',
            'powertop',
            'apcupsd',
            'upsmon',
            'upsd',
            'upssched',
            'upsdrvctl',
            'nut-monitor',
            'nut-server',
            'usbhid-ups',
            'nutdrv_qx',
            'blazer_usb',
            'blazer_ser',
            'snmp-ups',
            'apcsmart',
            'apc_modbus',
            'bcmxcp',
            'bcmxcp_usb',
            'tripplite_usb',
            'riello_usb',
            'powercom',
            'netxml-ups',
            'pwrstatd',
            'fancontrol',
            'hibernate',
            'tuned',
            'power-profiles-daemon',
            'battery',
            'ipmievd',
            'bmc',
            'mcelog',
            'lm_sensors',
            'sensord',
            'ipmiseld',
            'srvadmin',
            'dataeng',
            'dsm_sa_datamgrd',
            'server',
            'hpasmd',
            'hpasmlited',
            'hpasmxld',
            'hp-health',
            'cmaeventd',
            'smad',
            'amsd',
            'hp-ams',
            'cmahealthd',
            'mr_monitor',
            'powersaved',
        ],
        units: ['upower', 'thermald', 'acpid', 'apcupsd', 'nut-monitor', 'nut-server', 'ipmievd'],
    },
    sleep: {
        names: ['systemd-sleep', 'systemd-logind', 'elogind', 'systemd-shutdown', 'pm-suspend', 'systemd-inhibit'],
        units: [
            'systemd-suspend',
            'systemd-hibernate',
            'systemd-hybrid-sleep',
            'systemd-suspend-then-hibernate',
            'systemd-logind',
        ],
    },
    time: {
        names: [
            'systemd-timesyncd',
            'systemd-timedated',
            'chronyd',
            'chrony',
            'ntpd',
            'ntpdate',
            'ntpd_intres',
            'hwclock',
            'openntpd',
            'xntpd',
        ],
        units: ['systemd-timesyncd', 'chrony', 'chronyd', 'ntp', 'ntpd', 'ntpsec', 'systemd-timedated'],
    },
    udev: {
        names: [
            'systemd-udevd',
            'udevd',
            'udev',
            'udevadm',
            'kmod',
            'systemd-modules-load',
            'modprobe',
            'systemd-modules',
            'bolt',
            'boltd',
            'systemd-rfkill',
            'hotplug',
        ],
        units: ['systemd-udevd', 'systemd-modules-load', 'systemd-rfkill', 'bolt'],
    },
    printing: {
        names: [
            'cupsd',
            'cups',
            'cups-browsed',
            'hp',
            'hpfax',
            'ipp',
            'ipp-usb',
            'foomatic-rip',
            'lpd',
            'saned',
            'colord',
            'gs',
            'usblp',
            'hp-systray',
            'hplip',
        ],
        units: ['cups', 'cups-browsed', 'ipp-usb', 'saned', 'colord'],
    },
    dbus: {
        names: [
            'dbus-daemon',
            'dbus',
            'dbus-broker',
            'dbus-broker-launch',
            'dbus-broker-lau',
            'messagebus',
            'polkitd',
            'org.freedesktop.policykit1',
        ],
        units: ['dbus', 'dbus-broker', 'polkit'],
        ofUser: true,
    },
    access: {
        names: [
            'setroubleshoot',
            'sedispatch',
            'setroubleshootd',
            'apparmor_parser',
            'apparmor.systemd',
            'apparmor',
            'apparmor-init',
            'restorecon',
        ],
        units: ['setroubleshootd', 'apparmor'],
    },
    journal: {
        names: [
            'systemd-journald',
            'systemd-journal',
            'rsyslogd',
            'syslogd',
            'syslog-ng',
            'logrotate',
            'systemd-tmpfiles',
            'klogd',
        ],
        units: [
            'systemd-journald',
            'rsyslog',
            'syslog',
            'logrotate',
            'systemd-tmpfiles-setup',
            'systemd-tmpfiles-clean',
        ],
    },
    webServer: {
        names: [
            'nginx',
            'apache2',
            'httpd',
            'certbot',
            'caddy',
            'haproxy',
            'stunnel',
            'lighttpd',
            'apachectl',
            'postfix',
            'sendmail',
            'exim',
            'exim4',
        ],
        units: ['nginx', 'apache2', 'httpd', 'certbot', 'caddy', 'haproxy', 'postfix', 'exim4'],
    },
    manager: {
        names: [
            'systemd',
            'init',
            'systemd-executor',
            '(systemd)',
            'upstart',
            'systemd-fstab-generator',
            'systemd-cryptsetup',
            'systemd-remount-fs',
            'systemd-vconsole-setup',
            'systemd-sysctl',
            'systemd-sysusers',
            'systemd-logind',
            'systemd-homed',
            'systemd-machined',
        ],
        units: ['systemd-cryptsetup@', 'systemd-remount-fs', 'systemd-sysctl', 'systemd-logind'],
    },
    reeve: { names: ['reeve', 'reeved'], units: ['reeve'], ofUser: true },
} as const satisfies Record<string, Program>;

/** Who may report something: the kernel, one of the programs above, or, where a log is only read, anybody. */
export type Source = 'kernel' | 'anybody' | keyof typeof programs | DeclaredSource;

/** A unit or program that a file of local rules names. */
export type DeclaredSource = `unit ${string}` | `program ${string}`;

export function allSources(): Exclude<Source, DeclaredSource>[] {
    return ['kernel', 'anybody', ...(Object.keys(programs) as (keyof typeof programs)[])];
}

/** The kernel keeps this many bytes of the name of a process (TASK_COMM_LEN in Linux's include/linux/sched.h, with its end). */
const commandLength = 15;

type Sources = ReadonlyMap<string, ReadonlySet<Source>>;

/** Hundreds of names share a few sets, each of which is created once. */
function sourcesBy(keysOf: (program: Program) => readonly string[]): Sources {
    const sets = new Map<string, ReadonlySet<Source>>();
    const table = new Map<string, ReadonlySet<Source>>();
    for (const [source, program] of Object.entries<Program>(programs)) {
        for (const key of keysOf(program)) {
            const all = new Set([...(table.get(key) ?? []), source as Source]);
            const name = [...all].join(' ');
            if (!sets.has(name)) sets.set(name, all);
            table.set(key, sets.get(name) ?? all);
        }
    }
    return table;
}

const byName = sourcesBy(({ names }) => names);
const byCommand = sourcesBy(({ names }) => names.map(name => name.slice(0, commandLength)));
const systemUnits = sourcesBy(({ units = [] }) => units);
const userUnits = sourcesBy(({ units = [], ofUser }) => (ofUser ? units : []));
const byExecutable = sourcesBy(({ executables = [] }) => executables);
export const none: ReadonlySet<Source> = new Set();
const kernelOnly: ReadonlySet<Source> = new Set(['kernel', 'audit']);
export const auditOnly: ReadonlySet<Source> = new Set(['audit']);
const managerOnly: ReadonlySet<Source> = new Set(['manager']);

/**
 * They log the output of containers to the journal, under names that people choose, and their own messages to syslog(3) and
 * standard error (write_journald() and utils.h of conmon, Docker's journald driver).
 */
const containerLoggers = new Set(['conmon', 'dockerd']);

/** Whether a container program logged the output of others. */
export function isContainerOutput(entry: LogEntry): boolean {
    return containerLoggers.has(commandIn(entry) ?? '') && entry.field('_TRANSPORT') === 'journal';
}

function commandIn(entry: LogEntry): string | null {
    const command = entry.field('_COMM');
    return command === null ? null : commandOf(command);
}

/** A program by the part of its name that the kernel keeps. */
export function commandOf(name: string): string {
    return name.toLowerCase().slice(0, commandLength);
}

/** The sources that an entry of a journal may be attributed to. */
export function sourcesOf(entry: LogEntry, writer: Writer): ReadonlySet<Source> {
    if (writer.kind === 'kernel') return sourcesOfKernel(entry);
    if (entry.field('_TRANSPORT') === 'audit') return auditOnly;
    if (writer.kind === 'manager') return managerOnly;
    if (isContainerOutput(entry)) return none;
    if (writer.kind === 'unit') {
        const units = writer.scope === 'system' ? systemUnits : userUnits;
        const known = units.get(withoutSuffix(writer.unit));
        if (known !== undefined) return known;
    }
    if (entry.field('_UID') !== '0') return byExecutable.get(entry.field('_EXE') ?? '') ?? none;
    const command = commandIn(entry);
    if (command !== null) return byCommand.get(command) ?? none;
    // A process that ends at once is gone before journald can examine it.
    const identifier = entry.field('SYSLOG_IDENTIFIER')?.toLowerCase() ?? '';
    return sourcesNamed(identifier) ?? none;
}

/** @param name as `programName` returns it. @returns null when no rule is about such a program */
export function sourcesNamed(name: string): ReadonlySet<Source> | null {
    return byName.get(name) ?? null;
}

/**
 * Without an audit daemon, the kernel logs audit records itself, as `audit: type=1400 audit(…)` (kauditd_printk_skb() in
 * Linux's kernel/audit.c). They carry names of users and files, which anybody may choose: those must not pass for the kernel's
 * own words.
 */
export function sourcesOfKernel(entry: LogEntry): ReadonlySet<Source> {
    return /^(?:audit: )?type=\d/.test(entry.message()) ? auditOnly : kernelOnly;
}

/** `sshd` of `sshd(pam_unix)`, `cron` of `/usr/sbin/cron`, and of the unit that `journalctl -o with-unit` has for a program. */
export function programName(identifier: string): string {
    const mark = identifier.indexOf('(');
    const path = identifier.slice(0, mark > 0 ? mark : undefined);
    const own = path.slice(path.lastIndexOf('/') + 1);
    const unit = mark <= 0 && own.endsWith('.service') ? own.slice(0, -'.service'.length).split('@', 1)[0] : '';
    // SSSD logs as `sssd[be[example.com]]` and, its children, as `[sssd[ldap_child[123]]]`.
    return (unit || (own.startsWith('[sssd[') ? 'sssd' : unwrapped(own))).toLowerCase();
}

/**
 * `gnome-shell` of `.gnome-shell-wr`: on NixOS, a wrapper script calls each program, whose own name is then
 * `.gnome-shell-wrapped` (makeWrapper in pkgs/build-support/setup-hooks of nixpkgs); the kernel keeps fifteen letters of it.
 */
export function unwrapped(name: string): string {
    if (!name.startsWith('.')) return name;
    const end = name.search(/-w(?:r(?:a(?:p(?:p(?:ed?)?)?)?)?)?_?$/);
    if (end > 1) return name.slice(1, end);
    return name.length === commandLength ? name.slice(1) : name;
}

/** `openvpn@` of `openvpn@home.service`, `ssh` of `ssh.service`. */
function withoutSuffix(unit: string): string {
    const instance = unit.indexOf('@');
    return instance > 0 ? unit.slice(0, instance + 1) : unit.slice(0, unit.lastIndexOf('.'));
}
