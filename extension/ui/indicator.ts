import Clutter from 'gi://Clutter';
import type Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import St from 'gi://St';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';
import * as PanelMenu from 'resource:///org/gnome/shell/ui/panelMenu.js';
import type { PopupMenu } from 'resource:///org/gnome/shell/ui/popupMenu.js';

import { acceleratorLabel } from '../input/accelerator.js';
import { closeAtOnce } from '../core/compat.js';
import { _, ngettext } from '../core/i18n.js';
import type { IndicatorKind, IndicatorState } from '../state/indicator.js';
import { drawInParts } from './drawnInParts.js';
import { Tooltip } from './tooltip.js';
import { label, ownIcon } from './widgets.js';
import { WithinMonitor } from './withinMonitor.js';

/** The button in the top bar; its menu is the quick chat. */
export class Indicator extends PanelMenu.Button {
    static {
        GObject.registerClass(this);
    }

    // PanelMenu.Button makes this menu itself by default.
    declare menu: PopupMenu;

    readonly #icons: Record<IndicatorKind, Gio.Icon>;
    readonly #icon = new St.Icon({ style_class: 'system-status-icon' });
    readonly #count = new St.Label({ style_class: 'reeve-count', y_align: Clutter.ActorAlign.CENTER, visible: false });
    /** The accelerator that opens the menu; null for none. */
    keys: string | null = null;
    /** What the menu hangs on while the Shell hides the panel, behind a window that fills the screen. */
    readonly #corner = new St.Widget({ width: 1, height: 1 });

    /** @param directory of the extension, where the icons are */
    constructor(directory: Gio.File) {
        super(0.5, _('Reeve'));
        const icon = (name: string) => ownIcon(directory, `reeve-${name}`);
        this.#icons = {
            starting: icon('thinking'),
            idle: icon('idle'),
            thinking: icon('thinking'),
            attention: icon('attention'),
            paused: icon('paused'),
            absent: icon('absent'),
        };
        const box = new St.BoxLayout({ style_class: 'panel-status-indicators-box' });
        box.add_child(this.#icon);
        box.add_child(this.#count);
        this.add_child(box);
        Main.layoutManager.uiGroup.add_child(this.#corner);
        this.menu.actor.add_constraint(new WithinMonitor());
        drawInParts(this.menu.actor);
        // A person who does not know the key looks for it where the pointer can do the same.
        const tooltip = new Tooltip(this, () => label(keysText(this.keys), ''));
        this.menu.connect('open-state-changed', (_menu, isOpen) => {
            if (isOpen) tooltip.hide();
            else this.#hangMenuOn(this);
            return undefined;
        });
    }

    openMenu(): void {
        if (!this.menu.isOpen) this.toggleMenu();
    }

    toggleMenu(): void {
        // The Shell has no place for the menu of what is not drawn, and would put it at the top left.
        if (!this.menu.isOpen && !this.mapped) this.#hangMenuOn(this.#placeCorner());
        // Animated on every Shell, as open() and close() are only from 51 on (gnome-shell, js/ui/popupMenu.js).
        this.menu.toggle();
    }

    override destroy(): void {
        closeAtOnce(this.menu);
        this.#corner.destroy();
        super.destroy();
    }

    #hangMenuOn(actor: St.Widget): void {
        const { menu }: { menu: { sourceActor: St.Widget } } = this;
        menu.sourceActor = actor;
    }

    /** The end of the top edge, where the indicator is when the panel is there. */
    #placeCorner(): St.Widget {
        const { x = 0, y = 0, width = 0 } = Main.layoutManager.primaryMonitor ?? {};
        const isRightToLeft = this.get_text_direction() === Clutter.TextDirection.RTL;
        this.#corner.set_position(isRightToLeft ? x : x + width - 1, y);
        return this.#corner;
    }

    sync({ kind, count }: IndicatorState): void {
        this.#icon.gicon = this.#icons[kind];
        this.#count.text = String(count);
        this.#count.visible = count > 0;
        this.accessible_name = stateName(kind, count);
    }
}

function keysText(keys: string | null): string {
    return keys === null ? _('No shortcut opens Reeve yet') : _('{keys} opens Reeve', { keys: acceleratorLabel(keys) });
}

function stateName(kind: IndicatorKind, count: number): string {
    const problems = ngettext('Reeve: {count} problem', 'Reeve: {count} problems', count);
    switch (kind) {
        case 'starting':
            return _('Reeve: starting');
        case 'idle':
            return _('Reeve: all is well');
        case 'thinking':
            return count > 0 ? _('{problems}, working', { problems }) : _('Reeve: working');
        case 'attention':
            return problems;
        case 'paused':
            return _('Reeve: paused');
        case 'absent':
            return _('Reeve: not running');
    }
}
