/** The disk that a device file, partition or kernel name belongs to: `sda` of `/dev/sda1`, `nvme0n1` of `nvme0n1p2`. */
export function diskOf(device: string): string {
    const name = device
        .replace(/^\/dev\//, '')
        .replace(/[:,\]).]+$/, '')
        .replace(/^[[(]+/, '');
    const plain =
        /^((?:sd|hd|vd|xvd)[a-z]{1,3})\d*$/.exec(name) ?? /^((?:nvme\d+n\d+|mmcblk\d+|nbd\d+|md\d+))p\d+$/.exec(name);
    return plain?.[1] ?? name;
}

/** The disk, or otherwise the port of one, that a message names somewhere; empty when it names none. */
export function diskIn(message: string): string {
    return (
        /\b(?:sd[a-z]{1,3}|sr\d{1,2}|mmcblk\d{1,2}|nvme\d{1,3}n\d{1,3}|nvme\d{1,3}|ata\d{1,3}|dm-\d{1,4}|md\d{1,4})\b/.exec(
            message,
        )?.[0] ?? ''
    );
}

/**
 * The USB location that a message is about, in the form `usb 1-2.4`: also that of an interface, `1-2.4:1.0`, and of the port of
 * a hub, `usb 1-2-port4`, `usb usb1-port2` and `hub 1-2:1.0: … port 4`. Empty when there is none. usb_alloc_dev() in
 * drivers/usb/core/usb.c of Linux.
 */
export function usbDeviceIn(message: string): string {
    const place =
        /\b(?:usb(?<bus>\d{1,3})|(?<path>\d{1,3}-[\d.]{1,24}?))(?:-port(?<port>\d{1,3})|:\d{1,3}\.\d{1,3})?(?![\w.-])/;
    const {
        bus,
        path = '',
        port = /^hub .{1,64}\bport (\d{1,3})\b/.exec(message)?.[1],
    } = place.exec(message)?.groups ?? {};
    if (bus !== undefined) return port === undefined ? '' : `${bus}-${port}`;
    const root = /^(\d{1,3})-0$/.exec(path)?.[1];
    if (port === undefined || path === '') return root === undefined ? path : '';
    return root === undefined ? `${path}.${port}` : `${root}-${port}`;
}

/** The filesystem's device; its journal is called `sda1-8` where the filesystem is `sda1` (fs/jbd2/journal.c). */
export function volumeOf(device: string): string {
    const name = device
        .trim()
        .replace(/^\/dev\//, '')
        .replace(/[:,\]).]+$/, '');
    return /^((?:sd|hd|vd|xvd|nvme|mmcblk|md|dm-|loop)[a-z0-9]+)-\d+$/.exec(name)?.[1] ?? name;
}

/** The last part of a path: `firefox` of `/usr/lib/firefox/firefox`. */
export function baseName(path: string): string {
    return path.slice(path.lastIndexOf('/') + 1);
}

/** Without the quotation marks and punctuation that messages put around names. */
export function bare(name: string): string {
    return name.replace(/^["'`“‘(<[]+/, '').replace(/["'`”’)>\],.:;]+$/, '');
}

/** The first file of the system's or a user's settings that a message names; empty when it names none. */
export function fileIn(message: string): string {
    return bare(/(?<![\w./-])\/(?:etc|usr|home|root|run|var|lib|opt)\/[\w./@+-]{1,255}/.exec(message)?.[0] ?? '');
}
