import { unwrapped } from './programs.ts';
import type { Severity } from '../model/incident.ts';

/** Programs without which there is no session, and those on which the network, sound, disks and permissions depend. */
const programs: readonly { pattern: RegExp; severity: Severity }[] = [
    {
        pattern:
            /^(?:systemd(?:-logind|-journald|-journal|-udevd)?|dbus-(?:daemon|broker\S*)|gdm(?:3|-\S+)?|lightdm|sddm(?:-helper)?|gnome-shell|gnome-session(?:-b\S*|-i\S*|-s\S*)?|Xorg|X|kwin_(?:wayland|x11)\S*|plasmashell|ksmserver|cinnamon|muffin|mutter|budgie-wm|xfwm4|marco|sway|Hyprland|labwc|wayfire)$/,
        severity: 'critical',
    },
    {
        pattern:
            /^(?:NetworkManager|wpa_supplicant|iwd|systemd-(?:networkd?|resolved?|timesyn(?:cd?)?)|polkitd|accounts-daemon|upowerd|udisksd|bluetoothd|pipewire\S*|pulseaudio|wireplumber|Xwayland|xdg-desktop-portal|xdg-desktop-por|gnome-keyring\S*)$/,
        severity: 'high',
    },
];

/** The severity of a program's crash, by its name, of which the kernel may have kept fifteen letters. */
export function programSeverity(program: string): Severity {
    const name = unwrapped(program);
    return programs.find(({ pattern }) => pattern.test(name))?.severity ?? 'medium';
}
