import type { Captures } from '../../detection/linePattern.ts';
import type { Severity } from '../../model/incident.ts';

/** An IOMMU may leave out the domain of PCI, which nearly all computers have only one of. */
export function busDevice({ device = '', port = '' }: Captures): string {
    const name = (port || device || 'PCI').replace(/[\]:]+$/, '');
    return /^[\da-f]{2}:[\da-f]{2}\.[0-7]$/.test(name) ? `0000:${name}` : name;
}

/** Whether it was off, and has gone, or a laptop put it to sleep. */
export function severityOfPower({ before = '', after = '' }: Captures): Severity {
    return after === '' || (before === 'D3cold' && after === 'D0') ? 'high' : 'low';
}
