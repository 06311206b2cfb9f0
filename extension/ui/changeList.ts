// What was changed before something failed.
import type Clutter from 'gi://Clutter';

import { _ } from '../core/i18n.js';
import type { Evidence } from '../remote/model.js';
import { difference } from './difference.js';
import { Expander } from './expander.js';
import { beforeText, exactTimeText } from './when.js';
import { column, label, verbatim } from './widgets.js';

/** A longer difference would push what can be done about it out of sight. */
const mostLines = 12;

/** Microseconds: what was longer ago was not just before. */
const shortly = 3_600_000_000;

/**
 * @param changes the latest first
 * @param failed microseconds since the Unix epoch
 */
export function changeList(changes: readonly Evidence[], failed: number): Clutter.Actor {
    const isRecent = failed - (changes[0]?.time ?? 0) < shortly;
    return column(
        'reeve-changes',
        label(isRecent ? _('Just before') : _('Changed before'), 'reeve-heading'),
        ...changes.map(change => changeEntry(change, failed)),
    );
}

function changeEntry({ time, message }: Evidence, failed: number): Clutter.Actor {
    const [summary = '', ...lines] = message.split('\n');
    const detail = lines.join('\n');
    const when = [beforeText(time, failed), exactTimeText(time)].filter(part => part !== '').join(' · ');
    const entry = column('reeve-change', label(when, 'reeve-caption reeve-dim'), label(summary, ''));
    if (detail === '') return entry;
    const show = () => (detail.startsWith('@@ ') ? difference(detail) : verbatim(detail));
    entry.add_child(lines.length > mostLines ? new Expander(_('What is different'), show) : show());
    return entry;
}
