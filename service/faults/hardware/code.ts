import type { Captures } from '../../detection/linePattern.ts';
import type { Severity } from '../../model/incident.ts';

export function busDevice({ device = '', port = '' }: Captures): string {
    return (port || device || 'PCI').replace(/[\]:]+$/, '');
}

/** Whether it was off, and has gone, or a laptop put it to sleep. */
export function severityOfPower({ before = '', after = '' }: Captures): Severity {
    return after === '' || (before === 'D3cold' && after === 'D0') ? 'high' : 'low';
}
