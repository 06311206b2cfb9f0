import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

/** A line that can be clicked to show or hide what belongs to it, which is made when it is first shown. */
export class Expander extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #header: St.Button;
    readonly #arrow: St.Icon;
    readonly #title = new St.Label({ y_align: Clutter.ActorAlign.CENTER });
    #fill: () => Clutter.Actor;
    readonly #onOpened: () => void;
    #content: Clutter.Actor | null = null;

    /** @param onOpened called whenever the content is shown, before it has its place */
    constructor(title: string, fill: () => Clutter.Actor, onOpened: () => void = () => undefined) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-expander', x_expand: true });
        this.#fill = fill;
        this.#onOpened = onOpened;
        this.#arrow = new St.Icon({ icon_name: 'pan-end-symbolic', style_class: 'popup-menu-icon' });
        const line = new St.BoxLayout({ style_class: 'reeve-expander-line' });
        line.add_child(this.#arrow);
        line.add_child(this.#title);
        this.#header = new St.Button({
            child: line,
            style_class: 'reeve-flat reeve-expander-header',
            toggle_mode: true,
            can_focus: true,
            x_align: Clutter.ActorAlign.START,
        });
        this.#header.connect('notify::checked', () => {
            this.#sync();
        });
        this.add_child(this.#header);
        this.title = title;
    }

    set title(title: string) {
        this.#title.text = title;
        this.#header.accessible_name = title;
    }

    /** Replaces the content; if it is open, it stays open. */
    refill(title: string, fill: () => Clutter.Actor): void {
        this.title = title;
        this.#fill = fill;
        this.#content?.destroy();
        this.#content = null;
        if (this.#header.checked) this.#show();
    }

    #show(): void {
        this.#content = this.#fill();
        this.add_child(this.#content);
    }

    #sync(): void {
        const open = this.#header.checked;
        if (open && this.#content === null) this.#show();
        this.#content?.set({ visible: open });
        this.#arrow.icon_name = open ? 'pan-down-symbolic' : 'pan-end-symbolic';
        if (open) this.#onOpened();
    }
}
