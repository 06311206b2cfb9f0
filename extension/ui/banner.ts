import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { button, column, label, row } from './widgets.js';

export type BannerContent = {
    iconName: string;
    title: string;
    text: string;
    actions: readonly { label: string; isDefault?: boolean; activate: () => void }[];
};

/** Something that the user should know before all else, with what can be done about it. */
export class Banner extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    constructor({ iconName, title, text, actions }: BannerContent) {
        super({ style_class: 'message reeve-card reeve-banner', x_expand: true, reactive: true });
        this.add_child(
            new St.Icon({
                icon_name: iconName,
                style_class: 'popup-menu-icon reeve-banner-icon',
                y_align: Clutter.ActorAlign.START,
            }),
        );
        const words = column('reeve-banner-words', label(title, 'reeve-heading'));
        if (text !== '') words.add_child(label(text, ''));
        if (actions.length > 0) {
            const buttons = actions.map(action =>
                button(action.label, action.isDefault ? 'default' : 'raised', action.activate),
            );
            words.add_child(row('reeve-buttons', ...buttons));
        }
        this.add_child(words);
    }
}
