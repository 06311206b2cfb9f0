import { incidentNumber, type Run } from '../command.ts';
import { exit } from '../exit.ts';
import { writeIncident } from '../describe.ts';
import { evidenceJson, incidentJson, proposalJson } from '../json.ts';

export const run: Run = async ({ terminal, json, client }, { operands }) => {
    const number = incidentNumber(operands[0]);
    const service = await client();
    const incident = await service.incident(number);
    const proposals = await service.proposals(incident);
    if (json) {
        terminal.json({
            ...incidentJson(incident),
            evidence: incident.evidence.map(evidenceJson),
            proposals: proposals.map(proposalJson),
        });
    } else {
        writeIncident(terminal, incident, proposals);
    }
    return exit.ok;
};
