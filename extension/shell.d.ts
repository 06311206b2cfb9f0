// Parts of GNOME Shell that @girs/gnome-shell does not describe; see js/misc/dateUtils.js of GNOME/gnome-shell.
declare module 'resource:///org/gnome/shell/misc/dateUtils.js' {
    import type GLib from '@girs/glib-2.0';

    export function formatTime(time: GLib.DateTime | Date, params?: { timeOnly?: boolean; ampm?: boolean }): string;
}
