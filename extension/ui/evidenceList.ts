import type St from 'gi://St';

import type { Evidence } from '../remote/model.js';
import { exactTimeText } from './when.js';
import { column, label, verbatim } from './widgets.js';

/** What was seen, when, and who wrote it. Quoted as it is: it comes from logs. */
export function evidenceList(evidence: readonly Evidence[]): St.BoxLayout {
    return column(
        'reeve-evidence',
        ...evidence.map(({ time, origin, source, message }) => {
            const heading = [exactTimeText(time), origin || source].filter(part => part !== '').join(' · ');
            return column(
                'reeve-evidence-entry reeve-inset',
                label(heading, 'reeve-caption reeve-dim'),
                verbatim(message),
            );
        }),
    );
}
