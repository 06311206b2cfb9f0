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

/** The last part of a path: `firefox` of `/usr/lib/firefox/firefox`. */
export function baseName(path: string): string {
    return path.slice(path.lastIndexOf('/') + 1);
}

/** Without the quotation marks and punctuation that messages put around names. */
export function bare(name: string): string {
    return name.replace(/^["'`“(<[]+/, '').replace(/["'`”)>\],.:;]+$/, '');
}
