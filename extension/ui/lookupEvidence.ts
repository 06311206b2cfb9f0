import type St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Lookup } from '../remote/model.js';
import { column, label, verbatim } from './widgets.js';

/** A model's lookups and their results. Quoted verbatim: nothing in them is a link. */
export function lookupEvidence({ number, title, touched, touchedMore, output }: Lookup): St.BoxLayout {
    const heading = label(`${number} · ${title}`, 'reeve-heading');
    const sources = [...touched, ...(touchedMore > 0 ? [_('And {count} more', { count: touchedMore })] : [])];
    return column(
        'reeve-evidence reeve-inset reeve-lookup-evidence',
        heading,
        ...(sources.length > 0 ? [verbatim(sources.join('\n'))] : []),
        ...(output === '' ? [] : [label(_('What the model saw'), 'reeve-caption reeve-dim'), verbatim(output)]),
    );
}
