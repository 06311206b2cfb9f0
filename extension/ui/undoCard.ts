import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Proposal } from '../remote/model.js';
import type { Fix, Fixes } from '../state/fixes.js';
import { Expander } from './expander.js';
import { passwordFact } from './planCard.js';
import { PlanFooter } from './planFooter.js';
import { exactSteps, stepList } from './planSteps.js';
import { bringIntoView, button, column, focusText, hasKeyFocus, label, row, setText } from './widgets.js';

/** What can still be done with a fix that was applied, or ended halfway. */
export type FollowUp = 'finish' | 'undo';
type FollowUpFixes = Pick<Fixes, FollowUp | 'cancel' | 'of'>;

/** The exact steps of an undo, or of the rest of a fix, and the button that starts it. */
export class UndoCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #proposal: Proposal;
    readonly #fixes: FollowUpFixes;
    readonly #kind: FollowUp;
    readonly #words: St.Label;
    readonly #first = label('', 'reeve-warning');
    readonly #footer: PlanFooter;
    #progress: St.Label | null = null;

    constructor(proposal: Proposal, fixes: FollowUpFixes, kind: FollowUp) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-plan', x_expand: true });
        this.#proposal = proposal;
        this.#fixes = fixes;
        this.#kind = kind;
        this.#words = label(this.#title(), 'reeve-heading');
        const steps = stepsOf(proposal, kind);
        // What stands above says what a single step of an undo does.
        const list = stepList(steps, kind === 'undo' ? (steps[0]?.description ?? '') : '');
        this.#footer = new PlanFooter(this.#words, list, kind === 'finish' && proposal.risk !== 'high');
        const showFooter = () => {
            bringIntoView(this.#footer);
        };
        const body = column('reeve-plan-body', this.#words, list);
        body.add_child(new Expander(_('Exact change'), () => exactSteps(steps), showFooter));
        const passwords = kind === 'undo' ? proposal.undoPasswords : proposal.finishPasswords;
        if (passwords > 0) body.add_child(passwordFact(passwords));
        body.add_child(this.#first);
        this.add_child(body);
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
        const isOwn = fix?.kind === this.#kind && fix.result === null;
        const isRunning = isOwn || state === (this.#kind === 'undo' ? 'undoing' : 'applying');
        if (isRunning !== (this.#progress !== null)) {
            const hadFocus = hasKeyFocus(this.#footer);
            if (isRunning) this.#run();
            else this.#offer();
            if (hadFocus) focusText(this.#progress ?? this.#words);
        }
        const words = this.#kind === 'undo' ? _('Undoing…') : _('Applying…');
        if (this.#progress !== null) setText(this.#progress, fix?.progress || words);
    }

    #title(): string {
        return this.#kind === 'undo' ? undoText(this.#proposal) : _('Finish: {title}', { title: this.#proposal.title });
    }

    #offer(): void {
        this.#progress = null;
        this.#footer.offer(() => row('reeve-buttons', this.#start()));
    }

    #start(): St.Button {
        const isUndo = this.#kind === 'undo';
        const start = button(isUndo ? _('Undo') : _('Finish'), isUndo ? 'raised' : 'default', () => {
            if (isUndo) this.#fixes.undo(this.#proposal);
            else this.#fixes.finish(this.#proposal);
        });
        start.accessible_name = this.#title();
        return start;
    }

    #run(): void {
        this.#progress = label('', '');
        const cancel = button(_('Cancel'), 'raised', () => {
            this.#fixes.cancel(this.#proposal);
        });
        // A change of another client cannot be stopped from here.
        cancel.visible = this.#fixes.of(this.#proposal)?.kind === this.#kind;
        this.#footer.replace(column('reeve-running', this.#progress, row('reeve-buttons', cancel)));
    }
}

export function stepsOf({ undoSteps, finishSteps }: Proposal, kind: FollowUp): Proposal['steps'] {
    return kind === 'undo' ? undoSteps : finishSteps;
}

/** "Undo: Stops ssh.service again" */
export function undoText({ undoText: change, title }: Proposal): string {
    return _('Undo: {change}', { change: change || title });
}
