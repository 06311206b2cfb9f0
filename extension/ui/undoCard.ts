import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Proposal } from '../remote/model.js';
import type { Fix, Fixes } from '../state/fixes.js';
import { Expander } from './expander.js';
import { passwordFact } from './planCard.js';
import { exactSteps, stepList } from './planSteps.js';
import { bringIntoView, button, column, hasKeyFocus, label, row, setText } from './widgets.js';

/** The exact steps of an undo, and the button that starts it. */
export class UndoCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #proposal: Proposal;
    readonly #fixes: Fixes;
    readonly #first = label('', 'reeve-warning');
    readonly #footer = new St.Bin({ x_expand: true });
    #progress: St.Label | null = null;

    constructor(proposal: Proposal, fixes: Fixes) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-plan', x_expand: true });
        this.#proposal = proposal;
        this.#fixes = fixes;
        this.add_child(label(undoText(proposal), ''));
        const { undoSteps, authentication } = proposal;
        // What stands above says what a single step does.
        this.add_child(stepList(undoSteps, undoSteps[0]?.description ?? ''));
        const showFooter = () => {
            bringIntoView(this.#footer);
        };
        this.add_child(new Expander(_('Exact change'), () => exactSteps(undoSteps), showFooter));
        if (authentication) this.add_child(passwordFact());
        this.add_child(this.#first);
        this.add_child(this.#footer);
        this.#offer();
    }

    /**
     * @param fix the request made here, if any
     * @param first titles of later fixes that change the same things
     */
    sync({ state }: Proposal, fix: Fix | null, first: readonly string[]): void {
        setText(this.#first, first.map(title => _('Undo “{title}” first: it was done later', { title })).join('\n'));
        this.#first.visible = first.length > 0;
        const isRunning = state === 'undoing' || (fix?.kind === 'undo' && fix.result === null);
        if (isRunning !== (this.#progress !== null)) {
            const hadFocus = hasKeyFocus(this.#footer);
            if (isRunning) this.#run();
            else this.#offer();
            if (hadFocus) this.#footer.navigate_focus(null, St.DirectionType.TAB_FORWARD, false);
        }
        if (this.#progress !== null) setText(this.#progress, fix?.progress || _('Undoing…'));
    }

    #offer(): void {
        this.#progress = null;
        const undo = button(_('Undo'), 'raised', () => {
            this.#fixes.undo(this.#proposal);
        });
        undo.accessible_name = undoText(this.#proposal);
        this.#footer.set_child(row('reeve-buttons', undo));
    }

    #run(): void {
        this.#progress = label('', 'reeve-progress');
        const cancel = button(_('Cancel'), 'raised', () => {
            this.#fixes.cancel(this.#proposal);
        });
        // A change of another client cannot be stopped from here.
        cancel.visible = this.#fixes.of(this.#proposal)?.kind === 'undo';
        this.#footer.set_child(column('reeve-running', this.#progress, row('reeve-buttons', cancel)));
    }
}

/** "Undo: Stops ssh.service again" */
export function undoText({ undoText: change, title }: Proposal): string {
    return _('Undo: {change}', { change: change || title });
}
