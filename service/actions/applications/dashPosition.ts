import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, valueCheck } from '../action.ts';
import { readKey, writeKey } from '../settings/gsettings.ts';
import type { SlotValues } from '../wish.ts';

const sides = ['left', 'right', 'top', 'bottom'] as const;
type Side = (typeof sides)[number];
const parameters = z.strictObject({ side: z.enum(sides) });

/** Of Dash to Dock and of Ubuntu's dock, which is made from it: schemas/org.gnome.shell.extensions.dash-to-dock.gschema.xml. */
const position = { schema: 'org.gnome.shell.extensions.dash-to-dock', key: 'dock-position' };
const valueOf = (side: Side) => `'${side.toUpperCase()}'`;

const said: SlotValues = {
    left: ['left [side|edge]', '(links|linken) [seite|rand]', '(يسار|اليسار)'],
    right: ['right [side|edge]', '(rechts|rechten) [seite|rand]', '(يمين|اليمين)'],
    top: ['top [side|edge]', '(oben|oberen) [rand]', '(أعلى|الأعلى)'],
    bottom: ['bottom [side|edge]', '(unten|unteren) [rand]', '(أسفل|الأسفل)'],
};

/** Chooses the edge of the screen that the dock stands at. */
export const dashPosition = defineAction({
    name: 'dash.position',
    parameters,
    proposable: ['task'],
    touches: () => [`${position.schema} ${position.key}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(put|move|place|set|show) (dock|taskbar|dash) (on|to|at) {side} [of screen]',
                    '(dock|taskbar|dash) (on|to|at) {side}',
                ],
                de: [
                    '(setze|verschiebe|stelle|lege) (dock|taskleiste|dash) [nach|an|auf] {side}',
                    '(dock|taskleiste|dash) [nach|an|auf] {side} (verschieben|setzen|legen|stellen|anzeigen)',
                ],
                ar: ['(ضع|انقل|حرك) (شريط|شريط تطبيقات) [إلى|على|في] {side}'],
            },
            slots: { side: said },
            parameters: ({ side }) => {
                const { data } = parameters.safeParse({ side });
                return data === undefined ? [] : [data];
            },
        },
    ],
    async plan({ side }, { machine, signal }) {
        const before = await readKey(position, machine, signal);
        if (!sides.some(each => valueOf(each) === before))
            throw new ReeveError('InvalidState', _('This desktop does not have this setting'));
        if (before === valueOf(side)) throw new ReeveError('InvalidState', _('The dock is already there'));
        const title = titleOf(side);
        return {
            title,
            steps: [writeKey(title, position, valueOf(side))],
            risk: 'low',
            riskText: _('Only this setting changes, and only for you.'),
            undo: { text: _('Sets it back'), steps: [writeKey(_('Put the dock back where it was'), position, before)] },
            authentication: false,
            preconditions: { dock: before },
        };
    },
    async verify({ side }, { machine, signal }) {
        return valueCheck((await readKey(position, machine, signal)) === valueOf(side));
    },
});

function titleOf(side: Side): string {
    switch (side) {
        case 'left':
            return _('Put the dock on the left');
        case 'right':
            return _('Put the dock on the right');
        case 'top':
            return _('Put the dock at the top');
        case 'bottom':
            return _('Put the dock at the bottom');
    }
}
