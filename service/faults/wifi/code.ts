import { bare } from '../../detection/subjects.ts';
import type { Captures } from '../../detection/linePattern.ts';

/** The name of a network may have any characters. */
export function networkName({ ssid = '', interface: name = '' }: Captures): string {
    return ssid || bare(name) || 'Wi-Fi';
}
