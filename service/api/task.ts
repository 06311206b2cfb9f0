/** org.reevedesktop.Reeve1.Task on the bus, an object for each. */
import type { Proposals } from '../approval/proposals.ts';
import type { Exported, ExportedObjects } from '../dbus/exportedObjects.ts';
import type { Proposal } from '../model/proposal.ts';
import type { Task } from '../model/task.ts';
import { taskTable, type Task as TaskInterface } from './generated/interfaces.ts';
import { proposalPath, taskPath } from './paths.ts';

/** Keeps one object on the bus for each task. */
export function exportTasks({ objects, proposals }: { objects: ExportedObjects; proposals: Proposals }): Disposable {
    const exported = new Map<number, Exported<TaskInterface>>();
    const add = ({ id, created, asked }: Task) => {
        const properties = () => ({
            version: 1,
            Id: id,
            Created: created,
            Asked: asked,
            Proposals: proposals.ofTask(id).map(proposalPath),
        });
        exported.set(id, objects.export<TaskInterface>(taskPath(id), taskTable, { properties, methods: {} }));
    };
    const remove = (id: number) => {
        exported.get(id)?.[Symbol.dispose]();
        exported.delete(id);
    };
    const planned = ({ owner }: Proposal) => {
        if (owner.kind === 'task') exported.get(owner.id)?.changed();
    };
    for (const task of proposals.tasks()) add(task);
    proposals.on('taskAdded', add).on('taskRemoved', remove).on('added', planned);
    return {
        [Symbol.dispose]: () => {
            proposals.off('taskAdded', add).off('taskRemoved', remove).off('added', planned);
            for (const id of [...exported.keys()]) remove(id);
        },
    };
}
