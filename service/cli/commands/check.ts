import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { incidentNumber, type Run } from '../command.ts';
import { exit } from '../exit.ts';

const reply = z.tuple([z.boolean(), z.string()]);

export const run: Run = async ({ terminal, json, client }, { operands }) => {
    const number = incidentNumber(operands[0]);
    const service = await client();
    const { path } = await service.incident(number);
    const [gone, detail] = reply.parse(await service.call(path, 'Incident.Recheck', 'a{sv}', [{}]));
    if (json) terminal.json({ incident: number, gone, detail });
    else terminal.line(`${gone ? _('It is gone.') : _('It is still broken.')} ${terminal.plain(detail)}`);
    return gone ? exit.ok : exit.notWell;
};
