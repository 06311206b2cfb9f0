/** Where our objects are on the bus. */
export const rootPath = '/org/reevedesktop/Reeve1';

export function incidentPath(id: number): string {
    return `${rootPath}/incident/${id}`;
}

export function proposalPath(incidentId: number, id: number): string {
    return `${incidentPath(incidentId)}/proposal/${id}`;
}

/** @param caller unique name on the bus, such as ":1.42" */
export function requestPath(caller: string, token: string): string {
    return `${rootPath}/request/${caller.slice(1).replaceAll('.', '_')}/${token}`;
}
