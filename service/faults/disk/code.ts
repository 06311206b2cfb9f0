import type { Captures } from '../../detection/linePattern.ts';
import { _ } from '../../i18n/i18n.ts';

/** The vendor defines the value. Mostly it falls from 100 or 200 with each sector that is given up; more is better. */
export function isWorse({ before, after }: Captures): boolean {
    return Number(after) < Number(before) && Number(before) <= 200;
}

export function isIncomplete({ count, all }: Captures): boolean {
    return Number(count) < Number(all);
}

export function portOf({ port = '' }: Captures): string {
    return /^(?:ata|ide|hd|sd)[0-9a-z]*/.exec(port)?.[0] ?? 'disk';
}

export function failingDisk({ subject = '{device}' }: Captures): string {
    return _('The disk {device} reports that it is failing', { device: subject });
}
