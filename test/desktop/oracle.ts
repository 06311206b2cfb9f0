// What counts as a complaint of the desktop. No test that ends with one passes, whatever else it saw.

/** One entry of `journalctl --output=json`; a message that is not UTF-8 is an array of bytes. */
export type JournalEntry = {
    MESSAGE?: string | number[] | null;
    PRIORITY?: string;
    SYSLOG_IDENTIFIER?: string;
    _COMM?: string;
    _PID?: string;
    _SYSTEMD_UNIT?: string;
    _SYSTEMD_USER_UNIT?: string;
    __CURSOR: string;
    __REALTIME_TIMESTAMP: string;
} & Record<string, unknown>;

export function messageOf({ MESSAGE }: JournalEntry): string {
    if (Array.isArray(MESSAGE)) return Buffer.from(MESSAGE).toString();
    return MESSAGE ?? '';
}

const complaints = [
    /JS ERROR/,
    /Unhandled promise/,
    // A failing enable() or disable() is logged in this form, without "JS ERROR" (gnome-shell, js/ui/extensionSystem.js).
    /Extension \S+@\S+: /,
    /already (been )?(disposed|finalized|deallocated)/,
    /-CRITICAL \*\*/,
    /assertion '.*' failed/,
    /Source ID \d+ was not found/,
];
const crash = /code=dumped|dumped core|status=(6|11)\/(ABRT|SEGV)/;

/** Mutter 48 logs this for any window that opens, of any program (src/wayland/meta-window-wayland.c). */
const ofNewWindow = /^surface_state_changed: assertion 'wl_window->has_last_sent_configuration' failed$/;

/**
 * With each lock and unlock the Shell lets go of its calendar, also while the server of that is still being started: destroy()
 * in its js/ui/calendar.js has run_dispose() of the proxy, whose init_async() then ends. The extension has no such proxies.
 */
const ofCalendar =
    /^Object Gio\.DBusProxy \(0x[0-9a-f]+\), has been already disposed [^\n]*\n== Stack trace [^\n]*\n#0 [^\n]*\/overrides\/Gio\.js:\d+ [^\n]*\n#1 [^\n]*\/shell\/ui\/init\.js:\d+ [^\n]*\s*$/;

/**
 * A group of the list of notifications keeps the message that had the focus last, also once that is gone; collapse() in the Shell's
 * js/ui/messageList.js then asks it for the focus, as when the second of three notifications of any program has been withdrawn.
 * Nobody but the Shell has these messages.
 */
const ofMessageList =
    /^Object \S*NotificationMessage \(0x[0-9a-f]+\), has been already disposed [^\n]*\n== Stack trace [^\n]*\n#0 [^\n]*\/shell\/ui\/messageList\.js:\d+ /;

export const ownUuid = 'reeve@reevedesktop.org';
const drawnBy = new Set(['gnome-shell', 'gjs']);
const warning = 4;

/** Faults in what draws the desktop, crashes of any program, and trouble that names our extension. */
export function complaintsIn(entries: JournalEntry[]): JournalEntry[] {
    // What a Shell complains about while it takes itself apart is its own affair, unless it names us.
    const ending = new Set<string>();
    return entries.filter(entry => {
        const message = messageOf(entry);
        if (crash.test(message)) return true;
        if (!drawnBy.has(entry._COMM ?? '')) return false;
        if ([ofNewWindow, ofCalendar, ofMessageList].some(known => known.test(message))) return false;
        const process = entry._PID ?? '';
        if (message === 'Shutting down GNOME Shell') ending.add(process);
        if (message.includes(ownUuid) && Number(entry.PRIORITY ?? '6') <= warning) return true;
        return complaints.some(pattern => pattern.test(message)) && (message.includes(ownUuid) || !ending.has(process));
    });
}
