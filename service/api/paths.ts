/** Where our objects are on the bus. */
import type { Owner, Proposal } from '../model/proposal.ts';
import { rootPath } from '../util/names.ts';

export function incidentPath(id: number): string {
    return `${rootPath}/incident/${id}`;
}

export function taskPath(id: number): string {
    return `${rootPath}/task/${id}`;
}

export function ownerPath({ kind, id }: Owner): string {
    return kind === 'task' ? taskPath(id) : incidentPath(id);
}

export function proposalPath({ owner, id }: Pick<Proposal, 'owner' | 'id'>): string {
    return `${ownerPath(owner)}/proposal/${id}`;
}

/** @param caller unique name on the bus, such as ":1.42" */
export function requestPath(caller: string, token: string): string {
    return `${rootPath}/request/${caller.slice(1).replaceAll('.', '_')}/${token}`;
}
