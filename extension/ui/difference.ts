import type St from 'gi://St';

import { diffRuns } from '../text/diffRuns.js';
import { column, verbatim } from './widgets.js';

/** What is different in a file, as a unified difference. Its signs say what its colours do. */
export function difference(diff: string): St.BoxLayout {
    const runs = diffRuns(diff).map(({ kind, text }) => {
        const lines = verbatim(text);
        lines.add_style_class_name(`reeve-diff-${kind}`);
        return lines;
    });
    return column('reeve-difference reeve-inset', ...runs);
}
