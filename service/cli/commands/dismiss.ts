import { variant } from '../../dbus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import { operand } from '../../text/operand.ts';
import { incidentNumber, type Run } from '../command.ts';
import { exit } from '../exit.ts';

export const run: Run = async ({ terminal, json, client }, { operands, options }) => {
    const number = incidentNumber(operands[0]);
    const forever = options.forever === true;
    const service = await client();
    const { path, ...incident } = await service.incident(number);
    const subject = terminal.plain(incident.subject);
    await service.call(path, 'Incident.Dismiss', 'a{sv}', [{ forever: variant('b', forever) }]);
    if (json) terminal.json({ incident: number, dismissed: true, forever });
    else if (forever)
        terminal.line(
            _('{subject} will not be reported again. To change that: reeve unmute {operand}', {
                subject,
                operand: operand(subject),
            }),
        );
    else terminal.line(_('Dismissed.'));
    return exit.ok;
};
