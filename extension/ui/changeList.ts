// The changes before a failure.
import type Clutter from 'gi://Clutter';

import { _ } from '../core/i18n.js';
import type { Evidence, Incident } from '../remote/model.js';
import { isJustBefore } from '../state/evidence.js';
import { difference } from './difference.js';
import { Expander } from './expander.js';
import { beforeText, exactTimeText } from './when.js';
import { column, label, verbatim } from './widgets.js';

/** A longer difference would push the fixes out of sight. */
const mostLines = 12;

/** @param changes the latest first */
export function changeList(changes: readonly Evidence[], incident: Incident): Clutter.Actor {
    return column(
        'reeve-changes',
        label(isJustBefore(changes, incident) ? _('Shortly before') : _('Earlier changes'), 'reeve-heading'),
        ...changes.map(change => changeEntry(change, incident.began)),
    );
}

function changeEntry({ time, message }: Evidence, began: number): Clutter.Actor {
    const [summary = '', ...lines] = message.split('\n');
    const detail = lines.join('\n');
    const when = [beforeText(time, began), exactTimeText(time)].filter(part => part !== '').join(' · ');
    const entry = column('reeve-change', label(when, 'reeve-caption reeve-dim'), label(summary, ''));
    if (detail === '') return entry;
    const show = () => (detail.startsWith('@@ ') ? difference(detail) : verbatim(detail));
    entry.add_child(lines.length > mostLines ? new Expander(_('Differences'), show) : show());
    return entry;
}
