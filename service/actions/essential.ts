/** What nothing may stop or end: without it, people lose their session, their network, or their way in from elsewhere. */
import type { UnitDetails } from '../machine/units/systemd.ts';

/** Without these programs there is no session: its managers, message buses, display, login and sound. */
const programs =
    /^(?:systemd|\(sd-pam\)|dbus-|gnome-shell|gnome-session|gnome-keyring|gsd-|gdm|sddm|lightdm|mutter|Xwayland|Xorg|pipewire|wireplumber|xdg-|gvfs|at-spi|ibus|polkit|ssh-agent|gpg-agent|sshd|login$|su$|sudo$)/;

/**
 * Units that the whole desktop depends on: a restart takes the screen, drops the network, or logs people out. Names as
 * GNOME, systemd, Debian and the network managers install them; display-manager.service is the alias that every display manager
 * takes.
 */
const farReaching =
    /^(?:display-manager|dbus|dbus-broker|systemd-(?:logind|networkd)|NetworkManager|wpa_supplicant|iwd|connman|dhcpcd|networking|wickedd?|polkit)(?:@.*)?\.service$/;

/** Units that may be restarted and not stopped: sessions, name resolution, the ways in from another computer, and Reeve. */
const others =
    /^(?:init\.scope|session-.*\.scope|user@\d+\.service|(?:sshd?|dropbear|xrdp(?:-sesman)?|gnome-remote-desktop(?:-.*)?)(?:@.*)?\.(?:service|socket)|(?:systemd-resolved|reeve)\.service)$/;

export function isEssentialProgram(name: string): boolean {
    return programs.test(name);
}

/** @param names of the unit, with its aliases */
export function isFarReaching(names: readonly string[]): boolean {
    return names.some(name => farReaching.test(name));
}

/** Whether a plan that stops the unit could cut people off. */
export function isEssential({ scope, names, slice, process }: UnitDetails): boolean {
    if (isFarReaching(names) || names.some(name => others.test(name))) return true;
    if (scope === 'system') return false;
    // It holds what is essential to run the graphical session: systemd.special(7).
    const executable = process?.executable?.split('/').at(-1) ?? '';
    return slice === 'session.slice' || [...names, executable].some(isEssentialProgram);
}
