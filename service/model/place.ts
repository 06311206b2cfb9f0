/**
 * Where devices are, as a finding has it in its facts: from the root down, `0000:00:14.0/usb1/1-2/host6/6:0:0:0/sdb`. What is
 * further up explains what is below.
 */

/** Whether `upper` is the place `lower` itself, or above it. */
export function isAtOrAbove(upper: string, lower: string): boolean {
    return upper === lower || `/${lower}/`.includes(`/${leafOf(upper)}/`);
}

/**
 * Whether the two places are known to be apart: each has a device of the same sort, and these differ. Otherwise one of them may
 * be above the other, and the log has not told it.
 */
export function areApart(one: string, other: string): boolean {
    if (isAtOrAbove(one, other) || isAtOrAbove(other, one)) return false;
    const sorts = new Map(one.split('/').map(name => [sortOf(name), name]));
    return other.split('/').some(name => {
        const same = sorts.get(sortOf(name));
        return same !== undefined && same !== name;
    });
}

function leafOf(place: string): string {
    return place.slice(place.lastIndexOf('/') + 1);
}

/** Names of one sort are alternatives: a disk is at one port of one controller. */
function sortOf(name: string): string {
    if (/^\d+-[\d.]+$/.test(name)) return 'usb device';
    // A bridge and what is behind it have addresses of the same form.
    if (name.includes(':') && !/^\d+:\d+:\d+:\d+$/.test(name)) return `pci ${name.slice(0, 7)}`;
    if (/^(?:en|eth|wl|ww|ib)/.test(name)) return 'network';
    if (/^(?:sd|hd|vd|xvd|nvme|mmcblk)/.test(name)) return 'disk';
    return name.replace(/\d.*$/, '') || 'scsi';
}
