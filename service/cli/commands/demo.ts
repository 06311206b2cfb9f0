/** `reeve setup --demo`: a fault of Reeve's own, from the mistake to the repair. */
import { _ } from '../../i18n/i18n.ts';
import { rootPath } from '../../util/names.ts';
import { agrees } from '../asking.ts';
import type { Context } from '../command.ts';
import { heading, writeIncident } from '../describe.ts';
import { exit, type ExitCode } from '../exit.ts';
import { approve, assertPerson } from './change.ts';

const demoUnit = 'reeve-demo.service';
const demoSettings = 'reeve-demo.env';
/** Milliseconds: how long each call may take, and how long Reeve may take to notice and to plan. */
const limits = { call: 60_000, noticing: 30_000 };

export async function tryDemo(context: Context): Promise<ExitCode> {
    const { terminal } = context;
    assertPerson(context);
    const service = await context.client();
    const write = (text: string) => {
        terminal.line(terminal.wrap(text, '  '));
    };
    terminal.line(heading(terminal, _('Try it')));
    write(
        _(
            'Break something harmless and let Reeve fix it: it starts a service of its own, reeve-demo.service, and puts a mistake into its settings. Nothing else is touched, and at the end both are removed.',
        ),
    );
    if (!(await agrees(_('Break it?')))) {
        terminal.line(_('Nothing was changed.'));
        return exit.refused;
    }
    // From here on, Ctrl+C also ends the demo: the service notices that this command has left the bus.
    await service.call(rootPath, 'Manager.BeginDemo', 'a{sv}', [{}], { timeout: limits.call });
    try {
        const incident = await service.untilIncident(
            // Until the cause is found, the plans on offer may be replaced. It names the file in every language.
            ({ subject, isOpen, cause, proposals }) =>
                subject === demoUnit && isOpen && cause.includes(demoSettings) && proposals.length > 0,
            AbortSignal.timeout(limits.noticing),
        );
        const proposals = await service.proposals(incident);
        terminal.line();
        writeIncident(terminal, incident, []);
        terminal.line();
        return await approve(context, { id: String(incident.id), isOpen: true, proposals });
    } finally {
        await service.call(rootPath, 'Manager.EndDemo', 'a{sv}', [{}], { timeout: limits.call });
        terminal.line(_('The demo is removed.'));
    }
}
