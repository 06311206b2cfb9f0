import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { queueName } from '../../machine/printing/printQueues.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { printerName, queuesMeant, requireQueue, type Asked } from './printQueue.ts';

const parameters = z.strictObject({ printer: printerName });

/** Sets the printer that one prints on when no other is chosen, for this person alone; lpoptions(1). */
export const printerDefault = defineAction({
    name: 'printer.default',
    parameters,
    proposable: ['task'],
    touches: () => ['default printer'],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|make|use) [printer] {printer} [as|to] [be] (default printer|standard printer|usual printer|default)',
                    '(set|change) (default printer|standard printer) to {printer}',
                    '(default printer|standard printer) {printer}',
                ],
                de: [
                    '(setze|stelle|mach|mache|benutze|verwende) [drucker] {printer} (als|zum) (standarddrucker|standard)',
                    '(setze|stelle|ändere) standarddrucker auf {printer}',
                    '{printer} als standarddrucker [festlegen|verwenden|setzen]',
                    'standarddrucker {printer}',
                ],
                ar: [
                    '(اجعل|عين|اضبط) [طابعة] {printer} (طابعة افتراضية|افتراضية)',
                    '(اجعل|اضبط|غير) طابعة افتراضية [على|إلى] {printer}',
                ],
            },
            parameters: async (slots, asked) =>
                (await queuesMeant(slots, asked)).map(({ name }) => ({ printer: name })),
        },
    ],
    async plan({ printer }, asked) {
        const queue = await requireQueue(printer, asked);
        const before = await defaultPrinter(asked);
        if (before === printer)
            throw new ReeveError(
                'InvalidState',
                _('{printer} is already the default printer', { printer: queue.title }),
            );
        return {
            title: _('Make {printer} the default printer', { printer: queue.title }),
            steps: [choose(printer)],
            risk: 'low',
            riskText: _('Only this setting changes, and only for you.'),
            // lpoptions(1) knows no way to have none.
            undo:
                before === null
                    ? null
                    : { text: _('Sets it back to {value}', { value: before }), steps: [choose(before)] },
            authentication: false,
            preconditions: { 'default printer': before ?? '' },
        };
    },
    async verify({ printer }, asked) {
        const now = await defaultPrinter(asked);
        const gone = now === printer;
        return { gone, detail: gone ? '' : _('The default printer is {printer}', { printer: now ?? _('not set') }) };
    },
});

function choose(printer: string) {
    return {
        description: _('Make {printer} the default printer', { printer }),
        ...programStep('user', ['lpoptions', '-d', printer]),
    };
}

/** As the programs of this person see it: their own choice, or that of the computer; null for none. */
async function defaultPrinter({ machine, signal }: Asked): Promise<string | null> {
    const output = (await machine?.run('lpstat', ['-d'], { signal, limit: 4096 })) ?? '';
    // show_default() in CUPS's systemv/lpstat.c; it writes an instance of options after “/”.
    const name = /^system default destination: ([^\s/]+)/m.exec(output)?.[1] ?? '';
    return queueName.test(name) ? name : null;
}
