import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBytes } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { describeTrouble, printerName, printerNouns, queuesMeant, requireQueue, type Asked } from './printQueue.ts';

const parameters = z.strictObject({ printer: printerName });

/** Of cups-filters, and of CUPS itself; its web pages print the second. */
const pages = ['/usr/share/cups/data/default-testpage.pdf', '/usr/share/cups/data/testprint'];

const { en, de, ar } = printerNouns;
const page = { en: '(test page|testpage)', de: '(testseite|probeseite)', ar: '(صفحة اختبار|صفحة تجريبية)' };

/** Prints the test page of CUPS; lp(1). */
export const printerTestPage = defineAction({
    name: 'printer.testPage',
    parameters,
    proposable: ['task'],
    touches: ({ printer }) => [`printer ${printer}`],
    wishes: [
        {
            phrases: {
                en: [`print ${page.en}`, `(test|try) ${en}`],
                de: [`(drucke|druck) ${page.de}`, `${page.de} [aus] drucken`, `${de} (testen|prüfen)`],
                ar: [`(اطبع|طباعة) ${page.ar}`, `اختبر ${ar}`],
            },
            parameters: async (_slots, asked) => (await queuesMeant({}, asked)).map(({ name }) => ({ printer: name })),
        },
        {
            phrases: {
                en: [`print ${page.en} (on|with|to) {printer}`],
                de: [`(drucke|druck) ${page.de} auf {printer}`, `${page.de} auf {printer} drucken`],
                ar: [`(اطبع|طباعة) ${page.ar} على {printer}`],
            },
            parameters: async (slots, asked) =>
                (await queuesMeant(slots, asked)).map(({ name }) => ({ printer: name })),
        },
    ],
    async plan({ printer }, asked) {
        const queue = await requireQueue(printer, asked);
        if (queue.state === 'stopped' || !queue.accepts) throw new ReeveError('InvalidState', describeTrouble(queue));
        const path = await requirePage(asked);
        const title = _('Print a test page on {printer}', { printer: queue.title });
        return {
            title,
            steps: [{ description: title, ...programStep('user', ['lp', '-d', printer, '-t', 'Reeve', '--', path]) }],
            risk: 'low',
            riskText: _('It uses a sheet of paper.'),
            undo: null,
            authentication: false,
            preconditions: { 'test page': path },
        };
    },
    async verify({ printer }, asked) {
        const queue = await requireQueue(printer, asked);
        if (queue.state === 'stopped') return { gone: false, detail: describeTrouble(queue) };
        // Whether the sheet came out, a person sees.
        return { gone: false, detail: '', isUnknown: true };
    },
});

/** @throws ReeveError InvalidState where none is installed */
async function requirePage({ machine }: Asked): Promise<string> {
    for (const path of pages) if (machine !== null && (await readBytes(machine, path, 1)) !== null) return path;
    throw new ReeveError('InvalidState', _('No test page is installed'));
}
