import type St from 'gi://St';

import { ngettext } from '../core/i18n.js';
import type { Evidence } from '../remote/model.js';
import { foldEvidence } from '../state/evidence.js';
import { exactTimeText } from './when.js';
import { column, label, verbatim } from './widgets.js';

/** How much there is to see in the list. */
export function evidenceTitle(evidence: readonly Evidence[]): string {
    return ngettext('{count} piece of evidence', '{count} pieces of evidence', foldEvidence(evidence).length);
}

/** The evidence, its times and its writers. Quoted verbatim: it comes from logs. */
export function evidenceList(evidence: readonly Evidence[]): St.BoxLayout {
    return column(
        'reeve-evidence',
        ...foldEvidence(evidence).map(({ time, origin, source, message, times }) => {
            const often = times > 1 ? ngettext('{count} time', '{count} times', times) : '';
            const heading = [exactTimeText(time), origin || source, often].filter(part => part !== '').join(' · ');
            return column(
                'reeve-evidence-entry reeve-inset',
                label(heading, 'reeve-caption reeve-dim'),
                verbatim(message),
            );
        }),
    );
}
