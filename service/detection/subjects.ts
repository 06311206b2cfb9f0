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

/** The disk, or else the port of one, that a message names somewhere; empty when it names none. */
export function diskIn(message: string): string {
    return (
        /\b(?:sd[a-z]{1,3}|nvme\d{1,3}n\d{1,3}|nvme\d{1,3}|ata\d{1,3}|dm-\d{1,4}|md\d{1,4})\b/.exec(message)?.[0] ?? ''
    );
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
