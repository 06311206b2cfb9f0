import Atk from 'gi://Atk';
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import Shell from 'gi://Shell';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { GuidedStep } from '../remote/model.js';
import { announce, button, column, label, row, setText } from './widgets.js';

type Row = { step: GuidedStep; icon: St.Icon; state: St.Label; actor: St.Widget };

/** What a person can do about a fault, and which of the steps Reeve has seen done. */
export class GuideView extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    #rows: readonly Row[] = [];

    constructor() {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'reeve-plan reeve-guide',
            x_expand: true,
            visible: false,
        });
    }

    /** A step that is seen meanwhile keeps its place and its button, which may have the focus. */
    sync(steps: readonly GuidedStep[]): void {
        const isSame =
            steps.length === this.#rows.length &&
            steps.every(({ text }, index) => text === this.#rows[index]?.step.text);
        if (!isSame) this.#build(steps);
        for (const [index, step] of steps.entries()) this.#show(this.#rows[index], step, isSame);
        this.visible = steps.length > 0;
    }

    #build(steps: readonly GuidedStep[]): void {
        this.destroy_all_children();
        this.#rows = steps.map((step, index) => makeRow(step, steps.length === 1 ? '' : `${index + 1}. `));
        this.add_child(label(_('What you can do'), 'reeve-heading'));
        const list = column('reeve-guide-steps', ...this.#rows.map(({ actor }) => actor));
        list.accessible_role = Atk.Role.LIST;
        this.add_child(list);
    }

    #show(shown: Row | undefined, step: GuidedStep, isAnnounced: boolean): void {
        if (shown === undefined) return;
        const { icon, state, actor } = shown;
        const words = step.isSeen ? _('Seen') : _('Waiting');
        icon.icon_name = step.isSeen ? 'object-select-symbolic' : 'content-loading-symbolic';
        setText(state, words);
        // Colours alone would tell nothing to some people.
        if (step.isSeen) actor.add_style_class_name('seen');
        else actor.remove_style_class_name('seen');
        actor.accessible_name = `${step.text} ${words}`;
        if (isAnnounced && step.isSeen && !shown.step.isSeen) announce(actor, actor.accessible_name);
        shown.step = step;
    }
}

function makeRow(step: GuidedStep, number: string): Row {
    const icon = new St.Icon({ style_class: 'popup-menu-icon', y_align: Clutter.ActorAlign.START });
    const state = label('', 'reeve-caption reeve-dim');
    const words = column('reeve-guide-words', label(`${number}${step.text}`, ''), state);
    const app =
        step.panel === '' ? null : Shell.AppSystem.get_default().lookup_app(`gnome-${step.panel}-panel.desktop`);
    if (app !== null)
        words.add_child(
            row(
                'reeve-buttons',
                button(_('Open Settings'), 'raised', () => {
                    app.activate();
                }),
            ),
        );
    const actor = row('reeve-guide-step', icon, words);
    actor.accessible_role = Atk.Role.LIST_ITEM;
    return { step, icon, state, actor };
}
