import { BoundedMap } from '../util/boundedMap.ts';

/**
 * How much the words of a program weigh:
 *
 * - `loud` programs call every little thing a failure. Only what they themselves call fatal counts.
 * - `talkative` programs often do so. Only unambiguous words count.
 * - `serving` programs also report errors of their clients: what is fatal to one connection is not fatal to the service.
 */
export type Verbosity = 'loud' | 'talkative' | 'serving';

type Programs = {
    verbosity: Verbosity;
    why: string;
    /** As `programName` returns them. A `*` at an end stands for anything. */
    names: string;
};

const programs: readonly Programs[] = [
    {
        verbosity: 'loud',
        why: 'Parts of a desktop call most things a failure that they can do without.',
        names: `gnome* gsd-* gvfs* goa-* gjs* mutter* evolution* tracker* localsearch* nautilus* zeitgeist* deja-dup* kde* krunner*
            kactivit* kglobal* kaccess* kio* konsole* dolphin* plasma* kwin* ksmserver* kscreen* baloo* akonadi* xembed*
            systemsettings* sddm-greeter* lightdm-gtk-greeter* lightdm-webkit* xfce* xfwm* xfdesktop* xfsettings* thunar* mate-*
            marco* caja* cinnamon* muffin* nemo* lxqt* lxpanel* pcmanfm* budgie* gala bamf* sway* waybar* hypr* blueman* xdg-*
            at-spi* ibus* fcitx* wine* org_* org.* com.* *.desktop`,
    },
    {
        verbosity: 'loud',
        why: 'Applications are a matter of whoever sits there and sees them.',
        names: `firefox* thunderbird* chrom* google-chrome* brave* electron* code codium* obsidian* slack* discord* spotify* teams*
            telegram* signal-* zoom* steam* vlc* mpv* syncthing* transmission* qbittorrent* deluge* nextcloud* owncloud* dropbox*`,
    },
    {
        verbosity: 'loud',
        why: 'What serves a desktop on the bus tells of each thing that it is asked for and does not have.',
        names: `dbus* accounts-daemon* colord* geoclue* iio-sensor* power-profiles* switcheroo* rtkit* avahi* mdnsresponder*
            sandboxd* apport* whoopsie* irqbalance*`,
    },
    {
        verbosity: 'loud',
        why: 'What talks to anybody tells of each one with whom that does not work.',
        names: 'sshd* dropbear* uhttpd* in.tftpd* spamd* opendkim* opendmarc*',
    },
    {
        verbosity: 'loud',
        why: 'What people run themselves tells them of their own mistakes.',
        names: 'su sudo login ansible* modprobe*',
    },
    {
        verbosity: 'loud',
        why: 'Rules know the failures of the kernel and of systemd word by word.',
        names: `kernel audit audispd* systemd systemd-logind* systemd-udevd* systemd-resolved* systemd-journald* systemd-xdg*
            systemd-hostnamed* systemd-localed* systemd-user-sessions* (*`,
    },
    {
        verbosity: 'talkative',
        why: 'They look after sessions, devices and networks, which come and go.',
        names: `gdm* lightdm* sddm* pulseaudio* pipewire* wireplumber* bluetoothd* wpa_supplicant* udisks* upowerd* polkit* pkexec*
            networkmanager* nm-* modemmanager* xorg* x`,
    },
    {
        verbosity: 'talkative',
        why: 'They ask, or are asked by, the machines of others.',
        names: 'snmpd* nrpe* tor named* rpc.idmapd* smbd* nmbd* libvirtd* virtqemud*',
    },
    {
        verbosity: 'serving',
        why: 'Servers of web pages, databases, mail and logins.',
        names: 'nginx* httpd* apache* suhosin* postgres* mysqld* mariadbd* sshd* dropbear* squid* dovecot* imap* pop3*',
    },
];

const whole = new Map<string, Set<Verbosity>>();
const beginnings = new Map<string, Set<Verbosity>>();
const ends = new Map<string, Set<Verbosity>>();
for (const { verbosity, names } of programs) {
    for (const name of names.split(/\s+/)) {
        const table = name.endsWith('*') ? beginnings : name.startsWith('*') ? ends : whole;
        const key = name.replace(/^\*|\*$/g, '');
        table.set(key, (table.get(key) ?? new Set()).add(verbosity));
    }
}

/** By requested name, as the same few programs write most of a log. */
const known = new BoundedMap<string, ReadonlySet<Verbosity>>(512);

/** @param program as `programName` returns it */
export function verbosityOf(program: string): ReadonlySet<Verbosity> {
    return known.getOrInsert(program, () => {
        const verbosity = new Set(whole.get(program));
        for (const [beginning, of] of beginnings)
            if (program.startsWith(beginning)) for (const one of of) verbosity.add(one);
        for (const [end, of] of ends) if (program.endsWith(end)) for (const one of of) verbosity.add(one);
        return verbosity;
    });
}
