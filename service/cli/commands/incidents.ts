import { _ } from '../../i18n/i18n.ts';
import type { Run } from '../command.ts';
import { exit } from '../exit.ts';
import { incidentLine } from '../describe.ts';
import { incidentJson } from '../json.ts';

export const run: Run = async ({ terminal, json, client }, { options }) => {
    const incidents = (await (await client()).incidents()).filter(incident => options.all === true || incident.isOpen);
    if (json) terminal.json({ incidents: incidents.map(incidentJson) });
    else if (incidents.length === 0) terminal.line(_('Reeve knows of no problems.'));
    else for (const incident of incidents) terminal.line(incidentLine(terminal, incident));
    return exit.ok;
};
