import { taskTable, type Task } from '../../../service/api/generated/interfaces.ts';
import { taskPath } from '../../../service/api/paths.ts';
import { HeardBus } from '../../support/security/heardBus.ts';

describe('The objects on the bus', () => {
    it('are told without one that cannot be sent, such as one of a row that somebody has changed', async () => {
        const bus = new HeardBus();
        const offer = (id: number, asked: string) =>
            bus.objects.export<Task>(taskPath(id), taskTable, {
                properties: () => ({ version: 1, Id: id, Created: 1, Asked: asked, Proposals: [] }),
                methods: {},
            });
        offer(1, 'restart it');
        offer(2, 'a\0b');
        offer(3, 'stop it');
        expect(await bus.paths()).toEqual([taskPath(1), taskPath(3)]);
    });
});
