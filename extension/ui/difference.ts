import type St from 'gi://St';

import { _ } from '../core/i18n.js';
import { diffRuns } from '../text/diffRuns.js';
import { column, label, verbatim } from './widgets.js';

/** The differences in a file. The signs before its lines repeat what their colours mean. */
export function difference(diff: string): St.BoxLayout {
    const runs = diffRuns(diff).map(run => {
        if (run.kind === 'place') return label(_('Line {number}', { number: run.line }), 'reeve-caption reeve-dim');
        const lines = verbatim(run.text);
        lines.add_style_class_name(`reeve-diff-${run.kind}`);
        return lines;
    });
    return column('reeve-difference reeve-inset', ...runs);
}
